// The filter language: mitmproxy's and ours. Text in, a condition over the session's tables out. A new operator is a line in
// one of the two tables.
import type { Filter, FilterError, FilterResult } from "../types.ts";
import { MITMPROXY_OPERATORS, URL_COLUMNS, urlOperator } from "./mitmproxy.ts";
import type { Condition, Operator } from "./operator.ts";
import { OUR_OPERATORS } from "./ours.ts";
import type { Expression } from "./parse.ts";
import { parseFilter } from "./parse.ts";
import { anyOf } from "./pattern.ts";

/** Every operator, for the completion and the help. */
export const FILTER_OPERATORS: readonly Operator[] = Object.freeze([...MITMPROXY_OPERATORS, ...OUR_OPERATORS]);

const BY_NAME: ReadonlyMap<string, Operator> = new Map(FILTER_OPERATORS.map((operator) => [operator.name, operator]));
const EVERYTHING = { where: "1", each: "1", parameters: [] } as const;

/** Compiles a filter; a blank one lets everything through. Errors carry their position. */
export function compileFilter(text: string): FilterResult {
  if (text.trim() === "") return { ok: true, filter: { text, ...EVERYTHING, scans: false } };
  const parsed = parseFilter(text, BY_NAME, urlOperator);
  if (!parsed.ok) return parsed;
  const errors: FilterError[] = [];
  const { where, each = where, parameters, scans = false } = conditionOf(parsed.expression, errors);
  const [error] = errors;
  return error === undefined ? { ok: true, filter: { text, where, each, parameters, scans } satisfies Filter } : { ok: false, error };
}

function conditionOf(expression: Expression, errors: FilterError[]): Condition {
  switch (expression.kind) {
    case "test":
      return testOf(expression, errors);
    case "not": {
      const inner = conditionOf(expression.of, errors);
      // `verdict = …` is NULL where there is no verdict: not that verdict all the same.
      const not = (where: string) => `NOT coalesce(${where}, 0)`;
      return { where: not(inner.where), each: not(inner.each ?? inner.where), parameters: inner.parameters, scans: inner.scans === true };
    }
    case "all":
    case "any":
      return joined(expression.kind, partsOf(expression.kind, expression), errors);
  }
}

function testOf({ operator, argument, token }: Extract<Expression, { kind: "test" }>, errors: FilterError[]): Condition {
  const condition = operator.condition(argument);
  if (!("wrong" in condition)) return condition;
  errors.push({ position: token.position, length: token.length, message: condition.wrong });
  return EVERYTHING;
}

/** All that stands under `&`, or under `|`, at whatever depth. */
function partsOf(kind: "all" | "any", expression: Expression): readonly Expression[] {
  return expression.kind === kind ? expression.of.flatMap((part) => partsOf(kind, part)) : [expression];
}

/**
 * Joins conditions. A noise filter is two dozen words that the URL must not contain: they are searched for in one go,
 * under "all" those with `!`, under "any" those without. Columns come first, what reads bodies last.
 */
function joined(kind: "all" | "any", parts: readonly Expression[], errors: FilterError[]): Condition {
  const patterns: string[] = [];
  const others: Condition[] = [];
  for (const part of parts) {
    const inner = kind === "all" && part.kind === "not" ? part.of : part;
    const condition = conditionOf(inner, errors);
    const gathers = condition.url !== undefined && (kind === "any" || inner !== part);
    if (gathers && condition.url !== undefined) patterns.push(condition.url);
    else others.push(inner === part ? condition : conditionOf(part, errors));
  }
  if (patterns.length > 0) others.push(urlCondition(patterns, kind === "all"));
  const ordered = others.toSorted((a, b) => Number(a.scans === true) - Number(b.scans === true));
  const join = (wheres: readonly string[]) => `(${wheres.join(kind === "all" ? " AND " : " OR ")})`;
  return {
    where: join(ordered.map(({ where }) => where)),
    each: join(ordered.map(({ where, each = where }) => each)),
    parameters: ordered.flatMap(({ parameters }) => parameters),
    scans: ordered.some(({ scans }) => scans === true),
  };
}

function urlCondition(patterns: readonly string[], negated: boolean): Condition {
  return { where: `${negated ? "NOT " : ""}matches(?, ${URL_COLUMNS})`, parameters: [anyOf(patterns)] };
}
