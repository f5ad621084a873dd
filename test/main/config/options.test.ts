import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { BadOption } from "../../../src/main/config/json_file.ts";
import { readServeOptions } from "../../../src/main/config/options.ts";

function read(argv: readonly string[], config?: string): ReturnType<typeof readServeOptions> {
  const data = mkdtempSync(join(tmpdir(), "parallax-options-"));
  try {
    if (config !== undefined) writeFileSync(join(data, "parallax.config.json"), config);
    return readServeOptions(["--data", data, ...argv], {}, "linux");
  } finally {
    rmSync(data, { recursive: true });
  }
}

describe("the options of serve", () => {
  test("have the documented defaults", () => {
    const options = read([]);
    assert.deepEqual([options.port.port, options.uiPort.port, options.clickhousePort.port, options.mode], [9280, 9999, 8123, "compare"]);
    assert.deepEqual(
      [options.port.exact, options.token, options.autorun, options.sample, options.elasticsearch],
      [false, true, true, false, null],
    );
  });

  test("ask the token for every call where auth.required is on, which can't be without one", () => {
    assert.equal(read([]).authRequired, false);
    assert.equal(read([], '{"auth": {"required": true}}').authRequired, true);
    assert.throws(() => read(["--auth-required", "--no-token"]), /auth\.required .* choose one/);
  });

  test("check the health every 5 s, unless told otherwise", () => {
    assert.deepEqual(read([]).health, { intervalMs: 5_000, timeoutMs: 5_000 });
    assert.deepEqual(read(["--health-interval", "60", "--health-timeout", "2"]).health, { intervalMs: 60_000, timeoutMs: 2_000 });
  });

  test("take a port by flag as it is, and --no-… as no", () => {
    const options = read([
      "--port",
      "9281",
      "--no-token",
      "--no-open",
      "--no-autorun",
      "--sample",
      "--elasticsearch=http://localhost:9201",
    ]);
    assert.deepEqual(options.port, { port: 9281, exact: true });
    assert.deepEqual(
      [options.token, options.autorun, options.sample, options.elasticsearch],
      [false, false, true, "http://localhost:9201"],
    );
  });

  test("come from the config file too, where a flag wins", () => {
    const options = read(["--mode", "compare"], '{"mode":"tap","interface":{"port":9001},"capture":{"capBytes":1048576}}');
    assert.deepEqual([options.mode, options.uiPort, options.captureCapBytes], ["compare", { port: 9001, exact: true }, 1048576]);
  });

  test("keep pipes back by the key, which a flag overrules", () => {
    const kept = '{"task_manager":{"disable_pump_scheduler":true}}';
    assert.deepEqual([read([], kept).autorun, read(["--autorun"], kept).autorun, read(["--no-autorun"]).autorun], [false, true, false]);
  });

  test("take several nodes, by flag with commas or by key as a list", () => {
    const both = "http://a:9200,http://b:9200";
    assert.equal(read(["--elasticsearch", both]).elasticsearch, both);
    assert.equal(read([], '{"elasticsearch":{"url":["http://a:9200","http://b:9200"]}}').elasticsearch, both);
    assert.throws(() => read(["--elasticsearch", "http://a:9200,b"]), /"b", which is no http or https URL/);
  });

  test("bound the statements of a search, by flag or key", () => {
    assert.deepEqual(read([]).searchLimits, { seconds: 60, memoryBytes: 4 * 1024 ** 3 });
    const options = read(["--clickhouse-max-seconds", "5"], '{"clickhouse":{"maxSeconds":9,"maxMemoryBytes":1048576}}');
    assert.deepEqual(options.searchLimits, { seconds: 5, memoryBytes: 1048576 });
    assert.throws(() => read(["--clickhouse-max-seconds", "0"]), /seconds from 1 to 86400/);
  });

  test("tell how the intercept proxy is to be, and name a host that is none", () => {
    const plain = { on: true, port: { port: 9281, exact: false }, elasticsearchHosts: [], passThrough: [], ca: null, insecure: false };
    assert.deepEqual(read([]).intercept, plain);
    assert.deepEqual(read(["--no-intercept", "--intercept-port", "9400"]).intercept, {
      ...plain,
      on: false,
      port: { port: 9400, exact: true },
    });
    const listed = ["--intercept-elasticsearch", "es.test:9200", "--intercept-elasticsearch", "[::1]:9200"];
    assert.deepEqual(read(listed, '{"intercept":{"passThrough":["*.bank.test"]}}').intercept, {
      ...plain,
      elasticsearchHosts: ["es.test:9200", "[::1]:9200"],
      passThrough: ["*.bank.test"],
    });
    assert.throws(() => read(["--intercept-pass-through", "http://a.test"]), /intercept\.passThrough \(--intercept-pass-through\): "http:/);
    assert.throws(() => read(["--intercept-ca", "/nowhere.pem"]), /intercept\.ca \(--intercept-ca\) can't be read/);
    assert.throws(() => read(["--port", "9400", "--intercept-port", "9400"]), BadOption);
  });

  test("take the modes of indices in order, by flag or key, and name what is wrong with one", () => {
    assert.deepEqual(read(["--route", "logs-*=clickhouse", "--route", "<a-{now/d}>=tap"]).routes, [
      { pattern: "logs-*", mode: "clickhouse" },
      { pattern: "<a-{now/d}>", mode: "tap" },
    ]);
    assert.deepEqual(read([], '{"routes": [{"pattern": "a", "mode": "compare"}], "shadow": true}').routes, [
      { pattern: "a", mode: "compare" },
    ]);
    for (const [argv, config, message] of [
      [["--route", "logs-*"], undefined, /--route is PATTERN=MODE/],
      [["--route", "logs-*=fast"], undefined, /The mode of --route is "fast"; there are "tap"/],
      [
        [],
        '{"routes": [{"pattern": "a", "mode": "tap"}, {"patern": "b", "mode": "tap"}]}',
        /routes\[1\] in .* no key "patern"; did you mean "pattern"/,
      ],
      [[], '{"routes": [{"pattern": "a b", "mode": "tap"}]}', /"a b" of routes\[0\] .*character/],
      [[], '{"routes": {"a": "tap"}}', /must be a list/],
    ] as const) {
      assert.throws(
        () => read(argv, config),
        (error) => error instanceof BadOption && message.test(error.message),
        String(message),
      );
    }
  });

  test("name a wrong flag or key and the nearest right one", () => {
    assert.throws(() => read(["--elasticsaerch", "x"]), /did you mean --elasticsearch/);
    assert.throws(() => read([], '{"proxy":{"prot":1}}'), /has no key "proxy.prot"; did you mean "proxy.port"/);
    assert.throws(() => read([], '{"proxy":{"port":"x"}}'), /proxy.port in .* must be a port/);
    assert.throws(() => read([], "{"), /is not JSON/);
    assert.throws(() => read(["--port", "0"]), BadOption);
    assert.throws(() => read(["--mode", "clickhose"]), /"tap", "compare" and "clickhouse"/);
    assert.throws(() => read(["--elasticsearch", "localhost:9200"]), /no http or https URL/);
  });
});
