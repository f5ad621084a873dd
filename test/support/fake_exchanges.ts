// Exchanges that look like Kibana's traffic: translated by the real translator and matched by the real matcher, over
// answers that are made up. Deterministic: the same list each time.
import { print } from "../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../src/main/elasticsearch/mapping.ts";
import { match } from "../../src/main/matcher/index.ts";
import { translateSearch } from "../../src/main/translate/search.ts";
import type { IndexTable } from "../../src/main/translate/types.ts";
import type { Comparison, ExchangeDetail, HeaderPairs, SearchPart, StatementRun, Verdict } from "../../src/shared/exchange.ts";
import { isObject, type JsonObject, type JsonValue, parseJson, printJson } from "../../src/shared/json.ts";

export interface FakeExchange {
  readonly detail: ExchangeDetail;
  readonly request: string;
  readonly answer: string;
}

const keyword = { type: "keyword" } as const;
const table: IndexTable = {
  index: "kibana_sample_data_ecommerce",
  database: "parallax",
  table: "kibana_sample_data_ecommerce",
  mapping: parseMapping({
    properties: {
      order_date: { type: "date" },
      order_id: keyword,
      customer_full_name: { type: "text", fields: { keyword } },
      category: { type: "text", fields: { keyword } },
      currency: keyword,
      total_quantity: { type: "integer" },
      taxful_total_price: { type: "half_float" },
    },
  }),
  shards: 1,
  final: false,
};

const CATEGORIES = ["Men's Clothing", "Women's Clothing", "Women's Shoes", "Men's Shoes", "Women's Accessories"];
const DAY = 86_400_000;
const START = Date.UTC(2016, 11, 12);

function object(value: JsonValue): JsonObject {
  return isObject(value) ? value : {};
}

const FILTER = `"bool": {"filter": [{"range": {"order_date": {"gte": "2016-12-12T00:00:00.000Z", "lte": "2017-01-02T23:59:59.999Z", "format": "strict_date_optional_time"}}}, {"terms": {"currency": ["EUR", "USD"]}}], "must": [], "must_not": [{"term": {"category.keyword": "Men's Accessories"}}], "should": []}`;

const HISTOGRAM = object(
  parseJson(
    `{"size": 0, "track_total_hits": true, "query": {${FILTER}}, "aggs": {"2": {"date_histogram": {"field": "order_date", "calendar_interval": "1d", "time_zone": "Europe/Berlin", "min_doc_count": 1}, "aggs": {"3": {"terms": {"field": "category.keyword", "size": 5, "order": {"1": "desc"}}, "aggs": {"1": {"sum": {"field": "total_quantity"}}}}}}}}`,
  ),
);
const HITS = object(
  parseJson(
    `{"size": 5, "track_total_hits": 10000, "sort": [{"order_date": {"order": "desc"}}], "_source": ["customer_full_name", "taxful_total_price"], "query": {${FILTER}}}`,
  ),
);
const NEAREST = object(
  parseJson(
    `{"size": 0, "knn": {"field": "taste", "query_vector": [0.1, 0.7], "k": 10}, "query": {${FILTER}}, "aggs": {"days": {"terms": {"field": "day_of_week", "size": 7}}}}`,
  ),
);

/** A made-up date_histogram answer; `lost` documents are missing from the last day. */
function histogramAnswer(days: number, lost: number, took: number): JsonObject {
  const buckets = Array.from({ length: days }, (_, i) => {
    const missing = i === days - 1 ? lost : 0;
    const inner = CATEGORIES.map((key, c) => ({ key, doc_count: 9 - c, "1": { value: (9 - c) * 2 } })).map((bucket, c) =>
      c < missing ? { ...bucket, doc_count: bucket.doc_count - 1, "1": { value: bucket["1"].value - 3 } } : bucket,
    );
    const key = START + i * DAY - 3_600_000;
    const kept = missing > 0 ? inner.slice(0, -1) : inner;
    return {
      key_as_string: new Date(key + 3_600_000).toISOString().replace("Z", "+01:00"),
      key,
      doc_count: 35 - missing,
      "3": { doc_count_error_upper_bound: 0, sum_other_doc_count: missing > 0 ? 0 : 1, buckets: kept },
    };
  });
  return {
    took,
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: { total: { value: days * 35 - lost, relation: "eq" }, max_score: null, hits: [] },
    aggregations: { "2": { buckets } },
  };
}

