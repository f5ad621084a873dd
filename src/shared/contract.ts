// The one contract between engine and window: a map of requests and a map of events. IPC handlers, HTTP routes, preload
// and hooks derive from it; nothing else crosses the border.
import type { CompareAnswer, ComparePlaceQuery, ComparePoints, CompareQuery, WhyAnswer, WhyQuery } from "./compare.ts";
import type { DumpInfo } from "./dump.ts";
import type { ExchangeDetail, ExchangeSummary, HeaderPairs, SqlParameter, Unsupported, Verdict } from "./exchange.ts";
import type { ExchangeProfile, ProfileMember } from "./exchange_profile.ts";
import type { Explanation } from "./explanation.ts";
import type { HealthCheck } from "./health.ts";
import type { IndexDetail, IndexInfo, LedgerEntry } from "./index_info.ts";
import type { InterceptInfo, InterceptStatus } from "./intercept.ts";
import type { JudgedAgainCounts } from "./judge_again.ts";
import type { KibanaState } from "./kibana.ts";
import type { LogLevel, LogPage } from "./log.ts";
import type { MemoryReport, VirtualMemory } from "./memory.ts";
import type { Mode } from "./mode.ts";
import type { NoiseProbe, RememberedNoise } from "./noise.ts";
import type { GenerateRequest, GeneratorInfo, PipeInfo } from "./pipe.ts";
import type { ProfileFormat, ProfileInfo, ProfilerActivity, ProfilerState } from "./profiles.ts";
import type { RouteInfo } from "./routing.ts";
import type { HeldEdits, HeldMessage, RulesState } from "./rules.ts";
import type { SampleDataState } from "./sample_data.ts";
import type { Schedule, ScheduleInfo } from "./schedule.ts";
import type { RecentSession } from "./session_list.ts";
import type { SafeMode, SettingsState } from "./settings.ts";
import type { RedactionChoices, ShareFormat, ShareOf, SharePreview, ShareStart, ShareState } from "./share.ts";
import type { Judgement, ShrinkState } from "./shrink.ts";
import type { Routes, Statistics } from "./statistics.ts";
import type { Telemetry } from "./telemetry.ts";

export type BackendState = "ok" | "starting" | "away" | "absent" | "recorded";

export interface Backend {
  readonly url: string;
  readonly status: BackendState;
  readonly version: string | null;
  /** What is wrong and what to do, "" when all is well. */
  readonly message: string;
  /** Each of several nodes; `url` is the one that is asked. */
  readonly nodes?: readonly { readonly url: string; readonly status: BackendState; readonly message: string }[];
}

export interface ClickHouseBackend extends Backend {
  readonly embedded: boolean;
  readonly port: number | null;
  readonly dataFolder: string | null;
}

export interface Health {
  readonly status: "ok" | "degraded";
  readonly proxy: string;
  readonly elasticsearch: BackendState;
  readonly clickhouse: BackendState;
}

export interface Status {
  readonly node_id: string;
  /** The process that takes SIGUSR1. */
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly started: string;
  readonly uptime: string;
  /** `version`, `started` to the second, and `uptime` in full, as other systems name them. */
  readonly node_version: string;
  readonly node_start_time: string;
  readonly node_uptime: string;
  readonly virtual_memory: VirtualMemory;
  readonly running: boolean;
  readonly mode: Mode;
  readonly session: SessionInfo;
  readonly proxy: { readonly url: string; readonly port: number };
  readonly intercept: InterceptStatus;
  readonly interface: { readonly url: string; readonly port: number };
  readonly elasticsearch: Backend;
  readonly clickhouse: ClickHouseBackend;
  /** `forgotten`: exchanges that made way for newer ones since the session file has reached its cap. */
  readonly capture: { readonly exchanges: number; readonly missed: number; readonly forgotten?: number; readonly bytes: number };
  /** Writes that are kept until ClickHouse has them; `problem` is "" or why they are not kept now. */
  readonly journal: { readonly writes: number; readonly bytes: number; readonly problem: string };
  readonly safe_mode: SafeMode;
  /** What the health checker found last; null before it has. */
  readonly health: HealthCheck | null;
  /** Sentences for the banner: what is wrong, to what, what to do. */
  readonly problems: readonly string[];
  /** True when the sample plays for want of an address: the window shows the first-run choices beside it. */
  readonly welcome?: boolean;
  /** Parallax is ending: what the journal keeps is put away, then it is gone. */
  readonly ending?: true;
}

