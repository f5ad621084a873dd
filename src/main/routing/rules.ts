// Rules that give an index its mode. Pure.
import type { Mode } from "../../shared/mode.ts";
import type { IndexRule, RuleOrigin } from "../../shared/routing.ts";
import { namesAny } from "../mirror/expression.ts";
import { plainNames } from "./date_math_names.ts";

/** An index as rules see it: its name, and the aliases and the data stream that lead to it. */
export interface NamedIndex {
  readonly name: string;
  readonly aliases: readonly { readonly name: string }[];
}

export interface Rule extends IndexRule {
  readonly from: RuleOrigin;
}

/** The first rule that means the index; `last` where none does. `now` is what date math goes by, epoch ms. */
export function ruleOf(rules: readonly Rule[], { name, aliases }: NamedIndex, last: Rule, now: number): Rule {
  const names = [name, ...aliases.map((alias) => alias.name)];
  return rules.find(({ pattern, from }) => (from === "window" ? pattern === name : namesAny(plainNames(pattern, now), names))) ?? last;
}

/** True for a word that is a mode. */
export function isMode(word: unknown): word is Mode {
  return word === "tap" || word === "compare" || word === "clickhouse";
}

/** "" or what is wrong with a pattern. */
export function patternProblem(pattern: string): string {
  if (pattern.trim() === "" || pattern !== pattern.trim()) return "is empty, or has spaces around it";
  if (/[\s"\\?#]/.test(pattern.replaceAll(/<[^<>]*>/g, ""))) return "has a character that no index name has";
  return plainNames(pattern, 0).includes("<") ? "has date math that can't be read" : "";
}
