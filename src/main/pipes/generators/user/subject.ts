// What a Kibana user looks at: a set of generated documents, the panels of its dashboard, and what can be narrowed down by.
import type { JsonObject } from "../../../../shared/json.ts";

export interface Subject {
  /** The kind of generator that makes its documents. */
  readonly kind: string;
  readonly timeField: string;
  readonly dashboard: string;
  readonly panels: readonly Panel[];
  /** Fields and values that a user clicks at, to see these documents alone. */
  readonly filters: readonly [DrillDown, ...DrillDown[]];
  /** What is typed into the search bar. */
  readonly words: readonly [string, ...string[]];
}

export interface DrillDown {
  readonly field: string;
  readonly values: readonly [string | number, ...(string | number)[]];
}

export interface Panel {
  readonly title: string;
  readonly type: "lnsXY" | "lnsMetric" | "lnsPie" | "lnsDatatable" | "lnsHeatmap" | "map";
  /** The aggregations of its search over a span of so many ms. */
  aggs(span: number): JsonObject;
  /** Members of the search besides. @default none */
  readonly more?: JsonObject;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The steps that Kibana takes, at about 50 buckets a chart. */
const STEPS: readonly (readonly [number, string])[] = [
  [30 * SECOND, "30s"],
  [MINUTE, "1m"],
  [5 * MINUTE, "5m"],
  [10 * MINUTE, "10m"],
  [30 * MINUTE, "30m"],
  [HOUR, "1h"],
  [3 * HOUR, "3h"],
  [12 * HOUR, "12h"],
];
const MOST_BUCKETS = 75;

/** `date_histogram` as Lens asks it: of pipelines with empty buckets (`least` 0). */
export function overTime(field: string, span: number, aggs?: JsonObject, least = 1): JsonObject {
  const [, step] = STEPS.find(([ms]) => span / ms <= MOST_BUCKETS) ?? [0, "1d"];
  const histogram = { date_histogram: { field, fixed_interval: step, time_zone: "Europe/Berlin", min_doc_count: least } };
  return aggs === undefined ? histogram : { ...histogram, aggs };
}

/** `terms` as Lens asks it: by count, or by one of `aggs`. */
export function top(field: string, size: number, aggs?: JsonObject, by = "_count"): JsonObject {
  const terms = { terms: { field, size, order: { [by]: "desc" }, shard_size: 25 } };
  return aggs === undefined ? terms : { ...terms, aggs };
}
