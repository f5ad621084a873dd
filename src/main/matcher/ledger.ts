// What a comparison has found: differences, rules that explained others, and how many leaves were compared.
import type { Difference, RuleUse } from "../../shared/exchange.ts";
import type { Disagreement } from "./disagreement.ts";
import { countLeaves, textOf } from "./leaves.ts";
import { pathOf } from "./place.ts";
import { NO_SETTINGS, type RuleSettings, type RuleSwitch } from "./rule_settings.ts";
import { rulesUnder } from "./rules/index.ts";
import type { Rule } from "./rules/rule.ts";
import { Switches } from "./switches.ts";

const MOST_DIFFERENCES = 1000;
const MOST_PATHS_OF_A_RULE = 100;

interface Use {
  readonly rule: Rule;
  readonly reason: string;
  readonly paths: string[];
  count: number;
}

export class Ledger {
  readonly differences: Difference[] = [];
  differenceCount = 0;
  /** Of the differences, those that a rule would have explained that is switched off. */
  switchedOffCount = 0;
  comparedLeaves = 0;
  /** True once a rule that is more than housekeeping had to explain something. */
  excused = false;
  readonly #rules: readonly Rule[];
  readonly switches: Switches;
  readonly #uses = new Map<Rule, Use>();
  /** By the entry that switches the rule off. */
  readonly #usesOff = new Map<RuleSwitch, Use>();

  constructor(settings: RuleSettings = NO_SETTINGS) {
    this.#rules = rulesUnder(settings);
    this.switches = new Switches(settings.switches);
  }

  /** Takes a disagreement down: under the first rule that explains it, else as a difference. */
  record(found: Disagreement): void {
    let off: { readonly rule: Rule; readonly by: RuleSwitch } | null = null;
    for (const rule of this.#rules) {
      if (!rule.explains(found)) continue;
      const by = this.switches.offBy(rule.name, found.place);
      if (by === null) {
        this.#excuse(rule, found);
        return;
      }
      off ??= { rule, by };
    }
    this.#differ(found);
    if (off === null) return;
    this.switchedOffCount += 1;
    const use = this.#usesOff.get(off.by) ?? { rule: off.rule, reason: off.by.reason, paths: [], count: 0 };
    this.#usesOff.set(off.by, use);
    take(use, found);
  }

  rules(): readonly RuleUse[] {
    return [...this.#uses.values()].map(told);
  }

  /** Rules that were off where they would have explained a difference, with the reason for that. */
  rulesOff(): readonly RuleUse[] {
    return [...this.#usesOff.values()].map((use) => ({ ...told(use), byEntry: true }));
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
    const use = this.#uses.get(rule) ?? { rule, reason: rule.reason, paths: [], count: 0 };
    this.#uses.set(rule, use);
    take(use, found);
    if (rule.compares && found.kind !== "order") this.comparedLeaves += countLeaves(found.elasticsearch);
    if (!rule.housekeeping) this.excused = true;
  }
}

function take(use: Use, found: Disagreement): void {
  use.count += found.kind === "order" ? 1 : Math.max(1, countLeaves(found.elasticsearch));
  if (use.paths.length < MOST_PATHS_OF_A_RULE) use.paths.push(pathOf(found.place));
}

function told({ rule, reason, paths, count }: Use): RuleUse {
  return { rule: rule.name, reason, paths, count, ...(rule.byEntry === true ? { byEntry: true } : {}) };
}
