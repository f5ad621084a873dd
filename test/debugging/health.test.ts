// The health checker: a line for each check, a stack trace for a failure.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Status } from "../../src/shared/contract.ts";
import { isObject, type JsonObject, member, parseJson } from "../../src/shared/json.ts";
import { until } from "../support/parallax_process.ts";
import { answers, LIMIT_MS, type StuckParallax, startStuckParallax } from "./stuck_parallax.ts";

/** A start that took too long has had a stack trace: then the next one is due a minute later. */
const TRACE_LIMIT_MS = 150_000;

function linesOf(text: string): readonly JsonObject[] {
  return text
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => parseJson(line))
    .filter((line) => isObject(line));
}

describe("the health checker", () => {
  let stuck: StuckParallax;
  before(async () => {
    stuck = await startStuckParallax(["--health-interval", "1", "--health-timeout", "2"]);
  });
  after(() => stuck.stop());

  const states = (): readonly string[] => linesOf(stuck.log("node_health.log")).map((line) => String(member(line, "message")));

  test("writes a line at the start and of each check, and tells the last one", async () => {
    const found = await until(states, (all) => all.includes("degraded"), LIMIT_MS);
    assert.ok(found.includes("degraded"), "both backends are away");
    const { health } = await until(
      () => stuck.parallax.ask<Status>("/api/status"),
      (status) => status.health?.state === "degraded",
      LIMIT_MS,
    );
    assert.equal(health?.state, "degraded");
    assert.ok(Date.parse(health?.time ?? "") > 0);
  });

  test("writes a stack trace that names the loop in which the main thread is stuck, and goes on when it is free", async () => {
    await stuck.stick();
    const page = await until(
      () => stuck.log("stacktrace.html"),
      (text) => text.includes("turnsForEver"),
      TRACE_LIMIT_MS,
    );
    assert.match(page, /turnsForEver/);
    assert.match(page, /The health check failed: \/api\/health did not answer within 2 s\./);
    const failed = states().length;
    assert.ok(states().includes("failed"));
    await until(states, (all) => all.length > failed, LIMIT_MS);
    assert.doesNotMatch(stuck.log("stacktrace.html.1"), /turnsForEver/, "a failure that lasts has one stack trace in five minutes");
    stuck.free();
    assert.ok(await until(() => answers(stuck.parallax.interfaceUrl), Boolean, LIMIT_MS));
    assert.equal((await until(states, (all) => all.at(-1) === "degraded", LIMIT_MS)).at(-1), "degraded");
  });
});
