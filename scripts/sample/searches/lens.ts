// Dashboards: one panel, one search. Lens numbers its aggregations from 0, older visualisations from 1 or 2.
import type { JsonObject } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { kibanaSearch, type PlannedRequest } from "../request.ts";
import type { KibanaView } from "../views.ts";
import { aggregationBody, boolQuery, dateHistogram, kql, someFilters, timeRange, type Window } from "./shapes.ts";

type Panel = (random: Random, view: KibanaView, window: Window) => JsonObject;

const OTHER_METRICS = ["avg", "sum", "min", "max", "value_count"] as const;

function metric(random: Random, view: KibanaView): JsonObject {
  const kind = random.weighted([
    ["simple", 6],
    ["percentiles", 2],
    ["cardinality", 2],
    ["median", 1],
    ["stats", 1],
  ]);
  switch (kind) {
    case "simple":
      return { [random.pick(OTHER_METRICS)]: { field: random.pick(view.measures) } };
    case "percentiles":
      return {
        percentiles: { field: random.pick(view.measures), percents: random.pick([[95], [50, 95, 99], [1, 5, 25, 50, 75, 95, 99]]) },
      };
    case "cardinality":
      return { cardinality: { field: random.pick([...view.wide, ...view.facets]) } };
    case "median":
      return { percentiles: { field: random.pick(view.measures), percents: [50] } };
    case "stats":
      return { stats: { field: random.pick(view.measures) } };
  }
}

const simpleMetric = (random: Random, view: KibanaView): JsonObject => ({
  [random.pick(["avg", "sum", "max"])]: { field: random.pick(view.measures) },
});

function terms(field: string, size: number, order: JsonObject, aggs?: JsonObject): JsonObject {
  return { terms: { field, order, size, shard_size: Math.max(25, size * 2) }, ...(aggs === undefined ? {} : { aggs }) };
}

const byCount: JsonObject = { _count: "desc" };

const PANELS: Readonly<Record<string, Panel>> = {
  metric: (random, view) => ({ "0": metric(random, view), ...(random.chance(0.4) ? { "1": metric(random, view) } : {}) }),
  line: (random, view, window) => ({ "0": { ...dateHistogram(random, view, window), aggs: { "1": metric(random, view) } } }),
  area: (random, view, window) => ({ "0": dateHistogram(random, view, window, { extended_bounds: { min: window.from, max: window.to } }) }),
  "stacked bar": (random, view, window) => ({
    "1": terms(random.pick(view.facets), 5, byCount, {
      "0": dateHistogram(random, view, window, { extended_bounds: { min: window.from, max: window.to } }),
    }),
  }),
  "old bar": (random, view, window) => ({
    "2": {
      ...dateHistogram(random, view, window, { min_doc_count: 1 }),
      aggs: {
        "3": { terms: { field: random.pick(view.facets), order: { "1": "desc" }, size: 5 }, aggs: { "1": simpleMetric(random, view) } },
      },
    },
  }),
  pie: (random, view) => ({ "0": terms(random.pick(view.facets), 5, byCount, { "1": terms(random.pick(view.facets), 3, byCount) }) }),
  donut: (random, view) => ({ "2": { terms: { field: random.pick(view.facets), order: { _count: "desc" }, size: 5 } } }),
  table: (random, view) => ({
    "0": terms(
      random.pick([...view.facets, ...view.wide]),
      10,
      { "1": random.pick(["desc", "desc", "asc"]) },
      { "1": simpleMetric(random, view), "2": metric(random, view), "3": metric(random, view) },
    ),
  }),
  "table of three levels": (random, view) => ({
    "0": terms(random.pick(view.facets), 5, byCount, {
      "1": terms(
        random.pick(view.facets),
        3,
        { "3": "desc" },
        { "3": simpleMetric(random, view), "2": terms(random.pick(view.facets), 2, byCount, { "3": simpleMetric(random, view) }) },
      ),
      "3": simpleMetric(random, view),
    }),
  }),
  "tag cloud": (random, view) => ({ "2": { terms: { field: random.pick(view.wide), order: byCount, size: random.pick([20, 50]) } } }),
  "heat map": (random, view, window) => ({
    "0": { ...dateHistogram(random, view, window), aggs: { "1": terms(random.pick(view.facets), 8, { _key: "asc" }) } },
  }),
  filters: (random, view) => {
    const [measure, bounds] = view.ranges;
    const middle = bounds[2] ?? 0;
    const [field, value] = random.pick(view.questions);
    const filters = {
      [`${measure} >= ${middle}`]: boolQuery([{ bool: { should: [{ range: { [measure]: { gte: middle } } }], minimum_should_match: 1 } }]),
      [`${field}: ${value}`]: boolQuery([kql(field, value)]),
      "*": boolQuery([]),
    };
    return { "0": { filters: { filters }, aggs: { "1": metric(random, view) } } };
  },
  "filtered metric": (random, view) => {
    const [field, value] = random.pick(view.questions);
    return {
      "0-bucket": { filter: boolQuery([kql(field, value)]), aggs: { "0-metric": simpleMetric(random, view) } },
      "1": { value_count: { field: random.pick(view.measures) } },
    };
  },
  "last value": (random, view) => {
    const field = random.pick(view.measures);
    return {
      "0": terms(random.pick(view.facets), 5, byCount, {
        "1-bucket": {
          filter: boolQuery([{ exists: { field } }]),
          aggs: {
            "1-metric": {
              top_hits: { docvalue_fields: [{ field }], _source: false, size: 1, sort: [{ [view.timeField]: { order: "desc" } }] },
            },
          },
        },
      }),
    };
  },
  histogram: (random, view) => {
    const [field, interval] = view.histogram;
    return {
      "0": {
        histogram: { field, interval, min_doc_count: random.pick([0, 1]) },
        ...(random.chance(0.4) ? { aggs: { "1": simpleMetric(random, view) } } : {}),
      },
    };
  },
  ranges: (random, view) => {
    const [field, bounds] = view.ranges;
    const ranges = bounds.map((from, at) => ({ from, ...(bounds[at + 1] === undefined ? {} : { to: bounds[at + 1] ?? 0 }) }));
    return { "0": { range: { field, ranges, keyed: true }, aggs: { "1": metric(random, view) } } };
  },
  "date ranges": (random, view, window) => {
    const middle = new Date(Math.round((window.from + window.to) / 2)).toISOString();
    return {
      "0": {
        date_range: {
          field: view.timeField,
          format: "strict_date_optional_time",
          ranges: [{ to: middle }, { from: middle }],
          time_zone: "UTC",
        },
        aggs: { "1": simpleMetric(random, view) },
      },
    };
  },
  missing: (random, view) => ({
    "0": { missing: { field: random.pick(view.facets) } },
    "1": terms(random.pick(view.facets), 5, { _key: "desc" }),
  }),
  "with missing": (random, view) => ({
    eventActionGroup: {
      terms: {
        field: random.pick(
          view.facets.filter((field) => !/status_code|established|success|retries|weekday|delayed|tsunami|loyal/.test(field)),
        ),
        missing: "All others",
        order: byCount,
        size: 10,
      },
      aggs: { "1": simpleMetric(random, view) },
    },
  }),
  "unique counts": (random, view) => ({
    "0": { cardinality: { field: random.pick(view.wide) } },
    "1": { cardinality: { field: random.pick(view.facets) } },
  }),
};

