// What the user has said of rules, as far as it holds for one search: plain data, so that it can go to a worker. Pure.
import type { KnownNoise } from "../../shared/noise.ts";
import { IGNORED, type VerdictEntry } from "../../shared/verdict_rules.ts";
import { expressionNames } from "../mirror/expression.ts";

/** A rule is on or off at some places. */
export interface RuleSwitch {
  readonly rule: string;
  readonly on: boolean;
  /** Pattern (path_pattern.ts); absent: the whole answer. */
  readonly path?: string;
  readonly reason: string;
}

/** What is of no interest: the places of a pattern, or a field of documents by its dotted name. */
export type Ignored = ({ readonly path: string } | { readonly field: string }) & { readonly reason: string };

/** What a side was seen to answer otherwise each time, with that in words. */
export type SeenNoise = Pick<KnownNoise, "path" | "kind" | "spread"> & { readonly reason: string };

export interface RuleSettings {
  /** Of several for one rule and place, the first decides. */
  readonly switches: readonly RuleSwitch[];
  readonly ignored: readonly Ignored[];
  readonly noise: readonly SeenNoise[];
}

export const NO_SETTINGS: RuleSettings = Object.freeze({ switches: [], ignored: [], noise: [] });

/** A search, as entries mean it: its index expression and its query's shape. */
export interface Fitting {
  readonly index: string;
  readonly shape: string;
}

/** What the entries say of a search. */
export function settingsFor(entries: readonly VerdictEntry[], search: Fitting): RuleSettings {
  const fitting = entries.filter((entry) => fits(entry, search));
  if (fitting.length === 0) return NO_SETTINGS;
  return {
    switches: fitting.flatMap(({ rule, on, path, reason }) =>
      on === undefined ? [] : [{ rule, on, ...(path === undefined ? {} : { path }), reason }],
    ),
    ignored: fitting.flatMap(({ rule, path, field, reason }): Ignored[] => {
      if (rule !== IGNORED) return [];
      return field === undefined ? [{ path: path ?? "/**", reason }] : [{ field, reason }];
    }),
    noise: [],
  };
}

// All that the search names must be meant: what is said of `logs-*` does not hold for a search of `logs-*,orders`.
function fits(entry: VerdictEntry, { index, shape }: Fitting): boolean {
  if (entry.shape !== undefined && entry.shape !== shape) return false;
  const { index: meant } = entry;
  if (meant === undefined) return true;
  const names = index.split(",").filter((name) => !name.startsWith("-"));
  return names.every((name) => expressionNames(meant, name));
}
