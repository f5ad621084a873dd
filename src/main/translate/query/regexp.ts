// regexp: a keyword or word that matches a Lucene regular expression as a whole.
import { type JsonValue, member } from "../../../shared/json.ts";
import { call, param } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, fieldClause, scalarText, textOption } from "../parameters.ts";
import { constant, NOTHING } from "./compiled.ts";
import { someValue } from "./field_values.ts";
import { isMetaField } from "./meta_field.ts";
import { checkRewrite } from "./pattern.ts";
import { requireText } from "./prefix.ts";
import { translateRegexp } from "./regexp_syntax.ts";
import type { Compiled } from "./types.ts";

export function compileRegexp(body: JsonValue, pointer: string, context: Context): Compiled {
  const known = ["case_insensitive", "rewrite", "flags", "max_determinized_states"];
  const { path, options, pointer: own } = fieldClause(body, pointer, "regexp", "value", known);
  checkRewrite(options, own);
  if (isMetaField(path)) throw new UnsupportedClause(own, `no SQL for an expression over [${path}] yet`);
  if (textOption(options, "flags", "ALL").toUpperCase() !== "ALL") throw new UnsupportedClause(`${own}/flags`, "only [ALL] has SQL");
  const value = member(options, "value") ?? null;
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  const field = fieldOf(context, path, own);
  if (field === undefined) return NOTHING;
  requireText(field, "regexp", own);
  return regexpOf(field, scalarText(value), booleanOption(options, "case_insensitive", false), own, boostOf(options));
}

/** Documents with a value or word that the expression matches. Throws UnsupportedClause where RE2 has no equal. */
export function regexpOf(field: Field, expression: string, folded: boolean, pointer: string, boost = 1): Compiled {
  const source = translateRegexp(expression, folded);
  if (source === null) throw new UnsupportedClause(pointer, `the expression [${expression}] uses what ClickHouse's RE2 does not have`);
  const where = someValue(field, (each) => call("match", each, param("String", `(?s)^(?:${source})$`)));
  return constant(where, boost, [{ kind: "pattern", field, pattern: `^(?:${source})$` }]);
}
