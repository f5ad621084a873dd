// Requests on objects inside `nested`, on both real engines, over one shard and three.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Tolerance } from "../../src/main/translate/types.ts";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";
import { NESTED_MAPPING, nestedDocuments } from "../support/nested_documents.ts";
import { inBothShardings, skipWithout, testCases } from "../support/sharded_cases.ts";
import { connectEngines, differences, errorTypeOf, type Loaded, runBoth } from "../support/two_engines.ts";

const engines = connectEngines("nested_parity");
const skip = skipWithout(engines);
const DOCUMENTS = 400;

function bodyOf(line: string): JsonObject {
  const parsed = parseJson(line);
  assert.ok(isObject(parsed));
  const body = member(parsed, "body");
  if (isObject(body)) return body;
  if (member(parsed, "aggs") !== undefined) return { size: 0, ...parsed };
  return { query: parsed, size: DOCUMENTS, sort: ["seq"], _source: false };
}

function compared(answer: JsonObject | undefined): JsonValue {
  const hits = answer === undefined ? undefined : member(answer, "hits");
  const aggregations = answer === undefined ? undefined : member(answer, "aggregations");
  return { ...(hits === undefined ? {} : { hits }), ...(aggregations === undefined ? {} : { aggregations }) };
}

// Where Lucene adds several scores it rounds in another order: the last bit may differ.
function scoreTolerances(hits: JsonValue | undefined, pointer = ""): readonly Tolerance[] {
  if (isArray(hits)) return hits.flatMap((each, i) => scoreTolerances(each, `${pointer}/${i}`));
  if (!isObject(hits)) return [];
  return Object.entries(hits).flatMap(([name, value]): readonly Tolerance[] => {
    const own = `${pointer}/${name}`;
    if ((name !== "_score" && name !== "max_score") || !isNumber(value)) return scoreTolerances(value, own);
    return [{ pointer: own, rule: "float_sum", low: Number(value) * (1 - 5e-7), high: Number(value) * (1 + 5e-7) }];
  });
}

async function compare(line: string, index: Loaded): Promise<void> {
  const { elasticsearch, translation, answer } = await runBoth([index], bodyOf(line));
  const refused = errorTypeOf(elasticsearch);
  if (translation.kind === "unsupported") assert.fail(`unsupported: ${JSON.stringify(translation.unsupported)}`);
  if (refused !== undefined || translation.kind === "rejected") {
    assert.equal(translation.kind === "rejected" ? translation.error.errorType : "translated", refused);
    return;
  }
  const tolerances = [...(answer?.tolerances ?? []), ...scoreTolerances(member(elasticsearch, "hits"), "/hits")];
  const found = differences(compared(elasticsearch), compared(answer?.body), tolerances);
  assert.deepEqual(found.slice(0, 8), []);
}

describe("nested objects on both engines", { skip }, () => {
  const loaded = inBothShardings(engines, "nested-parity", () => ({ mappings: NESTED_MAPPING, documents: nestedDocuments(DOCUMENTS) }));
  for (const file of ["nested", "nested_aggs", "nested_scores", "nested_hits", "nested_sorts"]) testCases(file, loaded, compare);
  test("two indices are one search", async () => {
    const both = [...loaded.values()];
    for (const text of [
      '{"query":{"nested":{"path":"comments","query":{"match":{"comments.text":"fox"}},"inner_hits":{}}},"size":30,"_source":false}',
      '{"size":0,"aggs":{"k":{"terms":{"field":"kind"},"aggs":{"c":{"nested":{"path":"comments"},"aggs":{"t":{"terms":{"field":"comments.author"},"aggs":{"back":{"reverse_nested":{},"aggs":{"i":{"terms":{"field":"_index"}}}}}}}}}}}}',
    ]) {
      const body = bodyOf(`{"body":${text}}`);
      const { elasticsearch, answer } = await runBoth(both, body);
      const tolerances = [...(answer?.tolerances ?? []), ...scoreTolerances(member(elasticsearch, "hits"), "/hits")];
      assert.deepEqual(differences(compared(elasticsearch), compared(answer?.body), tolerances), [], text);
    }
  });
});
