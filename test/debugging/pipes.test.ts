// Pipes kept from running, in each way of the manual: the setting, an uploaded configuration, startup_options.json, and after crashes.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Status } from "../../src/shared/contract.ts";
import type { PipeInfo } from "../../src/shared/pipe.ts";
import { freePort, type ParallaxProcess, runParallax, startParallax, until } from "../support/parallax_process.ts";

const NODE = { _id: "node", type: "metadata", task_manager: { disable_pump_scheduler: true } };
const LIMIT_MS = 60_000;
const KEPT = JSON.stringify({ task_manager: NODE.task_manager });

describe("pipes are kept from running", () => {
  let data = "";
  let parallax: ParallaxProcess | undefined;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), "parallax-kept-"));
  });
  afterEach(async () => {
    await parallax?.stop();
    parallax = undefined;
    rmSync(data, { recursive: true, force: true });
  });

  const start = async (...args: readonly string[]): Promise<ParallaxProcess> => {
    parallax = await startParallax(["--sample", ...args], { data });
    return parallax;
  };
  const replay = async (running: ParallaxProcess): Promise<PipeInfo | undefined> =>
    (await running.ask<readonly PipeInfo[]>("/api/pipes")).find(({ id }) => id === "replay");
  const upload = (running: ParallaxProcess, config: unknown): Promise<Response> =>
    fetch(`${running.interfaceUrl}/api/config`, { method: "POST", body: JSON.stringify(config) });
  const keptBack = async (running: ParallaxProcess): Promise<void> => {
    const found = await until(
      () => replay(running),
      (pipe) => pipe !== undefined,
      LIMIT_MS,
    );
    assert.equal(found?.state, "kept-back");
  };

  test("by an uploaded configuration with the node's metadata, until it is taken back", async () => {
    const first = await start("--no-autorun");
    await keptBack(first);
    assert.equal((await upload(first, [NODE])).status, 200);
    await first.end("SIGTERM");
    const second = await start();
    await keptBack(second);
    assert.equal((await second.ask<Status>("/api/status")).safe_mode.by, "setting");
    await second.call("settings.set", { key: "task_manager.disable_pump_scheduler", value: false });
    const begun = await until(
      () => replay(second),
      (pipe) => typeof pipe?.started === "string",
      LIMIT_MS,
    );
    assert.equal(typeof begun?.started, "string");
  });

  test("by an upload only where it is one: a wrong one is refused and changes nothing", async () => {
    const running = await start();
    const refused = await upload(running, [{ _id: "foo", type: "pipe" }]);
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /"foo\\?" is another one/);
    assert.equal((await running.ask<Status>("/api/status")).safe_mode.by, null);
  });

  test("by startup_options.json, where a pipe crashes Parallax at each start", async () => {
    const preload = new URL("../support/crashing_replay.mjs", import.meta.url).pathname;
    for (let run = 0; run < 2; run += 1) {
      const ports = ["--port", "--ui-port", "--clickhouse-port"].map(async (flag) => [flag, String(await freePort())]);
      const args = ["serve", "--sample", "--no-open", "--no-token", "--no-intercept", "--data", data, ...(await Promise.all(ports)).flat()];
      const ended = await runParallax(args, { preload, limitMs: 120_000 });
      assert.equal(ended.signal, "SIGKILL");
      assert.ok(ended.ms < 120_000, "it ended by itself");
    }
    writeFileSync(join(data, "startup_options.json"), KEPT);
    parallax = await startParallax(["--sample"], { data, preload });
    await keptBack(parallax);
    const { safe_mode } = await parallax.ask<Status>("/api/status");
    assert.deepEqual(safe_mode, { crashes: 2, offered: false, by: "startup_options.json" });
  });

  test("in safe mode, which is offered after two crashes in a row and ends with the setting", async () => {
    for (let run = 0; run < 2; run += 1) await (await start()).end("SIGKILL");
    const running = await start();
    assert.deepEqual((await running.ask<Status>("/api/status")).safe_mode, { crashes: 2, offered: true, by: null });
    assert.match(
      await until(
        () => running.printed(),
        (text) => text.includes("--no-autorun"),
        LIMIT_MS,
      ),
      /last 2 runs did not end in order.*--no-autorun/,
    );
    const entered: Status = await (await fetch(`${running.interfaceUrl}/api/safemode`, { method: "POST", body: "{}" })).json();
    assert.deepEqual(entered.safe_mode, { crashes: 2, offered: false, by: "setting" });
    await running.end("SIGTERM");
    const next = await start();
    await keptBack(next);
    assert.equal((await next.ask<Status>("/api/status")).safe_mode.crashes, 0);
  });
});
