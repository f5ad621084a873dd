// What the statistics processor counts. Times are ms; a percentile is null while there is nothing to tell it from.
import type { ExchangeKind } from "./exchange.ts";

/** Seconds past which requests are counted, as in the telemetry report. */
export const THRESHOLDS = [1, 5, 10, 30, 60] as const;
export const PERCENTILES = [5, 25, 50, 75, 95] as const;

export interface Measure {
  readonly count: number;
  /** No answer, or 5xx. */
  readonly failed: number;
  /** 4xx. */
  readonly refused: number;
  readonly averageMs: number | null;
  readonly maxMs: number | null;
  /** By percentile: within 1 % of the value. */
  readonly percentiles: Readonly<Record<(typeof PERCENTILES)[number], number | null>>;
  /** How many took longer than so many seconds. */
  readonly overThresholds: Readonly<Record<(typeof THRESHOLDS)[number], number>>;
}

export interface NamedMeasure extends Measure {
  readonly name: string;
}

export interface RouteMeasure extends NamedMeasure {
  /** False: none of the APIs that Parallax knows. */
  readonly matched: boolean;
  readonly kind: ExchangeKind;
}

/** The most used; all others in one. */
export interface Top<M extends Measure> {
  readonly top: readonly M[];
  /** Those that are not in `top`. null when there are none. */
  readonly other: Measure | null;
}

export interface TimeBucket {
  /** Its start, epoch ms. */
  readonly time: number;
  readonly count: number;
  readonly failed: number;
  readonly elasticsearch: { readonly p50: number | null; readonly p95: number | null };
  readonly clickhouse: { readonly p50: number | null; readonly p95: number | null };
}

export interface Statistics {
  /** Epoch ms: when counting began. */
  readonly since: number;
  readonly total: Measure;
  readonly matched: number;
  readonly unmatched: number;
  readonly routes: Top<RouteMeasure>;
  readonly indices: Top<NamedMeasure>;
  /** By user agent. */
  readonly clients: Top<NamedMeasure>;
  readonly backends: {
    /** Requests that Elasticsearch answered. */
    readonly elasticsearch: Measure;
    /** Searches that ClickHouse ran. */
    readonly clickhouse: Measure;
    /** Writes that were handed to ClickHouse. */
    readonly inserts: Measure;
  };
  /** The last hour, oldest first; without the buckets in which nothing came. */
  readonly overTime: { readonly bucketMs: number; readonly buckets: readonly TimeBucket[] };
}

export interface Routes {
  readonly matched: number;
  readonly unmatched: number;
  readonly routes: Top<RouteMeasure>;
}
