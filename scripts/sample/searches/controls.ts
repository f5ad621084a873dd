// The controls above a dashboard: lists of options and the ends of a slider.
import type { Random } from "../random.ts";
import { kibanaHeaders, kibanaSearch, multiSearch, type PlannedRequest } from "../request.ts";
import type { KibanaView } from "../views.ts";
import { aggregationBody, boolQuery, timeRange, type Window } from "./shapes.ts";

/** The option lists and a slider, one search each. */
export function controls(random: Random, view: KibanaView, window: Window): PlannedRequest[] {
  const place = `dashboard:${view.id}`;
  const query = boolQuery([timeRange(view, window)]);
  const options = (field: string): PlannedRequest => {
    const aggs = {
      suggestions: { terms: { field, order: { _count: "desc" }, size: 10, shard_size: 10 } },
      unique_terms: { cardinality: { field } },
    };
    // Kibana's own default; people switch it off for exact counts.
    const limits = random.chance(0.4) ? { timeout: "1000ms", terminate_after: 100_000 } : {};
    return kibanaSearch(random, view, place, { ...limits, ...aggregationBody(view, aggs, query) });
  };
  const slider = kibanaSearch(
    random,
    view,
    place,
    aggregationBody(
      view,
      { minAgg: { min: { field: random.pick(view.measures) } }, maxAgg: { max: { field: random.pick(view.measures) } } },
      query,
    ),
  );
  return [options(random.pick(view.facets)), options(random.pick(view.facets)), slider];
}

/** An older dashboard that asks for its panels in one request. */
export function oldDashboard(random: Random, view: KibanaView, window: Window): PlannedRequest {
  const range = { range: { [view.timeField]: { gte: window.from, lte: window.to, format: "epoch_millis" } } };
  const query = {
    bool: {
      must: [{ query_string: { query: "*", analyze_wildcard: true, default_field: "*" } }, range],
      filter: [],
      should: [],
      must_not: [],
    },
  };
  const header = { index: view.index, ignore_unavailable: true, preference: 1774700000000 + random.integer(0, 999_999) };
  const common = {
    size: 0,
    version: true,
    _source: { excludes: [] },
    stored_fields: ["*"],
    script_fields: {},
    docvalue_fields: view.dateFields,
    query,
  };
  const panels = [
    { "2": { terms: { field: random.pick(view.facets), size: 10, order: { _count: "desc" } } } },
    { "2": { date_histogram: { field: view.timeField, fixed_interval: "12h", time_zone: "Europe/London", min_doc_count: 1 } } },
    { "1": { avg: { field: random.pick(view.measures) } }, "2": { max: { field: random.pick(view.measures) } } },
  ];
  return multiSearch(
    panels.map((aggs) => [header, { ...common, aggs }]),
    kibanaHeaders(`dashboard:${view.id}`, true),
  );
}
