// Which named rule let a leaf pass. A rule's path may hold `*` for one step and end above the leaf.
import type { RuleUse } from "../../../shared/exchange.ts";
import { type JsonValue, printJson } from "../../../shared/json.ts";

/** The name of the rule that covers `path`, "" when none says so. */
export function ruleAt(path: string, rules: readonly RuleUse[]): string {
  return rules.find((rule) => rule.paths.some((pattern) => covers(pattern, path)))?.rule ?? "";
}

function covers(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const steps = path.split("/");
  return wanted.length <= steps.length && wanted.every((step, i) => step === "*" || step === steps[i]);
}

/** Whether two leaves are the same letter for letter: 1 and 1.0 are not. */
export function sameText(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === "string" || typeof b === "string" || typeof a === "boolean" || typeof b === "boolean") return a === b;
  return printJson(a) === printJson(b);
}
