import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Sequence } from "../../../src/main/mirror/sequence.ts";

describe("a shard's sequence numbers", () => {
  test("have no gap when all came, in whatever order", () => {
    const sequence = new Sequence();
    for (const seqNo of [3, 0, 2, 1, 1, 5, 4]) sequence.add(seqNo);
    assert.equal(sequence.missing, 0);
    assert.ok(sequence.covers(5));
    assert.ok(!sequence.covers(6));
    assert.equal(sequence.unseen(7), 2);
  });

  test("show how many are missing, below and up to a number", () => {
    const sequence = new Sequence(9);
    for (const seqNo of [12, 13, 16]) sequence.add(seqNo);
    assert.equal(sequence.missing, 4);
    assert.equal(sequence.unseen(13), 2);
    assert.equal(sequence.unseen(16), 4);
    assert.equal(sequence.unseen(20), 8);
    assert.ok(sequence.covers(9));
    assert.ok(!sequence.covers(12));
  });

  test("are settled up to a number", () => {
    const sequence = new Sequence();
    for (const seqNo of [5, 6, 8]) sequence.add(seqNo);
    sequence.settle(5);
    assert.ok(sequence.covers(6));
    assert.equal(sequence.missing, 1);
    assert.ok(new Sequence().empty);
  });
});
