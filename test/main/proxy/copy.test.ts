// Copies from the proxy's thread to the engine's: whole, bounded, honest about what is missing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createAssembler, NOT_COPIED } from "../../../src/main/proxy/assemble.ts";
import { type Copied, CopyWriter } from "../../../src/main/proxy/copy.ts";
import { COUNTERS, TAKEN } from "../../../src/main/proxy/copy_format.ts";
import { Handover } from "../../../src/main/proxy/handover.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const REQUEST = Buffer.from("POST /i/_search?a=b HTTP/1.1\r\nHost:localhost\r\nX-A: 1\r\nx-a:\t2 \r\nContent-Length: 3\r\n\r\n");
const RESPONSE = Buffer.from("HTTP/1.1 200 Fine by me\r\nX: y\r\n\r\n");
const LIMITS = { request: 1000, response: 1000 };

interface Rig {
  readonly writer: CopyWriter;
  readonly tap: RecordingTap;
  readonly batches: ArrayBuffer[];
  /** Lets the engine take all batches. */
  take(): void;
}

function rig(queueBytes: number): Rig {
  const tap = recordingTap();
  const batches: ArrayBuffer[] = [];
  const counters = new Int32Array(COUNTERS);
  const assembler = createAssembler(tap, LIMITS);
  const writer = new CopyWriter({
    queue: new Handover({
      post: (batch) => void batches.push(batch),
      spooled: () => assert.fail("there is no spool"),
      problem: assert.fail,
      counters,
      queueBytes,
      spool: null,
    }),
    requestLimit: LIMITS.request,
    responseLimit: LIMITS.response,
  });
  return {
    writer,
    tap,
    batches,
    take() {
      writer.flush();
      for (const batch of batches.splice(0)) {
        assembler.take(batch);
        Atomics.add(counters, TAKEN, batch.byteLength);
      }
    },
  };
}

function exchange(id: number): Copied {
  return {
    id,
    time: 1000 * id,
    clientPort: 0,
    copying: true,
    apart: id > 100,
    requestBytes: 0,
    responseBytes: 0,
    requestExpected: -1,
    responseExpected: -1,
  };
}

function pass({ writer }: Rig, passing: Copied, answer: Buffer): void {
  writer.requestHead(passing, REQUEST, 0, REQUEST.length);
  writer.requestBody(passing, Buffer.from("xabcx"), 1, 4);
  writer.requestEnd(passing, passing.time + 1.5);
  writer.responseHead(passing, passing.time + 2, RESPONSE, 0, RESPONSE.length);
  writer.responseBody(passing, answer, 0, answer.length);
  writer.responseEnd(passing, passing.time + 3);
}

