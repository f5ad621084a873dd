// regexp: a keyword or word that matches a Lucene regular expression as a whole.
import { type JsonValue, member } from "../../../shared/json.ts";
import { call, type Expr, param } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { isComputed } from "../field_column.ts";
import { booleanOption, boostOf, fieldClause, numberOption, scalarText, textOption } from "../parameters.ts";
import { constant, NOTHING } from "./compiled.ts";
import { someValue } from "./field_values.ts";
import { compileMetaPattern, isMetaField } from "./meta_field.ts";
import { checkRewrite } from "./pattern.ts";
import { requireText } from "./prefix.ts";
import { ALL_OPERATORS, operatorsOf, regexpSource } from "./regexp_syntax.ts";
import type { Compiled } from "./types.ts";

// How much Elasticsearch works on an expression before it gives up.
const MOST_STATES = 10_000;

// What `index.max_regex_length` is where nobody set it.
const LONGEST = 1000;

/** Throws where an expression is longer than Elasticsearch takes. */
export function checkLength(expression: string): void {
  if (expression.length <= LONGEST) return;
  const reason = `The length of regex [${expression.length}] used in the Regexp Query request has exceeded the allowed maximum of [${LONGEST}].`;
  throw new RejectedRequest("query_shard_exception", `failed to create query: ${reason}`);
}

export function compileRegexp(body: JsonValue, pointer: string, context: Context): Compiled {
  const known = ["case_insensitive", "rewrite", "flags", "max_determinized_states"];
  const { path, options, pointer: own } = fieldClause(body, pointer, "regexp", "value", known);
  checkRewrite(options, own);
  const operators = operatorsOf(textOption(options, "flags", "ALL"));
  if (numberOption(options, "max_determinized_states", MOST_STATES) < MOST_STATES) {
    throw new UnsupportedClause(`${own}/max_determinized_states`, "when Elasticsearch gives up below its own limit is not known here");
  }
  const value = member(options, "value") ?? null;
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  const folded = booleanOption(options, "case_insensitive", false);
  checkLength(scalarText(value));
  const source = regexpSource(scalarText(value), { ...operators, folded }, own, "query_shard_exception");
  if (isMetaField(path)) {
    const where = (each: Expr): Expr => call("match", each, param("String", anchored(source)));
    return compileMetaPattern(path, { clause: "regexp", pattern: "", folded, where }, own, context, boostOf(options));
  }
  const field = fieldOf(context, path, own);
  if (field === undefined) return NOTHING;
  requireText(field, "regexp", own);
  if (folded && isComputed(field)) {
    throw new RejectedRequest("query_shard_exception", "failed to create query: Match flags not yet implemented [256]");
  }
  return matching(field, source, boostOf(options));
}

/** Documents with a value or word that the expression matches. */
export function regexpOf(field: Field, expression: string, pointer: string): Compiled {
  return matching(field, regexpSource(expression, ALL_OPERATORS, pointer, "query_shard_exception"));
}

function matching(field: Field, source: string, boost = 1): Compiled {
  const where = someValue(field, (each) => call("match", each, param("String", anchored(source))));
  return constant(where, boost, [{ kind: "pattern", field, pattern: `^(?:${source})$` }]);
}

/** A source that matches a whole text. */
export function anchored(source: string): string {
  return `(?s)^(?:${source})$`;
}
