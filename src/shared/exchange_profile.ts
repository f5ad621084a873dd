// The profile of one exchange: what worked on it and for how long, on one time axis. Plain data. Times are µs since its request began,
// of a run since the run began.
import type { Verdict } from "./exchange.ts";
import type { FlameNode } from "./flame.ts";
import type { ThreadProfile } from "./profile.ts";

/** What can be asked once more for a profile. */
export const PROFILE_MEMBERS = ["elasticsearch", "clickhouse", "cpu"] as const;
export type ProfileMember = (typeof PROFILE_MEMBERS)[number];

/**
 * `forward`: the request is read and passed on as it comes. `hand over`: from the answer's last byte to the queue of searches. `queue`: until
 * its turn. `ask`: Elasticsearch asked once more, as a whole.
 */
export type PhaseName =
  | "forward"
  | "first byte"
  | "last byte"
  | "hand over"
  | "queue"
  | "parse"
  | "translate"
  | "run"
  | "shape"
  | "match"
  | "ask";

export interface ProfilePhase {
  readonly name: PhaseName;
  /** Who works meanwhile: Parallax, Elasticsearch, ClickHouse, or nobody. */
  readonly by: "own" | "es" | "ch" | "wait";
  /** Place of the search in an `_msearch`; null for all others. */
  readonly search: number | null;
  readonly from: number;
  readonly to: number;
}

/** Bytes on the wire, without transfer coding. Heads as HTTP/1.1 writes them, from what was kept of them. */
export interface WireBytes {
  readonly request: { readonly head: number; readonly body: number };
  readonly response: { readonly head: number; readonly body: number } | null;
  /** Bodies to ClickHouse and back, all statements; null where that is not known. */
  readonly clickhouse: { readonly sent: number; readonly received: number } | null;
}

/** All processors of one name and step of a statement, as far from the source of its rows. */
export interface ProcessorProfile {
  /** `MergeTreeSelect(pool: ReadPool, algorithm: Thread)`. */
  readonly name: string;
  /** The step of the plan that they belong to; "" where there is none. */
  readonly step: string;
  readonly instances: number;
  /** Steps from the source of the rows: 0 reads them. */
  readonly depth: number;
  /** The one that worked most: how long it waited for rows, and worked. When, ClickHouse does not tell. */
  readonly busiest: { readonly waitedUs: number; readonly workedUs: number };
  /** Summed over the instances, which may have worked at the same time. */
  readonly workedUs: number;
  readonly waitedForInputUs: number;
  readonly waitedForOutputUs: number;
  readonly inputRows: number;
  readonly outputRows: number;
}

/** One statement, as ClickHouse ran it. */
export interface StatementProfile {
  /** Place of its search, and its name there. */
  readonly search: number;
  readonly name: string;
  readonly queryId: string | null;
  /** Where the figures are from: ClickHouse's query_log, or the summary that came with the answer. */
  readonly source: "query_log" | "summary";
  /** By ClickHouse's clock, shifted where that is another; null where its log does not tell. */
  readonly from: number | null;
  readonly to: number | null;
  /** As Parallax waited for it. */
  readonly waitedUs: number | null;
  readonly resultRows: number | null;
  readonly readRows: number | null;
  readonly readBytes: number | null;
  readonly memoryBytes: number | null;
  /** Threads that took part, and the most at a time; null where the log does not tell. */
  readonly threads: number | null;
  readonly peakThreads: number | null;
  /** ProfileEvents by name. */
  readonly events: Readonly<Record<string, number>>;
  readonly processors: readonly ProcessorProfile[];
  /** Lines of `EXPLAIN PIPELINE`, asked now, where the log has no processors; without times. */
  readonly pipeline: readonly string[];
  readonly error: string | null;
}

export interface ClickHouseProfile {
  readonly statements: readonly StatementProfile[];
  /** What is missing and what would give it, in sentences. */
  readonly missing: readonly string[];
}

/** Elasticsearch's `profile` of one search: a tree for each shard, the slowest first. */
export interface ElasticsearchSearchProfile {
  readonly search: number;
  readonly tookMs: number | null;
  /** µs; query, collectors, aggregations and fetch one after the other. */
  readonly shards: readonly FlameNode[];
  /** "" or why there is none. */
  readonly problem: string;
}

export interface ElasticsearchProfile {
  /** What was asked, where it is not the request with `profile: true`; "" otherwise. */
  readonly asked: string;
  readonly searches: readonly ElasticsearchSearchProfile[];
}

export interface CpuThreads {
  readonly intervalUs: number;
  /** V8's time (µs) at which the axis begins. */
  readonly origin: number;
  readonly threads: readonly ThreadProfile[];
}

/** A part of a run: there, not asked for, or why it could not be had. */
export type ProfilePart<T> =
  | { readonly state: "there"; readonly value: T }
  | { readonly state: "not asked" }
  | { readonly state: "missing"; readonly reason: string };

/** The exchange's request, asked once more to be profiled. */
export interface ProfileRun {
  /** From 1, by exchange. */
  readonly run: number;
  /** Epoch ms. */
  readonly time: number;
  readonly totalUs: number;
  readonly phases: readonly ProfilePhase[];
  /** What the comparison of this run came to; null where nothing was compared. */
  readonly verdict: Verdict | null;
  readonly reason: string;
  readonly elasticsearch: ProfilePart<ElasticsearchProfile>;
  readonly clickhouse: ProfilePart<ClickHouseProfile>;
  readonly cpu: ProfilePart<CpuThreads>;
}

export interface ExchangeProfile {
  readonly id: number;
  /** Epoch ms. */
  readonly time: number;
  readonly totalUs: number;
  readonly phases: readonly ProfilePhase[];
  readonly wire: WireBytes;
  readonly clickhouse: ProfilePart<ClickHouseProfile>;
  /** Newest first; the latest two are kept, while Parallax runs. */
  readonly runs: readonly ProfileRun[];
}
