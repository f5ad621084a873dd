import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { EventHub } from "../../../src/main/contract/events.ts";
import type { Handlers } from "../../../src/main/contract/handlers.ts";
import { type Interface, startInterface } from "../../../src/main/contract/http_server.ts";
import { NO_PRODUCERS } from "../../support/fake_interface.ts";

const unused = (): never => assert.fail("no event is due");

describe("a session file that a browser sends", () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-upload-"));
  const opened: unknown[] = [];
  let server: Interface;

  before(async () => {
    const handlers = new Proxy({} as Handlers, {
      get: (_target, name) => (request: unknown) => {
        opened.push([name, request]);
        return { shown: true };
      },
    });
    server = await startInterface({
      handlers,
      events: new EventHub(NO_PRODUCERS),
      raw: async () => null,
      har: unused,
      uploads: { folder: join(folder, "uploads"), capBytes: 100_000 },
      page: folder,
      token: "token",
      version: "1.0.0",
      port: 0,
      exactPort: true,
    });
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (name: string, body: string, authorization = "Bearer token") =>
    fetch(`${server.url}/api/session?${new URLSearchParams({ name })}`, { method: "PUT", headers: { authorization }, body });

  test("is kept for its owner alone, and shown", async () => {
    const answer = await put("slow dashboard.har", "{}");
    assert.deepEqual(await answer.json(), { ok: true, value: { shown: true } });
    const file = join(folder, "uploads", "slow dashboard.har");
    assert.equal(readFileSync(file, "utf8"), "{}");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(opened, [["session.open", { file }]]);
  });

  test("is named without folders, and by what it may be", async () => {
    await put("../../evil.parallax", "x");
    assert.ok(existsSync(join(folder, "uploads", "evil.parallax")) && !existsSync(join(folder, "evil.parallax")));
    for (const name of ["", ".har", "x.sh", "..", "a.har/..", "parallax.config.json"])
      assert.equal((await put(name, "x")).status, 400, name);
  });

  test("needs the token, and may not be larger than a session", async () => {
    const before = opened.length;
    assert.equal((await put("a.har", "x", "Bearer other")).status, 401);
    // A server that answers before it has read all may close the connection under a client that still sends.
    const large = await put("large.har", "x".repeat(150_000)).then(
      (answer) => answer.status,
      () => 413,
    );
    assert.equal(large, 413);
    assert.deepEqual(
      readdirSync(join(folder, "uploads")).filter((name) => name.includes("large") || name.endsWith(".part")),
      [],
    );
    assert.equal(opened.length, before);
  });
});
