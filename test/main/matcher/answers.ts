// Answers as dashboards get them, made from a seed: hits sorted by a time with ties, buckets three levels deep, long ids.
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import { RawNumber } from "../../../src/shared/json.ts";
import type { Chance } from "./harness.ts";

export const REQUEST: JsonObject = {
  size: 20,
  sort: [{ "@timestamp": "desc" }],
  query: { nested: { path: "items", query: { match_all: {} }, inner_hits: { sort: ["items.price"], size: 2 } } },
  aggs: {
    "2": {
      terms: { field: "host", size: 5 },
      aggs: {
        "3": { date_histogram: { field: "@timestamp", fixed_interval: "1h" }, aggs: { "1": { avg: { field: "bytes" } } } },
        "4": { max: { field: "bytes" } },
        "5": { cardinality: { field: "user" } },
      },
    },
    grid: { geotile_grid: { field: "geo" }, aggs: { c: { geo_centroid: { field: "geo" } } } },
    by: { composite: { sources: [{ a: { terms: { field: "a" } } }] } },
    p: { percentiles: { field: "bytes" } },
    ranked: { terms: { field: "agent", order: { best: "desc" } }, aggs: { best: { max: { field: "bytes" } } } },
    latest: { top_hits: { size: 3, sort: ["n"] } },
    f: { filters: { filters: { all: { match_all: {} } } }, aggs: { s: { stats: { field: "ratio" } } } },
  },
};

const NOON = 1_700_000_000_000;
const HOSTS = ["web-1", "web-2", "db-1", "cache/1", "mail~2"];

/** Hits come in groups of up to three with the same time. */
export function answer(random: Chance): JsonObject {
  return {
    took: random(100),
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: { total: { value: 14074, relation: "eq" }, max_score: null, hits: hits(random) },
    aggregations: {
      "2": { doc_count_error_upper_bound: 0, sum_other_doc_count: 117, buckets: HOSTS.map((host, at) => hostBucket(host, at, random)) },
      grid: {
        buckets: [12, 7].map((x) => ({
          key: `8/${x}/9`,
          doc_count: 100 - x,
          c: { location: { lat: 12.5 + x / 7, lon: -x / 3 }, count: 9 },
        })),
      },
      by: {
        after_key: { a: 3 },
        buckets: [1, 2, 3].map((a) => ({ key: { a, b: `b${a}` }, doc_count: 10 * a })),
      },
      p: { values: { "50.0": 512.25, "99.0": 8191.5 } },
      ranked: {
        doc_count_error_upper_bound: 0,
        sum_other_doc_count: 0,
        buckets: ["curl", "go", "node", "perl"].map((key, at) => ({ key, doc_count: 9 + at, best: { value: 50.5 - (at >> 1) } })),
      },
      latest: { hits: { total: { value: 9, relation: "eq" }, max_score: null, hits: [1, 2, 2].map((n, at) => topHit(`top-${at}`, n)) } },
      f: { buckets: { all: { doc_count: 4, s: { count: 4, min: 0.25, max: 9.5, avg: 2.55, sum: 10.2 } } } },
    },
  };
}

function hits(random: Chance): JsonValue {
  const list: JsonValue[] = [];
  let time = NOON;
  for (let at = 0; at < 20; at += 1) {
    if (at % 3 === 0 || random(2) === 0) time -= 1 + random(5000);
    list.push(hit(`doc-${at}`, time, random));
  }
  return list;
}

function hit(id: string, time: number, random: Chance): JsonObject {
  return {
    _index: "logs",
    _id: id,
    _score: null,
    _source: {
      "@timestamp": new Date(time).toISOString(),
      host: HOSTS[random(HOSTS.length)] ?? "",
      bytes: random(100_000),
      ratio: new RawNumber(`${random(1000)}.50`),
      trace: new RawNumber(`90071992547409${10 + random(89)}${random(10)}${random(10)}`),
      geo: { lat: random(9000) / 100, lon: random(9000) / 100 },
      tags: ["a", "b", `t${random(9)}`],
      "a/b~c": { deep: [{ x: random(9) }, { x: null }] },
      ok: random(2) === 0,
    },
    highlight: { message: [`a <em>${random(9)}</em>`, "b"] },
    inner_hits: {
      items: { hits: { total: { value: 3, relation: "eq" }, max_score: null, hits: [0, 2].map((offset) => innerHit(id, offset)) } },
    },
    sort: [time],
  };
}

function innerHit(id: string, offset: number): JsonObject {
  const price = 1.5 + offset;
  return { _index: "logs", _id: id, _nested: { field: "items", offset }, _score: null, _source: { price }, sort: [price] };
}

function topHit(id: string, n: number): JsonObject {
  return { _index: "logs", _id: id, _score: null, _source: { n }, sort: [n] };
}

function hostBucket(host: string, at: number, random: Chance): JsonObject {
  return {
    key: host,
    doc_count: 500 - 50 * at,
    "3": {
      buckets: Array.from({ length: 4 }, (_, hour) => ({
        key_as_string: new Date(NOON + hour * 3_600_000).toISOString(),
        key: NOON + hour * 3_600_000,
        doc_count: 1 + random(100),
        "1": { value: random(1_000_000) / 7 },
      })),
    },
    "4": { value: new RawNumber(`${random(100_000)}.0`) },
    "5": { value: random(50) },
  };
}
