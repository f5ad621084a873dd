// What may happen to a request on its way: rewrite rules, a script, breakpoints, and the requests that are held. Plain data, the
// same in the configuration, over the wire and in the window.
import type { HeaderPairs } from "./exchange.ts";

export type MessageSide = "request" | "response";
export type BackendName = "elasticsearch" | "clickhouse" | "compare";

/** One thing that a rule does. */
export type RuleAction =
  | { readonly kind: "set_header"; readonly side: MessageSide; readonly name: string; readonly value: string }
  | { readonly kind: "remove_header"; readonly side: MessageSide; readonly name: string }
  /** `pattern`: a regular expression, searched for in path and query; `replacement` may say `$1`. */
  | { readonly kind: "change_path"; readonly pattern: string; readonly replacement: string }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "fail"; readonly status: number }
  | { readonly kind: "reset" }
  /** Answers with the file's bytes. */
  | { readonly kind: "map_to_file"; readonly file: string; readonly status: number; readonly contentType: string }
  | { readonly kind: "backend"; readonly backend: BackendName };

export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** A filter expression. */
  readonly match: string;
  readonly actions: readonly RuleAction[];
}

export interface RuleState extends Rule {
  /** One of the configuration can be switched off here, not changed. */
  readonly origin: "config" | "page";
  /** Exchanges that it changed since the start. */
  readonly used: number;
  /** "" or why it last could not do what it says. */
  readonly problem: string;
  /** "" or what it says of some indices without their mode bearing it out. */
  readonly warning: string;
}

export interface Breakpoint {
  readonly id: string;
  readonly enabled: boolean;
  readonly match: string;
  readonly on: MessageSide | "both";
}

export interface ScriptFault {
  /** Epoch ms. */
  readonly time: number;
  /** Id of the exchange; 0 when it was met while the module was loaded. */
  readonly exchange: number;
  readonly message: string;
}

export interface ScriptState {
  /** "" without a script. */
  readonly file: string;
  readonly state: "off" | "loading" | "running" | "failed";
  readonly hooks: readonly MessageSide[];
  /** How long a hook may take, ms. */
  readonly limitMs: number;
  readonly calls: number;
  readonly failures: number;
  /** Newest first, a few. */
  readonly faults: readonly ScriptFault[];
}

/** A request or a response that waits for someone to let it go. */
export interface HeldSummary {
  readonly id: number;
  /** 0 when it is not captured. */
  readonly exchange: number;
  readonly side: MessageSide;
  /** Epoch ms; by `until` it goes on by itself. */
  readonly since: number;
  readonly until: number;
  readonly method: string;
  readonly path: string;
  /** null while there is no response. */
  readonly status: number | null;
  readonly bodyBytes: number;
}

/** What is held, whole. The body as text, content coding undone; base64 when it is not UTF-8. */
export interface HeldMessage extends HeldSummary {
  readonly headers: HeaderPairs;
  readonly body: string;
  readonly encoding: "utf8" | "base64";
}

/** What is changed of a held message; absent members stay. */
export interface HeldEdits {
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly headers?: HeaderPairs;
  readonly body?: string;
  /** Of `body`. @default "utf8" */
  readonly encoding?: "utf8" | "base64";
}

/** Everything about rules, script and breakpoints. */
export interface RulesState {
  readonly rules: readonly RuleState[];
  readonly script: ScriptState;
  readonly breakpoints: readonly Breakpoint[];
  readonly held: readonly HeldSummary[];
}
