// Every case of test/parity/cases on both real engines, over documents that are easy to get wrong, on one shard and on
// three: the hits must be equal, or the case be unsupported at the pointer that it names, or both engines refuse it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Tolerance } from "../../src/main/translate/types.ts";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson, printJson } from "../../src/shared/json.ts";
import { NASTY_MAPPING, nastyDocuments } from "../support/nasty_documents.ts";
import { inBothShardings, skipWithout, testCases } from "../support/sharded_cases.ts";
import { connectEngines, differences, errorTypeOf, type Loaded, runBoth } from "../support/two_engines.ts";

const engines = connectEngines("parity_queries");
const skip = skipWithout(engines);
const DOCUMENTS = 1000;

// What these cases ask for has no SQL: the pointer that must be named.
const UNSUPPORTED: readonly (readonly [text: string, pointer: string])[] = [
  ['"sort":["_doc"]', "/sort/0"],
  ['"missing":"10.0.0.7"', "/sort/0/ip/missing"],
  ['"slop": 2}}}, "size"', "/highlight"],
  ['"hound"', "/highlight"],
  ['"slop":1}},"sort":["seq"],"highlight"', "/highlight"],
  ['"linestring"', "/query/geo_shape/g/shape"],
  ['"quick fox fox"', "/query/match_phrase/t/slop"],
  ['cross_fields"}},"_source"', "/query"],
  ['"match_phrase_prefix":{"t":"quick br"}},"_source"', "/query"],
  ['{"value":"a","x":1}', "/query/term/kw/x"],
];

function bodyOf(line: string): JsonObject {
  const parsed = parseJson(line);
  assert.ok(isObject(parsed));
  const body = member(parsed, "body");
  return isObject(body) ? body : { query: parsed, size: DOCUMENTS, sort: ["seq"], _source: false, track_total_hits: true };
}

// Elasticsearch's distances come from tables of sines: they agree to seven digits at least.
function rounded(value: JsonValue): JsonValue {
  if (isNumber(value)) return Number(Number(value).toPrecision(7));
  if (isArray(value)) return value.map(rounded);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, rounded(each)])) : value;
}

// Where Lucene adds several clauses' scores it rounds in another order: the last bit may differ.
function scoreTolerances(hits: JsonValue | undefined): readonly Tolerance[] {
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  const scores: readonly (readonly [string, JsonValue | undefined])[] = [
    ["/max_score", isObject(hits) ? member(hits, "max_score") : undefined],
    ...(isArray(list) ? list : []).flatMap((hit, i): readonly (readonly [string, JsonValue | undefined])[] => {
      const sort = isObject(hit) ? member(hit, "sort") : undefined;
      return [
        [`/hits/${i}/_score`, isObject(hit) ? member(hit, "_score") : undefined],
        [`/hits/${i}/sort/0`, isArray(sort) && !Number.isInteger(Number(sort[0])) ? sort[0] : undefined],
      ];
    }),
  ];
  return scores.flatMap(([pointer, score]) => {
    const value = isNumber(score) ? Number(score) : 0;
    return value === 0 ? [] : [{ pointer, rule: "float_sum" as const, low: value * (1 - 5e-7), high: value * (1 + 5e-7) }];
  });
}

// Numbers of Elasticsearch's own files, which count nested objects: the order is the same.
function withoutSort(hits: JsonValue | undefined): JsonValue | undefined {
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  if (!isObject(hits) || !isArray(list)) return hits;
  return { ...hits, hits: list.map((hit) => (isObject(hit) ? { ...hit, sort: null } : hit)) };
}

async function compare(line: string, index: Loaded): Promise<void> {
  const { elasticsearch, translation, answer } = await runBoth([index], bodyOf(line));
  const expected = UNSUPPORTED.find(([text]) => line.includes(text));
  const refused = errorTypeOf(elasticsearch);
  if (translation.kind === "unsupported") {
    assert.equal(translation.unsupported[0]?.pointer, expected?.[1], line);
    return;
  }
  if (refused !== undefined || translation.kind === "rejected") {
    assert.equal(translation.kind === "rejected" ? translation.error.errorType : "translated", refused, line);
    return;
  }
  const shown = line.includes('"sort":["_doc"]') ? withoutSort : (hits: JsonValue | undefined) => hits;
  const [left, right] = [shown(member(elasticsearch, "hits")), answer === null ? undefined : shown(member(answer.body, "hits"))];
  const loose = line.includes("_geo_distance") && left !== undefined && right !== undefined;
  const differing = loose ? differences(rounded(left), rounded(right)) : differences(left, right, scoreTolerances(left));
  assert.deepEqual(differing, [], line);
}

describe("queries on both engines", { skip }, () => {
  const loaded = inBothShardings(engines, "parity-queries", () => ({ mappings: NASTY_MAPPING, documents: nastyDocuments(DOCUMENTS) }));
  for (const file of ["clauses", "query_strings", "hits", "highlights", "relevance", "collapse"]) testCases(file, loaded, compare);
  test("two indices are one search", async () => {
    const both = [...loaded.values()];
    for (const body of [
      { size: 20, sort: ["l", "seq"] },
      { size: 5, query: { match: { t: "fox" } }, sort: [{ dt: "desc" }], fields: ["*"] },
      { size: 10, query: { match_phrase_prefix: { t: "quick b" } }, sort: ["seq"], track_total_hits: true },
    ]) {
      const { elasticsearch, answer } = await runBoth(both, body);
      assert.deepEqual(
        differences(member(elasticsearch, "hits"), answer === null ? undefined : member(answer.body, "hits")),
        [],
        printJson(body),
      );
    }
  });
});
