// The exchange record: one request through the proxy and what became of it. Plain data, the same on disk, over the wire
// and in the window. Times are epoch milliseconds; phases are milliseconds since `time`, with fractions.
import type { Leeway } from "./leeway.ts";

/** The six verdicts. `not_compared` always has a reason. */
export type Verdict = "equal" | "equivalent" | "different" | "unsupported" | "failed" | "not_compared";
export const VERDICTS: readonly Verdict[] = ["equal", "equivalent", "different", "unsupported", "failed", "not_compared"];

/** What a request asks of Elasticsearch (elasticsearch/route.ts). `search` covers _search, _msearch, _count, _async_search. */
export type ExchangeKind = "search" | "write" | "schema" | "get" | "admin" | "other";

/** Header list as sent: order, case and duplicates kept. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** One row of the Traffic list. */
export interface ExchangeSummary {
  readonly id: number;
  /** Start of the request, epoch ms. */
  readonly time: number;
  readonly method: string;
  /** Request target as sent: path and query. */
  readonly path: string;
  /** Last path segment that names the API, e.g. `_search`, `_bulk`. */
  readonly endpoint: string;
  /** Index expression as the client wrote it; "" when there is none. */
  readonly index: string;
  readonly kind: ExchangeKind;
  /** HTTP status; 0 while waiting or when the upstream gave none. */
  readonly status: number;
  /** null: not a search, or still being compared. */
  readonly verdict: Verdict | null;
  /** One line: why this verdict, or what was mirrored ("mirrored 500"), or the error. */
  readonly note: string;
  /** Time to the last byte of Elasticsearch's answer, ms; null when it has not come. */
  readonly elasticsearchMs: number | null;
  /** Translate + run + shape in ClickHouse, ms; null when it did not run. */
  readonly clickhouseMs: number | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** `X-Opaque-Id`, else the user agent: who asked. */
  readonly client: string;
  /** Fingerprint of the query without its literals; "" when it is not a search. */
  readonly shape: string;
  readonly pinned: boolean;
  /** True when a body was longer than the capture limit. */
  readonly truncated: boolean;
  /** A word or sign that someone gave it; absent when nobody did. */
  readonly marker?: string;
  /** What someone wrote about it; absent when nobody did. */
  readonly comment?: string;
}

/** Phases on one axis, ms since `time`. Absent phases did not happen. */
export interface Timings {
  readonly forwarded?: number;
  readonly requestSent?: number;
  readonly firstByte?: number;
  readonly lastByte?: number;
  /** The search reached the queue of those that are compared. */
  readonly queued?: number;
  /** Its turn came: what was before it is handed over. */
  readonly taken?: number;
  /** Request and answer are read. */
  readonly compareStarted?: number;
  readonly translated?: number;
  readonly clickhouseDone?: number;
  readonly shaped?: number;
  readonly matched?: number;
}

/** A clause that has no exact SQL. */
export interface Unsupported {
  /** JSON pointer into the request body. */
  readonly pointer: string;
  readonly reason: string;
}

/** A piece of SQL and the clause that it came from. Offsets are UTF-16 units into `sql`. */
export interface SqlSpan {
  readonly start: number;
  readonly end: number;
  readonly pointer: string;
}

export interface SqlParameter {
  readonly name: string;
  readonly type: string;
  /** ClickHouse's text form of the value. */
  readonly value: string;
}

export interface StatementRun {
  /** `hits`, `count`, or the aggregation's path, e.g. `aggs 2>3`. */
  readonly name: string;
  readonly sql: string;
  readonly params: readonly SqlParameter[];
  readonly spans: readonly SqlSpan[];
  readonly ms: number | null;
  readonly rows: number | null;
  readonly readRows: number | null;
  readonly readBytes: number | null;
  readonly memoryBytes: number | null;
  readonly error: string | null;
  /** What ClickHouse's own logs call the run; absent or null where it did not tell. */
  readonly queryId?: string | null;
  /** Bodies on the wire, to ClickHouse and back. */
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
}

/** One place where the answers differ. Values are JSON text, so that numbers stay as sent; null means missing. */
export interface Difference {
  /** Pointer with keyed steps: `/aggregations/2/buckets/[key=7]/doc_count`, `/hits/hits/[_id=a1]/_source/x`. */
  readonly path: string;
  readonly kind: "value" | "missing" | "extra" | "order" | "type";
  readonly elasticsearch: string | null;
  readonly clickhouse: string | null;
}

