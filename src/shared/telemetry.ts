// The telemetry report: sums and versions, no requests, no names of indices. Plain data, its members named as they are sent.
import type { PERCENTILES, THRESHOLDS } from "./statistics.ts";

/** `on-demand`: somebody asked. */
export type TelemetryOccasion = "on-demand" | "on-schedule" | "on-shutdown";

export interface TimedRequests {
  readonly count: number;
  readonly avg_time_sec: number;
  readonly failed: number;
  /** How many took longer than so many seconds. */
  readonly over_thresholds: Readonly<Record<(typeof THRESHOLDS)[number], number>>;
  /** Seconds; 0 while there is nothing to tell them from. */
  readonly percentiles: Readonly<Record<(typeof PERCENTILES)[number], number>>;
}

export interface TelemetryReport {
  /** Epoch seconds. */
  readonly started_at: number;
  readonly hostname: string;
  readonly parallax_version: string;
  readonly instanceId: string;
  /** Where a server does not answer, its figures are 0 and its version is the last one known. */
  readonly clickhouse: {
    readonly status: string;
    /** Of the mirrored tables. */
    readonly number_of_rows: number;
    readonly disk_space: number;
    readonly open_connection: number;
    /** 0: as many as come. */
    readonly max_open_connection: number;
    readonly server_version: string;
  };
  readonly elasticsearch: {
    readonly status: string;
    /** Of primaries. */
    readonly number_of_docs: number;
    readonly size: number;
    readonly server_version: string;
  };
  readonly clickhouse_queries: TimedRequests;
  readonly clickhouse_inserts: TimedRequests;
  readonly elastic_queries: TimedRequests;
  /** The most used first, at most ten. */
  readonly top_user_agents: readonly string[];
  readonly runtime: {
    /** The process's resident set. */
    readonly memory_used: number;
    /** The machine's. */
    readonly memory_available: number;
  };
  /** Faults of Parallax's own since the start. */
  readonly number_of_panics: number;
  readonly report_type: TelemetryOccasion;
  /** Epoch seconds. */
  readonly taken_at: number;
}

export interface Telemetry {
  readonly report: TelemetryReport;
  /** Where reports are written. */
  readonly file: string;
  /** Without credentials; null: they are sent nowhere. */
  readonly url: string | null;
  readonly intervalSeconds: number;
}