export interface SessionInfo {
  readonly name: string;
  readonly file: string;
  readonly sample: boolean;
  readonly readOnly: boolean;
  /** Sample replay: requests played and in all; null otherwise. */
  readonly replay: { readonly played: number; readonly total: number } | null;
}

export interface VerdictCounts {
  readonly equal: number;
  readonly equivalent: number;
  readonly different: number;
  readonly unsupported: number;
  readonly failed: number;
  readonly not_compared: number;
}

export interface ShapeVerdicts {
  readonly shape: string;
  /** What a person recognises the shape by: endpoint, index, clauses and fields in a line. */
  readonly sketch: string;
  /** Id of a typical exchange of this shape. */
  readonly example: number;
  readonly index: string;
  readonly counts: VerdictCounts;
  readonly reason: string;
  readonly elasticsearchMs: number | null;
  readonly clickhouseMs: number | null;
}

export interface Verdicts {
  readonly total: number;
  readonly counts: VerdictCounts;
  readonly shapes: readonly ShapeVerdicts[];
}

export interface ExchangePage {
  readonly exchanges: readonly ExchangeSummary[];
  /** Pass as `before` for the next (older) page, or as `after` where the oldest come first; null at the end. */
  readonly next: number | null;
  /** Exchanges that match the filter, all pages; with `after` only those of the page, which costs no count of all. */
  readonly total: number;
}

/** `before` and `after` are ids and bound the list, both exclusive. Newest first unless `oldestFirst`. */
export interface ExchangeQuery {
  readonly filter?: string;
  readonly limit?: number;
  readonly before?: number;
  readonly after?: number;
  readonly oldestFirst?: boolean;
}

/** Where exchanges that match a filter lie, so that a place in the list can be told from an id and the other way round. */
export interface ExchangeRanges {
  /** Ranges of ids, newest first and without gaps: each from the `after` of the one before it down to just above its own. */
  readonly ranges: readonly IdRange[];
  /** Pass as `before` for the next (older) ranges; null at the end. */
  readonly next: number | null;
  /** False where the filter reads bodies or headers: what matches is only known once it was read. No ranges are given then. */
  readonly counted: boolean;
}

export interface IdRange {
  readonly after: number;
  /** Exchanges that match, 256 at most. */
  readonly count: number;
}

export interface TranslateAnswer {
  readonly statements: readonly { readonly name: string; readonly sql: string; readonly params: readonly SqlParameter[] }[];
  readonly unsupported: readonly Unsupported[];
}

export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Cells as JSON text. */
  readonly rows: readonly (readonly string[])[];
  readonly ms: number;
  readonly readRows: number;
  readonly readBytes: number;
}

export type PipeOperation = "start" | "stop";
/** `sent` and `given` are there only where they are not the client's: SentRequest and GivenResponse say so. */
export type BodySide = "request" | "elasticsearch" | "clickhouse" | "sent" | "given";

/** Request counts per bucket of time for the strip over the list. */
export interface Timeline {
  readonly bucketMs: number;
  readonly buckets: readonly {
    readonly time: number;
    readonly count: number;
    readonly different: number;
    readonly unsupported: number;
    readonly failed: number;
  }[];
}

/** What of a request is another when it is sent again. */
export interface RequestEdits {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: HeaderPairs;
  readonly body?: string;
}

