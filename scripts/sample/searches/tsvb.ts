// TSVB: time series with their own ids, bounds and meta, and queries in Lucene's language.
import type { JsonObject } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { kibanaSearch, type PlannedRequest } from "../request.ts";
import type { KibanaView } from "../views.ts";
import { intervalOf, type Window, ZONES } from "./shapes.ts";

/** One panel of one or two series. */
export function timeSeries(random: Random, view: KibanaView, window: Window): PlannedRequest[] {
  const panel = identity(random);
  return Array.from({ length: random.integer(1, 2) }, () => oneSeries(random, view, window, panel));
}

function oneSeries(random: Random, view: KibanaView, window: Window, panel: string): PlannedRequest {
  const series = identity(random);
  const interval = intervalOf(window);
  const [field, value] = random.pick(view.questions);
  const typed = random.chance(0.6)
    ? [{ query_string: { query: `${field}:${typeof value === "string" ? `"${value}"` : value}`, analyze_wildcard: true } }]
    : [];
  const query = {
    bool: {
      must: [
        {
          range: {
            [view.timeField]: {
              gte: new Date(window.from).toISOString(),
              lte: new Date(window.to).toISOString(),
              format: "strict_date_optional_time",
            },
          },
        },
        { bool: { must: typed, filter: [], should: [], must_not: [] } },
      ],
      filter: [],
      should: [],
      must_not: [],
    },
  };
  const timeseries: JsonObject = {
    date_histogram: {
      field: view.timeField,
      min_doc_count: 0,
      time_zone: random.pick(ZONES),
      extended_bounds: { min: window.from, max: window.to },
      fixed_interval: interval,
    },
    aggs: { [identity(random)]: measureOf(random, view) },
  };
  const meta = { timeField: view.timeField, panelId: panel, seriesId: series, intervalString: interval };
  const split = random.chance(0.4);
  const aggs: JsonObject = split
    ? { [series]: { terms: { field: random.pick(view.facets), order: { _count: "desc" }, size: 5 }, aggs: { timeseries }, meta } }
    : { timeseries: { ...timeseries, meta } };
  return kibanaSearch(random, view, `visualize:${panel}`, { size: 0, query, aggs, runtime_mappings: {}, timeout: "30000ms" });
}

// A count is a script there, because each metric must be an aggregation.
function measureOf(random: Random, view: KibanaView): JsonObject {
  if (random.chance(0.5))
    return {
      bucket_script: { buckets_path: { count: "_count" }, script: { source: "params.count * 1", lang: "painless" }, gap_policy: "skip" },
    };
  return { [random.pick(["avg", "sum", "max"])]: { field: random.pick(view.measures) } };
}

function identity(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-11ef-${random.hex(4)}-${random.hex(12)}`;
}