/** A named rule that was applied, and to how many leaves. */
export interface RuleUse {
  readonly rule: string;
  readonly reason: string;
  readonly paths: readonly string[];
  readonly count: number;
  /** An entry of the setting `verdicts.rules` did it; the reason is the entry's. */
  readonly byEntry?: true;
}

export interface Comparison {
  readonly verdict: Verdict;
  /** Plain words, one sentence. */
  readonly reason: string;
  readonly differences: readonly Difference[];
  /** Total number of differences; `differences` holds at most the first 1000. */
  readonly differenceCount: number;
  readonly rules: readonly RuleUse[];
  /** Rules that would have explained differences, but for entries that switch them off; absent: none. The reasons are the entries'. */
  readonly rulesOff?: readonly RuleUse[];
  /** Leaves of Elasticsearch's answer that were compared value by value, and all of them. */
  readonly comparedLeaves: number;
  readonly totalLeaves: number;
  readonly unsupported: readonly Unsupported[];
}

/** One search of an exchange: an `_msearch` has several, every other search one. */
export interface SearchPart {
  readonly position: number;
  readonly index: string;
  /** The request body of this search, JSON text. */
  readonly body: string;
  /** Pointer of `body` in the whole; "" but for `_msearch`. */
  readonly statements: readonly StatementRun[];
  /** ClickHouse's answer in Elasticsearch's shape, JSON text; null when there is none, or it is too large to stand here. */
  readonly clickhouse: string | null;
  /** Octets of ClickHouse's answer where it is too large to stand here: it is the exchange's body `clickhouse`. */
  readonly clickhouseBytes?: number;
  readonly comparison: Comparison;
  readonly shape: string;
  readonly clickhouseMs: number | null;
  /** Judged by a second look: Elasticsearch's answer then, and when it was asked, epoch ms. What the client had is another. */
  readonly second?: { readonly time: number; readonly elasticsearch: string };
  /** What is left open about ClickHouse's answer, to compare it again; absent: there is none, or it is too much to keep. */
  readonly leeway?: Leeway;
  /** Its own phases, where it is one of several searches. */
  readonly timings?: Pick<Timings, "compareStarted" | "translated" | "clickhouseDone" | "shaped" | "matched">;
}

export interface MirrorNote {
  readonly indexed: number;
  readonly deleted: number;
  readonly failed: number;
  readonly notMirrored: number;
  readonly reason: string;
}

export interface HttpMessage {
  readonly version: string;
  readonly headers: HeaderPairs;
  /** Bytes of the body on the wire without transfer coding (content coding kept). */
  readonly bodyBytes: number;
  readonly truncated: boolean;
}

/** What a rule, a script or someone at a breakpoint did to an exchange. */
export interface ExchangeChange {
  /** `rule "slow"`, `script`, `breakpoint`. */
  readonly by: string;
  readonly did: string;
}

/** Whether a body is the client's, or kept by itself, whole or in part. Absent: as sessions before this had it, not kept. */
export type OtherBody = "same" | "kept" | "cut";

/** A request as it went on, where it is not what the client sent. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderPairs;
  readonly bodyBytes: number;
  readonly body?: OtherBody;
}

/** An answer as Elasticsearch gave it, where the client may have got another. */
export interface GivenResponse {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly bodyBytes: number;
  readonly body?: OtherBody;
}

/** Everything about one exchange but its bodies, which are fetched by themselves. */
export interface ExchangeDetail extends ExchangeSummary {
  /** As the client sent it. `changes`: in order; absent when nothing was done to the exchange. */
  readonly request: HttpMessage & { readonly changes?: readonly ExchangeChange[]; readonly sent?: SentRequest };
  /** As the client got it. */
  readonly response: (HttpMessage & { readonly reason: string; readonly given?: GivenResponse }) | null;
  readonly timings: Timings;
  readonly searches: readonly SearchPart[];
  readonly mirror: MirrorNote | null;
  /** How the exchange ended: "" when complete, else what broke. */
  readonly error: string;
  /** Address and port of the client; absent where it is not known. */
  readonly source?: string;
}
