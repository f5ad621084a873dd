// A value that Elasticsearch refuses, beside a clause of which it sees beforehand that nothing can match: no shard comes to refuse.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { judgeBoth } from "../support/live_judge.ts";
import { connectEngines, type Loaded, load, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_unseen");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;

describe("a refusal that no shard came to", { skip }, () => {
  let index: Loaded | undefined;
  before(async () => {
    if (engines === null) return;
    const mappings = { properties: { ok: { type: "boolean" }, at: { type: "date" } } };
    const documents = Array.from({ length: 9 }, () => '{"ok":true,"at":"2024-05-01"}');
    index = await load(engines, { name: "parity-unseen", mappings, documents, shards: 3 });
  });
  after(async () => {
    if (engines !== null) await send(engines, "DELETE", "/parity-unseen");
    await engines?.clickhouse.command("DROP DATABASE IF EXISTS parity_unseen SYNC");
    await engines?.clickhouse.close();
  });

  const bodyFrom = (from: string) => ({ query: { bool: { filter: [{ range: { at: { gte: from } } }, { term: { ok: "" } }] } } });

  test("is not compared, and says so", async () => {
    assert.ok(index !== undefined);
    const { part } = await judgeBoth(index, { params: new Map(), body: bodyFrom("2030-01-01") });
    assert.equal(part.comparison.verdict, "not_compared");
    assert.match(part.comparison.reason, /^no shard came to what it would have refused/);
  });

  test("is expected where documents are looked at", async () => {
    assert.ok(index !== undefined);
    const { part } = await judgeBoth(index, { params: new Map(), body: bodyFrom("2020-01-01") });
    assert.equal(part.comparison.verdict, "equal");
  });
});
