// The sample's documents and searches, live: a real Elasticsearch answers, Parallax mirrors, translates and compares.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play } from "../../src/main/sample/player.ts";
import { readRecording } from "../../src/main/sample/recording.ts";
import { startParallax } from "../support/parallax_process.ts";
import { holdTo, printVerdicts, verdictsOf } from "../support/verdict_report.ts";

const elasticsearch = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const skip =
  elasticsearch === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;

describe("the sample against a live Elasticsearch", { skip }, () => {
  test("gives the same answers on both sides", { timeout: 300_000 }, async () => {
    const recording = await readRecording();
    const indices = [...new Set(recording.exchanges.flatMap(({ writes }) => (writes === "" ? [] : [writes])))].join(",");
    const clear = (): Promise<Response> => fetch(`${elasticsearch}/${indices}?ignore_unavailable=true`, { method: "DELETE" });
    await clear();
    const parallax = await startParallax(["--elasticsearch", elasticsearch]);
    try {
      const progress = await play(recording, parallax.proxyUrl, () => undefined).done;
      assert.equal(progress.played, recording.exchanges.length);
      assert.equal(progress.failed, 0, "each request has the status that it had at the recording");
      const searches = recording.exchanges.reduce((sum, exchange) => sum + exchange.searches, 0);
      const judged = await verdictsOf(parallax, searches);
      printVerdicts("sample, live", judged);
      holdTo({ searches: 320, agreeing: 0.95 }, judged);
    } finally {
      await parallax.stop();
      await clear();
    }
  });
});
