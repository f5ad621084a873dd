// The sources of `composite`: terms, histogram, date_histogram. Each gives a document's keys and prints one.
import { isNumber, type JsonValue } from "../../../shared/json.ts";
import { binary, call, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { doubleJson, integerJson } from "../../elasticsearch/fields/number_text.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { roundingOf } from "./bucket/date_histogram.ts";
import { fromSortable, integer } from "./cells.ts";
import { datesOf, dateText, moment } from "./dates.ts";
import { termKeys } from "./keys.ts";
import { Parameters } from "./parameters.ts";
import { roundedKeys } from "./rounding.ts";
import type { AggregationNode } from "./types.ts";
import { distinct, docValue, mapped, numbersOf, refusedType, sortable, type Values, valuesOf } from "./values.ts";

export interface Source {
  readonly name: string;
  /** Array-valued: the document's keys. */
  readonly keys: Expr;
  /** Stands in the key's place where it is missing; of the keys' type. */
  readonly absent: Expr;
  readonly desc: boolean;
  readonly missingBucket: boolean;
  readonly missingFirst: boolean;
  print(cell: JsonValue): JsonValue;
  /** A value of `after` as a key. */
  literal(value: JsonValue): Expr;
}

/** Compiles one source; undefined for a kind that is not known here. */
export function compileSource(name: string, node: AggregationNode, context: Context): Source | undefined {
  const parameters = new Parameters(node);
  const order = parameters.text("order") ?? "asc";
  const desc = order.toLowerCase() === "desc";
  const missingBucket = parameters.boolean("missing_bucket", false);
  const missingOrder = parameters.text("missing_order") ?? "default";
  const common = { name, desc, missingBucket, missingFirst: missingOrder === "default" ? !desc : missingOrder === "first" };
  parameters.ignore("value_type");
  switch (node.type) {
    case "terms":
      return { ...common, ...termsSource(parameters, context) };
    case "histogram":
      return { ...common, ...histogramSource(parameters, context) };
    case "date_histogram":
      return { ...common, ...dateSource(parameters, context) };
    default:
      return undefined;
  }
}

type OwnParts = Pick<Source, "keys" | "absent" | "print" | "literal">;

function mappedField(values: Values | undefined, parameters: Parameters): Values {
  if (values === undefined) throw new UnsupportedClause(parameters.pointer("field"), "keys of an unmapped field are not translated");
  return values;
}

function termsSource(parameters: Parameters, context: Context): OwnParts {
  const values = mappedField(valuesOf(parameters, context), parameters);
  parameters.done();
  if (values.family === "geo_point" || values.family === "other") throw refusedType(values, parameters);
  const form = termKeys(values, undefined, undefined);
  const floating = values.family === "floating";
  return {
    keys: form.keys,
    absent: call("defaultValueOfTypeName", literal(floating ? "Int64" : values.element)),
    print: (cell) => {
      // Booleans print as such; dates as their number.
      if (values.family === "boolean") return integer(cell) !== 0n;
      return form.members(cell).find(([member]) => member === "key")?.[1] ?? null;
    },
    literal(value) {
      const term = values.type.term(values.field, value, context.now);
      if (term.kind !== "value" && term.kind !== "range") throw badAfter(parameters, value);
      const own = docValue(values.element, term.kind === "value" ? term.value : term.from);
      return floating ? sortable(call("toFloat64", own)) : own;
    },
  };
}

function histogramSource(parameters: Parameters, context: Context): OwnParts {
  const values = mappedField(numbersOf(parameters, context), parameters);
  const interval = parameters.number("interval") ?? 0;
  parameters.done();
  if (!(interval > 0)) throw new RejectedRequest("illegal_argument_exception", "[interval] must be greater than 0 for [histogram] source");
  const floor = (x: Expr): Expr => binary(call("floor", binary(x, "/", param("Float64", interval))), "*", param("Float64", interval));
  return {
    keys: distinct(mapped(values.expr, (x) => sortable(call("toFloat64", floor(x))))),
    absent: call("toInt64", literal(0)),
    print: (cell) => doubleJson(fromSortable(cell)),
    literal(value) {
      if (!isNumber(value)) throw badAfter(parameters, value);
      return sortable(param("Float64", Number(value)));
    },
  };
}

function dateSource(parameters: Parameters, context: Context): OwnParts {
  const values = mappedField(datesOf(parameters, context), parameters);
  const rounding = roundingOf(parameters);
  const format = parameters.text("format");
  parameters.done();
  return {
    keys: distinct(roundedKeys(values.expr, rounding)),
    absent: call("toInt64", literal(0)),
    print: (cell) => (format === undefined ? integerJson(integer(cell)) : dateText(values, Number(integer(cell)), format, rounding.zone)),
    literal: (value) => param("Int64", moment(value, values, rounding.zone, format, context.now)),
  };
}

function badAfter(parameters: Parameters, value: JsonValue): RejectedRequest {
  return new RejectedRequest("illegal_argument_exception", `invalid value [${String(value)}] in [after] for [${parameters.node.name}]`);
}
