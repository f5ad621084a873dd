import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type HealthAnswer, meaning } from "../../../../src/main/profile/health/ask_health.ts";
import { HealthChecker, START_MS, TRACE_AT_MOST_EVERY_MS, TRACE_EVERY_MS } from "../../../../src/main/profile/health/checker.ts";

/** A checker by a clock of its own: `found` is what /api/health says after `ms` more. */
function checkerByHand() {
  let now = 0;
  let answer: HealthAnswer = { state: "ok", message: "" };
  const lines: string[] = [];
  const traces: string[] = [];
  const checker = new HealthChecker({
    ask: async () => answer,
    intervalMs: 1,
    log: {
      write: (line) => {
        const { level, message } = JSON.parse(line);
        lines.push(`${level} ${message}`);
      },
    },
    told: () => {},
    failed: (why) => traces.push(why),
    now: () => now,
  });
  const never = new AbortController().signal;
  const found = async (state: HealthAnswer["state"], ms: number): Promise<string | undefined> => {
    now += ms;
    answer = { state, message: state === "ok" ? "" : `it is ${state}` };
    await checker.check(never);
    return lines.at(-1);
  };
  return { found, lines, traces, checker };
}

describe("the health checker", () => {
  test("writes a line for each check", async () => {
    const { found } = checkerByHand();
    assert.equal(await found("starting", 0), "info starting");
    assert.equal(await found("ok", 1), "info ok");
    assert.equal(await found("degraded", 1), "warn degraded");
    assert.equal(await found("failed", 1), "error failed");
  });

  test("takes a start for what it is, but not for ever", async () => {
    const { found, traces } = checkerByHand();
    assert.equal(await found("starting", START_MS - 1), "info starting");
    assert.deepEqual(traces, []);
    assert.equal(await found("starting", 1), "error failed");
    assert.deepEqual(traces, ["it is starting"]);
    assert.equal(await found("stopped", START_MS), "info stopped");
  });

  test("checks again as soon as a backend is told to have come or gone, not after the interval alone", async () => {
    const ended = new AbortController();
    const { promise: twice, resolve } = Promise.withResolvers<void>();
    let asked = 0;
    const checker: HealthChecker = new HealthChecker({
      ask: async () => {
        asked += 1;
        if (asked === 2) resolve();
        return { state: "ok", message: "" };
      },
      intervalMs: 3_600_000,
      log: { write: () => {} },
      told: () => checker.look(),
      failed: () => {},
    });
    const running = checker.run(ended.signal);
    await twice;
    ended.abort();
    await running;
  });

  test("has one stack trace for a failure that lasts, and another one after a while", async () => {
    const { found, traces } = checkerByHand();
    await found("failed", 0);
    for (let i = 0; i < 3; i += 1) await found("failed", 1);
    assert.equal(traces.length, 1);
    await found("failed", TRACE_EVERY_MS);
    assert.equal(traces.length, 2);
  });

  test("has one for each failure that comes and goes, unless they come too fast", async () => {
    const { found, traces } = checkerByHand();
    await found("failed", 0);
    await found("ok", 1);
    await found("failed", 1);
    assert.equal(traces.length, 1);
    await found("ok", 1);
    await found("failed", TRACE_AT_MOST_EVERY_MS);
    assert.equal(traces.length, 2);
  });

  test("writes nothing of a check that the end comes before", async () => {
    const { checker, lines } = checkerByHand();
    await checker.check(AbortSignal.abort());
    assert.deepEqual(lines, []);
  });
});

describe("an answer of /api/health", () => {
  test("is a failure unless it says that it starts or was stopped", () => {
    assert.deepEqual(meaning(200, '{"status":"ok"}'), { state: "ok", message: "" });
    assert.equal(meaning(200, '{"status":"degraded"}').state, "degraded");
    assert.deepEqual(meaning(503, '{"error":{"code":"starting","message":"The proxy does not listen."}}'), {
      state: "starting",
      message: "The proxy does not listen.",
    });
    assert.equal(meaning(503, '{"error":{"code":"stopped","message":"The proxy was stopped."}}').state, "stopped");
    assert.deepEqual(meaning(500, '{"error":{"code":"internal","message":"a fault"}}'), {
      state: "failed",
      message: "/api/health answered 500: a fault",
    });
    assert.equal(meaning(502, "<html>").state, "failed");
  });
});
