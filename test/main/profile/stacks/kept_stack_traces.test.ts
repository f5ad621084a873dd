import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { keepStackTrace, OLDER_KEPT } from "../../../../src/main/profile/stacks/kept_stack_traces.ts";

describe("stack traces that are kept", () => {
  let logs = "";
  beforeEach(() => {
    logs = join(mkdtempSync(join(tmpdir(), "parallax-stacks-")), "logs");
  });
  afterEach(() => rmSync(join(logs, ".."), { recursive: true }));

  const text = (name: string): string => readFileSync(join(logs, name), "utf8");

  test("make way for the newest: .1, .2, and so on, the oldest goes", async () => {
    for (let i = 1; i <= OLDER_KEPT + 3; i += 1) assert.equal(await keepStackTrace(logs, `trace ${i}`), join(logs, "stacktrace.html"));
    assert.equal(text("stacktrace.html"), `trace ${OLDER_KEPT + 3}`);
    assert.equal(text("stacktrace.html.1"), `trace ${OLDER_KEPT + 2}`);
    assert.equal(text(`stacktrace.html.${OLDER_KEPT}`), "trace 3");
    assert.equal(readdirSync(logs).length, OLDER_KEPT + 1);
  });

  test("stay as they are where a new one can't be written", async () => {
    await keepStackTrace(logs, "trace 1");
    mkdirSync(join(logs, "stacktrace.html.new"));
    await assert.rejects(keepStackTrace(logs, "trace 2"));
    assert.equal(text("stacktrace.html"), "trace 1");
  });
});
