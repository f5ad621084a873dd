// Bad starts: ports that are taken, a configuration that is wrong, a folder that can't be written, a damaged session. Each
// says what it is and what to do; what can go on, goes on.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { ExchangePage, Status } from "../../../src/shared/contract.ts";
import { type CountingCluster, startCountingCluster } from "../../support/counting_cluster.ts";
import { freePort, processesWith, runParallax, startParallax, until } from "../../support/parallax_process.ts";

/** Takes the port, or leaves it to whoever has it; null then. */
function take(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "parallax-start-"));
}

let elasticsearch: CountingCluster;
before(async () => {
  elasticsearch = await startCountingCluster();
});
after(() => elasticsearch.stop());

describe("a port in use", { timeout: 240_000 }, () => {
  const FLAGS = ["--port", "--ui-port", "--clickhouse-port"];

  for (const flag of FLAGS) {
    test(`that ${flag} gave ends the start with exit code 2, its number and the flag`, async () => {
      const data = newFolder();
      const taken = await take(await freePort());
      const address = taken?.address();
      const port = String(typeof address === "object" && address !== null ? address.port : 0);
      const others = await Promise.all(FLAGS.map(async (other) => [other, other === flag ? port : String(await freePort())]));
      try {
        const ended = await runParallax(["serve", "--no-open", "--data", data, ...others.flat()], { limitMs: 60_000 });
        assert.equal(ended.code, 2, ended.output);
        assert.match(ended.output, new RegExp(`^parallax serve: Port ${port} .*(in use|taken) by another program.*${flag}`, "m"));
        assert.deepEqual(processesWith(data), []);
      } finally {
        taken?.close();
        rmSync(data, { recursive: true });
      }
    });
  }

  test("that is a default gives way to the next free one, which is shown", async () => {
    const defaults = [9280, 9999, 8123];
    const holders = await Promise.all(defaults.map(take));
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { defaultPorts: true });
    try {
      const { proxy, interface: page, clickhouse } = await parallax.ask<Status>("/api/status");
      const shown = [proxy.port, page.port, clickhouse.port ?? 0];
      for (const [i, port] of shown.entries()) {
        assert.ok(port > (defaults[i] ?? 0) && port < (defaults[i] ?? 0) + 100, `${port} for ${defaults[i]}`);
        assert.match(parallax.printed(), new RegExp(`http://127.0.0.1:${port}\\b`));
      }
      assert.equal((await fetch(`${proxy.url}/`)).status, 200);
    } finally {
      await parallax.stop();
      for (const holder of holders) holder?.close();
    }
  });

  test("that two flags want is told before anything starts", async () => {
    const ended = await runParallax(["serve", "--port", "9280", "--ui-port", "9280"]);
    assert.equal(ended.code, 2);
    assert.match(ended.output, /proxy.port \(--port\) and interface.port \(--ui-port\) are both 9280/);
  });
});

describe("a configuration", { timeout: 60_000 }, () => {
  const WRONG: readonly (readonly [name: string, file: string, words: RegExp])[] = [
    ["with a misspelt key names the nearest one", '{"proxy": {"prot": 9280}}', /no key "proxy.prot"; did you mean "proxy.port"\?/],
    ["that is not JSON says where", '{"mode": "compare",}', /parallax.config.json is not JSON: .*position 19.*Mend it or move it away/],
    ["with a value of the wrong type says what fits", '{"proxy": {"port": "9280"}}', /proxy.port in .* must be a port from 1 to 65535/],
    [
      "with a wrong word says which there are",
      '{"mode": "mirror"}',
      /mode \(--mode\) is "mirror"; there are "tap", "compare" and "clickhouse"/,
    ],
    ["that is no object says so", "[]", /must hold one JSON object/],
    [
      "with a wrong URL says how one looks",
      '{"elasticsearch": {"url": "localhost:9200"}}',
      /elasticsearch.url .*write it like http:\/\/localhost:9200/,
    ],
    [
      "with an authority that is missing names the file",
      '{"elasticsearch": {"ca": "/nowhere/ca.crt"}}',
      /can't be read: .*\/nowhere\/ca.crt/,
    ],
  ];

  for (const [name, file, words] of WRONG) {
    test(name, async () => {
      const data = newFolder();
      writeFileSync(join(data, "parallax.config.json"), file);
      const ended = await runParallax(["serve", "--data", data]);
      assert.equal(ended.code, 2, ended.output);
      assert.match(ended.output, words);
      assert.match(ended.output, /^parallax serve: /);
      rmSync(data, { recursive: true });
    });
  }

  test("that can't be read is not taken for a missing one", async () => {
    const data = newFolder();
    mkdirSync(join(data, "parallax.config.json"));
    const ended = await runParallax(["serve", "--data", data]);
    assert.equal(ended.code, 2);
    assert.match(ended.output, /parallax.config.json can't be read: EISDIR.*Make it readable, or move it away/);
    rmSync(data, { recursive: true });
  });
});

test("a data folder that can't be written is named, with the flag that chooses another", { timeout: 60_000 }, async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "file"), "");
  const data = join(folder, "file", "data");
  const ports = ["--port", String(await freePort()), "--ui-port", String(await freePort()), "--clickhouse-port", String(await freePort())];
  const ended = await runParallax(["serve", "--data", data, ...ports]);
  assert.equal(ended.code, 2, ended.output);
  assert.ok(ended.output.includes(`The data folder ${data} can't be written (ENOTDIR`), ended.output);
  assert.match(ended.output, /Make it writable, or choose another one with --data/);
  rmSync(folder, { recursive: true });
});

