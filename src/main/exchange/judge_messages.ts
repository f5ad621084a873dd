// What the engine and the thread that judges large answers tell each other. All plain data; `job` names the judgement that it is about.
import type { Comparison, SearchPart, Timings } from "../../shared/exchange.ts";
import type { Access } from "../clickhouse/client.ts";
import type { Fitting, RuleSettings } from "../matcher/rule_settings.ts";
import type { Continuation } from "./continuation.ts";
import type { ToldSearch } from "./judge.ts";
import type { Asked, Later, OpenSearch } from "./judge_exchange.ts";
import type { View } from "./moment.ts";
import type { Found } from "./points_in_time.ts";
import type { TableLookup } from "./run_search.ts";
import type { SearchRequest } from "./search_request.ts";
import type { Wanted } from "./witness.ts";

export type ToJudgeThread =
  | { readonly kind: "judge"; readonly job: number; readonly asked: Asked; readonly access: Access }
  /** By a later answer what `first` judged by the first. */
  | { readonly kind: "again"; readonly job: number; readonly first: number; readonly later: Later }
  | { readonly kind: "told"; readonly job: number; readonly question: number; readonly answer: unknown }
  | { readonly kind: "not told"; readonly job: number; readonly question: number; readonly why: string };

export type FromJudgeThread =
  | { readonly kind: "judged"; readonly job: number; readonly judged: JudgedThere }
  /** null: it was not the last answer. */
  | { readonly kind: "judged again"; readonly job: number; readonly told: ToldSearch | null }
  /** It threw. */
  | { readonly kind: "fault"; readonly job: number; readonly comparison: Comparison }
  | { readonly kind: "asks"; readonly job: number; readonly question: number; readonly what: Question }
  /** A moment that was read is over. */
  | { readonly kind: "over"; readonly job: number; readonly view: number; readonly maxScore: Parameters<View["over"]>[0] };

export interface JudgedThere {
  readonly comparison: Comparison;
  readonly parts: readonly SearchPart[];
  readonly timings: Timings;
  readonly answer: Uint8Array<ArrayBuffer> | null;
  readonly open: readonly OpenSearch[];
  /** It can be judged again. */
  readonly again: boolean;
}

/** As Witness and View have them; `view`: which of the views that the job was told. */
export type Question =
  | { readonly name: "tables"; readonly search: Wanted }
  | { readonly name: "whole"; readonly indices: readonly string[] }
  | { readonly name: "unsettled" | "late"; readonly indices: readonly string[]; readonly end: number }
  | { readonly name: "settings"; readonly search: Fitting }
  | { readonly name: "view"; readonly search: SearchRequest; readonly seen: Continuation }
  | { readonly name: "view unsettled"; readonly view: number }
  | { readonly name: "view max score"; readonly view: number };

/** A view without what can be asked of it. */
export interface ViewThere extends Pick<View, "search" | "asked" | "options"> {
  readonly view: number;
  readonly hasMaxScore: boolean;
}

export interface Told {
  readonly tables: TableLookup;
  readonly whole: string;
  readonly unsettled: string;
  readonly late: string;
  readonly settings: RuleSettings;
  readonly view: Exclude<Found, View> | ViewThere | null;
  readonly "view unsettled": string;
  readonly "view max score": Parameters<View["over"]>[0];
}
