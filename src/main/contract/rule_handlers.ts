// The contract's handlers of rules, script and breakpoints, and of the statistics.
import { resolve } from "node:path";
import type { RequestName } from "../../shared/contract.ts";
import type { JsonValue } from "../../shared/json.ts";
import type { HeldEdits } from "../../shared/rules.ts";
import type { Statistics } from "../report/statistics.ts";
import type { Interventions } from "../rules/interventions.ts";
import { BadRule } from "../rules/read_rule.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";

type RuleRequestName = Extract<
  RequestName,
  `rules.${string}` | `rule.${string}` | `script.${string}` | `breakpoint.${string}` | `held.${string}` | `statistics.${string}`
>;

/** What the handlers need of the engine. */
interface Ruled {
  readonly intervening: { readonly interventions: Interventions };
  readonly statistics: Pick<Statistics, "read" | "routes">;
}

export function ruleHandlers(engine: Ruled): Pick<Handlers, RuleRequestName> {
  const { interventions } = engine.intervening;
  const state = () => interventions.state;
  return {
    "rules.get": state,
    "rule.put": ({ rule }) => {
      attempt(() => interventions.putRule(rule as JsonValue));
      return state();
    },
    "rule.remove": ({ rule }) => {
      if (!attempt(() => interventions.removeRule(rule)))
        throw new ContractFailure("no_rule", `There is no rule ${JSON.stringify(rule)}.`, 404);
      return state();
    },
    "script.use": async ({ file }) => {
      await interventions.useScript(file === "" ? "" : resolve(file));
      return state();
    },
    "breakpoint.put": ({ breakpoint }) => {
      attempt(() => interventions.putBreakpoint(breakpoint as JsonValue));
      return state();
    },
    "breakpoint.remove": ({ breakpoint }) => {
      if (!interventions.removeBreakpoint(breakpoint)) {
        throw new ContractFailure("no_breakpoint", `There is no breakpoint ${JSON.stringify(breakpoint)}.`, 404);
      }
      return state();
    },
    "held.get": ({ id }) => interventions.heldMessage(id) ?? notHeld(),
    "held.release": ({ id, edits }) => {
      if (interventions.heldMessage(id) === null) notHeld();
      const problem = interventions.release(id, (edits ?? null) as HeldEdits | null);
      if (problem !== "") throw new ContractFailure("bad_edit", problem);
      return state();
    },
    "held.abort": ({ id }) => {
      if (!interventions.abort(id)) notHeld();
      return state();
    },
    "held.release_all": () => {
      interventions.releaseAll();
      return state();
    },
    "statistics.get": () => engine.statistics.read(),
    "statistics.routes": () => engine.statistics.routes(),
  };
}

function attempt<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (error instanceof BadRule) throw new ContractFailure("bad_rule", error.message);
    throw error;
  }
}

function notHeld(): never {
  throw new ContractFailure("not_held", "It is not held any more: it went on by itself, or its client has left.", 404);
}