/** name → [what is sent, what comes back]. Requests in `WRITES` need the token over HTTP. */
export interface Requests {
  readonly "health.get": [Record<string, never>, Health];
  readonly "status.get": [Record<string, never>, Status];
  /** An HTML file: the stacks of all threads, of ClickHouse's and of Elasticsearch's. */
  readonly "stacktrace.get": [Record<string, never>, string];
  readonly "exchanges.list": [ExchangeQuery, ExchangePage];
  readonly "exchanges.ranges": [{ readonly filter?: string; readonly before?: number }, ExchangeRanges];
  readonly "exchanges.timeline": [{ readonly filter?: string }, Timeline];
  readonly "exchange.get": [{ readonly id: number }, ExchangeDetail];
  /** Decoded text of a body (content coding undone), a slice of at most 1 MiB from `offset` bytes. `base64` when not UTF-8. */
  readonly "exchange.body": [
    { readonly id: number; readonly side: BodySide; readonly offset?: number },
    { readonly text: string; readonly encoding: "utf8" | "base64"; readonly totalBytes: number; readonly next: number | null },
  ];
  readonly "exchange.pin": [{ readonly id: number; readonly pinned: boolean }, ExchangeSummary];
  /** "" takes a marker or comment away; absent leaves it. Either pins the exchange. */
  readonly "exchange.mark": [{ readonly id: number; readonly marker?: string; readonly comment?: string }, ExchangeSummary];
  /** Sends it again through the proxy; what is given takes the place of what was sent. `body` is text. */
  readonly "exchange.resend": [{ readonly id: number } & RequestEdits, { readonly sent: true }];
  readonly "exchange.profile": [{ readonly id: number }, ExchangeProfile];
  /** Asks its request once more to be profiled; nothing of that is captured. `members`: what of it; absent: all. */
  readonly "exchange.profile_again": [{ readonly id: number; readonly members?: readonly ProfileMember[] }, ExchangeProfile];
  /** Why the answers differ at `path`, by default the first place that does. */
  readonly "exchange.explain": [{ readonly id: number; readonly path?: string }, Explanation];
  /** Makes the loudest of its searches, or the one at `position`, small; answers at once, and `exchange.shrink_state` tells how far it is. */
  readonly "exchange.shrink": [{ readonly id: number; readonly position?: number }, ShrinkState];
  readonly "exchange.shrink_state": [{ readonly id: number }, ShrinkState];
  /** Ends it with the smallest that was found by then. */
  readonly "exchange.shrink_stop": [{ readonly id: number }, ShrinkState];
  /** Writes what was made small, with mapping and documents, as `cases/NAME.json` of the data folder. */
  readonly "exchange.keep_case": [
    { readonly id: number; readonly name: string },
    { readonly file: string; readonly documents: number; readonly documentsLeftOut: number },
  ];
  /**
   * Asks each side the same search `times` times (5; 3 to 20) and tells where it disagrees with itself; answers when that is over. `position`:
   * which search of several. `remember`: as `noise.remember` does, where there is something to remember.
   */
  readonly "exchange.probe": [
    { readonly id: number; readonly position?: number; readonly times?: number; readonly remember?: boolean },
    NoiseProbe,
  ];
  readonly "exchange.probe_state": [{ readonly id: number }, NoiseProbe];
  /** Ends it with what was asked by then. */
  readonly "exchange.probe_stop": [{ readonly id: number }, NoiseProbe];
  /** Newest first. */
  readonly "noise.list": [Record<string, never>, readonly RememberedNoise[]];
  /** Leaves open, in later searches of its shape, what the last probe of this exchange found. */
  readonly "noise.remember": [{ readonly id: number }, RememberedNoise];
  readonly "noise.forget": [{ readonly shape: string }, readonly RememberedNoise[]];
  /** Compares the kept answers of an exchange again, by the rules of now: nobody is asked. */
  readonly "exchange.judge_again": [{ readonly id: number }, { readonly before: Verdict | null; readonly now: Verdict }];
  /** The same of all that pass the filter, oldest first, from the one after `after` on; after a while it says where to go on. */
  readonly "session.judge_again": [{ readonly filter?: string; readonly after?: number }, JudgedAgainCounts];
  /** Asks Elasticsearch a search and judges the answer as it would be if a client had asked; nothing of it is captured. `method` is POST by default. */
  readonly "search.judge": [
    { readonly path: string; readonly method?: string; readonly headers?: HeaderPairs; readonly body?: string },
    Judgement,
  ];
  /**
   * Plays the requests of the session that is shown, oldest first, at the proxy or at `to`. `speed`: 1 as they came (the default), 10 ten times
   * as fast, 0 as fast as can be.
   */
  readonly "session.replay": [{ readonly to?: string; readonly filter?: string; readonly speed?: number }, PipeInfo];
  readonly "dump.get": [Record<string, never>, DumpInfo];
  /** `filter`: which exchanges are written; absent: all. */
  readonly "dump.set": [{ readonly on: boolean; readonly filter?: string }, DumpInfo];
  readonly "verdicts.get": [Record<string, never>, Verdicts];
  /** Verdicts, similarity and latencies of the searches of the session that is shown, by what they have in common. */
  readonly "compare.groups": [CompareQuery, CompareAnswer];
  /** The newest searches of a place that both sides answered, with both times. */
  readonly "compare.points": [ComparePlaceQuery, ComparePoints];
  /** Why the searches of a place differ, as far as it is known; `ask` finds out more. */
  readonly "compare.why": [WhyQuery, WhyAnswer];
  readonly "indices.list": [Record<string, never>, readonly IndexInfo[]];
  readonly "index.get": [{ readonly name: string }, IndexDetail];
  /** Newest first. */
  readonly "index.ledger": [{ readonly name: string; readonly limit?: number }, readonly LedgerEntry[]];
  /** `rate`: most documents a second. */
  readonly "index.backfill": [{ readonly name: string; readonly rate?: number }, PipeInfo];
  readonly "index.reconcile": [{ readonly name: string; readonly rate?: number; readonly exact?: boolean }, PipeInfo];
  /** Gives one index, by its own name, a mode; without one the rules say again. */
  readonly "index.mode": [{ readonly name: string; readonly mode?: Mode }, Pick<IndexInfo, "name" | "mode" | "modeFrom">];
  /** In the order in which they are tried. */
  readonly "routes.list": [Record<string, never>, readonly RouteInfo[]];
  readonly "pipes.list": [Record<string, never>, readonly PipeInfo[]];
  readonly "generators.list": [Record<string, never>, readonly GeneratorInfo[]];
  /** Makes and starts a generator; one that was asked for alike before goes on where it was. */
  readonly "generator.begin": [GenerateRequest, PipeInfo];
  /** Asks Elasticsearch what of the sample data is there. */
  readonly "sample_data.get": [Record<string, never>, SampleDataState];
  /** Makes those sets that are not there, each by a generator. `queries`: plays, too, what a Kibana user asks of them (true). */
  readonly "sample_data.add": [{ readonly queries?: boolean }, SampleDataState];
  /** Removes the indices, data streams and templates of the sample data that Parallax made, and no other. */
  readonly "sample_data.remove": [Record<string, never>, SampleDataState];
  /** What has been seen from Kibana, and how it is to speak to the endpoint. */
  readonly "kibana.get": [Record<string, never>, KibanaState];
  /** Of the cluster that is connected. */
  readonly "schedules.list": [Record<string, never>, readonly ScheduleInfo[]];
  /** Gives a pipe a schedule, in the place of one that it has. */
  readonly "schedule.put": [{ readonly pipe: string } & Schedule, ScheduleInfo];
  /** What runs goes on. */
  readonly "schedule.remove": [{ readonly pipe: string }, readonly ScheduleInfo[]];
  readonly "pipe.pump": [
    { readonly pipe: string; readonly operation: PipeOperation; readonly rate?: number; readonly profiler?: boolean },
    PipeInfo,
  ];
  /** Newest first, at most `limit` (1000). */
  readonly "profiles.list": [{ readonly limit?: number }, readonly ProfileInfo[]];
  readonly "profiler.get": [Record<string, never>, ProfilerState];
  /** Records for so many seconds, or until `profile.stop`; answers when it is kept. */
  readonly "profile.record": [{ readonly kind: "cpu" | "heap"; readonly seconds: number }, ProfileInfo];
  /** Ends the recording by hand that runs now, and keeps it. */
  readonly "profile.stop": [Record<string, never>, ProfileInfo];
  readonly "profile.get": [{ readonly profile: string; readonly format?: ProfileFormat }, ProfileInfo];
  /** A slice of at most 1 MiB from `offset` bytes, of the format it is kept as unless there is another. */
  readonly "profile.read": [
    { readonly profile: string; readonly format?: ProfileFormat; readonly offset?: number },
    { readonly text: string; readonly encoding: "utf8" | "base64"; readonly totalBytes: number; readonly next: number | null },
  ];
  readonly "profile.remove": [{ readonly profile: string }, { readonly files: number; readonly bytes: number }];
  /** Removes the profiles of all calls. */
  readonly "profiles.clean": [Record<string, never>, { readonly files: number; readonly bytes: number }];
  readonly "rules.get": [Record<string, never>, RulesState];
  /** `rule`: a Rule; without `id` a new one. */
  readonly "rule.put": [{ readonly rule: unknown }, RulesState];
  readonly "rule.remove": [{ readonly rule: string }, RulesState];
  /** "" for none. */
  readonly "script.use": [{ readonly file: string }, RulesState];
  /** `breakpoint`: a Breakpoint; without `id` a new one. */
  readonly "breakpoint.put": [{ readonly breakpoint: unknown }, RulesState];
  readonly "breakpoint.remove": [{ readonly breakpoint: string }, RulesState];
  readonly "held.get": [{ readonly id: number }, HeldMessage];
  readonly "held.release": [{ readonly id: number; readonly edits?: HeldEdits }, RulesState];
  readonly "held.abort": [{ readonly id: number }, RulesState];
  readonly "held.release_all": [Record<string, never>, RulesState];
  /** `objects`: those of the main thread's heap too, for which it stands still for a while; by default left out here, and told in the text. */
  readonly "memory.get": [{ readonly objects?: boolean }, MemoryReport];
  readonly "memory.text": [{ readonly objects?: boolean }, string];
  /** What the allocators hold, as text. */
  readonly "memory.malloc": [Record<string, never>, string];
  readonly "telemetry.get": [Record<string, never>, Telemetry];
  readonly "statistics.get": [Record<string, never>, Statistics];
  readonly "statistics.routes": [Record<string, never>, Routes];
  readonly translate: [{ readonly index: string; readonly body: unknown }, TranslateAnswer];
  readonly "sql.run": [{ readonly sql: string; readonly params?: Readonly<Record<string, string>> }, SqlAnswer];
  /** The newest lines of the log of `level` or worse with `text` in them, at most `limit` (2000). */
  readonly "logs.list": [{ readonly level?: LogLevel; readonly text?: string; readonly limit?: number }, LogPage];
  readonly "settings.get": [Record<string, never>, SettingsState];
  /** `value` as the config file has it; absent or null: the default again. */
  readonly "settings.set": [{ readonly key: string; readonly value?: unknown }, SettingsState];
  /** A whole config file, or a configuration of entities with the node's metadata. */
  readonly "settings.upload": [{ readonly config: unknown }, SettingsState];
  /** Stops all pipes that can be stopped, and keeps them back at later starts too. */
  readonly "safe_mode.enter": [Record<string, never>, Status];
  readonly "proxy.set": [{ readonly running?: boolean; readonly mode?: Mode }, Status];
  /** Makes the certificate authority where there is none. */
  readonly "intercept.get": [Record<string, never>, InterceptInfo];
  readonly "intercept.set": [{ readonly on: boolean }, Status];
  readonly "elasticsearch.set": [{ readonly url: string }, Status];
  /** Asks an address who it is, without connecting anything to it. */
  readonly "elasticsearch.probe": [{ readonly url: string }, Backend];
  readonly "session.sample": [Record<string, never>, Status];
  readonly "session.open": [{ readonly file: string }, Status];
  /** Back from an opened file to the live session. */
  readonly "session.close": [Record<string, never>, Status];
  /** Files that were opened lately and are still there, the last one first. */
  readonly "session.recent": [Record<string, never>, readonly RecentSession[]];
  readonly "session.save": [{ readonly file: string }, { readonly file: string; readonly bytes: number }];
  readonly "session.clear": [Record<string, never>, Status];
  /** What would leave, and what would not. `example`: the exchange to show before and after. */
  readonly "share.preview": [{ readonly of: ShareOf; readonly redact?: RedactionChoices; readonly example?: number }, SharePreview];
  /**
   * Begins to write one file, without what is chosen and without what no file ever holds; `share.state` tells how far it is. Without `file` (a
   * whole path) it is fetched from /api/share/file.
   */
  readonly "share.write": [
    {
      readonly of: ShareOf;
      readonly format: ShareFormat;
      readonly redact?: RedactionChoices;
      readonly file?: string;
      readonly title?: string;
      /** Where an HTML opens. @default "traffic" */
      readonly start?: ShareStart;
    },
    ShareState,
  ];
  readonly "share.state": [Record<string, never>, ShareState];
  readonly "share.stop": [Record<string, never>, ShareState];
  /** Ends Parallax, in order; answers before it does. */
  readonly "app.quit": [Record<string, never>, Status];
}

