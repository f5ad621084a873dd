// Which rules are off where.
import { covers, type PathPattern, pathPattern } from "./path_pattern.ts";
import { type Place, stepsOf } from "./place.ts";
import type { RuleSwitch } from "./rule_settings.ts";

interface Compiled {
  readonly by: RuleSwitch;
  /** null: the whole answer. */
  readonly pattern: PathPattern | null;
}

export class Switches {
  readonly #ofRule = new Map<string, Compiled[]>();

  constructor(switches: readonly RuleSwitch[]) {
    for (const by of switches) {
      const compiled = { by, pattern: by.path === undefined ? null : pathPattern(by.path) };
      this.#ofRule.set(by.rule, [...(this.#ofRule.get(by.rule) ?? []), compiled]);
    }
  }

  /** What switches the rule off at a place; null where it is on. */
  offBy(rule: string, place: Place): RuleSwitch | null {
    return this.#ofRule.has(rule) ? this.#offAt(rule, stepsOf(place)) : null;
  }

  /** The same for a place that a JSON pointer names. */
  isOffAt(rule: string, pointer: string): boolean {
    return this.#ofRule.has(rule) && this.#offAt(rule, pathPattern(pointer)) !== null;
  }

  #offAt(rule: string, steps: readonly string[]): RuleSwitch | null {
    const by = this.#ofRule.get(rule)?.find(({ pattern }) => pattern === null || covers(pattern, steps))?.by;
    return by === undefined || by.on ? null : by;
  }
}