describe("a damaged session", { timeout: 120_000 }, () => {
  const damages: readonly (readonly [name: string, damage: (file: string) => void])[] = [
    ["with another file's bytes", (file) => writeFileSync(file, "this is a text, and quite a long one at that\n".repeat(400))],
    ["that was cut short", (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ];

  for (const [name, damage] of damages) {
    test(`${name} is set aside at the start, and a new one begun`, async () => {
      const data = newFolder();
      const first = await startParallax(["--elasticsearch", elasticsearch.url], { data });
      for (let i = 0; i < 50; i += 1) await (await fetch(`${first.proxyUrl}/?n=${i}`)).text();
      assert.equal((await first.end("SIGTERM")).code, 0);
      const file = join(data, "sessions", "current.parallax");
      damage(file);
      const left = readFileSync(file);
      const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { data });
      try {
        const { problems, session } = await until(
          () => parallax.ask<Status>("/api/status"),
          (status) => status.problems.some((problem) => problem.includes("is damaged")),
        );
        assert.match(
          problems.join("\n"),
          /The session .*current.parallax is damaged .*It was kept as .*corrupt-.* and a new one was begun/,
        );
        assert.equal(session.file, file);
        const kept = readdirSync(join(data, "sessions")).find((entry) => /^current.parallax.corrupt-[^.]*\.?[^.]*Z$/.test(entry));
        assert.ok(kept !== undefined, readdirSync(join(data, "sessions")).join(", "));
        assert.deepEqual(readFileSync(join(data, "sessions", kept)), left);
        assert.equal((await fetch(`${parallax.proxyUrl}/`)).status, 200);
        const { total } = await until(
          () => parallax.ask<ExchangePage>("/api/exchanges"),
          (page) => page.total === 1,
        );
        assert.equal(total, 1);
      } finally {
        await parallax.stop();
        rmSync(data, { recursive: true, force: true });
      }
    });
  }

  test("that a person opens is refused and left as it is, and the live one stays", async () => {
    const folder = newFolder();
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url]);
    try {
      await (await fetch(`${parallax.proxyUrl}/`)).text();
      const saved = join(folder, "saved.parallax");
      await parallax.call("session.save", { file: saved });
      const opened = await parallax.call<Status>("session.open", { file: saved });
      assert.equal(opened.session.readOnly, true);
      await assert.rejects(parallax.call("session.clear"), /409.*opened from a file to look at/);
      const whole = readFileSync(saved);
      for (const [name, damage] of damages) {
        const file = join(folder, `${name}.parallax`);
        writeFileSync(file, whole);
        damage(file);
        const before = readFileSync(file);
        await assert.rejects(parallax.call("session.open", { file }), new RegExp(`409 The session ${file} is damaged`));
        assert.deepEqual(readFileSync(file), before, name);
      }
      await assert.rejects(parallax.call("session.open", { file: join(folder, "none") }), /409 There is no session at .*Check the path/);
      assert.deepEqual(readdirSync(folder).toSorted(), [...damages.map(([name]) => `${name}.parallax`), "saved.parallax"].toSorted());
      assert.equal((await parallax.ask<Status>("/api/status")).session.file, saved);
      await assert.rejects(
        parallax.call("session.save", { file: join(folder, "no", "x.parallax") }),
        /409 There is no folder .*no to save/,
      );
    } finally {
      await parallax.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
