// Scores on both real engines, on one shard and on three: each case must agree by the matcher's own rules, be refused by both, or be
// unsupported at the pointer that it names.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type JsonObject, printJson } from "../../src/shared/json.ts";
import { judgeCase } from "../support/judged_case.ts";
import { PROSE_MAPPING, proseDocuments } from "../support/prose_documents.ts";
import { inBothShardings, skipWithout, testCases } from "../support/sharded_cases.ts";
import { type Change, connectEngines } from "../support/two_engines.ts";

const engines = connectEngines("parity_relevance");
const skip = skipWithout(engines);

/** Every third document is written again, every seventh is deleted. */
const CHANGES: readonly Change[] = proseDocuments(340).flatMap((_, i, texts) =>
  i >= 300 ? [] : i % 7 === 0 ? [{ id: String(i), text: null }] : i % 3 === 0 ? [{ id: String(i), text: texts[i + 40] ?? null }] : [],
);

describe("scores on both engines", { skip }, () => {
  const loaded = inBothShardings(engines, "scores-on", () => ({ mappings: PROSE_MAPPING, documents: proseDocuments(700) }));
  const stale = { mappings: PROSE_MAPPING, documents: proseDocuments(300), changes: CHANGES };
  const changed = inBothShardings(engines, "stale-scores-on", () => stale);
  test("what is too deep, too long or too much is refused by both", async () => {
    const deep = (count: number, around: (query: JsonObject) => JsonObject): JsonObject =>
      Array.from({ length: count }).reduce<JsonObject>((query) => around(query), { match_all: {} });
    const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `w${i}`);
    const inBool = (query: JsonObject): JsonObject => ({ bool: { filter: query } });
    const queries: readonly JsonObject[] = [
      deep(29, inBool),
      deep(30, inBool),
      deep(30, (query) => ({ constant_score: { filter: query } })),
      deep(15, (query) => ({ constant_score: { filter: inBool(query) } })),
      { regexp: { tags: "a".repeat(1000) } },
      { regexp: { tags: "a".repeat(1001) } },
      { query_string: { query: `tags:/${"a".repeat(1001)}/` } },
      { terms: { tags: many(65_536) } },
      { terms: { tags: many(65_537) } },
      { terms: { nosuch: many(65_537) } },
      { ids: { values: many(10_000) } },
      { ids: { values: many(10_001) } },
    ];
    const index = loaded.get(3);
    assert.ok(index !== undefined);
    for (const query of queries) await judgeCase(printJson(query), index);
  });
  for (const file of ["more_like_this", "words", "fields"]) testCases(`relevance_${file}`, loaded, judgeCase);
  testCases("relevance_stale", changed, judgeCase);
});
