// A real ClickHouse for tests: the embedded one, in a temporary folder, on a free port.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { startEmbedded } from "../../src/main/clickhouse/embedded.ts";

/** `url` has `user:password` of a user with all rights in it. */
export async function startTestClickHouse(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "parallax-clickhouse-"));
  const server = await startEmbedded({ dataFolder: folder, port: 0 });
  return {
    url: `http://${server.app.user}:${server.app.password}@127.0.0.1:${server.port}`,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A fresh database for one test file, dropped when its tests are over: call it outside of hooks. Starts a server of its own when the run gave none. */
export async function testDatabase(name: string): Promise<{ readonly url: string; readonly database: string }> {
  const given = process.env.PARALLAX_TEST_CLICKHOUSE;
  const own = given === undefined ? await startTestClickHouse() : null;
  const url = given ?? own?.url ?? "";
  const database = `${name}_${process.pid}`;
  await run(url, `DROP DATABASE IF EXISTS \`${database}\``);
  await run(url, `CREATE DATABASE \`${database}\``);
  after(async () => {
    await run(url, `DROP DATABASE IF EXISTS \`${database}\``);
    await own?.stop();
  });
  return { url, database };
}

async function run(url: string, sql: string): Promise<void> {
  const { username, password, origin } = new URL(url);
  const response = await fetch(origin, {
    method: "POST",
    headers: {
      "X-ClickHouse-User": decodeURIComponent(username) || "default",
      "X-ClickHouse-Key": decodeURIComponent(password),
    },
    body: sql,
  });
  if (!response.ok) throw new Error(`${sql}: ${await response.text()}`);
}
