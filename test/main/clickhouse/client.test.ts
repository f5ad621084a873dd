import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, describe, test } from "node:test";
import { ClickHouseClient } from "../../../src/main/clickhouse/client.ts";
import { ClickHouseAway, ClickHouseRefused } from "../../../src/main/clickhouse/failure.ts";
import { RowBinaryWriter } from "../../../src/main/clickhouse/rowbinary.ts";
import { addColumns, createTable, dropTable, META, tableName } from "../../../src/main/clickhouse/schema.ts";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { RawNumber } from "../../../src/shared/json.ts";
import { testDatabase } from "../../support/clickhouse_server.ts";

const { url, database } = await testDatabase("client");
const { origin, username, password } = new URL(url);
const client = new ClickHouseClient({
  url: origin,
  user: decodeURIComponent(username) || "default",
  password: decodeURIComponent(password),
  reader: null,
});

describe("the client for ClickHouse", () => {
  after(() => client.close());

  const ask = (sql: string, params: Record<string, [type: string, value: string]> = {}) =>
    client.query({ sql, params: Object.entries(params).map(([name, [type, value]]) => ({ name, type, value })) });

  test("reads numbers without loss", async () => {
    const { rows, columns } = await ask(
      "SELECT toInt64('9007199254740993') AS big, toUInt64('18446744073709551615') AS most, nan AS n, inf AS i, toFloat64(0.1) AS d",
    );
    const [row] = rows;
    assert.ok(row?.big instanceof RawNumber && row.most instanceof RawNumber);
    assert.equal(row.big.text, "9007199254740993");
    assert.equal(row.most.text, "18446744073709551615");
    assert.deepEqual([row.n, row.i, row.d], ["nan", "inf", 0.1]);
    assert.equal(columns[0]?.type, "Int64");
  });

  test("names each run after the exchange that it is for, and tells the name and the bytes that went over the wire", async () => {
    const run = async () => (await client.query({ sql: "SELECT queryID() AS id", params: [] }, { exchange: 17 })).rows[0]?.id;
    const { rows, summary } = await client.query({ sql: "SELECT queryID() AS id", params: [] }, { exchange: 17 });
    assert.match(String(summary.queryId), /^parallax-17-[0-9a-f-]{36}$/);
    assert.equal(rows[0]?.id, summary.queryId);
    assert.notEqual(await run(), await run());
    assert.ok(summary.sentBytes > 22 && summary.receivedBytes > 60, `${summary.sentBytes} ${summary.receivedBytes}`);
  });

  test("takes any text as a parameter, and a list longer than a URL", async () => {
    const nasty = "'; DROP TABLE x; --\\ \t\n\u0000é😀";
    const escaped = nasty.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\u0000", "\\0");
    assert.equal((await ask("SELECT {p0:String} AS x", { p0: ["String", escaped] })).rows[0]?.x, nasty);
    const terms = Array.from({ length: 65_536 }, (_, i) => `'a-rather-long-term-${i}'`);
    const quoted = "'it\\'s \\\\ {p0:String}'";
    const { rows } = await ask("SELECT length({p0:Array(String)}) AS n, {p0:Array(String)}[1] AS first", {
      p0: ["Array(String)", `[${quoted},${terms.join(",")}]`],
    });
    assert.equal(rows[0]?.n, 65_537);
    assert.equal(rows[0]?.first, "it's \\ {p0:String}");
  });

  test("ends a statement that takes too long or too much", async () => {
    const access = { url: origin, user: decodeURIComponent(username) || "default", password: decodeURIComponent(password), reader: null };
    const bounded = new ClickHouseClient({ ...access, limits: { seconds: 1, memoryBytes: 8 * 1024 ** 2 } });
    const codeOf = async (sql: string): Promise<number | undefined> => {
      const error: unknown = await bounded.query({ sql, params: [] }).catch((reason: unknown) => reason);
      return error instanceof ClickHouseRefused ? error.code : undefined;
    };
    assert.equal(await codeOf("SELECT count() FROM system.numbers WHERE NOT ignore(number)"), 159);
    assert.equal(await codeOf("SELECT length(groupArray(number)) FROM numbers(10000000)"), 241);
    await bounded.close();
  });

  test("leaves out what an older server does not know, once it has said so", async () => {
    const asked: boolean[] = [];
    const older = createServer((request, response) => {
      const unknown = request.url?.includes("use_top_k_dynamic_filtering") === true;
      asked.push(unknown);
      request.resume();
      response.writeHead(unknown ? 404 : 200);
      response.end(
        unknown
          ? "Code: 115. DB::Exception: Setting use_top_k_dynamic_filtering is neither a builtin setting nor a custom one. (UNKNOWN_SETTING)"
          : '{"meta":[{"name":"one","type":"UInt8"}],"data":[[1]]}',
      );
    });
    await new Promise<void>((resolve) => older.listen(0, "127.0.0.1", resolve));
    const address = older.address();
    assert.ok(typeof address === "object" && address !== null);
    const other = new ClickHouseClient({ url: `http://127.0.0.1:${address.port}`, user: "default", password: "", reader: null });
    for (const _ of [1, 2]) assert.equal(Number((await other.query({ sql: "SELECT 1 AS one", params: [] })).rows[0]?.one), 1);
    assert.deepEqual(asked, [true, false, false]);
    await other.close();
    older.closeAllConnections();
    older.close();
  });

  test("tells what a search cost", async () => {
    const { summary } = await ask("SELECT sum(number) AS s FROM numbers(100000)");
    assert.equal(summary.rows, 1);
    assert.equal(summary.readRows, 100_000);
    assert.ok(summary.readBytes > 0 && summary.ms > 0);
  });

  test("may not write in a search", async () => {
    await assert.rejects(ask(`CREATE TABLE \`${database}\`.x (n Int8) ENGINE = Memory`), ClickHouseRefused);
  });

  test("tells a refused statement from a server that is away", async () => {
    await assert.rejects(ask("SELECT no_such_column"), (error) => error instanceof ClickHouseRefused && error.code === 47);
    await assert.rejects(client.command("SELECT ("), (error) => error instanceof ClickHouseRefused && error.code === 62);
    const nobody = new ClickHouseClient({ url: "http://127.0.0.1:1", user: "default", password: "", reader: null });
    await assert.rejects(nobody.query({ sql: "SELECT 1", params: [] }), ClickHouseAway);
    await assert.rejects(nobody.command("SELECT 1"), ClickHouseAway);
    assert.equal(await nobody.ping(), false);
    await nobody.close();
  });

  test("stops a search when it is told to", async () => {
    const stop = new AbortController();
    const asked = client.query(
      { sql: "SELECT sleepEachRow(1) FROM numbers(30) SETTINGS max_block_size = 1", params: [] },
      { signal: stop.signal },
    );
    setImmediate(() => stop.abort());
    await assert.rejects(asked, ClickHouseAway);
  });

  test("inserts into tables whose columns' names are longer than a field of a URL may be, whatever the rows begin with", async () => {
    const table = tableName(database, "wide");
    const names = Array.from(
      { length: 2_500 },
      (_, i) => `\`${"a name of some length, as those of logs are, with dots: é".padEnd(60, ".")}${i}\``,
    );
    await client.command(
      `CREATE TABLE ${table} (_id String, ${names.map((name) => `${name} UInt8`).join(", ")}) ENGINE = MergeTree ORDER BY _id SETTINGS non_replicated_deduplication_window = 10`,
    );
    const inserted = async (): Promise<readonly unknown[]> => {
      const { rows } = await ask(`SELECT _id, ${names[0]} AS first, ${names.at(-1)} AS last FROM ${table} ORDER BY _id`);
      return rows.map(({ _id, first, last }) => [_id, first, last]);
    };
    // A text's length comes first: of ten octets it looks like a line break, of 32 like a space.
    const ids = ["\nten bytes", `${" ".repeat(31)}x`];
    for (const [at, id] of ids.entries()) {
      const out = new RowBinaryWriter();
      out.text(id);
      out.fixed(new Uint8Array(names.length).fill(at + 1));
      const bytes = Uint8Array.from(out.bytes());
      for (let again = 0; again < 2; again += 1)
        await client.insertRowBinary(table, ["_id", ...names], [bytes.subarray(0, 7), bytes.subarray(7)], { token: id, rows: 1 });
    }
    assert.deepEqual(await inserted(), [
      [ids[0], 1, 1],
      [ids[1], 2, 2],
    ]);
  });

  test("inserts a batch once, however often it is tried, and keeps a table's old rows empty in new columns", async () => {
    const mapping = parseMapping({ properties: { "a b`'\\": { type: "keyword" }, "x.y": { type: "long" } } });
    const name = "odd ` name '\\ é";
    await client.command(createTable(database, name, mapping, "uuid-'1"));
    const columns = META.map((column) => column.name);
    const row = (id: string): Uint8Array => {
      const out = new RowBinaryWriter();
      out.text(id);
      out.text('{"a":1}');
      out.text("");
      out.int(0, 2);
      out.safeInt64(2 ** 40 + 5);
      out.int(1, 4);
      out.int64(1n);
      out.int(0, 1);
      return Uint8Array.from(out.bytes());
    };
    const table = tableName(database, name);
    for (let i = 0; i < 3; i += 1) await client.insertRowBinary(table, columns, row("one"), { token: "batch 1", rows: 1 });
    await client.insertRowBinary(table, columns, row("two"), { token: "batch 2", rows: 1 });
    const add = addColumns(database, name, [
      { name: "x/z", type: "Array(Int64)" },
      { name: "x/z#tok", type: "Array(String)" },
    ]);
    assert.ok(add !== null);
    await client.command(add);
    const { rows } = await ask(`SELECT _id, _seq_no, \`x/z\` AS z, \`x/z#tok\` AS tok FROM ${table} ORDER BY _id`);
    assert.deepEqual(
      rows.map((each) => [each._id, Number(each._seq_no), each.z, each.tok]),
      [
        ["one", 2 ** 40 + 5, [], []],
        ["two", 2 ** 40 + 5, [], []],
      ],
    );
    await client.command(dropTable(database, name));
    assert.equal(addColumns(database, name, []), null);
  });
});
