// A filter expression as a test of an exchange that is on its way. The grammar and the meanings are those of the session's filters; what only
// the captured exchange knows (its verdict, a comment) can't be asked here.
import { FILTER_OPERATORS } from "../capture/filter/index.ts";
import { urlOperator } from "../capture/filter/mitmproxy.ts";
import type { Operator } from "../capture/filter/operator.ts";
import { type Expression, parseFilter } from "../capture/filter/parse.ts";
import { patternOf } from "../capture/filter/pattern.ts";
import type { FilterError } from "../capture/types.ts";
import { joined, not, type Sieve, type Told } from "../proxy/sieve.ts";
import { TOLD } from "./operators.ts";
import type { ExchangeView } from "./view.ts";

export interface Match {
  /** null: not to be told before there is a response. */
  told(view: ExchangeView): Told;
  /** What of it a request's head tells. */
  readonly sieve: Sieve;
  /** Names an operator that only a response can answer. */
  readonly needsResponse: boolean;
}

export type MatchResult = { readonly ok: true; readonly match: Match } | { readonly ok: false; readonly error: FilterError };

const OPERATORS: ReadonlyMap<string, Operator> = new Map(FILTER_OPERATORS.map((operator) => [operator.name, operator]));
const EVERYTHING: Match = { told: () => true, sieve: { kind: "known", is: true }, needsResponse: false };

/** Compiles a filter; a blank one matches everything. Errors carry their position. */
export function compileMatch(text: string): MatchResult {
  if (text.trim() === "") return { ok: true, match: EVERYTHING };
  const parsed = parseFilter(text, OPERATORS, urlOperator);
  if (!parsed.ok) return parsed;
  const errors: FilterError[] = [];
  const match = matchOf(parsed.expression, errors);
  const [error] = errors;
  return error === undefined ? { ok: true, match } : { ok: false, error };
}

function matchOf(expression: Expression, errors: FilterError[]): Match {
  switch (expression.kind) {
    case "test":
      return testOf(expression, errors);
    case "not": {
      const inner = matchOf(expression.of, errors);
      return { told: (view) => not(inner.told(view)), sieve: { kind: "not", of: inner.sieve }, needsResponse: inner.needsResponse };
    }
    case "all":
    case "any": {
      const { kind } = expression;
      const parts = expression.of.map((part) => matchOf(part, errors));
      return {
        told: (view) =>
          joined(
            kind,
            parts.map((part) => part.told(view)),
          ),
        sieve: { kind, of: parts.map((part) => part.sieve) },
        needsResponse: parts.some((part) => part.needsResponse),
      };
    }
  }
}

function testOf({ operator, argument, token }: Extract<Expression, { kind: "test" }>, errors: FilterError[]): Match {
  const refuse = (message: string): Match => {
    errors.push({ position: token.position, length: token.length, message });
    return EVERYTHING;
  };
  const condition = operator.condition(argument);
  if ("wrong" in condition) return refuse(condition.wrong);
  const told = TOLD.get(operator.name);
  if (told === undefined) {
    const names = [...TOLD.keys()].map((name) => `~${name}`).join(" ");
    return refuse(`~${operator.name} can't be told of an exchange that is on its way. These can: ${names}.`);
  }
  return {
    told: (view) => told.test(view, argument),
    sieve: told.head === undefined ? { kind: "unknown" } : { kind: told.head, pattern: patternOf(argument).source },
    needsResponse: told.response === true,
  };
}
