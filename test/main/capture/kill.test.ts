// A process killed at any moment loses nothing that was committed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openSession } from "../../../src/main/capture/index.ts";
import { folder } from "./records.ts";

const ROUNDS = 8;
const WRITER = fileURLToPath(new URL("./kill_writer.ts", import.meta.url));

/** Runs the writer, kills it after so many bytes of output; gives the last id that it said was committed. */
function killedAfter(file: string, lines: number): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [WRITER, file], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.split("\n").length > lines) child.kill("SIGKILL");
    });
    child.on("error", fail);
    child.on("close", () => done(Number(said.trim().split("\n").at(-1))));
  });
}

test(`nothing committed is lost by ${ROUNDS} kills, and the file stays sound`, { timeout: 60_000 }, async (context) => {
  const file = join(folder(context), "s.parallax");
  for (let round = 1; round <= ROUNDS; round += 1) {
    const committed = await killedAfter(file, 1 + ((round * 37) % 60));
    const problems: unknown[] = [];
    const s = openSession(file, { onProblem: (problem) => problems.push(problem) });
    assert.deepEqual(problems, []);
    assert.ok(s.nextId() > committed, `round ${round}: id ${committed} was committed`);
    const [newest] = s.list({ limit: 1 }).exchanges;
    const total = s.list({ limit: 1 }).total;
    assert.equal(newest?.id, total, "no exchange is missing between the first and the newest");
    assert.equal(s.verdicts().total, total);
    assert.equal(s.body(newest?.id ?? 0, "elasticsearch").text.length, 5600);
    s.close();
    const db = new DatabaseSync(file, { readOnly: true });
    assert.deepEqual(
      db
        .prepare("PRAGMA integrity_check")
        .all()
        .map((row) => Object.values(row)[0]),
      ["ok"],
    );
    db.close();
  }
});
