// `include` and `exclude` of terms: lists of values, or Lucene regular expressions over keywords. Keys are filtered before
// they are counted.
import { isArray, isObject, type JsonValue } from "../../../shared/json.ts";
import { array, call, column, type Expr, lambda, not, param } from "../../clickhouse/sql/ast.ts";
import { RejectedRequest } from "../failure.ts";
import { anchored } from "../query/regexp.ts";
import { ALL_OPERATORS, regexpSource } from "../query/regexp_syntax.ts";
import type { KeyForm } from "./keys.ts";
import type { Parameters } from "./parameters.ts";
import { inPartition } from "./partition.ts";
import { docValue, sortable, type Values } from "./values.ts";

interface Rules {
  readonly include: JsonValue | undefined;
  readonly exclude: JsonValue | undefined;
}

/** The key form without the keys that the rules leave out. */
export function includeKeys(form: KeyForm, values: Values | undefined, rules: Rules, parameters: Parameters): KeyForm {
  if (rules.include === undefined && rules.exclude === undefined) return form;
  const keep = [
    ...(rules.include === undefined ? [] : [test(rules.include, "include", values, parameters)]),
    ...(rules.exclude === undefined ? [] : [not(test(rules.exclude, "exclude", values, parameters))]),
  ];
  const [first, second] = keep;
  const body = first === undefined ? column("x") : second === undefined ? first : call("and", first, second);
  return { ...form, keys: call("arrayFilter", lambda(["x"], body), form.keys) };
}

function test(rule: JsonValue, name: string, values: Values | undefined, parameters: Parameters): Expr {
  if (isArray(rule)) return call("has", array(...rule.flatMap((item) => keyOf(item, values))), column("x"));
  if (isObject(rule)) return inPartition(rule, values, parameters);
  if (values !== undefined && values.family !== "keyword") {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `Aggregation [${parameters.node.name}] cannot support regular expression style include/exclude settings as they can only be applied to string fields. Use an array of values for include/exclude clauses`,
    );
  }
  const source = regexpSource(String(rule), ALL_OPERATORS, parameters.pointer(name), "x_content_parse_exception");
  return call("match", column("x"), param("String", anchored(source)));
}

function keyOf(item: JsonValue, values: Values | undefined): readonly Expr[] {
  if (values === undefined) return [param("String", String(item))];
  // Doubles are compared as they are written, not rounded to the field's precision first.
  if (values.family === "floating") return [sortable(param("Float64", Number(item)))];
  // A normalizer is not asked.
  if (values.family === "keyword") return [param("String", String(item))];
  const term = values.type.term(values.field, item);
  if (term.kind === "invalid") throw new RejectedRequest(term.errorType, term.reason);
  if (term.kind === "nothing") return [];
  return [docValue(values.element, term.kind === "value" ? term.value : term.from)];
}
