// Pieces of the requests that Kibana sends.
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import type { KibanaView } from "../views.ts";

export interface Window {
  readonly from: number;
  readonly to: number;
}

const HOUR = 3_600_000;
export const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Europe/Berlin"] as const;

/** The whole stretch of a data view, or a part of it as people narrow it down; ends at `until` at the latest. */
export function someWindow(random: Random, view: KibanaView, until: number): Window {
  const from = Date.parse(view.from);
  const to = Math.min(Date.parse(view.to), until);
  if (to <= from || random.chance(0.35)) return { from, to: Math.max(to, from + HOUR) };
  const length = (to - from) * random.pick([0.5, 0.25, 0.1]);
  const start = from + random.next() * (to - from - length);
  return { from: Math.round(start), to: Math.round(start + length) };
}

const iso = (time: number): string => new Date(time).toISOString();

export function timeRange(view: KibanaView, window: Window): JsonObject {
  return { range: { [view.timeField]: { format: "strict_date_optional_time", gte: iso(window.from), lte: iso(window.to) } } };
}

/** The bool that Kibana wraps everything in. */
export function boolQuery(filter: readonly JsonValue[], mustNot: readonly JsonValue[] = []): JsonObject {
  return { bool: { must: [], filter, should: [], must_not: mustNot } };
}

/** What KQL `field: value` becomes. */
export function kql(field: string, value: JsonValue): JsonObject {
  return { bool: { should: [{ match: { [field]: value } }], minimum_should_match: 1 } };
}

/** A filter or a typed question such as people add to the time range; often none. */
export function someFilters(random: Random, view: KibanaView): { filter: JsonValue[]; mustNot: JsonValue[] } {
  const [field, value] = random.pick(view.questions);
  const [other, otherValue] = random.pick(view.questions);
  const kind = random.weighted([
    ["none", 8],
    ["kql", 5],
    ["pill", 3],
    ["not", 2],
    ["either", 2],
    ["exists", 1],
    ["one of", 1],
    ["number", 1],
    ["wildcard", 1],
  ]);
  switch (kind) {
    case "none":
      return { filter: [], mustNot: [] };
    case "kql":
      return { filter: [kql(field, value)], mustNot: [] };
    case "pill":
      return { filter: [{ match_phrase: { [field]: value } }], mustNot: [] };
    case "not":
      return { filter: [], mustNot: [{ match_phrase: { [field]: value } }] };
    case "either":
      return { filter: [{ bool: { should: [kql(field, value), kql(other, otherValue)], minimum_should_match: 1 } }], mustNot: [] };
    case "exists":
      return { filter: [{ exists: { field } }], mustNot: [] };
    case "one of":
      return {
        filter: [
          { bool: { minimum_should_match: 1, should: [{ match_phrase: { [field]: value } }, { match_phrase: { [other]: otherValue } }] } },
        ],
        mustNot: [],
      };
    case "number": {
      const [measure, bounds] = view.ranges;
      return {
        filter: [{ bool: { should: [{ range: { [measure]: { gte: random.pick(bounds) } } }], minimum_should_match: 1 } }],
        mustNot: [],
      };
    }
    case "wildcard":
      return {
        filter: [
          {
            bool: {
              should: [{ query_string: { fields: [view.textField], query: `${random.pick(["s", "c", "m", "p"])}*` } }],
              minimum_should_match: 1,
            },
          },
        ],
        mustNot: [],
      };
  }
}

/** A search of aggregations only, with what Kibana adds to each. */
export function aggregationBody(view: KibanaView, aggs: JsonObject, query: JsonObject): JsonObject {
  return {
    aggs,
    size: 0,
    fields: view.dateFields.map((field) => ({ field, format: "date_time" })),
    script_fields: {},
    stored_fields: ["*"],
    runtime_mappings: {},
    _source: { excludes: [] },
    query,
  };
}

/** The interval that Kibana would choose for about 50 bars. */
export function intervalOf(window: Window): string {
  const steps: readonly (readonly [string, number])[] = [
    ["1m", 60_000],
    ["5m", 300_000],
    ["10m", 600_000],
    ["30m", 1_800_000],
    ["1h", HOUR],
    ["3h", 3 * HOUR],
    ["12h", 12 * HOUR],
    ["1d", 24 * HOUR],
    ["7d", 168 * HOUR],
    ["30d", 720 * HOUR],
  ];
  const target = (window.to - window.from) / 60;
  return steps.find(([, length]) => length >= target)?.[0] ?? "365d";
}

/** The date histogram of the window; calendar units where people would choose one. */
export function dateHistogram(random: Random, view: KibanaView, window: Window, extra: JsonObject = {}): JsonObject {
  const days = (window.to - window.from) / (24 * HOUR);
  const calendar =
    days > 1000 ? "1y" : days > 60 && random.chance(0.6) ? random.pick(["1w", "1M"]) : days > 2 && random.chance(0.2) ? "1d" : undefined;
  const interval: JsonObject = calendar === undefined ? { fixed_interval: intervalOf(window) } : { calendar_interval: calendar };
  return { date_histogram: { field: view.timeField, ...interval, time_zone: random.pick(ZONES), ...extra } };
}
