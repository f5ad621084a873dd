// Requests on objects inside `nested`, on both real engines, over one shard and three.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Tolerance } from "../../src/main/translate/types.ts";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";
import { NESTED_MAPPING, nestedDocuments } from "../support/nested_documents.ts";
import { connectEngines, differences, type Loaded, load, runBoth, send } from "../support/two_engines.ts";

const engines = connectEngines("nested_parity");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const DOCUMENTS = 400;
const loaded = new Map<number, Loaded>();

function bodyOf(line: string): JsonObject {
  const parsed = parseJson(line);
  assert.ok(isObject(parsed));
  const body = member(parsed, "body");
  if (isObject(body)) return body;
  if (member(parsed, "aggs") !== undefined) return { size: 0, ...parsed };
  return { query: parsed, size: DOCUMENTS, sort: ["seq"], _source: false };
}

function errorType(answer: JsonObject): string | undefined {
  const error = member(answer, "error");
  const causes = isObject(error) ? member(error, "root_cause") : undefined;
  const [first] = isArray(causes) ? causes : [];
  return isObject(first) ? String(member(first, "type")) : undefined;
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
  const refused = errorType(elasticsearch);
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
  before(async () => {
    if (engines === null) return;
    for (const shards of [1, 3]) {
      const name = `nested-parity-${shards}`;
      loaded.set(shards, await load(engines, { name, mappings: NESTED_MAPPING, documents: nestedDocuments(DOCUMENTS), shards }));
    }
  });
  after(async () => {
    if (engines !== null) for (const { table } of loaded.values()) await send(engines, "DELETE", `/${table.index}`);
  });
  for (const file of ["nested", "nested_aggs", "nested_scores", "nested_hits", "nested_sorts"]) {
    const lines = readFileSync(new URL(`cases/${file}.ndjson`, import.meta.url), "utf8")
      .trimEnd()
      .split("\n");
    for (const shards of [1, 3]) {
      test(`${file}: ${lines.length} cases on ${shards} shard(s)`, async () => {
        const index = loaded.get(shards);
        assert.ok(index !== undefined);
        const failures: string[] = [];
        for (const line of lines) {
          await compare(line, index).catch((error: unknown) => failures.push(`${line}\n  ${String(error).slice(0, 1200)}`));
        }
        assert.equal(failures.length, 0, `${failures.length} of ${lines.length} differ:\n${failures.slice(0, 12).join("\n")}`);
      });
    }
  }
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
