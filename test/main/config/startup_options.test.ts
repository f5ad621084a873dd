import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { readServeOptions } from "../../../src/main/config/options.ts";
import { pipesKeptBack } from "../../../src/main/config/startup_options.ts";

describe("startup_options.json", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parallax-startup-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(text: string): void {
    writeFileSync(join(folder, "startup_options.json"), text);
  }

  test("keeps nothing back where there is none, or it says nothing", () => {
    assert.equal(pipesKeptBack(folder), false);
    for (const text of ["{}", '{"task_manager":{}}', '{"task_manager":{"disable_pump_scheduler":false}}']) {
      write(text);
      assert.equal(pipesKeptBack(folder), false, text);
    }
  });

  test("keeps all pipes back, whatever the flags say", () => {
    write('{"task_manager": {"disable_pump_scheduler": true}}');
    assert.equal(pipesKeptBack(folder), true);
    assert.equal(readServeOptions(["--data", folder, "--autorun"], {}, "linux").autorun, false);
  });

  test("names the wrong key or value, and the right one", () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['{"task_manger":{}}', /no key "task_manger"; did you mean "task_manager"/],
      ['{"task_manager":{"disable_pump":true}}', /no key "task_manager.disable_pump"; did you mean "task_manager.disable_pump_scheduler"/],
      ['{"task_manager":{"disable_pump_scheduler":"yes"}}', /must be true or false/],
      ['{"task_manager":true}', /must be an object/],
      ["[]", /one JSON object/],
      ["{", /is not JSON/],
    ];
    for (const [text, message] of wrong) {
      write(text);
      assert.throws(() => pipesKeptBack(folder), { name: "BadOption", message }, text);
    }
  });
});