function hitsAnswer(took: number, change: boolean): JsonObject {
  const hits = Array.from({ length: 5 }, (_, i) => ({
    _index: table.index,
    _id: `5920${60 + i}`,
    _score: null,
    _source: parseJson(
      `{"customer_full_name":"Person ${i}","taxful_total_price":${change && i === 2 ? "19.99" : "20.0"},"sequence":9007199254740993}`,
    ),
    sort: [START + (9 - i) * 1000],
  }));
  return {
    took,
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: { total: { value: 4675, relation: "eq" }, max_score: null, hits },
  };
}

function statementsOf(
  body: JsonObject,
  ms: number,
): { readonly runs: readonly StatementRun[]; readonly unsupported: Comparison["unsupported"] } {
  const translation = translateSearch({ endpoint: "search", body, params: new Map(), tables: [table], now: START });
  if (translation.kind !== "translated")
    return { runs: [], unsupported: translation.kind === "unsupported" ? translation.unsupported : [] };
  const runs = translation.statements.map(({ name, query }, i) => ({
    name,
    ...print(query),
    ms: Math.round((ms / (i + 1)) * 10) / 10,
    rows: 105,
    readRows: 4675,
    readBytes: 612_000,
    memoryBytes: 11_800_000,
    error: null,
  }));
  return { runs, unsupported: [] };
}

const PANELS = [
  ["dashboard:722b74f0;visualization:lnsXY:Sales by category", HISTOGRAM],
  ["discover:new;", HITS],
  ["dashboard:722b74f0;visualization:lnsPie:Orders by region", HISTOGRAM],
  ["dashboard:722b74f0;visualization:lnsMetric:Total revenue", HISTOGRAM],
  ["dashboard:edf84fe0;visualization:vega:Visits by hour", NEAREST],
] as const;

const HEADERS: HeaderPairs = [
  ["Host", "127.0.0.1:9280"],
  ["user-agent", "Kibana/9.4.3"],
  ["content-type", "application/vnd.elasticsearch+json; compatible-with=9"],
];

/** `n` exchanges ending at `end` (epoch ms), oldest first, ids from `firstId`. */
export function fakeExchanges(n: number, end: number, firstId = 1): readonly FakeExchange[] {
  return Array.from({ length: n }, (_, i) => {
    const time = end - (n - i) * 2300 + ((i * 977) % 1500);
    if (i % 11 === 6) return fakeBulk(firstId + i, time, i);
    return fakeSearch(firstId + i, time, i);
  });
}

