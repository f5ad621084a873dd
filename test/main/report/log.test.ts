import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { openLog } from "../../../src/main/report/log.ts";
import { isObject, member, parseJson } from "../../../src/shared/json.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parallax-log-"));
  file = join(folder, "logs", "parallax.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

function lines(): readonly string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}

describe("the log", () => {
  test("is one JSON object a line, in the order in which it was written", async () => {
    const log = openLog(file);
    for (let i = 0; i < 50; i += 1) log.write("info", `line ${i}`, { i });
    await log.flushed();
    assert.deepEqual(
      lines().map((line) => {
        const value = parseJson(line);
        return isObject(value) ? [member(value, "level"), member(value, "message"), member(value, "i")] : [];
      }),
      Array.from({ length: 50 }, (_, i) => ["info", `line ${i}`, i]),
    );
  });

  test("keeps no password and no credentials, in the file, in memory and in the terminal", async () => {
    const echoed: string[] = [];
    const log = openLog(file, (_level, message) => echoed.push(message));
    log.write("warn", "https://me:hunter2@es:9200/_search?api_key=hunter2 refused Bearer hunter2hunter2", {
      token: "hunter2",
      url: "http://a:hunter2@b",
    });
    await log.flushed();
    const all = [lines().join(""), JSON.stringify(log.recent({})), echoed.join("")].join("\n");
    assert.doesNotMatch(all, /hunter2/);
    assert.match(all, /es:9200\/_search/);
  });

  test("shows its newest lines by level and by words", () => {
    const log = openLog(file);
    let told = 0;
    log.onLine = () => {
      told += 1;
    };
    log.write("info", "ClickHouse answers");
    log.write("warn", "Elasticsearch is away", { tries: 3 });
    log.write("error", "A fault", { stack: "at elsewhere" });
    const messages = (query: Parameters<typeof log.recent>[0]) => log.recent(query).lines.map(({ message }) => message);
    assert.deepEqual(messages({ level: "warn" }), ["Elasticsearch is away", "A fault"]);
    assert.deepEqual(messages({ text: "ELSEWHERE" }), ["A fault"]);
    assert.deepEqual(messages({ limit: 1 }), ["A fault"]);
    assert.deepEqual([told, log.lines], [3, 3]);
  });

  test("goes on in a new file after 16 MiB, and keeps the one before", async () => {
    mkdirSync(join(folder, "logs"));
    writeFileSync(file, "old");
    truncateSync(file, 16 * 1024 * 1024);
    const log = openLog(file);
    log.write("info", "new");
    await log.flushed();
    assert.equal(lines().length, 1);
    assert.equal(readFileSync(`${file}.1`).length, 16 * 1024 * 1024);
  });

  test("goes on where it can be written again", async () => {
    mkdirSync(file, { recursive: true }); // A folder in its place.
    const log = openLog(file);
    log.write("info", "lost");
    await log.flushed();
    rmdirSync(file);
    log.write("info", "kept");
    await log.flushed();
    assert.equal(existsSync(file), true);
    assert.match(lines().join(), /kept/);
  });
});
