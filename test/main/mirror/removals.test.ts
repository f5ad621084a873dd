import assert from "node:assert/strict";
import { test } from "node:test";
import { looseText } from "../../../src/main/elasticsearch/loose_utf8.ts";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { removedBy } from "../../../src/main/mirror/removals.ts";
import { Sequence } from "../../../src/main/mirror/sequence.ts";

function removed(method: string, target: string, body = ""): ReturnType<typeof removedBy> {
  const bytes = Buffer.from(body);
  return removedBy({ method, route: route(method, target), body: bytes, status: 200, answer: bytes, time: 0 });
}

test("an index that was named is removed, one that a pattern fits may be", () => {
  const byName = removed("DELETE", "/a,b*,%3Cc-%7Bnow%2Fd%7Byyyy.MM%7C%2B12:00%7D%7D%3E");
  assert.deepEqual(
    ["a", "b1", "c-2024.01", "d"].map((name) => byName?.(name)),
    ["yes", "maybe", "maybe", "no"],
  );
  const stream = removed("DELETE", "/_data_stream/logs");
  assert.deepEqual(
    [".ds-logs-2024.01.01-000001", "logs"].map((name) => stream?.(name)),
    ["maybe", "no"],
  );
  const action = removed("POST", "/_aliases", '{"actions":[{"remove_index":{"index":"a"}},{"add":{"index":"b","alias":"c"}}]}');
  assert.deepEqual(
    ["a", "b"].map((name) => action?.(name)),
    ["yes", "no"],
  );
  assert.equal(removed("POST", "/_aliases", '{"actions":[{"add":{"index":"b","alias":"c"}}]}'), null);
  assert.equal(removed("PUT", "/a"), null);
});

test("numbers that nobody has seen are told in ranges", () => {
  const sequence = new Sequence();
  for (const number of [0, 1, 4, 5, 9]) sequence.add(number);
  assert.deepEqual(sequence.gaps(11), [
    { from: 2, to: 3 },
    { from: 6, to: 8 },
    { from: 10, to: 11 },
  ]);
  assert.deepEqual(sequence.gaps(1), []);
});

test("bytes that are no UTF-8 are read as Elasticsearch reads them", () => {
  assert.equal(looseText(Buffer.from([0x61, 0xed, 0xa0, 0x80, 0xc0, 0x80])), "a\ud800\0");
  assert.equal(looseText(Buffer.from("é😀")), "é😀");
});
