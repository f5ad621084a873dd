// A mirror on a ClickHouse cluster: two tables an index on every server, each document on one shard, answers as on one server.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ClickHouseClient } from "../../../src/main/clickhouse/client.ts";
import { readCluster, statementsOf } from "../../../src/main/clickhouse/cluster.ts";
import { ElasticsearchClient } from "../../../src/main/elasticsearch/client.ts";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { Mirror } from "../../../src/main/mirror/mirror.ts";
import { type ClickHouseCluster, startClickHouseCluster } from "../../support/clickhouse_cluster.ts";
import { startFakeElasticsearch } from "../../support/fake_elasticsearch.ts";

const mapping = parseMapping({ properties: { k: { type: "keyword" }, n: { type: "long" } } });
const created = { kind: "create table", database: "d", table: "docs", mapping, uuid: "u1", words: true } as const;

describe("the statements of a change on a cluster", () => {
  test("make a table for the rows and a distributed one, on all servers, sharded by the document's name", () => {
    const [local, distributed, ...others] = statementsOf(created, { name: "c", servers: 2, replicated: false });
    assert.deepEqual(others, []);
    assert.match(local ?? "", /^CREATE TABLE IF NOT EXISTS d\.`docs local` ON CLUSTER c \(/);
    assert.match(local ?? "", /ENGINE = ReplacingMergeTree\(_seq_no, _deleted\)/);
    assert.match(distributed ?? "", /^CREATE TABLE IF NOT EXISTS d\.docs ON CLUSTER c \(/);
    assert.match(distributed ?? "", /ENGINE = Distributed\('c', 'd', 'docs local', cityHash64\(_id\)\)\nCOMMENT 'u1 layout \d+'$/);
    assert.doesNotMatch(distributed ?? "", /CODEC|INDEX/);
  });

  test("replicate where the cluster has replicas, under a path that no other table has", () => {
    const rows = [1, 2].map((replica) => ({ shard_num: 1, replica_num: replica }));
    const cluster = readCluster({ name: "c", replicated: null }, rows);
    assert.deepEqual(cluster, { name: "c", servers: 2, replicated: true });
    const [local] = statementsOf(created, cluster);
    assert.match(
      local ?? "",
      /ENGINE = ReplicatedReplacingMergeTree\('\/clickhouse\/tables\/\{shard\}\/d\/docs%20local\/u1-\d+', '\{replica\}', _seq_no, _deleted\)/,
    );
    assert.equal(readCluster({ name: "c", replicated: false }, rows)?.replicated, false);
    assert.equal(readCluster({ name: "c", replicated: null }, []), null);
  });

  test("name no cluster where each server is told itself, and are one server's own without a cluster", () => {
    const cluster = { name: "c", servers: 2, replicated: false };
    assert.ok(statementsOf(created, cluster, false).every((sql) => !sql.includes("ON CLUSTER")));
    assert.equal(statementsOf(created, null).length, 1);
    const gone = { kind: "drop table", database: "d", table: "docs" } as const;
    assert.deepEqual(statementsOf(gone, cluster), [
      "DROP TABLE IF EXISTS d.docs ON CLUSTER c SYNC",
      "DROP TABLE IF EXISTS d.`docs local` ON CLUSTER c SYNC",
    ]);
    const rows = { kind: "delete rows", database: "d", table: "docs", which: "1" } as const;
    assert.deepEqual(statementsOf(rows, cluster), ["DELETE FROM d.`docs local` ON CLUSTER c WHERE 1"]);
  });
});

const fake = await startFakeElasticsearch();
const DOCUMENTS = 300;

function put(id: number, seqNo: number, source: string, result = "created") {
  const answer = `{"_index":"docs","_id":"${id}","_version":1,"result":"${result}","_seq_no":${seqNo},"_primary_term":1}`;
  const method = result === "deleted" ? "DELETE" : "PUT";
  const [body, bytes] = [Buffer.from(source), Buffer.from(answer)];
  return { method, route: route(method, `/docs/_doc/${id}`), body, status: 200, answer: bytes, time: Date.now() };
}

describe("a mirror on two shards", { timeout: 180_000 }, () => {
  let servers: ClickHouseCluster;
  let clickhouse: ClickHouseClient;
  let mirror: Mirror;
  const elasticsearch = new ElasticsearchClient(fake.url);
  const database = "parallax_cluster";

  const clientOf = (urls: readonly string[]): ClickHouseClient =>
    new ClickHouseClient({
      url: urls.join(","),
      cluster: { name: servers.name, replicated: null },
      user: "default",
      password: "",
      reader: null,
    });
  const one = async (sql: string): Promise<unknown[]> => Object.values((await clickhouse.query({ sql, params: [] })).rows[0] ?? {});

  before(async () => {
    servers = await startClickHouseCluster(2);
    clickhouse = clientOf(servers.urls);
    const log = { write: () => {}, flushed: async () => {} };
    mirror = new Mirror({ clickhouse, elasticsearch, database, log });
    fake.indices.set("docs", {
      mappings: { properties: { k: { type: "keyword" }, t: { type: "text" } } },
      settings: { uuid: "u1" },
      documents: 0,
      highest: -1,
    });
  });
  after(async () => {
    await mirror.close();
    await clickhouse.close();
    elasticsearch.close();
    await servers.stop();
  });

  test("keeps each document on one shard, its last version counts, and deletes count", async () => {
    const source = (i: number, k: string): string => `{"k":"${k}","t":"words of ${i}"}`;
    for (let i = 0; i < DOCUMENTS; i += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, j) => mirror.write(put(i + j, i + j, source(i + j, "old")))));
    }
    await Promise.all(Array.from({ length: 100 }, (_, i) => mirror.write(put(i, DOCUMENTS + i, source(i, "new"), "updated"))));
    for (let i = 0; i < 10; i += 1) await mirror.write(put(i, DOCUMENTS + 100 + i, "", "deleted"));
    const counts = await Promise.all([0, 1].map((server) => servers.ask(server, `SELECT uniqExact(_id) FROM ${database}.\`docs local\``)));
    assert.equal(
      counts.reduce((sum, count) => sum + Number(count), 0),
      DOCUMENTS,
    );
    assert.ok(
      counts.every((count) => Number(count) > DOCUMENTS / 4),
      counts.join(" "),
    );
    const live = await one(`SELECT count(), countIf(k[1] = 'new'), uniqExact(_id) FROM ${database}.docs FINAL WHERE _deleted = 0`);
    assert.deepEqual(live, [DOCUMENTS - 10, 90, DOCUMENTS - 10]);
    fake.indices.set("docs", { mappings: {}, settings: { uuid: "u1" }, documents: DOCUMENTS - 10, highest: DOCUMENTS + 109 });
  });

  test("gives new columns to all tables, on every server", async () => {
    fake.indices.set("docs", {
      mappings: { properties: { k: { type: "keyword" }, t: { type: "text" }, late: { type: "long" } } },
      settings: { uuid: "u1" },
    });
    const note = await mirror.write(put(1_000, 1_000, '{"late":[7,8]}'));
    assert.deepEqual([note?.indexed, note?.reason], [1, ""]);
    assert.deepEqual(await one(`SELECT sum(arraySum(late)) FROM ${database}.docs`), [15]);
    for (const server of [0, 1]) {
      assert.equal(await servers.ask(server, `SELECT count() FROM system.columns WHERE database = '${database}' AND name = 'late'`), "2");
    }
  });

  test("applies an insert with the same token once, through whichever server it is sent again", async () => {
    const table = `${database}.again`;
    await clickhouse.define({ ...created, database, table: "again" });
    const bytes = Buffer.concat(Array.from({ length: 40 }, (_, i) => rowOf(`id${i}`)));
    const insert = (client: ClickHouseClient): Promise<void> => client.insertRowBinary(table, ["_id"], bytes, { token: "once", rows: 40 });
    await insert(clickhouse);
    await insert(clickhouse);
    const turned = clientOf(servers.urls.toReversed());
    await insert(turned);
    await turned.close();
    assert.deepEqual(await one(`SELECT count() FROM ${table}`), [40]);
  });

  test("a server that is away: what it has is not searched in part, and is there again when it comes back", async () => {
    const sql = `SELECT count() FROM ${database}.docs FINAL WHERE _deleted = 0`;
    await servers.kill(0);
    await assert.rejects(clickhouse.query({ sql, params: [] }));
    await servers.revive(0);
    assert.deepEqual(await one(sql), [DOCUMENTS - 9]);
  });

  test("a cluster whose servers can't all be told says which URLs it lacks", async () => {
    const alone = clientOf(servers.urls.slice(0, 1));
    await assert.rejects(alone.define({ kind: "create database", database: "never" }), /give the URL of each with --clickhouse URL,URL/);
    await alone.close();
    assert.equal(await servers.ask(0, "SELECT count() FROM system.databases WHERE name = 'never'"), "0");
  });

  test("a dropped index is gone from every server", async () => {
    await clickhouse.define({ kind: "drop table", database, table: "docs" });
    for (const server of [0, 1]) assert.equal(await servers.ask(server, `SELECT count() FROM system.tables WHERE name LIKE 'docs%'`), "0");
  });
});

function rowOf(id: string): Buffer {
  return Buffer.concat([Buffer.from([id.length]), Buffer.from(id)]);
}