describe("copies", () => {
  test("an exchange arrives as it was", () => {
    const copies = rig(1_000_000);
    pass(copies, exchange(1), Buffer.from("answer"));
    copies.take();
    assert.deepEqual(copies.tap.heads, [{ id: 1, method: "POST", target: "/i/_search?a=b" }]);
    const { id, time, request, response, phases, error } = copies.tap.exchanges[0] ?? assert.fail("nothing was tapped");
    assert.deepEqual([id, time, error], [1, 1000, ""]);
    assert.deepEqual(phases, { requestSent: 1.5, firstByte: 2, lastByte: 3 });
    assert.deepEqual(
      { ...request, body: Buffer.from(request.body).toString() },
      {
        method: "POST",
        target: "/i/_search?a=b",
        version: "1.1",
        headers: [
          ["Host", "localhost"],
          ["X-A", "1"],
          ["x-a", "2"],
          ["Content-Length", "3"],
        ],
        body: "abc",
        bodyBytes: 3,
        truncated: false,
      },
    );
    assert.deepEqual(
      { ...response, body: Buffer.from(response?.body ?? []).toString() },
      {
        status: 200,
        reason: "Fine by me",
        version: "1.1",
        headers: [["X", "y"]],
        body: "answer",
        bodyBytes: 6,
        truncated: false,
      },
    );
  });

  test("a body over the limit is cut and says so", () => {
    const copies = rig(1_000_000);
    pass(copies, exchange(1), Buffer.alloc(5000, "x"));
    copies.take();
    const response = copies.tap.exchanges[0]?.response;
    assert.deepEqual([response?.body.length, response?.bodyBytes, response?.truncated], [1000, 5000, true]);
  });

  test("bodies in many pieces and over several batches are put together in order", () => {
    const copies = rig(10_000_000);
    const passing = [exchange(1), exchange(2)];
    for (const one of passing) {
      copies.writer.requestHead(one, REQUEST, 0, REQUEST.length);
      copies.writer.requestEnd(one, one.time);
      copies.writer.responseHead(one, one.time, RESPONSE, 0, RESPONSE.length);
    }
    for (let piece = 0; piece < 50; piece += 1) {
      for (const one of passing) copies.writer.responseBody(one, Buffer.from(`${one.id}:${piece};`), 0, `${one.id}:${piece};`.length);
      if (piece % 7 === 0) copies.take();
    }
    for (const one of passing) copies.writer.responseEnd(one, one.time);
    copies.take();
    for (const { id, response } of copies.tap.exchanges) {
      assert.equal(Buffer.from(response?.body ?? []).toString(), Array.from({ length: 50 }, (_, piece) => `${id}:${piece};`).join(""));
    }
    assert.equal(copies.tap.exchanges.length, 2);
  });

  test("when the engine takes nothing, memory stops at the limit, exchanges are missed and counted, and later ones are copied again", () => {
    const limit = 100_000;
    const copies = rig(limit);
    for (let id = 1; id <= 2000; id += 1) pass(copies, exchange(id), Buffer.alloc(900));
    copies.writer.flush();
    const waiting = copies.batches.reduce((sum, batch) => sum + batch.byteLength, 0);
    assert.ok(waiting < limit * 1.2, `${waiting} bytes wait`);
    copies.take();
    copies.take();
    assert.equal(copies.tap.exchanges.length + copies.tap.missedCount, 2000);
    assert.ok(copies.tap.missedCount > 1800 && copies.tap.exchanges.length > 50);
    pass(copies, exchange(2001), Buffer.from("again"));
    copies.take();
    assert.equal(copies.tap.exchanges.at(-1)?.id, 2001);
    assert.equal(copies.tap.exchanges.at(-1)?.error, "");
  });

  test("an exchange that loses its room half-way is delivered marked, never as whole", () => {
    const copies = rig(3000);
    const first = exchange(1);
    copies.writer.requestHead(first, REQUEST, 0, REQUEST.length);
    copies.writer.requestEnd(first, first.time);
    copies.writer.responseHead(first, first.time, RESPONSE, 0, RESPONSE.length);
    for (let piece = 0; piece < 9; piece += 1) copies.writer.responseBody(first, Buffer.alloc(100), 0, 100);
    for (let id = 2; id < 10; id += 1) copies.writer.requestHead(exchange(id), REQUEST, 0, REQUEST.length);
    for (let piece = 0; piece < 5; piece += 1) copies.writer.responseBody(first, Buffer.alloc(20), 0, 20);
    copies.writer.requestHead(exchange(11), Buffer.alloc(3000, "x"), 0, 3000);
    copies.writer.responseBody(first, Buffer.alloc(2000), 0, 2000);
    copies.writer.responseEnd(first, first.time + 1);
    copies.take();
    const marked = copies.tap.exchanges.find(({ id }) => id === 1);
    assert.equal(marked?.response?.truncated, true);
    assert.ok(marked?.error === NOT_COPIED || marked?.error === "");
    assert.ok((marked?.response?.body.length ?? 0) < 3000);
  });

  test("it is told how far they have come, and how far what may change an answer", () => {
    const copies = rig(1_000_000);
    assert.deepEqual(copies.writer.place(), { all: 0, matters: 0 });
    pass(copies, exchange(1), Buffer.from("answer"));
    const { all } = copies.writer.place();
    assert.deepEqual(copies.writer.place(), { all, matters: all });
    pass(copies, exchange(101), Buffer.from("answer"));
    copies.writer.flush();
    assert.deepEqual(copies.writer.place(), { all: 2 * all, matters: all });
    assert.equal(
      copies.batches.reduce((sum, { byteLength }) => sum + byteLength, 0),
      2 * all,
    );
  });

  test("a broken exchange says what broke and what it had", () => {
    const copies = rig(100_000);
    const one = exchange(1);
    copies.writer.requestHead(one, REQUEST, 0, REQUEST.length);
    copies.writer.requestEnd(one, one.time);
    copies.writer.broken(one, one.time, "Zürich is unreachable");
    copies.take();
    const [told] = copies.tap.exchanges;
    assert.equal(told?.error, "Zürich is unreachable");
    assert.equal(told?.response, null);
    assert.equal(told?.request.truncated, false);
  });
});
