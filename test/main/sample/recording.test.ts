import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { planSample } from "../../../scripts/sample/plan.ts";
import { RECORDING_FILE, readRecording } from "../../../src/main/sample/recording.ts";

const { elasticsearch, exchanges } = await readRecording();

// Compressed bytes depend on the platform's compressor.
function unzipped(body: Buffer | undefined): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
}

describe("the recording", () => {
  test("stays below 15 MB", () => assert.ok(statSync(RECORDING_FILE).size < 15_000_000));

  test("is of the reference version", () => assert.equal(elasticsearch, "9.4.3"));

  test("goes forward in time and ends within a minute", () => {
    for (const [at, exchange] of exchanges.entries()) assert.ok(exchange.at >= (exchanges[at - 1]?.at ?? 0));
    assert.ok((exchanges.at(-1)?.at ?? 0) < 60_000);
  });

  test("mixes bulks and searches in its first 5 seconds", () => {
    const early = exchanges.filter((exchange) => exchange.at < 5000);
    assert.ok(early.filter((exchange) => exchange.target.includes("_bulk")).length >= 3);
    assert.ok(early.filter((exchange) => exchange.searches > 0).length >= 10);
  });

  test("has sent 300 searches before the 45th second", () => {
    const searches = exchanges.filter((exchange) => exchange.at < 42_000).reduce((sum, exchange) => sum + exchange.searches, 0);
    assert.ok(searches >= 300, `${searches} searches`);
  });

  test("asks for nothing that depends on the present time", () => {
    for (const exchange of exchanges) assert.doesNotMatch(exchange.body.toString("utf8"), /"now[-+/"]/);
  });

  test("is of the requests that the seeded plan makes", () => {
    const steps = planSample();
    assert.equal(steps.length, exchanges.length);
    for (const [position, { at, request }] of steps.entries()) {
      const recorded = exchanges[position];
      assert.deepEqual([recorded?.at, recorded?.method, recorded?.target], [at, request.method, request.target]);
      assert.ok(unzipped(recorded?.body).equals(unzipped(request.body)), `body of request ${position}: run npm run record-sample`);
    }
  });

  test("shows what goes wrong too: refused documents, missing indices, refused searches", () => {
    const statuses = new Set(exchanges.map((exchange) => exchange.status));
    for (const status of [400, 404, 409]) assert.ok(statuses.has(status), `${status}`);
    assert.ok(exchanges.some((exchange) => exchange.target.includes("_bulk") && exchange.responseBody.includes('"errors":true')));
  });
});
