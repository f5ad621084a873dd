// The requests that Kibana 9 sends for what a user does in Discover and on dashboards.
import type { HeaderPairs } from "../../../../shared/exchange.ts";
import type { JsonObject } from "../../../../shared/json.ts";
import type { DrillDown, Panel, Subject } from "./subject.ts";

export interface UserRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderPairs;
  /** "" for none. */
  readonly body: string;
}

/** What a user looks at: from when to when (epoch ms), of which documents. */
export interface View {
  readonly from: number;
  readonly to: number;
  readonly filters: readonly { readonly field: DrillDown["field"]; readonly value: string | number }[];
  /** "" for all documents. */
  readonly words: string;
}

export interface Searching {
  readonly index: string;
  readonly subject: Subject;
  readonly view: View;
  /** `_async_search`, or `_search` of an Elasticsearch that has no other. */
  readonly endpoint: "_async_search" | "_search";
  /** Of the browser's tab: 13 digits. */
  readonly preference: string;
}

/** What X-Opaque-Id begins with: by it the player is told from a Kibana. */
export const PLAYER = "9d2c4f31-0000-4000-8000-000000000001;";

const DISCOVER_PAGE = 500;
const PRE_TAG = "@kibana-highlighted-field@";
const POST_TAG = "@/kibana-highlighted-field@";

/** One panel of a dashboard. */
export function panelSearch(searching: Searching, panel: Panel): UserRequest {
  const { subject, view } = searching;
  const context = `dashboards:${subject.dashboard};lens:${panel.type}:${encodeURIComponent(panel.title)}`;
  return search(searching, context, {
    size: 0,
    track_total_hits: true,
    ...usual(subject),
    query: queryOf(subject, view),
    ...panel.more,
    aggs: panel.aggs(view.to - view.from),
  });
}

/** Discover's table of documents. */
export function documentsSearch(searching: Searching): UserRequest {
  const { subject, view } = searching;
  const { timeField } = subject;
  return search(searching, "discover:new", {
    sort: [
      { [timeField]: { order: "desc", format: "strict_date_optional_time", unmapped_type: "boolean" } },
      { _doc: { order: "desc", unmapped_type: "boolean" } },
    ],
    track_total_hits: false,
    fields: [
      { field: "*", include_unmapped: true },
      { field: timeField, format: "strict_date_optional_time" },
    ],
    size: DISCOVER_PAGE,
    version: false,
    script_fields: {},
    stored_fields: ["*"],
    runtime_mappings: {},
    _source: false,
    query: queryOf(subject, view),
    highlight: { pre_tags: [PRE_TAG], post_tags: [POST_TAG], fields: { "*": {} }, fragment_size: 2_147_483_647 },
  });
}

/** Discover's chart above the table. */
export function chartSearch(searching: Searching): UserRequest {
  const { subject, view } = searching;
  const aggs = {
    2: { date_histogram: { field: subject.timeField, calendar_interval: "1h", time_zone: "Europe/Berlin", min_doc_count: 1 } },
  };
  return search(searching, "discover:new", { aggs, size: 0, track_total_hits: true, ...usual(subject), query: queryOf(subject, view) });
}

/** A field's values and their counts, in Discover's side bar. */
export function fieldSearch(searching: Searching, field: string): UserRequest {
  const { subject, view } = searching;
  const aggs = {
    sample: {
      sampler: { shard_size: 5_000 },
      aggs: { sample_count: { value_count: { field } }, top_values: { terms: { field, size: 10 } } },
    },
  };
  return search(searching, "discover:new", { size: 0, track_total_hits: true, query: queryOf(subject, view), aggs });
}

/** What fields there are: asked whenever a page is opened. */
export function fieldCaps(index: string): UserRequest {
  const path = `/${index}/_field_caps?allow_no_indices=true&ignore_unavailable=true&fields=*`;
  return { method: "POST", path, headers: headersOf("discover:new"), body: "" };
}

/** How many documents match, as alerting rules ask. */
export function count({ index, subject, view }: Searching): UserRequest {
  return {
    method: "POST",
    path: `/${index}/_count`,
    headers: headersOf("management:alerts"),
    body: JSON.stringify({ query: queryOf(subject, view) }),
  };
}

function search({ index, endpoint, preference }: Searching, context: string, body: JsonObject): UserRequest {
  const asynchronous =
    "batched_reduce_size=64&ccs_minimize_roundtrips=true&wait_for_completion_timeout=200ms&keep_on_completion=false&keep_alive=60000ms&";
  const options = `${endpoint === "_async_search" ? asynchronous : ""}ignore_unavailable=true&preference=${preference}`;
  return { method: "POST", path: `/${index}/${endpoint}?${options}`, headers: headersOf(context), body: JSON.stringify(body) };
}

function headersOf(context: string): HeaderPairs {
  return [
    ["accept", "application/json"],
    ["content-type", "application/json"],
    ["user-agent", "Kibana/9.4.3"],
    ["x-elastic-product-origin", "kibana"],
    ["x-opaque-id", `${PLAYER}kibana:application:${context}`],
  ];
}

function usual({ timeField }: Subject): JsonObject {
  return {
    fields: [{ field: timeField, format: "date_time" }],
    script_fields: {},
    stored_fields: ["*"],
    runtime_mappings: {},
    _source: { excludes: [] },
  };
}

function queryOf({ timeField }: Subject, { from, to, filters, words }: View): JsonObject {
  const range = { gte: new Date(from).toISOString(), lte: new Date(to).toISOString(), format: "strict_date_optional_time" };
  const typed: readonly JsonObject[] =
    words === "" ? [] : [{ query_string: { query: words, analyze_wildcard: true, time_zone: "Europe/Berlin" } }];
  return {
    bool: {
      must: typed,
      filter: [{ range: { [timeField]: range } }, ...filters.map(({ field, value }) => ({ match_phrase: { [field]: value } }))],
      should: [],
      must_not: [],
    },
  };
}
