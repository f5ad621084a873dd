// Scores on both real engines, on one shard and on three: each case must agree by the matcher's own rules, be refused by both, or be
// unsupported at the pointer that it names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { type JsonObject, printJson } from "../../src/shared/json.ts";
import { judgeCase } from "../support/judged_case.ts";
import { PROSE_MAPPING, proseDocuments } from "../support/prose_documents.ts";
import { type Change, connectEngines, type Loaded, load, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_relevance");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const loaded = new Map<number, Loaded>();
const changed = new Map<number, Loaded>();

/** Every third document is written again, every seventh is deleted. */
const CHANGES: readonly Change[] = proseDocuments(340).flatMap((_, i, texts) =>
  i >= 300 ? [] : i % 7 === 0 ? [{ id: String(i), text: null }] : i % 3 === 0 ? [{ id: String(i), text: texts[i + 40] ?? null }] : [],
);

describe("scores on both engines", { skip }, () => {
  before(async () => {
    if (engines === null) return;
    for (const shards of [1, 3]) {
      const name = `scores-on-${shards}`;
      loaded.set(shards, await load(engines, { name, mappings: PROSE_MAPPING, documents: proseDocuments(700), shards }));
      const index = { name: `stale-scores-on-${shards}`, mappings: PROSE_MAPPING, documents: proseDocuments(300), shards };
      changed.set(shards, await load(engines, { ...index, changes: CHANGES }));
    }
  });
  after(async () => {
    if (engines !== null)
      for (const { table } of [...loaded.values(), ...changed.values()]) await send(engines, "DELETE", `/${table.index}`);
  });
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
  for (const file of ["more_like_this", "words", "fields", "stale"]) {
    const lines = readFileSync(new URL(`cases/relevance_${file}.ndjson`, import.meta.url), "utf8")
      .trimEnd()
      .split("\n");
    for (const shards of [1, 3]) {
      test(`${file}: ${lines.length} cases on ${shards} shard(s)`, async () => {
        const index = (file === "stale" ? changed : loaded).get(shards);
        assert.ok(index !== undefined);
        const failures: string[] = [];
        for (const line of lines) {
          await judgeCase(line, index).catch((error: unknown) => failures.push(`${line}\n  ${String(error).slice(0, 700)}`));
        }
        assert.equal(failures.length, 0, `${failures.length} of ${lines.length} differ:\n${failures.slice(0, 12).join("\n")}`);
      });
    }
  }
});
