import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ClickHouseClient } from "../../../src/main/clickhouse/client.ts";
import { ClickHouseAway } from "../../../src/main/clickhouse/failure.ts";
import { ElasticsearchClient } from "../../../src/main/elasticsearch/client.ts";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { Mirror } from "../../../src/main/mirror/mirror.ts";
import type { Store } from "../../../src/main/mirror/store.ts";
import { testDatabase } from "../../support/clickhouse_server.ts";
import { startFakeElasticsearch } from "../../support/fake_elasticsearch.ts";

const { url, database } = await testDatabase("mirror");
const { origin, username, password } = new URL(url);
const clickhouse = new ClickHouseClient({
  url: origin,
  user: decodeURIComponent(username) || "default",
  password: decodeURIComponent(password),
  reader: null,
});
const fake = await startFakeElasticsearch();
const elasticsearch = new ElasticsearchClient(fake.url);
after(async () => {
  await clickhouse.close();
  elasticsearch.close();
});

const log = { write: () => {}, flushed: async () => {} };
const KEYWORD = { properties: { k: { type: "keyword" } } };

function mirrorWith(store: Partial<Store> = {}): Mirror {
  const base: Store = {
    query: (statement, options) => clickhouse.query(statement, options),
    define: (change) => clickhouse.define(change),
    insertRowBinary: (table, columns, bytes, options) => clickhouse.insertRowBinary(table, columns, bytes, options),
  };
  return new Mirror({ clickhouse: { ...base, ...store }, elasticsearch, database, log });
}

/** An `index` of one document, acknowledged under `seqNo`. */
function put(index: string, id: string, seqNo: number, source: string, result = "created", target = `/${index}/_doc/${id}`) {
  const answer = `{"_index":"${index}","_id":"${id}","_version":1,"result":"${result}","_seq_no":${seqNo},"_primary_term":1}`;
  return {
    method: result === "deleted" ? "DELETE" : "PUT",
    route: route(result === "deleted" ? "DELETE" : "PUT", target),
    body: Buffer.from(source),
    status: 200,
    answer: Buffer.from(answer),
    time: Date.now(),
  };
}

function schema(method: string, target: string) {
  const empty = Buffer.from("{}");
  return { method, route: route(method, target), body: empty, status: 200, answer: empty, time: Date.now() };
}

async function rows(index: string, columns: string): Promise<readonly unknown[][]> {
  const sql = `SELECT ${columns} FROM \`${database}\`.\`${index}\` FINAL ORDER BY _id`;
  return (await clickhouse.query({ sql, params: [] })).rows.map((row) => Object.values(row));
}

