// The answer of `compare.groups`: how searches came out and how long they took, by what they have in common. Times are
// epoch milliseconds, latencies milliseconds.
import type { Verdict } from "./exchange.ts";
import type { Cause } from "./explanation.ts";

/** What searches are grouped by, and in which order one looks closer. */
export const COMPARE_BY = ["application", "dashboard", "panel", "shape", "index", "time"] as const;
export type CompareBy = (typeof COMPARE_BY)[number];

/** What one looks at next inside a group; null where only its exchanges are. */
export const CLOSER: Readonly<Record<CompareBy, CompareBy | null>> = Object.freeze({
  application: "dashboard",
  dashboard: "panel",
  panel: "shape",
  index: "shape",
  time: "shape",
  shape: null,
});

/** Searches that have all of these. "" is a value: searches of no dashboard. */
export interface CompareWithin {
  readonly application?: string;
  readonly dashboard?: string;
  readonly panel?: string;
  readonly shape?: string;
  readonly index?: string;
  /** From this time on, and before that one. */
  readonly since?: number;
  readonly until?: number;
}

/** What narrows a place to one of its groups, by its key. */
export function insideGroup(by: CompareBy, within: CompareWithin, key: string, bucketMs: number | null): CompareWithin {
  if (by === "time") return { ...within, since: Number(key), until: Number(key) + (bucketMs ?? 0) };
  return { ...within, [by]: key };
}

export interface CompareQuery extends CompareWithin {
  readonly by: CompareBy;
  /** The language of Traffic, without what reads bodies and headers. */
  readonly filter?: string;
  /** Most groups, 200 unless told, at most 500. */
  readonly limit?: number;
}

export interface SideLatency {
  /** Searches whose time is known. */
  readonly searches: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/**
 * How many times as long Elasticsearch's median is as ClickHouse's, over the searches that both sides answered, and
 * between which figures it is with 95 % confidence at least; null where the searches are too few to tell.
 */
export interface LatencyRatio {
  readonly searches: number;
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface DifferingPath {
  /** Keys and positions as `*`: `/hits/hits/*`. */
  readonly path: string;
  /** Searches that differ there. */
  readonly searches: number;
}

export interface CompareGroup {
  /** What the searches have in common, as `CompareWithin` takes it; by time, where the bucket begins. */
  readonly key: string;
  /** What a person calls it; "" where nobody knows. */
  readonly title: string;
  readonly searches: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Share of the leaves of Elasticsearch's answers that were compared and equal, 0 to 1; null where none was compared. */
  readonly similarity: number | null;
  readonly elasticsearch: SideLatency;
  readonly clickhouse: SideLatency;
  readonly ratio: LatencyRatio;
  /** Where the answers differ most often. */
  readonly paths: readonly DifferingPath[];
  /** The newest exchange of the loudest verdict. */
  readonly example: number;
  /** When its newest search came. */
  readonly newest: number;
}

/** One thing that all searches asked for have in common. */
export interface CompareCrumb {
  readonly by: CompareBy;
  readonly key: string;
  readonly title: string;
}

export interface CompareAnswer {
  readonly by: CompareBy;
  /** What narrowed the searches, outermost first. */
  readonly within: readonly CompareCrumb[];
  /** All searches that were asked for; its key is "". */
  readonly all: CompareGroup;
  /** Those with the most failed, different and unsupported searches first, then those with the most; by time in the order of time, the newest. */
  readonly groups: readonly CompareGroup[];
  /** Groups that `limit` left out. */
  readonly left: number;
  /** Width of a bucket of time; null where the groups are others. */
  readonly bucketMs: number | null;
}

/** A place of Compare: what narrows it, and the filter over it. */
export interface ComparePlaceQuery extends CompareWithin {
  readonly filter?: string;
}

/** A search that both sides answered. */
export interface TimedSearch {
  readonly exchange: number;
  readonly elasticsearchMs: number;
  readonly clickhouseMs: number;
  readonly verdict: Verdict;
}

export interface ComparePoints {
  /** The newest, oldest first. */
  readonly searches: readonly TimedSearch[];
  /** Older ones, which are not given. */
  readonly left: number;
}

/** `ask`: so many kinds that were not explained yet are explained now, at most 10, none unless told. `again`: what was kept is forgotten first. */
export interface WhyQuery extends ComparePlaceQuery {
  readonly ask?: number;
  readonly again?: boolean;
}

/** Searches of one shape that differ at the same paths, explained by one of them. */
export interface ExplainedKind {
  /** The exchange that was asked again, and which of its searches. */
  readonly exchange: number;
  readonly position: number;
  readonly path: string;
  readonly shape: string;
  readonly searches: number;
  readonly sentence: string;
}

export interface CauseCount {
  readonly cause: Cause;
  /** Searches that the explained ones stand for. */
  readonly searches: number;
  readonly kinds: readonly ExplainedKind[];
}

export interface WhyAnswer {
  /** Searches that differ, and of how many kinds: by shape and the paths where they differ. */
  readonly differing: number;
  readonly kinds: number;
  /** Kinds that can be asked for yet: of the 20 with the most searches. */
  readonly waiting: number;
  /** The most frequent cause first. */
  readonly causes: readonly CauseCount[];
}
