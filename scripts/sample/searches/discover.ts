// Discover: a page of documents with highlights, and the histogram above it.
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { kibanaSearch, type PlannedRequest } from "../request.ts";
import type { KibanaView } from "../views.ts";
import { aggregationBody, boolQuery, dateHistogram, someFilters, timeRange, type Window } from "./shapes.ts";

const HIGHLIGHT: JsonObject = {
  pre_tags: ["@kibana-highlighted-field@"],
  post_tags: ["@/kibana-highlighted-field@"],
  fields: { "*": {} },
  fragment_size: 2147483647,
};

/** One look at Discover: free text, a question in KQL or Lucene, or everything. */
export function discover(random: Random, view: KibanaView, window: Window): PlannedRequest[] {
  const place = `discover:${view.id}`;
  const typed = question(random, view);
  const { filter, mustNot } = someFilters(random, view);
  const query = boolQuery([...typed, ...filter, timeRange(view, window)], mustNot);
  const size = random.weighted([
    [500, 3],
    [100, 3],
    [50, 2],
  ]);
  const hits: JsonObject = {
    ...(random.chance(0.5) ? { track_total_hits: false } : {}),
    sort: [
      {
        [view.timeField]: {
          order: random.weighted([
            ["desc", 5],
            ["asc", 1],
          ]),
          unmapped_type: "boolean",
        },
      },
    ],
    fields: [{ field: "*", include_unmapped: "true" }, ...view.dateFields.map((field) => ({ field, format: "strict_date_optional_time" }))],
    size,
    version: true,
    script_fields: {},
    stored_fields: ["*"],
    runtime_mappings: {},
    _source: false,
    query,
    highlight: random.chance(0.2) ? { ...HIGHLIGHT, require_field_match: false } : HIGHLIGHT,
  };
  const histogram = aggregationBody(view, { "2": dateHistogram(random, view, window, { min_doc_count: 1 }) }, query);
  const params = hits.track_total_hits === false ? { track_total_hits: "false" } : {};
  return [kibanaSearch(random, view, place, histogram), kibanaSearch(random, view, place, withoutTotal(hits), params)];
}

// The URL parameter says it already; Kibana sends it in one place only.
function withoutTotal(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== "track_total_hits"));
}

function question(random: Random, view: KibanaView): JsonValue[] {
  const words = random.pick(view.words);
  const [field, value] = random.pick(view.questions);
  const kind = random.weighted([
    ["all", 5],
    ["free text", 5],
    ["lucene", 2],
    ["field", 2],
    ["phrase", 1],
  ]);
  switch (kind) {
    case "all":
      return random.chance(0.5) ? [{ match_all: {} }] : [];
    case "free text":
      return [{ multi_match: { type: "best_fields", query: words, lenient: true } }];
    case "lucene":
      return [{ query_string: { query: `${field}:${typeof value === "string" ? `"${value}"` : value}`, analyze_wildcard: true } }];
    case "field":
      return [{ bool: { should: [{ match: { [view.textField]: words } }], minimum_should_match: 1 } }];
    case "phrase":
      return [{ bool: { should: [{ match_phrase: { [view.textField]: words } }], minimum_should_match: 1 } }];
  }
}

/** The next pages of a list sorted by a field without ties in time: search_after. */
export function nextPage(random: Random, view: KibanaView, window: Window): PlannedRequest {
  const middle = Math.round(window.from + (window.to - window.from) * random.next());
  const body: JsonObject = {
    size: 50,
    sort: [{ [view.timeField]: { order: "desc", unmapped_type: "boolean" } }],
    search_after: [middle],
    fields: [{ field: view.timeField, format: "strict_date_optional_time" }, { field: view.textField }],
    _source: false,
    stored_fields: ["*"],
    runtime_mappings: {},
    query: boolQuery([timeRange(view, window)]),
  };
  return kibanaSearch(random, view, `discover:${view.id}`, body, { track_total_hits: "false" });
}
