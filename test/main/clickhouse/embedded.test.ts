import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type EmbeddedClickHouse, startEmbedded } from "../../../src/main/clickhouse/embedded.ts";
import { EmbeddedClickHouseError } from "../../../src/main/clickhouse/embedded_error.ts";
import { libraryPath } from "../../../src/main/clickhouse/library.ts";

const folders: string[] = [];
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "parallax-embedded-"));
  folders.push(made);
  return made;
}
after(() => Promise.all(folders.map((made) => rm(made, { recursive: true, force: true }))));

async function ask(server: EmbeddedClickHouse, sql: string, user = server.app.user, password = server.app.password) {
  const response = await fetch(server.url, {
    method: "POST",
    headers: { "X-ClickHouse-User": user, "X-ClickHouse-Key": password },
    body: sql,
  });
  return { status: response.status, text: (await response.text()).trim() };
}

function reached(server: EmbeddedClickHouse, status: string): Promise<void> {
  if (server.state.status === status) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = server.onState((state) => {
      if (state.status !== status) return;
      stop();
      resolve();
    });
  });
}

/** Resolves when no process has this id any more; fails after 10 s. */
async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    assert.ok(Date.now() < deadline, `process ${pid} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const code = (wanted: string) => (error: unknown) => error instanceof EmbeddedClickHouseError && error.code === wanted;

describe("the embedded ClickHouse", { concurrency: false }, () => {
  test("starts, answers with a password, and refuses a wrong one", async () => {
    const server = await startEmbedded({ dataFolder: await folder(), port: 0 });
    try {
      assert.match(server.version, /^\d+\.\d+\./);
      assert.equal((await ask(server, "SELECT 1 + 1")).text, "2");
      assert.match((await ask(server, "SELECT 1", server.app.user, "wrong")).text, /AUTHENTICATION_FAILED/);
      assert.match((await ask(server, "CREATE DATABASE x", server.search.user, server.search.password)).text, /ACCESS_DENIED/);
      assert.match((await ask(server, "CREATE DATABASE x", "default", "")).text, /ACCESS_DENIED/);
      const files = await ask(server, "SELECT * FROM file('/etc/passwd', 'LineAsString')", server.search.user, server.search.password);
      assert.match(files.text, /ACCESS_DENIED/);
      await ask(server, "SYSTEM FLUSH LOGS");
      assert.equal((await ask(server, "SELECT count() > 0 FROM system.query_log")).text, "1");
    } finally {
      await server.stop();
    }
    assert.equal(server.state.status, "stopped");
  });

  test("writes its logs at every start in the same folder, whose tables no start knows of the one before", async () => {
    const dataFolder = await folder();
    for (const life of ["first", "second"]) {
      const server = await startEmbedded({ dataFolder, port: 0 });
      try {
        await ask(server, `SELECT 1 SETTINGS log_comment = '${life}'`);
        await ask(server, "SYSTEM FLUSH LOGS");
        for (const table of ["query_log", "processors_profile_log"]) {
          assert.equal((await ask(server, `SELECT count() > 0 FROM system.${table}`)).text, "1", `${life}, ${table}`);
        }
        assert.equal((await ask(server, `SELECT count() > 0 FROM system.query_log WHERE log_comment = '${life}'`)).text, "1");
      } finally {
        await server.stop();
      }
    }
  });

  test("comes back on the same port with its data when it is killed", async () => {
    const server = await startEmbedded({ dataFolder: await folder(), port: 0 });
    try {
      await ask(server, "CREATE TABLE default.kept (n Int64) ENGINE = MergeTree ORDER BY n");
      await ask(server, "INSERT INTO default.kept SELECT number FROM numbers(1000)");
      const { pid, url } = server;
      assert.ok(pid !== null);
      const away = reached(server, "away");
      process.kill(pid, "SIGKILL");
      await away;
      await reached(server, "ok");
      assert.notEqual(server.pid, pid);
      assert.equal(server.url, url);
      assert.equal((await ask(server, "SELECT sum(n) FROM default.kept")).text, "499500");
    } finally {
      await server.stop();
    }
  });

  test("does not outlive a parent that is killed", async () => {
    const module = new URL("../../../src/main/clickhouse/embedded.ts", import.meta.url).href;
    const script = `
      const { startEmbedded } = await import(${JSON.stringify(module)});
      const server = await startEmbedded({ dataFolder: process.argv[1], port: 0 });
      process.stdout.write(String(server.pid) + "\\n");
      setInterval(() => {}, 1000);`;
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script, await folder()], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(parent.stdout, "data");
    const pid = Number(String(line));
    assert.ok(pid > 0);
    process.kill(pid, 0);
    parent.kill("SIGKILL");
    await gone(pid);
  });

  test("gives way from a taken port, or names it when the port was asked for", async () => {
    const other = createServer();
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    assert.ok(typeof address === "object" && address !== null);
    await assert.rejects(startEmbedded({ dataFolder: await folder(), port: address.port, exactPort: true }), (error) => {
      assert.ok(code("port_in_use")(error));
      assert.match(String(error), new RegExp(`Port ${address.port} `));
      return true;
    });
    const server = await startEmbedded({ dataFolder: await folder(), port: address.port });
    assert.notEqual(server.port, address.port);
    await server.stop();
    other.close();
  });

  test("says that another ClickHouse holds the data folder", async () => {
    const shared = await folder();
    const first = await startEmbedded({ dataFolder: shared, port: 0 });
    await assert.rejects(startEmbedded({ dataFolder: shared, port: 0 }), code("data_folder_locked"));
    // Whoever comes second must leave the first one as it is, its passwords too.
    assert.equal((await ask(first, "SELECT 1")).text, "1");
    await first.stop();
  });

  test("says that the data folder can't be written", async () => {
    const file = join(await folder(), "a-file");
    await writeFile(file, "");
    await assert.rejects(startEmbedded({ dataFolder: join(file, "inner"), port: 0 }), code("data_folder_not_writable"));
  });

  test("says so on a platform that has no library", () => {
    assert.throws(() => libraryPath("win32", "x64"), code("unsupported_platform"));
  });
});
