import assert from "node:assert/strict";
import { test } from "node:test";
import { murmur3, shardOf } from "../../../src/main/elasticsearch/routing.ts";

test("hashes the UTF-16 units of a routing value, as Elasticsearch tests its own hash", () => {
  assert.equal(murmur3("hell"), 0x5a0cb7c3);
  assert.equal(murmur3("hello"), 0xd7c31989 | 0);
  assert.equal(murmur3("hello w"), 0x22ab2984);
  assert.equal(murmur3("hello wo"), 0xdf0ca123 | 0);
  assert.equal(murmur3("hello wor"), 0xe7744d61 | 0);
  assert.equal(murmur3("The quick brown fox jumps over the lazy dog"), 0xe07db09c | 0);
  assert.equal(murmur3("The quick brown fox jumps over the lazy cog"), 0x4e63d2ad);
});

test("never gives a negative shard", () => {
  for (const id of ["hello", "hello wo", "é", "😀"]) {
    const shard = shardOf(id, 3);
    assert.ok(shard >= 0 && shard < 3);
  }
});
