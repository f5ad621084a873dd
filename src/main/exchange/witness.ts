// What only the engine's main thread knows of a search while it is judged: which tables, whether all is there, which moment it reads.
// A judge may be in another thread: what is asked and answered is plain data, each answer a promise.
import type { Fitting, RuleSettings } from "../matcher/rule_settings.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import type { Continuation } from "./continuation.ts";
import type { Moments } from "./moments.ts";
import type { OpenWrites } from "./open_writes.ts";
import type { Found } from "./points_in_time.ts";
import type { TableLookup } from "./run_search.ts";
import type { SearchRequest } from "./search_request.ts";
import { lateReason, unsettledReason } from "./tables.ts";

export type Wanted = Pick<SearchRequest, "index" | "params">;

export interface Witness {
  tables(search: Wanted): Promise<TableLookup>;
  /** As Judging has it. */
  whole(indices: readonly string[]): Promise<string>;
  /** As Judging has it; `end`: when Elasticsearch's last answer ended, epoch ms. */
  unsettled(indices: readonly string[], end: number): Promise<string>;
  /** "" or why Elasticsearch may be late to show the last writes; `end` as of unsettled. @default "" */
  late?(indices: readonly string[], end: number): Promise<string>;
  /** What is said of the rules for a search. */
  settings(search: Fitting): Promise<RuleSettings>;
  /** How a search that reads a moment is judged; null for all others. */
  view(search: SearchRequest, seen: Continuation): Promise<Found | null>;
}

export interface WitnessOptions {
  readonly mirrored: Mirrored;
  readonly openWrites: OpenWrites;
  readonly moments: Moments;
  readonly tables: (search: Wanted) => Promise<TableLookup>;
  readonly settings: (search: Fitting) => RuleSettings;
}

/** The witness of one exchange. */
export function witnessOf(
  { mirrored, openWrites, moments, tables, settings }: WitnessOptions,
  asked: Omit<Parameters<Moments["view"]>[0], "mirrored"> & { readonly exchange: TappedExchange },
): Witness {
  const { mirror } = mirrored;
  const { time } = asked.exchange;
  return {
    tables,
    whole: (indices) => mirror.whole(indices),
    unsettled: async (indices, end) => unsettledReason({ mirror, openWrites }, indices, time, end - time),
    late: async (indices, end) => lateReason(mirror, indices, time, end - time),
    settings: async (search) => settings(search),
    view: (search, seen) => moments.view({ ...asked, mirrored }, search, seen),
  };
}
