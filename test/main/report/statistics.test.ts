// The statistics processor: what it counts, how exactly, and that its memory does not grow.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { route } from "../../../src/main/elasticsearch/route.ts";
import type { TappedExchange } from "../../../src/main/proxy/tap.ts";
import { Measuring } from "../../../src/main/report/measure.ts";
import { routeName } from "../../../src/main/report/route_name.ts";
import { Statistics } from "../../../src/main/report/statistics.ts";
import type { HeaderPairs } from "../../../src/shared/exchange.ts";

function exchange(
  method: string,
  target: string,
  ms: number | null,
  status = 200,
  agent = "Kibana/9.4.3",
  headers: HeaderPairs = [],
): TappedExchange {
  const part = { version: "1.1", headers: [], body: new Uint8Array(), bodyBytes: 0, truncated: false };
  return {
    id: 1,
    time: 0,
    request: { ...part, method, target, headers: agent === "" ? [] : [["User-Agent", agent]] },
    response: status === 0 ? null : { ...part, headers, status, reason: "" },
    phases: ms === null ? {} : { lastByte: ms },
    error: "",
  };
}

test("counts by route, index, client and backend, matched and unmatched", () => {
  const statistics = new Statistics(() => 1_000_000);
  statistics.exchanged(exchange("POST", "/logs-1/_search?size=0", 20));
  statistics.exchanged(exchange("POST", "/logs-2/_search", 40));
  statistics.exchanged(exchange("POST", "/logs-2/_search", 7_000, 404));
  statistics.exchanged(exchange("GET", "/_nothing/of/ours", 1, 400, "curl/8"));
  statistics.exchanged(exchange("PUT", "/logs-1/_doc/7", null, 0, ""));
  statistics.exchanged(exchange("POST", "/logs-1/_search", 5, 200, "Kibana/9.4.3", [["x-parallax-source", "clickhouse"]]));
  statistics.searched(3, false);
  statistics.searched(4, true);
  statistics.inserted(2, false);
  const { total, matched, unmatched, routes, indices, clients, backends, overTime } = statistics.read();
  assert.deepEqual([total.count, total.failed, total.refused, matched, unmatched], [6, 1, 2, 5, 1]);
  assert.deepEqual(
    routes.top.map(({ name, count, matched: known }) => [name, count, known]),
    [
      ["POST /{index}/_search", 4, true],
      ["GET /_nothing/of", 1, false],
      ["PUT /{index}/_doc/{id}", 1, true],
    ],
  );
  assert.equal(routes.other, null);
  assert.deepEqual(
    indices.top.map(({ name, count }) => [name, count]),
    [
      ["logs-1", 3],
      ["logs-2", 2],
    ],
  );
  assert.deepEqual(
    clients.top.map(({ name, count }) => [name, count]),
    [
      ["Kibana/9.4.3", 4],
      ["(none)", 1],
      ["curl/8", 1],
    ],
  );
  assert.deepEqual(backends.elasticsearch.overThresholds, { 1: 1, 5: 1, 10: 0, 30: 0, 60: 0 });
  assert.deepEqual(
    [backends.elasticsearch.count, backends.clickhouse.count, backends.clickhouse.failed, backends.inserts.count],
    [5, 2, 1, 1],
  );
  assert.deepEqual(
    overTime.buckets.map(({ time, count, failed }) => [time, count, failed]),
    [[1_000_000, 6, 1]],
  );
  assert.deepEqual(statistics.routes().routes.top.length, 3);
});

test("percentiles are those of the values, within 1 %", () => {
  const measuring = new Measuring();
  for (let n = 1; n <= 10_000; n += 1) measuring.add(200, n / 10);
  const { percentiles, averageMs, maxMs } = measuring.read();
  for (const percent of [5, 25, 50, 75, 95] as const) {
    const exact = percent * 10;
    const found = percentiles[percent] ?? 0;
    assert.ok(Math.abs(found - exact) <= exact / 100, `${percent}: ${found} for ${exact}`);
  }
  assert.deepEqual([averageMs, maxMs], [500.05, 1000]);
  const few = new Measuring();
  for (const ms of [3, 1, 2]) few.add(200, ms);
  assert.equal(few.percentile(50), 2);
  assert.equal(new Measuring().percentile(50), null);
});

test("a thousand times as many names as places take no more places, and none is lost", () => {
  const statistics = new Statistics(() => 0);
  for (let n = 0; n < 2_000; n += 1) {
    statistics.exchanged(exchange("GET", `/index-${n}/_search`, 1, 200, `agent ${n}`));
    statistics.exchanged(exchange("GET", "/busy/_search", 1, 200, "busy"));
  }
  const { indices, clients, total } = statistics.read();
  for (const { top, other } of [indices, clients]) {
    assert.equal(top.length, 50);
    assert.deepEqual([top[0]?.name, top[0]?.count], ["busy", 2_000]);
    assert.equal(top.reduce((sum, { count }) => sum + count, 0) + (other?.count ?? 0), 4_000);
  }
  assert.equal(total.count, 4_000);
});

test("keeps an hour in buckets, and no more", () => {
  let now = 0;
  const statistics = new Statistics(() => now);
  for (let n = 0; n < 1_000; n += 1) {
    now = n * 10_000;
    statistics.exchanged(exchange("GET", "/a/_search", 10));
  }
  const { buckets, bucketMs } = statistics.read().overTime;
  assert.equal(bucketMs, 10_000);
  assert.equal(buckets.length, 360);
  assert.equal(buckets.at(-1)?.time, 9_990_000);
  assert.ok(Math.abs((buckets[0]?.elasticsearch.p50 ?? 0) - 10) < 0.2);
});

describe("the name of a route", () => {
  const NAMES: readonly (readonly [method: string, target: string, name: string])[] = [
    ["GET", "/", "GET /"],
    ["PUT", "/logs", "PUT /{index}"],
    ["POST", "/_bulk", "POST /_bulk"],
    ["GET", "/_cat/indices?v", "GET /_cat/indices"],
    ["GET", "/_cluster/health/logs", "GET /_cluster/health"],
    ["GET", "/logs/_doc/a%2Fb", "GET /{index}/_doc/{id}"],
    ["POST", "/_search/scroll", "POST /_search/scroll"],
    ["GET", "/_async_search/FmRldE8zREVEUzA2ZVpUeGs2ejJFUFEaMkZ5", "GET /_async_search/{id}"],
    ["GET", "/_unknown/thing/x?y", "GET /_unknown/thing"],
  ];
  for (const [method, target, name] of NAMES) {
    test(`${method} ${target} is ${name}`, () => assert.equal(routeName(method, target, route(method, target)), name));
  }
});
