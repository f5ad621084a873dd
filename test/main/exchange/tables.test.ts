// A search and writes that wait in the journal: it is not compared, with how far behind the mirror is; a forced one waits for them.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ElasticsearchClient } from "../../../src/main/elasticsearch/client.ts";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { Backlog } from "../../../src/main/exchange/backlog.ts";
import { waitsInJournal } from "../../../src/main/exchange/outcome.ts";
import { lookUpTables } from "../../../src/main/exchange/tables.ts";
import { Mirror } from "../../../src/main/mirror/mirror.ts";
import { testDatabase } from "../../support/clickhouse_server.ts";
import { startFakeElasticsearch } from "../../support/fake_elasticsearch.ts";
import { connectClickHouse } from "../../support/two_engines.ts";

const { url, database } = await testDatabase("tables");
const fake = await startFakeElasticsearch();
const search = { index: "docs", params: new Map<string, string>() };

describe("a search while the mirror is behind", () => {
  const clickhouse = connectClickHouse(url);
  const elasticsearch = new ElasticsearchClient(fake.url);
  const backlog = new Backlog();
  backlog.read();
  const mirror = new Mirror({
    clickhouse,
    elasticsearch,
    database,
    log: { write: () => {}, flushed: async () => {} },
    behind: (index) => backlog.behind(index),
    waiting: (index) => backlog.lag(index),
  });
  fake.indices.set("docs", { mappings: { properties: { k: { type: "keyword" } } }, documents: 1, highest: 0 });
  after(async () => {
    await mirror.close();
    await clickhouse.close();
    elasticsearch.close();
  });

  const write = () => {
    const answer = '{"_index":"docs","_id":"1","_version":1,"result":"created","_seq_no":0,"_primary_term":1}';
    const request = { method: "PUT", route: route("PUT", "/docs/_doc/1"), status: 201, time: Date.now() - 1_500 };
    return mirror.write({ ...request, body: Buffer.from('{"k":"v"}'), answer: Buffer.from(answer) });
  };

  test("is not compared, and says by how much; a forced one waits until the journal is through", async () => {
    backlog.add("7", "docs", 120);
    const refused = await lookUpTables(mirror, search);
    assert.equal(refused.kind, "not_compared");
    assert.match(
      "reason" in refused ? refused.reason : "",
      /^mirror behind: 120 documents, \d+\.\d s: writes to docs wait in the journal$/,
    );
    assert.ok(waitsInJournal("reason" in refused ? refused.reason : ""));
    const waiting = lookUpTables(mirror, search, { patient: true });
    await write();
    backlog.remove("7");
    const found = await waiting;
    assert.equal(found.kind, "tables", JSON.stringify(found));
    assert.deepEqual(mirror.lag(["docs"]), { documents: 0, seconds: 0 });
  });

  test("waits, when it is forced, also for what comes into the journal while it waits for the mirror", async () => {
    let looks = 0;
    const behind = (): boolean => {
      looks += 1;
      return looks > 1 && looks < 6;
    };
    const own = new Mirror({ clickhouse, elasticsearch, database, log: { write: () => {}, flushed: async () => {} }, behind });
    const found = await lookUpTables(own, search, { patient: true });
    assert.equal(found.kind, "tables", JSON.stringify(found));
    assert.ok(looks >= 6, `${looks}`);
    looks = 1;
    assert.equal((await lookUpTables(own, search)).kind, "not_compared");
    await own.close();
  });

  test("the ledger has when both sides had what was written", () => {
    const [entry, ...others] = mirror.ledger.of("docs", 10);
    assert.deepEqual([entry?.shard, entry?.seq_no, others.length], [0, 0, 0]);
    assert.ok((entry?.seconds ?? 0) >= 1.5 && (entry?.seconds ?? 0) < 60);
  });
});