const WEIGHTS = Object.keys(PANELS);

/** A dashboard: one window, one filter, `count` panels that all are asked at once. */
export function dashboard(random: Random, view: KibanaView, window: Window, count: number): PlannedRequest[] {
  const { filter, mustNot } = someFilters(random, view);
  const query = boolQuery([...filter, timeRange(view, window)], mustNot);
  const first = random.integer(0, WEIGHTS.length - 1);
  return Array.from({ length: count }, (_, at) => {
    const panel = PANELS[WEIGHTS[(first + at * 7) % WEIGHTS.length] ?? "metric"];
    const aggs = panel === undefined ? {} : panel(random, view, window);
    return kibanaSearch(
      random,
      view,
      `dashboard:${view.id}`,
      aggregationBody(view, aggs, query),
      random.chance(0.2) ? { track_total_hits: "false" } : {},
    );
  });
}

/** What follows a pie or bar with an "Other" slice: everything but the buckets shown. */
export function otherBucket(random: Random, view: KibanaView, window: Window): PlannedRequest {
  const [field, value] = random.pick(view.questions);
  const [second, secondValue] = random.pick(view.questions);
  const others = boolQuery([{ exists: { field } }], [{ match_phrase: { [field]: value } }, { match_phrase: { [second]: secondValue } }]);
  const aggs = { "other-filter": { filters: { filters: { "": others } }, aggs: { "1": simpleMetric(random, view) } } };
  return kibanaSearch(random, view, `lens:${view.id}`, aggregationBody(view, aggs, boolQuery([timeRange(view, window)])));
}

/** Lens comparing with an earlier stretch of time. */
export function timeShift(random: Random, view: KibanaView, window: Window): PlannedRequest {
  const length = Math.round((window.to - window.from) / 2);
  const later = { from: window.from + length, to: window.to };
  const aggs = {
    time_offset_split: {
      filters: {
        filters: { "0": timeRange(view, later), [String(length)]: timeRange(view, { from: window.from, to: window.from + length }) },
      },
      aggs: { "0": terms(random.pick(view.facets), 3, byCount, { "1": simpleMetric(random, view) }) },
    },
  };
  const either = {
    bool: {
      should: [
        { bool: { filter: [timeRange(view, later)] } },
        { bool: { filter: [timeRange(view, { from: window.from, to: window.from + length })] } },
      ],
      minimum_should_match: 1,
    },
  };
  return kibanaSearch(random, view, `lens:${view.id}`, aggregationBody(view, aggs, boolQuery([either])));
}
