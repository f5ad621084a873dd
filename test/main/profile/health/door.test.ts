import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { askAtDoor, doorOf, openDoor } from "../../../../src/main/profile/health/door.ts";

const LIMIT_MS = 60_000;

describe("the way to the health thread from outside", () => {
  let data = "";
  let server: Awaited<ReturnType<typeof openDoor>>;
  before(async () => {
    data = mkdtempSync(join(tmpdir(), "parallax-door-"));
    server = await openDoor(doorOf(data), async ({ keep }) => {
      if (keep) throw new Error("No room is left.");
      return { page: `<p>\n${"é".repeat(300_000)}</p>` };
    });
  });
  after(() => {
    server.close();
    rmSync(data, { recursive: true });
  });

  test("answers a wish, however long the answer is", async () => {
    assert.deepEqual(await askAtDoor(doorOf(data), { keep: false }, LIMIT_MS), { page: `<p>\n${"é".repeat(300_000)}</p>` });
  });

  test("tells what went wrong", async () => {
    assert.deepEqual(await askAtDoor(doorOf(data), { keep: true }, LIMIT_MS), { error: "No room is left." });
  });

  test("is its owner's alone", { skip: process.platform === "win32" }, () => {
    assert.equal(statSync(doorOf(data)).mode & 0o777, 0o600);
  });

  test("says that nobody is there", async () => {
    assert.equal(await askAtDoor(doorOf(join(data, "elsewhere")), { keep: true }, LIMIT_MS), null);
  });

  test("refuses what is no wish, and hangs up on what has no end", async () => {
    const said = async (text: string): Promise<string> => {
      const socket = connect(doorOf(data)).setEncoding("utf8");
      socket.on("error", () => {});
      socket.write(text);
      let answer = "";
      socket.on("data", (chunk) => (answer += chunk));
      await new Promise((resolve) => socket.on("close", resolve));
      return answer;
    };
    assert.match(await said("{}\n"), /no wish/);
    assert.match(await said("x\n"), /"error"/);
    assert.equal(await said("x".repeat(2_000)), "");
  });

  test("has a name that fits the system, however long the folder's is", { skip: process.platform === "win32" }, () => {
    const [one, other] = ["a", "b"].map((letter) => doorOf(join("/", letter.repeat(200))));
    assert.ok(Buffer.byteLength(one ?? "") <= 100 + tmpdir().length);
    assert.notEqual(one, other);
  });
});
