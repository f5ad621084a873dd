import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { BadOption } from "../../../src/main/config/json_file.ts";
import { readGiven, readServeOptions } from "../../../src/main/config/options.ts";
import { Settings } from "../../../src/main/config/settings.ts";
import { parseJson } from "../../../src/shared/json.ts";
import type { Setting } from "../../../src/shared/settings.ts";

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function settingsOf(argv: readonly string[], config?: string) {
  const data = mkdtempSync(join(tmpdir(), "parallax-settings-"));
  folders.push(data);
  const file = join(data, "parallax.config.json");
  if (config !== undefined) writeFileSync(file, config);
  const taken: string[] = [];
  const given = readGiven(["--data", data, ...argv], {}, "linux");
  const settings = new Settings(given, (_options, keys) => void taken.push(...keys));
  const one = (key: string): Setting => settings.state().settings.find((setting) => setting.key === key) ?? assert.fail(key);
  return { settings, file, taken, one, nextStart: () => readServeOptions(["--data", data, ...argv], {}, "linux") };
}

describe("settings", () => {
  test("what is said of rules of the comparison is taken at once, and not at all where an entry is wrong", () => {
    const { settings, taken, one, nextStart } = settingsOf([]);
    const entry = { rule: "ignored", path: "/hits/max_score", reason: "of no interest" };
    settings.set("verdicts.rules", [entry]);
    assert.deepEqual(taken, ["verdicts.rules"]);
    assert.deepEqual([one("verdicts.rules").value, one("verdicts.rules").waits], [[entry], false]);
    assert.deepEqual(nextStart().verdictRules, [entry]);
    assert.throws(() => settings.set("verdicts.rules", [{ ...entry, path: "hits" }]), /does not begin with/);
    assert.deepEqual(one("verdicts.rules").value, [entry]);
  });

  test("say what each is and where it comes from", () => {
    const { one } = settingsOf(["--mode", "tap"], '{"mode":"compare","proxy":{"port":9290}}');
    assert.deepEqual([one("mode").value, one("mode").from], ["tap", "flag"]);
    assert.deepEqual([one("proxy.port").value, one("proxy.port").from], [9290, "file"]);
    assert.deepEqual([one("sample").value, one("sample").from], [null, "default"]);
  });

  test("are kept in the file, where the next start finds them", () => {
    const { settings, one, nextStart } = settingsOf([], '{"proxy":{"port":9290},"shadow":true}');
    settings.set("interface.port", 9990);
    settings.set("shadow", null);
    assert.deepEqual([nextStart().uiPort.port, nextStart().port.port, nextStart().shadow], [9990, 9290, false]);
    assert.deepEqual([one("interface.port").waits, one("shadow").waits, one("proxy.port").waits], [true, true, false]);
  });

  test("are taken at once where that can be", () => {
    const { settings, taken, one } = settingsOf([]);
    settings.set("task_manager.disable_pump_scheduler", true);
    settings.set("task_manager.disable_pump_scheduler", true);
    assert.deepEqual(taken, ["task_manager.disable_pump_scheduler"]);
    assert.equal(one("task_manager.disable_pump_scheduler").waits, false);
  });

  test("refuse what the next start would refuse, and change nothing", () => {
    const { settings, file } = settingsOf([]);
    assert.throws(() => settings.set("proxy.port", "x"), /proxy\.port must be a port/);
    assert.throws(() => settings.set("mode", "both"), /"tap", "compare" and "clickhouse"/);
    assert.throws(() => settings.set("proxy.prt", 1), /did you mean "proxy\.port"/);
    settings.set("proxy.port", 9444);
    assert.throws(() => settings.set("interface.port", 9444), /both 9444/);
    assert.equal(readFileSync(file, "utf8"), '{\n  "proxy": {\n    "port": 9444\n  }\n}\n');
  });

  test("show no password, and keep it until another is written", () => {
    const { settings, one, nextStart } = settingsOf([], '{"elasticsearch":{"url":"https://me:secret@es:9200"}}');
    assert.equal(one("elasticsearch.url").value, "https://me:…@es:9200");
    assert.throws(() => settings.set("elasticsearch.url", "https://me:…@other:9200"), /write it again/);
    assert.equal(nextStart().elasticsearch, "https://me:secret@es:9200");
  });

  test("can be replaced by a whole configuration", () => {
    const { settings, nextStart } = settingsOf([], '{"shadow":true}');
    settings.upload(parseJson('{"mode":"tap"}'));
    assert.deepEqual([nextStart().mode, nextStart().shadow], ["tap", false]);
  });

  test("take the node's metadata of a configuration of entities", () => {
    const entity = '{"_id":"node","type":"metadata","task_manager":{"disable_pump_scheduler":true}}';
    for (const config of [entity, `[${entity}]`]) {
      const { settings, taken, nextStart } = settingsOf([]);
      settings.upload(parseJson(config));
      assert.equal(nextStart().autorun, false);
      assert.deepEqual(taken, ["task_manager.disable_pump_scheduler"]);
    }
  });

  test("refuse other entities and other values by name", () => {
    const { settings, file } = settingsOf([]);
    assert.throws(() => settings.upload(parseJson('[{"_id":"foo","type":"pipe"}]')), /"foo" is another one/);
    assert.throws(() => settings.upload(parseJson('{"_id":"foo","type":"pipe"}')), BadOption);
    assert.throws(() => settings.upload(parseJson("[]")), /0 times/);
    assert.throws(() => settings.upload(parseJson("3")), /must be a JSON object/);
    assert.throws(
      () => settings.upload(parseJson('{"task_manager":{"disable":true}}')),
      /did you mean "task_manager.disable_pump_scheduler"/,
    );
    assert.equal(existsSync(file), false);
  });
});
