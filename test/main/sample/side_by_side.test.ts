// Two instances that play the sample into one ClickHouse: each has tables of its own, and neither empties the other's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClickHouseClient } from "../../../src/main/clickhouse/client.ts";
import { startTestClickHouse } from "../../support/clickhouse_server.ts";
import { startParallax, until } from "../../support/parallax_process.ts";

test("two instances play the sample into one ClickHouse, each into a database of its own", { timeout: 180_000 }, async () => {
  const server = await startTestClickHouse();
  const { origin, username, password } = new URL(server.url);
  const client = new ClickHouseClient({ url: origin, user: username, password, reader: null });
  const databases = async (): Promise<ReadonlyMap<string, number>> => {
    const sql =
      "SELECT database, sum(total_rows) AS documents FROM system.tables WHERE startsWith(database, 'parallax_sample') GROUP BY database";
    const { rows } = await client.query({ sql, params: [] }, { asWriter: true });
    return new Map(rows.map(({ database, documents }) => [String(database), Number(documents)]));
  };
  const first = await startParallax(["--sample", "--clickhouse", server.url]);
  try {
    const alone = await until(databases, (found) => [...found.values()].some((documents) => documents > 0), 60_000);
    assert.equal(alone.size, 1);
    const second = await startParallax(["--sample", "--clickhouse", server.url]);
    try {
      const both = await until(databases, (found) => found.size === 2 && [...found.values()].every((documents) => documents > 0), 60_000);
      assert.equal(both.size, 2);
      for (const database of alone.keys()) assert.ok(both.has(database), "what the first has played stands");
    } finally {
      await second.stop();
    }
  } finally {
    await first.stop();
    await client.close();
    await server.stop();
  }
});
