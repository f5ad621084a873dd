// The sample session as a newcomer sees it: the recording played through the real proxy, ClickHouse live.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { readRecording } from "../../../src/main/sample/recording.ts";
import type { Status, Verdicts } from "../../../src/shared/contract.ts";
import { startParallax } from "../../support/parallax_process.ts";
import { holdTo, printVerdicts, verdictsOf } from "../../support/verdict_report.ts";

const recording = await readRecording();
// The place in the recording by which 300 searches have been sent.
const placeOf300 = recording.exchanges.findIndex((_, at) => searchesUntil(at) >= 300) + 1;

function searchesUntil(last: number): number {
  return recording.exchanges.slice(0, last + 1).reduce((sum, exchange) => sum + exchange.searches, 0);
}

test("the sample session plays 300 searches within 45 s and agrees on 95 % of them", { timeout: 240_000 }, async () => {
  const parallax = await startParallax(["--sample"]);
  try {
    const started = Date.now();
    let reached300: number | null = null;
    for (let played = 0; played < recording.exchanges.length; await pause(250)) {
      assert.ok(Date.now() - started < 150_000, `played ${played} of ${recording.exchanges.length} requests in 150 s`);
      played = (await parallax.ask<Status>("/api/status")).session.replay?.played ?? 0;
      if (played >= placeOf300) reached300 ??= Date.now() - started;
    }
    const took = Date.now() - started;
    await untilSteady(async () => (await parallax.ask<Verdicts>("/api/verdicts")).total);
    const judged = await verdictsOf(parallax, 300);
    printVerdicts(`sample session, 300 searches after ${reached300} ms, all after ${took} ms`, judged);
    assert.ok((reached300 ?? took) < 45_000, `300 searches were played after ${reached300} ms`);
    holdTo({ searches: 300, agreeing: 0.95 }, judged);
  } finally {
    await parallax.stop();
  }
});

// Same three times in a row.
async function untilSteady(read: () => Promise<number>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (let same = 0, last = -1; same < 3 && Date.now() < deadline; await pause(300)) {
    const now = await read();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}
