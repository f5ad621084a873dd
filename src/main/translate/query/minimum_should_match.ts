// minimum_should_match in all its forms: `2`, `-1`, `75%`, `-25%`, `2<-25% 9<-3`.
import { type JsonObject, member } from "../../../shared/json.ts";
import { binary, type Expr, FALSE, literal, or } from "../../clickhouse/sql/ast.ts";
import { RejectedRequest } from "../failure.ts";
import { scalarText } from "../parameters.ts";

/** How many of `count` optional clauses must match; undefined where the request says nothing. */
export function minimumShouldMatch(options: JsonObject, count: number): number | undefined {
  const value = member(options, "minimum_should_match");
  return value === undefined || value === null ? undefined : required(scalarText(value), count);
}

function required(spec: string, count: number): number {
  const text = spec.trim();
  if (!text.includes("<")) return Math.max(0, simple(text, count));
  let result = count;
  for (const part of text.replace(/\s*<\s*/g, "<").split(/\s+/)) {
    const [bound = "", rule = ""] = part.split("<");
    if (count <= integer(bound)) return result;
    result = required(rule, count);
  }
  return result;
}

function simple(text: string, count: number): number {
  if (!text.endsWith("%")) {
    const number = integer(text);
    return number < 0 ? count + number : number;
  }
  // Cut only after the sign was looked at: -25% of two is none less than two.
  const share = Math.fround(Math.fround(count * integer(text.slice(0, -1))) * Math.fround(1 / 100));
  return share < 0 ? count + Math.trunc(share) : Math.trunc(share);
}

function integer(text: string): number {
  if (!/^[-+]?[0-9]+$/.test(text)) throw new RejectedRequest("number_format_exception", `For input string: "${text}"`);
  return Number(text);
}

/** True when at least `minimum` of the conditions hold. */
export function atLeast(conditions: readonly Expr[], minimum: number): Expr {
  if (minimum > conditions.length) return FALSE;
  if (minimum <= 1) return or(conditions);
  const [first = literal(0), ...others] = conditions;
  return binary(
    others.reduce((sum, condition) => binary(sum, "+", condition), first),
    ">=",
    literal(minimum),
  );
}
