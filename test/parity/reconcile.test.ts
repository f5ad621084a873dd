// Indices that ClickHouse holds nothing of, or something else of, beside a real Elasticsearch: reconciled, both sides hold the same
// documents, byte for byte, under the same numbers, each once.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ClickHouseAway } from "../../src/main/clickhouse/failure.ts";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { route } from "../../src/main/elasticsearch/route.ts";
import { Mirror } from "../../src/main/mirror/mirror.ts";
import type { ReconcileProgress, ReconcileReport, Reconciliation } from "../../src/main/mirror/reconcile/report.ts";
import type { Store } from "../../src/main/mirror/store.ts";
import { testDatabase } from "../support/clickhouse_server.ts";
import { newSeed, seededRandom } from "../support/random.ts";
import { bulk, bulkLines, documentText, makeIndex, ourDocuments, theirDocuments } from "../support/reconciled_index.ts";
import { connectClickHouse } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH;
const skip = address === undefined ? "needs a real Elasticsearch: set PARALLAX_TEST_ELASTICSEARCH to its URL" : false;
const PREFIX = "reconcile-parity";
const DOCUMENTS = 20_000;

describe("reconciling beside a real Elasticsearch", { skip, concurrency: false }, async () => {
  if (address === undefined) return;
  const elasticsearch = new ElasticsearchClient(address);
  const { url, database } = await testDatabase("reconcile_parity");
  const clickhouse = connectClickHouse(url);
  const log = { write: () => {}, flushed: async () => {} };
  const random = seededRandom(newSeed());
  console.log(`seed ${random.seed}`);
  after(async () => {
    await elasticsearch.request("DELETE", `/${PREFIX}-*?expand_wildcards=all`);
    await clickhouse.close();
    elasticsearch.close();
  });

  function mirrorWith(store: Partial<Store> = {}): Mirror {
    const base: Store = {
      query: (statement, options) => clickhouse.query(statement, options),
      define: (change) => clickhouse.define(change),
      insertRowBinary: (table, columns, bytes, options) => clickhouse.insertRowBinary(table, columns, bytes, options),
    };
    return new Mirror({ clickhouse: { ...base, ...store }, elasticsearch, database, log });
  }

  function equal(result: Reconciliation): ReconcileReport {
    assert.equal(result.kind, "equal", JSON.stringify(result));
    assert.ok("report" in result);
    return result.report;
  }

  async function assertSame(index: string): Promise<number> {
    const theirs = await theirDocuments(elasticsearch, index);
    const { documents, rows } = await ourDocuments(clickhouse, database, index);
    assert.equal(rows, documents.size, "documents that are there twice");
    const differing = [...theirs].filter(([key, text]) => documents.get(key) !== text).slice(0, 3);
    assert.deepEqual(
      differing.map(([key, text]) => [key, text, documents.get(key)]),
      [],
    );
    assert.equal(documents.size, theirs.size);
    return theirs.size;
  }

  async function physicalRows(index: string): Promise<number> {
    const { rows } = await clickhouse.query({ sql: `SELECT count() AS n FROM \`${database}\`.\`${index}\``, params: [] });
    return Number(rows[0]?.n);
  }

  const compared = async (mirror: Mirror, index: string) => {
    const tables = await mirror.tables(index);
    return tables.kind === "not_compared" ? tables.reason : tables.kind;
  };

  for (const shards of [1, 3]) {
    test(`copies an index of ${shards} shards that was there before`, async () => {
      const index = `${PREFIX}-before-${shards}`;
      await makeIndex(elasticsearch, index, shards, DOCUMENTS, random);
      const mirror = mirrorWith();
      assert.match(await compared(mirror, index), /had documents before.*reconcile it/);
      const told: ReconcileProgress[] = [];
      const report = equal(await mirror.reconcile(index, { onProgress: (progress) => told.push(progress) }));
      const documents = await assertSame(index);
      assert.deepEqual(
        { ...report, ms: 0, ranges: 0 },
        { compared: documents, missing: documents, surplus: 0, stale: 0, written: documents, deleted: 0, ranges: 0, ms: 0 },
      );
      assert.equal(await physicalRows(index), documents);
      assert.equal(await compared(mirror, index), "tables");
      const tables = await mirror.tables(index);
      assert.equal(tables.kind === "tables" && tables.tables[0]?.final, false);
      const first = told.filter(({ pass }) => pass === 1).at(-1);
      assert.deepEqual([first?.documents, first?.expected, first?.secondsLeft], [documents, documents, 0]);
      // Once more there is nothing to do, looked at as closely as it can be.
      const again = equal(await mirror.reconcile(index, { exact: true }));
      assert.deepEqual(
        { ...again, ms: 0 },
        { compared: documents, missing: 0, surplus: 0, stale: 0, written: 0, deleted: 0, ranges: 0, ms: 0 },
      );
      // What is written from now on comes by the mirror.
      const answer = await elasticsearch.request("PUT", `/${index}/_doc/later`, '{"n":1}');
      const request = { method: "PUT", route: route("PUT", `/${index}/_doc/later`), body: Buffer.from('{"n":1}'), time: Date.now() };
      await mirror.write({ ...request, status: answer.status, answer: answer.body });
      await assertSame(index);
      assert.equal(await compared(mirror, index), "tables");
    });

    test(`mends exactly what was planted in the table of an index of ${shards} shards`, async () => {
      const index = `${PREFIX}-before-${shards}`;
      const mirror = mirrorWith();
      equal(await mirror.reconcile(index));
      const table = `\`${database}\`.\`${index}\``;
      const { rows } = await clickhouse.query({ sql: `SELECT _id, _routing, _shard, _seq_no FROM ${table} FINAL`, params: [] });
      const used = new Set(rows.map((row) => `${row._shard} ${row._seq_no}`));
      // Numbers of versions that are no more: what is planted stands under these.
      const free = Array.from({ length: shards }, (_, shard) =>
        Array.from({ length: DOCUMENTS / shards }, (_unused, number) => number).filter((number) => !used.has(`${shard} ${number}`)),
      );
      const freeOn = (shard: number, below = Number.POSITIVE_INFINITY) => {
        const [number] = free[shard] ?? [];
        return number === undefined || number >= below ? null : (free[shard]?.shift() ?? null);
      };
      const gone: string[] = [];
      const planted: string[] = [];
      let stale = 0;
      for (const row of rows) {
        const [shard, number] = [Number(row._shard), Number(row._seq_no)];
        const named = `(${number}, '${row._id}')`;
        const chance = random.below(100);
        if (chance === 0) gone.push(named);
        else if (chance < 3) {
          const older = freeOn(shard, number);
          if (older === null) continue;
          gone.push(named);
          planted.push(`('${row._id}', '{}', '${row._routing}', ${shard}, ${older}, 1, 1, 0)`);
          stale += 1;
        } else if (chance === 3 && planted.length % 50 === 9) {
          // A delete that never was, of a document that is there.
          planted.push(`('${row._id}', '', '', ${shard}, ${number + 1}, 1, 9, 1)`);
          gone.push(`(0, '')`);
        }
      }
      const hidden = gone.filter((named) => named === "(0, '')").length;
      const [missing, surplus] = [gone.length - stale, 60];
      for (let i = 0; i < surplus; i += 1) planted.push(`('planted${i}', '{}', '', ${i % shards}, ${freeOn(i % shards)}, 1, 1, 0)`);
      planted.push(`('future', '{}', '', 0, 10000000, 1, 1, 0)`);
      console.log(JSON.stringify({ missing, hidden, stale, surplus: surplus + 1 }));
      await clickhouse.command(`DELETE FROM ${table} WHERE (_seq_no, _id) IN (${gone.join(", ")})`);
      const columns = "_id, _source, _routing, _shard, _seq_no, _primary_term, _version, _deleted";
      await clickhouse.command(`INSERT INTO ${table} (${columns}) VALUES ${planted.join(", ")}`);
      const report = equal(await mirror.reconcile(index));
      await assertSame(index);
      assert.deepEqual([report.stale, report.surplus], [stale, surplus + 1]);
      // What a false delete hides is met twice: it is there, and still not seen.
      assert.equal(report.missing, missing + hidden);
      const written = report.written - (missing - hidden + stale);
      // Unless a merge has taken it out by then.
      assert.ok(written >= 0 && written <= hidden, `${written} more written`);
      assert.equal(await compared(mirror, index), "tables");
      assert.equal(equal(await mirror.reconcile(index, { exact: true })).written, 0);
    });
  }

  test("tells documents apart that have the same number", async () => {
    const index = `${PREFIX}-exact`;
    await makeIndex(elasticsearch, index, 1, 300, random);
    const mirror = mirrorWith();
    equal(await mirror.reconcile(index));
    const table = `\`${database}\`.\`${index}\``;
    // Some numbers belong to documents that were overwritten or deleted since: three that are there.
    const { rows } = await clickhouse.query({ sql: `SELECT _seq_no FROM ${table} ORDER BY _seq_no LIMIT 3`, params: [] });
    const [renamed, changed, alike] = rows.map(({ _seq_no }) => Number(_seq_no));
    const chosen = `_seq_no IN (${renamed}, ${changed}, ${alike})`;
    await clickhouse.command(`CREATE TABLE \`${database}\`.planted ENGINE = Memory AS SELECT * FROM ${table} WHERE ${chosen}`);
    await clickhouse.command(`DELETE FROM ${table} WHERE ${chosen}`);
    await clickhouse.command(
      `INSERT INTO ${table} SELECT * REPLACE (_seq_no = ${renamed} ? 'other' : _id AS _id, _seq_no = ${changed} ? 77 : _version AS _version) FROM \`${database}\`.planted`,
    );
    await clickhouse.command(`DROP TABLE \`${database}\`.planted SYNC`);
    assert.equal(equal(await mirror.reconcile(index)).written, 0);
    const report = equal(await mirror.reconcile(index, { exact: true }));
    assert.deepEqual([report.surplus, report.stale, report.missing], [1, 1, 1]);
    await assertSame(index);
    // Two documents under one number are found without being asked for.
    await clickhouse.command(`INSERT INTO ${table} (_id, _source, _seq_no) VALUES ('twice', '{}', ${alike})`);
    assert.equal(equal(await mirror.reconcile(index)).surplus, 1);
    await assertSame(index);
  });

  test("copies while writes go on, and neither loses nor doubles one", async () => {
    const index = `${PREFIX}-live`;
    await makeIndex(elasticsearch, index, 3, DOCUMENTS / 2, random);
    const mirror = mirrorWith();
    let stop = false;
    const writing = (async () => {
      for (let i = 0; !stop; i += 1) {
        const lines = `${bulkLines(random, 100, DOCUMENTS / 2)}{"index":{}}\n${documentText(random, i)}\n`;
        const path = `/${index}/_bulk`;
        const answer = await elasticsearch.request("POST", path, Buffer.from(lines), { type: "application/x-ndjson" });
        const write = { method: "POST", route: route("POST", path), body: Buffer.from(lines), status: answer.status, answer: answer.body };
        const note = await mirror.write({ ...write, time: Date.now() });
        assert.equal(note?.notMirrored, 0, note?.reason);
      }
    })();
    const result = await mirror.reconcile(index);
    stop = true;
    await writing;
    equal(result);
    await assertSame(index);
    assert.equal(await compared(mirror, index), "tables");
  });

  test("goes on where it was stopped", async () => {
    const index = `${PREFIX}-stopped`;
    await makeIndex(elasticsearch, index, 1, 6_000, random);
    const abort = new AbortController();
    const onProgress = ({ documents }: ReconcileProgress) => {
      if (documents > 1_000) abort.abort();
    };
    const stopped = await mirrorWith().reconcile(index, { signal: abort.signal, onProgress, documentsPerSecond: 2_000 });
    assert.ok(stopped.kind === "cancelled", JSON.stringify(stopped));
    const rows = await physicalRows(index);
    assert.ok(rows > 1_000 && rows < 5_000, `${rows} rows`);
    const mirror = mirrorWith();
    assert.notEqual(await compared(mirror, index), "tables");
    const report = equal(await mirror.reconcile(index));
    const documents = await assertSame(index);
    assert.equal(report.written, documents - rows);
    assert.equal(await physicalRows(index), documents);
  });

  test("waits while ClickHouse is away, and doubles nothing whose answer was lost", async () => {
    const index = `${PREFIX}-away`;
    await makeIndex(elasticsearch, index, 3, 5_000, random);
    let calls = 0;
    const away = () => {
      calls += 1;
      if (calls % 3 !== 0) throw new ClickHouseAway("away");
    };
    const mirror = mirrorWith({
      query: async (...args) => {
        away();
        return await clickhouse.query(...args);
      },
      insertRowBinary: async (...args) => {
        await clickhouse.insertRowBinary(...args);
        away();
      },
    });
    equal(await mirror.reconcile(index));
    assert.equal(await physicalRows(index), await assertSame(index));
  });

  test("copies an empty index, one by no more than so many documents a second, and one of another layout", async () => {
    const index = `${PREFIX}-small`;
    await elasticsearch.json("PUT", `/${index}`);
    const mirror = mirrorWith();
    assert.equal(equal(await mirror.reconcile(index)).compared, 0);
    assert.equal(await compared(mirror, index), "tables");
    await bulk(elasticsearch, index, bulkLines(random, 600, 100_000));
    const started = performance.now();
    const { written } = equal(await mirror.reconcile(index, { documentsPerSecond: 400 }));
    assert.ok(performance.now() - started > (written / 400) * 1000 - 1100);
    await assertSame(index);
    const comment = `SELECT comment FROM system.tables WHERE database = '${database}' AND name = '${index}'`;
    const uuid = String((await clickhouse.query({ sql: comment, params: [] })).rows[0]?.comment).split(" ")[0];
    await clickhouse.command(`ALTER TABLE \`${database}\`.\`${index}\` MODIFY COMMENT '${uuid} layout 1'`);
    const later = mirrorWith();
    assert.match(await compared(later, index), /another version of Parallax.*reconcile it/);
    equal(await later.reconcile(index));
    await assertSame(index);
    assert.equal(await compared(later, index), "tables");
  });

  test("a later session sees what an earlier one missed, and takes for whole what was reconciled before it", async () => {
    const index = `${PREFIX}-later`;
    await makeIndex(elasticsearch, index, 1, 500, random);
    equal(await mirrorWith().reconcile(index));
    assert.equal(await compared(mirrorWith(), index), "tables");
    const write = async (id: string, source: string) => {
      const path = `/${index}/_doc/${id}?refresh=true`;
      const { status, body } = await elasticsearch.request("PUT", path, source);
      return { method: "PUT", route: route("PUT", path), body: Buffer.from(source), status, answer: Buffer.from(body), time: Date.now() };
    };
    for (const id of ["one", "two"]) await mirrorWith().write(await write(id, '{"n":1}'));
    // The first of these is not handed over, the second one's number is above it: nothing shows that by numbers or counts.
    await write("one", '{"n":2}');
    await mirrorWith().write(await write("two", '{"n":2}'));
    assert.match(await compared(mirrorWith(), index), /mirrored in part.*other versions.*reconcile it/);
    equal(await mirrorWith().reconcile(index));
    assert.equal(await compared(mirrorWith(), index), "tables");
    // The highest numbers are of deletes, of which the table has nothing.
    for (const id of ["one", "two"]) await elasticsearch.json("DELETE", `/${index}/_doc/${id}`);
    equal(await mirrorWith().reconcile(index));
    assert.equal(await compared(mirrorWith(), index), "tables");
    await assertSame(index);
  });

  test("says why it can't: no such index, no _source, closed or deleted meanwhile", async () => {
    const mirror = mirrorWith();
    const reason = (result: Reconciliation) => ("reason" in result ? result.reason : result.kind);
    assert.match(reason(await mirror.reconcile(`${PREFIX}-none`)), /there is no index/);
    await elasticsearch.json("PUT", `/${PREFIX}-sourceless`, '{"mappings":{"_source":{"enabled":false}}}');
    const refused = await mirror.reconcile(`${PREFIX}-sourceless`);
    assert.equal(refused.kind, "refused");
    assert.match(reason(refused), /_source is switched off/);
    assert.equal((await mirror.reconcile(".security")).kind, "refused");
    for (const [how, method, path] of [
      ["closed", "POST", "/_close"],
      ["deleted", "DELETE", ""],
    ] as const) {
      const index = `${PREFIX}-${how}`;
      await makeIndex(elasticsearch, index, 1, 3_000, random);
      let ended: Promise<unknown> | null = null;
      const onProgress = () => {
        ended ??= elasticsearch.request(method, `/${index}${path}`);
      };
      const result = await mirror.reconcile(index, { onProgress, documentsPerSecond: 1_000 });
      await ended;
      assert.equal(result.kind, "failed", JSON.stringify(result));
      assert.match(reason(result), /clos|no such index/);
    }
  });

  test("runs once for all who ask, and ends when the index is dropped", async () => {
    const index = `${PREFIX}-dropped`;
    await makeIndex(elasticsearch, index, 1, 3_000, random);
    const mirror = mirrorWith();
    const first = mirror.reconcile(index, { documentsPerSecond: 500 });
    assert.equal(mirror.reconcile(index), first);
    const begun = Promise.withResolvers<void>();
    void mirror.tables(index).then(() => begun.resolve());
    await begun.promise;
    const answer = await elasticsearch.request("DELETE", `/${index}`);
    const request = { method: "DELETE", route: route("DELETE", `/${index}`), body: Buffer.from(""), time: Date.now() };
    await mirror.write({ ...request, status: answer.status, answer: answer.body });
    const result = await first;
    assert.equal(result.kind, "failed");
    await makeIndex(elasticsearch, index, 1, 100, random);
    equal(await mirror.reconcile(index));
    await assertSame(index);
  });
});