describe("the mirror", { concurrency: false }, () => {
  test("puts small writes that come together into few inserts", async () => {
    fake.indices.set("many", { mappings: KEYWORD, documents: 50, highest: 49 });
    let inserts = 0;
    const mirror = mirrorWith({
      insertRowBinary: (...args) => {
        inserts += 1;
        return clickhouse.insertRowBinary(...args);
      },
    });
    const notes = await Promise.all(Array.from({ length: 50 }, (_, i) => mirror.write(put("many", `${i}`, i, `{"k":"v${i}"}`))));
    assert.ok(notes.every((note) => note?.indexed === 1));
    assert.ok(inserts < 10, `${inserts} inserts`);
    assert.equal((await rows("many", "_id")).length, 50);
    const tables = await mirror.tables("many");
    assert.equal(tables.kind === "tables" && tables.tables[0]?.final, false);
  });

  test("asks for the mapping again only when a document has a name that it lacks", async () => {
    fake.indices.set("grows", { mappings: KEYWORD, documents: 3, highest: 2 });
    const mirror = mirrorWith();
    await mirror.write(put("grows", "1", 0, '{"k":"a"}'));
    const before = fake.asked.length;
    await mirror.write(put("grows", "2", 1, '{"k":"b","nothing":null}'));
    assert.equal(fake.asked.length, before);
    fake.indices.set("grows", { mappings: { properties: { k: { type: "keyword" }, n: { type: "long" } } }, documents: 3, highest: 2 });
    await mirror.write(put("grows", "3", 2, '{"k":"c","n":[2,1]}'));
    assert.deepEqual(await rows("grows", "_id, k, n"), [
      ["1", ["a"], []],
      ["2", ["b"], []],
      ["3", ["c"], [1, 2]],
    ]);
  });

  test("keeps the last write of a document, whatever the order of arrival, and hides deleted ones", async () => {
    fake.indices.set("changes", { mappings: KEYWORD, documents: 1, highest: 4 });
    const mirror = mirrorWith();
    await mirror.write(put("changes", "1", 2, '{"k":"new"}', "updated"));
    await mirror.write(put("changes", "1", 0, '{"k":"old"}'));
    await mirror.write(put("changes", "2", 1, '{"k":"x"}'));
    await mirror.write(put("changes", "2", 3, "", "deleted"));
    await mirror.write(put("changes", "3", 4, "", "not_found"));
    assert.deepEqual(await rows("changes", "_id, k"), [["1", ["new"]]]);
    const tables = await mirror.tables("changes");
    assert.equal(tables.kind === "tables" && tables.tables[0]?.final, true);
  });

  test("leaves to the journal what would take too much memory while ClickHouse takes nothing, by documents as by bytes", async () => {
    fake.indices.set("crowd", { mappings: KEYWORD, documents: 2, highest: 1 });
    const held = Promise.withResolvers<void>();
    const mirror = mirrorWith({
      insertRowBinary: async (...args) => {
        await held.promise;
        return clickhouse.insertRowBinary(...args);
      },
    });
    const first = put("crowd", "1", 0, '{"k":"v"}');
    const answer = Buffer.from(`${" ".repeat(25 * 1024 * 1024)}${first.answer}`);
    const waiting = mirror.hand({ ...first, answer }, { kept: true, again: false });
    const second = await mirror.hand(put("crowd", "2", 1, '{"k":"v"}'), { kept: true, again: false });
    assert.deepEqual([second.left, second.note?.reason], ["replay", "more documents wait to be mirrored than memory allows"]);
    held.resolve();
    assert.equal((await waiting).left, "nothing");
    assert.equal((await mirror.hand(put("crowd", "2", 1, '{"k":"v"}'), { kept: true, again: false })).left, "nothing");
  });

  test("reads back what a pipeline or a script made of a document", async () => {
    fake.indices.set("piped", { mappings: KEYWORD, settings: { default_pipeline: "p" }, documents: 1, highest: 0 });
    fake.stored.set(
      "1",
      '{"_index":"piped","_id":"1","_version":1,"_seq_no":0,"_primary_term":1,"found":true,"_source": { "k" : "made" } }',
    );
    const mirror = mirrorWith();
    assert.equal((await mirror.write(put("piped", "1", 0, '{"k":"sent"}')))?.indexed, 1);
    assert.deepEqual(await rows("piped", "_source, k"), [['{ "k" : "made" }', ["made"]]]);
  });

  test("drops the table with the index, and does not take a new index of that name for the old one", async () => {
    fake.indices.set("again", { mappings: KEYWORD, settings: { uuid: "first" }, documents: 1, highest: 0 });
    const mirror = mirrorWith();
    const writing = mirror.write(put("again", "1", 0, '{"k":"old"}'));
    const deleting = mirror.write(schema("DELETE", "/again"));
    fake.indices.set("again", { mappings: KEYWORD, settings: { uuid: "second" }, documents: 1, highest: 0 });
    await Promise.all([writing, deleting, mirror.write(put("again", "2", 0, '{"k":"new"}'))]);
    assert.deepEqual(await rows("again", "_id"), [["2"]]);
    // Made anew behind our back, and met by another session: the table of the old index is no use.
    fake.indices.set("again", { mappings: KEYWORD, settings: { uuid: "third" }, documents: 1, highest: 0 });
    const later = mirrorWith();
    await later.write(put("again", "3", 0, '{"k":"newest"}'));
    assert.deepEqual(await rows("again", "_id"), [["3"]]);
  });

  test("goes on where an earlier session stopped, and sees what was written between", async () => {
    fake.indices.set("kept", { mappings: KEYWORD, settings: { uuid: "kept" }, documents: 2, highest: 1 });
    await mirrorWith().write(put("kept", "1", 0, '{"k":"a"}'));
    const second = mirrorWith();
    await second.write(put("kept", "2", 1, '{"k":"b"}'));
    assert.equal((await second.tables("kept")).kind, "tables");
    fake.indices.set("kept", { mappings: KEYWORD, settings: { uuid: "kept" }, documents: 4, highest: 3 });
    const third = mirrorWith();
    await third.write(put("kept", "4", 3, '{"k":"d"}'));
    const tables = await third.tables("kept");
    assert.match(tables.kind === "not_compared" ? tables.reason : "", /Elasticsearch has 4 documents, ClickHouse 3/);
  });

  test("does not go on with a table of another layout, and says what to do", async () => {
    fake.indices.set("earlier", { mappings: KEYWORD, settings: { uuid: "earlier" }, documents: 2, highest: 1 });
    await mirrorWith().write(put("earlier", "1", 0, '{"k":"a"}'));
    await clickhouse.command(`ALTER TABLE \`${database}\`.\`earlier\` MODIFY COMMENT 'earlier layout 1'`);
    const later = mirrorWith();
    await later.write(put("earlier", "2", 1, '{"k":"b"}'));
    assert.deepEqual(await rows("earlier", "_id"), [["2"]]);
    const tables = await later.tables("earlier");
    assert.match(tables.kind === "not_compared" ? tables.reason : "", /another version of Parallax.*reconcile it/);
  });

  test("tries again while ClickHouse is away, and is behind meanwhile", async () => {
    fake.indices.set("patient", { mappings: KEYWORD, documents: 1, highest: 0 });
    let away = true;
    const mirror = mirrorWith({
      insertRowBinary: (...args) => (away ? Promise.reject(new ClickHouseAway("away")) : clickhouse.insertRowBinary(...args)),
    });
    const writing = mirror.write(put("patient", "1", 0, '{"k":"a"}'));
    assert.equal(await mirror.caughtUp(["patient"], { deadlineMs: 50 }), false);
    assert.equal(await mirror.caughtUp(["other"], { deadlineMs: 50 }), true);
    away = false;
    assert.equal((await writing)?.indexed, 1);
    assert.equal(await mirror.caughtUp(["patient"], { deadlineMs: 50 }), true);
  });

  test("says which indices it does not hold whole, and why", async () => {
    const mirror = mirrorWith();
    const reason = async (expression: string) => {
      const tables = await mirror.tables(expression);
      return tables.kind === "not_compared" ? tables.reason : tables.kind;
    };
    fake.indices.set("old", { mappings: KEYWORD, documents: 7, highest: 6 });
    assert.match(await reason("old"), /had documents before Parallax started \(7\)/);
    fake.indices.set("unsourced", { mappings: { _source: { enabled: false } }, documents: 1, highest: 0 });
    assert.equal((await mirror.write(put("unsourced", "1", 0, "{}")))?.notMirrored, 1);
    assert.match(await reason("unsourced"), /_source is switched off/);
    fake.indices.set(".kibana", { mappings: KEYWORD });
    assert.equal((await mirror.write(put(".kibana", "1", 0, "{}")))?.notMirrored, 1);
    assert.match(await reason(".kibana"), /belongs to Elasticsearch or Kibana/);
    fake.indices.set("cut", { mappings: KEYWORD, documents: 1, highest: 0 });
    await mirror.write(put("cut", "1", 0, '{"k":"a"}'));
    assert.equal(await reason("cut"), "tables");
    assert.equal(mirror.skipped("cut", "its body was too long").notMirrored, 1);
    assert.match(await reason("cut"), /in part: its body was too long/);
    fake.indices.set("some", { mappings: KEYWORD, aliases: { narrow: { filter: { match_all: {} } } } });
    assert.match(await reason("narrow"), /shows only some documents/);
    assert.equal(await reason("nowhere"), "rejected");
    assert.match(await reason("other:logs"), /another cluster/);
  });

  test("counts, where Elasticsearch does not tell its sequence numbers", async () => {
    fake.indices.set("counted", { mappings: KEYWORD, documents: 1 });
    const mirror = mirrorWith();
    await mirror.write(put("counted", "1", 0, '{"k":"a"}'));
    assert.equal((await mirror.tables("counted")).kind, "tables");
  });

  test("knows the last write and whether it has been refreshed", async () => {
    fake.indices.set("fresh", { mappings: KEYWORD, aliases: { alias: {} }, documents: 2, highest: 1 });
    const mirror = mirrorWith();
    assert.equal(mirror.lastWrite("fresh"), null);
    await mirror.write(put("fresh", "1", 0, "{}"));
    assert.equal(mirror.lastWrite("fresh")?.refreshed, false);
    mirror.refreshed("alias", Date.now());
    assert.equal(mirror.lastWrite("fresh")?.refreshed, true);
    await mirror.write(put("fresh", "2", 1, "{}", "created", "/fresh/_doc/2?refresh=wait_for"));
    assert.equal(mirror.lastWrite("fresh")?.refreshed, true);
    const info = (await mirror.indices()).find(({ name }) => name === "fresh");
    assert.deepEqual(info?.clickhouse.docs, 2);
    assert.deepEqual(info?.elasticsearch.docs, 2);
  });
});