function fakeSearch(id: number, time: number, i: number): FakeExchange {
  const [context, body] = PANELS[i % PANELS.length] ?? PANELS[0];
  const esMs = 40 + ((i * 37) % 180) + 0.3;
  const chMs = 12 + ((i * 23) % 60) + 0.4;
  const failed = i % 67 === 40;
  const lost = body === HISTOGRAM && i % 17 === 12 ? 3 : 0;
  const es = body === HITS ? hitsAnswer(Math.round(esMs) - 4, false) : histogramAnswer(21, 0, Math.round(esMs) - 4);
  const ch = body === HITS ? hitsAnswer(5, i % 50 === 1) : histogramAnswer(21, lost, 5);
  const { runs, unsupported } = statementsOf(body, chMs);
  const comparison = failed
    ? outcome("failed", "ClickHouse gave an error: Code 241, memory limit exceeded while sorting", [])
    : runs.length === 0
      ? outcome("unsupported", unsupported[0]?.reason ?? "a clause has no exact SQL", unsupported)
      : match({ endpoint: "search", request: body, elasticsearch: es, clickhouse: ch, tolerances: [] });
  const ran = comparison.verdict !== "unsupported" && !failed;
  const answer = printJson(es);
  const part: SearchPart = {
    position: 0,
    index: table.index,
    body: printJson(body),
    statements: failed ? runs.map((run) => ({ ...run, error: "Code: 241. DB::Exception: Memory limit exceeded", ms: null })) : runs,
    clickhouse: ran ? printJson(ch) : null,
    comparison,
    shape: ["a41f09c2", "77be10d4", "1c9e52f0"][i % 3] ?? "a41f09c2",
    clickhouseMs: ran ? chMs : null,
  };
  const async = body !== NEAREST;
  const endpoint = async ? "_async_search" : "_search";
  const detail: ExchangeDetail = {
    ...common(id, time, i),
    method: "POST",
    path: `/${table.index}/${endpoint}?ignore_unavailable=true&track_total_hits=true`,
    endpoint,
    index: i % 4 === 0 ? "kibana_sample_data_ecommerce,logs-*" : table.index,
    kind: "search",
    verdict: comparison.verdict,
    note: comparison.reason,
    elasticsearchMs: esMs,
    clickhouseMs: part.clickhouseMs,
    requestBytes: part.body.length,
    responseBytes: answer.length,
    client: `9d2c4f31-aaaa-4bbb-8ccc-0123456789ab;kibana:application:${context}`,
    shape: part.shape,
    searches: [part],
    mirror: null,
    timings: {
      forwarded: 0.4,
      requestSent: 0.6,
      firstByte: esMs - 15,
      lastByte: esMs,
      compareStarted: 0.9,
      ...(ran ? { translated: 3.1, clickhouseDone: 3.1 + chMs, shaped: 6.4 + chMs, matched: Math.max(esMs, 6.4 + chMs) + 2.8 } : {}),
    },
  };
  return { detail, request: part.body, answer };
}

function outcome(verdict: Verdict, reason: string, unsupported: Comparison["unsupported"]): Comparison {
  return { verdict, reason, differences: [], differenceCount: 0, rules: [], comparedLeaves: 0, totalLeaves: 480, unsupported };
}

function fakeBulk(id: number, time: number, i: number): FakeExchange {
  const actions = Array.from({ length: 40 }, (_, n) => ({ id: `doc-${i}-${n}`, failed: n === 7 && i % 22 === 6 }));
  const request = `${actions
    .map(
      (action) =>
        `{"index":{"_index":"logs-nginx.access-default","_id":"${action.id}"}}\n{"message":"GET / 200","bytes":9007199254740993,"ratio":1.0}`,
    )
    .join("\n")}\n`;
  const items = actions.map((action) =>
    action.failed
      ? {
          index: {
            _id: action.id,
            status: 400,
            error: { type: "document_parsing_exception", reason: "[1:22] failed to parse field [bytes]" },
          },
        }
      : { index: { _id: action.id, status: 201, result: "created" } },
  );
  const failed = actions.filter((action) => action.failed).length;
  const answer = JSON.stringify({ took: 31, errors: failed > 0, items });
  const detail: ExchangeDetail = {
    ...common(id, time, i),
    method: "POST",
    path: "/_bulk",
    endpoint: "_bulk",
    index: "logs-nginx.access-default",
    kind: "write",
    verdict: null,
    note: `mirrored ${40 - failed}`,
    elasticsearchMs: 171.2,
    clickhouseMs: 36.1,
    requestBytes: request.length,
    responseBytes: answer.length,
    client: "filebeat/9.4.3",
    shape: "",
    searches: [],
    mirror: { indexed: 40 - failed, deleted: 0, failed, notMirrored: 0, reason: "" },
    timings: { forwarded: 0.3, requestSent: 4.1, firstByte: 168, lastByte: 171.2 },
  };
  return { detail, request, answer };
}

function common(id: number, time: number, i: number) {
  const message = { version: "1.1", headers: HEADERS, bodyBytes: 0, truncated: false };
  return {
    id,
    time,
    status: i % 67 === 40 ? 500 : 200,
    pinned: i % 60 === 20,
    truncated: false,
    request: { ...message, bodyBytes: 900 },
    response: { ...message, headers: [["content-type", "application/json"]] satisfies HeaderPairs, bodyBytes: 40_000, reason: "OK" },
    error: "",
  };
}