export type RequestName = keyof Requests;
export type RequestOf<N extends RequestName> = Requests[N][0];
export type AnswerOf<N extends RequestName> = Requests[N][1];

/** Requests that change something or run SQL. */
export const WRITES: readonly RequestName[] = [
  "exchange.pin",
  "exchange.mark",
  "exchange.resend",
  "exchange.profile_again",
  "exchange.shrink",
  "exchange.shrink_stop",
  "exchange.keep_case",
  "exchange.probe",
  "exchange.probe_stop",
  "noise.remember",
  "noise.forget",
  "exchange.judge_again",
  "session.judge_again",
  "search.judge",
  "session.replay",
  "dump.set",
  "index.backfill",
  "index.reconcile",
  "index.mode",
  "generator.begin",
  "sample_data.add",
  "sample_data.remove",
  "pipe.pump",
  "schedule.put",
  "schedule.remove",
  "profile.record",
  "profile.stop",
  "profile.remove",
  "profiles.clean",
  "rule.put",
  "rule.remove",
  "script.use",
  "breakpoint.put",
  "breakpoint.remove",
  "held.release",
  "held.abort",
  "held.release_all",
  "sql.run",
  "settings.set",
  "settings.upload",
  "safe_mode.enter",
  "proxy.set",
  "intercept.set",
  "elasticsearch.set",
  "elasticsearch.probe",
  "session.sample",
  "session.open",
  "session.close",
  "session.save",
  "session.clear",
  "share.write",
  "share.stop",
  "app.quit",
];

/** Pushed to the window, batched: at most one of a kind every 100 ms. */
export interface Events {
  /** Newest state of exchanges that are new or changed, in the order of their ids; at most 200 an event, the rest by list. */
  readonly exchanges: { readonly changed: readonly ExchangeSummary[]; readonly total: number };
  readonly status: Status;
  readonly verdicts: Verdicts["counts"];
  readonly pipes: readonly PipeInfo[];
  readonly rules: RulesState;
  /** After each request of Kibana's. */
  readonly kibana: KibanaState;
  /** How many lines the log has had since the start. */
  readonly log: { readonly lines: number };
  /** Also when a profile was kept or removed. */
  readonly profiles: ProfilerActivity;
}

export type EventName = keyof Events;

export interface ContractError {
  readonly code: string;
  /** What happened, to what, what to do. */
  readonly message: string;
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ContractError };
export type { ExchangeDetail, ExchangeSummary, IndexInfo, Mode };
