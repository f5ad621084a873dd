import assert from "node:assert/strict";
import { test } from "node:test";
import { print } from "../../../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { translateSearch } from "../../../../src/main/translate/search.ts";
import { isObject, parseJson } from "../../../../src/shared/json.ts";
import { assertRejected } from "../../../support/clause_bench.ts";

test("pins score from the greatest down, above what the query can reach", () => {
  const body = parseJson('{"query":{"pinned":{"ids":["2","1"],"organic":{"match_all":{}}}}}');
  assert.ok(isObject(body));
  const mapping = parseMapping({ properties: {} });
  const tables = [{ index: "i", database: "d", table: "i", mapping, shards: 1, final: false }];
  const translation = translateSearch({ endpoint: "search", body, params: new Map(), tables, now: 0 });
  assert.ok(translation.kind === "translated");
  const hits = translation.statements.find(({ name }) => name === "hits");
  assert.ok(hits !== undefined);
  const scores = print(hits.query)
    .params.map(({ value }) => Number(value))
    .filter((value) => value > 1e38);
  assert.deepEqual(
    scores.slice(0, 3).map((score) => score.toExponential(7)),
    ["1.7014124e+38", "1.7014122e+38", "1.7014118e+38"],
  );
});

test("a document that is named twice is refused", () => {
  assertRejected(parseJson('{"pinned":{"ids":["1","1"],"organic":{"match_all":{}}}}'), "parsing_exception");
  assertRejected(parseJson('{"pinned":{"organic":{"match_all":{}}}}'), "parsing_exception");
});
