// The telemetry report as it is now, made of the figures that there are: statistics, both servers, the process.
import { hostname, totalmem } from "node:os";
import type { Backend } from "../../shared/contract.ts";
import type { Measure, Statistics } from "../../shared/statistics.ts";
import type { TelemetryOccasion, TelemetryReport, TimedRequests } from "../../shared/telemetry.ts";

export interface TelemetrySources {
  readonly started: Date;
  readonly version: string;
  readonly instance: string;
  readonly faults: number;
  readonly statistics: Statistics;
  readonly elasticsearch: Backend;
  readonly clickhouse: Backend;
  /** Rejects where the server does not answer within `limitMs`. */
  readonly documents: (limitMs: number) => Promise<{ readonly documents: number; readonly bytes: number }>;
  /** Likewise, of the mirrored tables. */
  readonly rows: (limitMs: number) => Promise<{ readonly rows: number; readonly bytes: number; readonly connections: number }>;
}

const AGENTS = 10;
/** Requests that name no client. */
const NO_NAME = "(none)";

/** Never rejects: of a server that does not answer within `limitMs` the figures are 0. */
export async function telemetryReport(sources: TelemetrySources, occasion: TelemetryOccasion, limitMs: number): Promise<TelemetryReport> {
  const { statistics, elasticsearch, clickhouse } = sources;
  const [documents, rows] = await Promise.all([
    sources.documents(limitMs).catch(() => ({ documents: 0, bytes: 0 })),
    sources.rows(limitMs).catch(() => ({ rows: 0, bytes: 0, connections: 0 })),
  ]);
  return {
    started_at: seconds(sources.started.getTime()),
    hostname: hostname(),
    parallax_version: sources.version,
    instanceId: sources.instance,
    clickhouse: {
      status: clickhouse.status,
      number_of_rows: rows.rows,
      disk_space: rows.bytes,
      open_connection: rows.connections,
      max_open_connection: 0,
      server_version: clickhouse.version ?? "",
    },
    elasticsearch: {
      status: elasticsearch.status,
      number_of_docs: documents.documents,
      size: documents.bytes,
      server_version: elasticsearch.version ?? "",
    },
    clickhouse_queries: timed(statistics.backends.clickhouse),
    clickhouse_inserts: timed(statistics.backends.inserts),
    elastic_queries: timed(statistics.backends.elasticsearch),
    top_user_agents: statistics.clients.top
      .map(({ name }) => name)
      .filter((name) => name !== NO_NAME)
      .slice(0, AGENTS),
    runtime: { memory_used: process.memoryUsage.rss(), memory_available: totalmem() },
    number_of_panics: sources.faults,
    report_type: occasion,
    taken_at: seconds(Date.now()),
  };
}

function timed({ count, failed, averageMs, overThresholds, percentiles }: Measure): TimedRequests {
  const inSeconds = (ms: number | null): number => (ms ?? 0) / 1000;
  return {
    count,
    avg_time_sec: inSeconds(averageMs),
    failed,
    over_thresholds: overThresholds,
    percentiles: {
      5: inSeconds(percentiles[5]),
      25: inSeconds(percentiles[25]),
      50: inSeconds(percentiles[50]),
      75: inSeconds(percentiles[75]),
      95: inSeconds(percentiles[95]),
    },
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
