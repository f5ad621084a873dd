import assert from "node:assert/strict";
import { test } from "node:test";
import { quoteName } from "../../../../src/main/clickhouse/sql/quote.ts";

const SERVER = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";

test("a name is bare where it is plain, and quoted and escaped where it is not", () => {
  assert.equal(quoteName("message"), "message");
  assert.equal(quoteName("index"), "`index`");
  assert.equal(quoteName("Select"), "`Select`");
  assert.equal(quoteName("a`b\\c"), "`a\\`b\\\\c`");
});

test("every word of ClickHouse's can be a column's name", { skip: SERVER === "" && "PARALLAX_TEST_CLICKHOUSE is not set" }, async () => {
  const url = new URL(SERVER);
  const authorization = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString("base64")}`;
  const ask = async (sql: string): Promise<string> => {
    const answer = await fetch(url.origin, { method: "POST", body: sql, headers: { authorization } });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${sql.slice(0, 100)}: ${text.slice(0, 300)}`);
    return text;
  };
  const words = await ask("SELECT DISTINCT lower(arrayJoin(splitByChar(' ', keyword))) FROM system.keywords FORMAT TSV");
  const names = words.split("\n").filter((word) => /^[a-z_][a-z0-9_]*$/.test(word));
  assert.ok(names.length > 300, `${names.length} words`);
  for (const name of names) {
    const quoted = quoteName(name);
    for (const sql of [
      `CREATE TABLE t (${quoted} Array(String), b Int8) ENGINE = MergeTree ORDER BY ${quoted}`,
      `SELECT ${quoted}, f(${quoted}), 1 AS ${quoted} FROM t WHERE ${quoted} = 1 GROUP BY ${quoted} ORDER BY ${quoted} DESC`,
      `ALTER TABLE t ADD COLUMN ${quoted} Array(String)`,
    ])
      await ask(`EXPLAIN AST ${sql}`);
  }
});
