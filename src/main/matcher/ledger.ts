// What a comparison has found: differences, rules that explained others, and how many leaves were compared.
import type { Difference, RuleUse } from "../../shared/exchange.ts";
import type { Disagreement } from "./disagreement.ts";
import { countLeaves, textOf } from "./leaves.ts";
import { pathOf } from "./place.ts";
import { RULES } from "./rules/index.ts";
import type { Rule } from "./rules/rule.ts";

const MOST_DIFFERENCES = 1000;
const MOST_PATHS_OF_A_RULE = 100;

export class Ledger {
  readonly differences: Difference[] = [];
  differenceCount = 0;
  comparedLeaves = 0;
  /** True once a rule that is more than housekeeping had to explain something. */
  excused = false;
  readonly #uses = new Map<Rule, { readonly paths: string[]; count: number }>();

  /** Takes a disagreement down: under the first rule that explains it, else as a difference. */
  record(found: Disagreement): void {
    const rule = RULES.find((candidate) => candidate.explains(found));
    if (rule === undefined) this.#differ(found);
    else this.#excuse(rule, found);
  }

  rules(): readonly RuleUse[] {
    return [...this.#uses].map(([rule, use]) => ({ rule: rule.name, reason: rule.reason, paths: use.paths, count: use.count }));
  }

  #differ(found: Disagreement): void {
    this.differenceCount += 1;
    if (found.kind !== "order") this.comparedLeaves += countLeaves(found.elasticsearch);
    if (this.differences.length >= MOST_DIFFERENCES) return;
    this.differences.push({
      path: pathOf(found.place),
      kind: found.kind,
      elasticsearch: textOf(found.elasticsearch),
      clickhouse: textOf(found.clickhouse),
    });
  }

  #excuse(rule: Rule, found: Disagreement): void {
    const use = this.#uses.get(rule) ?? { paths: [], count: 0 };
    this.#uses.set(rule, use);
    const leaves = found.kind === "order" ? 1 : Math.max(1, countLeaves(found.elasticsearch));
    use.count += leaves;
    if (use.paths.length < MOST_PATHS_OF_A_RULE) use.paths.push(pathOf(found.place));
    if (rule.compares && found.kind !== "order") this.comparedLeaves += countLeaves(found.elasticsearch);
    if (!rule.housekeeping) this.excused = true;
  }
}
