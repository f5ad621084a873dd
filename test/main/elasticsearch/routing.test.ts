import assert from "node:assert/strict";
import { test } from "node:test";
import { murmur3, routingShardsOf, shardOf } from "../../../src/main/elasticsearch/routing.ts";

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
    const shard = shardOf(id, { shards: 3 });
    assert.ok(shard >= 0 && shard < 3);
  }
});

test("places documents of older indices in routing shards first, as many as splitting may ever make", () => {
  assert.equal(routingShardsOf(9_094_000, 3, undefined), undefined);
  assert.equal(routingShardsOf(8_536_000, 3, undefined), 768);
  assert.equal(routingShardsOf(8_536_000, 1, undefined), 1024);
  assert.equal(routingShardsOf(8_536_000, 5, undefined), 640);
  assert.equal(routingShardsOf(8_536_000, 1500, undefined), 3000);
  assert.equal(routingShardsOf(8_536_000, 3, 6), 6);
  assert.equal(routingShardsOf(137_297_827, 3, undefined), 768, "OpenSearch numbers its versions otherwise");
  assert.equal(routingShardsOf(Number.NaN, 3, undefined), undefined);
  const shards = ["0", "1", "2", "3", "4", "5", "6", "7"].map((id) => shardOf(id, { shards: 3, routingShards: 768 }));
  assert.ok(shards.every((shard) => shard >= 0 && shard < 3));
});
