// What a search body holds beside plain queries (names of clauses, lookups, rescoring, suggestions, explanations …) on both real
// engines, on one shard and on three: each case must agree by the matcher's own rules, be refused by both, or be unsupported at the
// pointer that it names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { match } from "../../src/main/matcher/index.ts";
import { BODY_MAPPING, bodyDocuments } from "../support/body_documents.ts";
import { judgeCase } from "../support/judged_case.ts";
import { connectEngines, type Loaded, load, runBoth, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_body");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const DOCUMENTS = 600;
const loaded = new Map<number, Loaded>();

describe("search bodies on both engines", { skip }, () => {
  before(async () => {
    if (engines === null) return;
    for (const shards of [1, 3]) {
      const name = `body-parity-${shards}`;
      loaded.set(shards, await load(engines, { name, mappings: BODY_MAPPING, documents: bodyDocuments(DOCUMENTS), shards }));
    }
  });
  after(async () => {
    if (engines !== null) for (const { table } of loaded.values()) await send(engines, "DELETE", `/${table.index}`);
  });
  for (const file of ["named", "lookups", "told", "rescore", "term_clauses", "boosts", "distances"]) {
    const lines = readFileSync(new URL(`cases/body_${file}.ndjson`, import.meta.url), "utf8")
      .trimEnd()
      .split("\n");
    for (const shards of [1, 3]) {
      test(`${file}: ${lines.length} cases on ${shards} shard(s)`, async () => {
        const index = loaded.get(shards);
        assert.ok(index !== undefined);
        const failures: string[] = [];
        for (const line of lines) {
          await judgeCase(line, index).catch((error: unknown) => failures.push(`${line}\n  ${String(error).slice(0, 900)}`));
        }
        assert.equal(failures.length, 0, `${failures.length} of ${lines.length} differ:\n${failures.slice(0, 12).join("\n")}`);
      });
    }
  }
  test("each index has its own boost", async () => {
    const both = [...loaded.values()];
    const body = { size: 30, _source: false, indices_boost: [{ "body-parity-3": 2 }], query: { match: { text: "fox" } } };
    const { elasticsearch, answer } = await runBoth(both, body);
    const compared = match({ endpoint: "search", request: body, elasticsearch, clickhouse: answer?.body ?? {}, tolerances: [] });
    assert.deepEqual(compared.differences, []);
  });
});
