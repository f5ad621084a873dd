// Writes that waited while their index was deleted and made anew: nothing of them comes into the new one.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ElasticsearchClient } from "../../../src/main/elasticsearch/client.ts";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { MadeAnew, standingOf } from "../../../src/main/mirror/made_anew.ts";
import { Mirror } from "../../../src/main/mirror/mirror.ts";
import { testDatabase } from "../../support/clickhouse_server.ts";
import { startFakeElasticsearch } from "../../support/fake_elasticsearch.ts";
import { connectClickHouse } from "../../support/two_engines.ts";

const { url, database } = await testDatabase("made_anew");
const fake = await startFakeElasticsearch();
const HOUR_MS = 3_600_000;

describe("an index that was made anew", () => {
  const clickhouse = connectClickHouse(url);
  const elasticsearch = new ElasticsearchClient(fake.url);
  const mirror = new Mirror({ clickhouse, elasticsearch, database, log: { write: () => {}, flushed: async () => {} } });
  after(async () => {
    await mirror.close();
    await clickhouse.close();
    elasticsearch.close();
  });

  /** What becomes of a write that Elasticsearch carried out between these moments, of an index that was made at `created`. */
  async function replayed(index: string, created: number, began: number, time: number) {
    const settings = { uuid: `uuid-${index}`, creation_date: String(created) };
    fake.indices.set(index, { mappings: { properties: { k: { type: "keyword" } } }, settings, documents: 1, highest: 0 });
    const answer = `{"_index":"${index}","_id":"1","_version":1,"result":"created","_seq_no":0,"_primary_term":1}`;
    const bodies = { body: Buffer.from('{"k":"v"}'), answer: Buffer.from(answer) };
    const request = { method: "PUT", route: route("PUT", `/${index}/_doc/1`), status: 201, time, began, ...bodies };
    const { note, left, expression } = await mirror.hand(request, { kept: true, again: true });
    return [left, note?.indexed, note?.notMirrored, note?.reason, expression];
  }

  test("has nothing of a write from before it was made; one that may have made it is asked about", async () => {
    const now = Date.now();
    assert.deepEqual(await replayed("old", now - 2 * HOUR_MS, now - HOUR_MS, now - HOUR_MS), ["nothing", 1, 0, "", "old"]);
    const before = await replayed("new", now, now - HOUR_MS, now - HOUR_MS);
    assert.deepEqual(before, ["nothing", 0, 1, "index new was deleted and made anew since", "new"]);
    const unclear = await replayed("perhaps", now, now - HOUR_MS, now + 1);
    assert.deepEqual(unclear, ["ask", 0, 1, "index perhaps was made while it was written", "perhaps"]);
  });

  test("is known by the time of Elasticsearch's own clock, as far as that can be read", async () => {
    const ahead = { least: 5_000, most: 5_100 };
    assert.equal(standingOf(100_000, ahead, 97_000, 97_500), "same");
    assert.equal(standingOf(100_000, ahead, 95_000, 95_500), "unclear");
    assert.equal(standingOf(100_000, ahead, 92_000, 93_500), "before");
    const untold = new MadeAnew(elasticsearch);
    assert.equal(await untold.standing(0, 1, 2), "same");
    assert.equal(await untold.standing(100_000, 80_000, 80_000), "unclear");
    assert.equal(await untold.standing(100_000, 60_000, 60_000), "before");
  });
});
