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

/** Text by which two leaves are the same letter for letter. */
export function printTarget(value: JsonValue): string {
  return printJson(value);
}
