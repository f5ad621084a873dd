// Ten searches as Kibana sends them: Discover, single visualisations, a whole dashboard.
import type { JsonObject } from "../../src/shared/json.ts";
import { END } from "./search_documents.ts";

const DAY = 86_400_000;
const ISO = (time: number): string => new Date(time).toISOString();

function between(from: number, to: number): JsonObject {
  return { range: { "@timestamp": { gte: ISO(from), lte: ISO(to), format: "strict_date_optional_time" } } };
}

const week: JsonObject = { bool: { filter: [between(END - 7 * DAY, END)] } };
const aggs = (all: JsonObject, query?: JsonObject): JsonObject => ({
  size: 0,
  track_total_hits: false,
  ...(query === undefined ? {} : { query }),
  aggs: all,
});

export interface BenchRequest {
  readonly name: string;
  /** One body a request: a dashboard sends several at once. */
  readonly bodies: readonly JsonObject[];
}

const discover: JsonObject = {
  size: 500,
  track_total_hits: true,
  sort: [{ "@timestamp": { order: "desc", unmapped_type: "boolean" } }],
  fields: [{ field: "*", include_unmapped: "true" }],
  query: week,
  aggs: { per_hour: { date_histogram: { field: "@timestamp", fixed_interval: "3h", time_zone: "Europe/Paris", min_doc_count: 1 } } },
};
const terms = aggs({ top: { terms: { field: "url", size: 10, order: { _count: "desc" } } } });
const nested = aggs({
  hosts: {
    terms: { field: "host", size: 5, order: { mean: "desc" } },
    aggs: {
      mean: { avg: { field: "duration" } },
      countries: { terms: { field: "country", size: 3, order: { mean: "desc" } }, aggs: { mean: { avg: { field: "duration" } } } },
    },
  },
});
const overTime = aggs({
  days: {
    date_histogram: { field: "@timestamp", calendar_interval: "1d", time_zone: "Europe/Paris", min_doc_count: 1 },
    aggs: { status: { terms: { field: "status", size: 5 } } },
  },
});
const filters = aggs({
  classes: {
    filters: {
      filters: {
        errors: { terms: { status: ["500", "503"] } },
        slow: { range: { duration: { gte: 800 } } },
        writes: { bool: { filter: [{ term: { method: "POST" } }], must_not: [{ term: { status: "200" } }] } },
      },
    },
    aggs: { bytes: { sum: { field: "bytes" } } },
  },
});
const percentiles = aggs({ it: { percentiles: { field: "duration", percents: [50, 95, 99] } } });
const cardinality = aggs({ clients: { cardinality: { field: "client" } }, urls: { cardinality: { field: "url" } } });
const histogram = aggs({ sizes: { histogram: { field: "bytes", interval: 1000, min_doc_count: 1 } } });
const range: JsonObject = {
  size: 0,
  track_total_hits: true,
  query: { bool: { filter: [between(END - DAY, END), { term: { status: "404" } }] } },
};
const text: JsonObject = { size: 10, track_total_hits: true, query: { match: { message: { query: "payment timed", operator: "and" } } } };

export const REQUESTS: readonly BenchRequest[] = [
  { name: "Discover: 500 newest and their histogram", bodies: [discover] },
  { name: "terms, top 10 of 20,000", bodies: [terms] },
  { name: "terms > terms > avg, ordered by avg", bodies: [nested] },
  { name: "date_histogram > terms", bodies: [overTime] },
  { name: "filters > sum", bodies: [filters] },
  { name: "percentiles", bodies: [percentiles] },
  { name: "cardinality, two fields", bodies: [cardinality] },
  { name: "histogram", bodies: [histogram] },
  { name: "range and term, counted", bodies: [range] },
  { name: "text match, best 10", bodies: [text] },
  { name: "dashboard of six", bodies: [terms, nested, overTime, filters, cardinality, range] },
];
