// The sources of `composite`: terms, histogram, date_histogram, geotile_grid. Each gives a document's keys and prints one.
import { isNumber, type JsonValue } from "../../../shared/json.ts";
import { binary, call, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { doubleJson, integerJson } from "../../elasticsearch/fields/number_text.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { roundingOf } from "./bucket/date_histogram.ts";
import { tileKeys } from "./bucket/geo_grid.ts";
import { fromSortable, integer } from "./cells.ts";
import { datesOf, dateText, moment, spanOf } from "./dates.ts";
import { termKeys } from "./keys.ts";
import { Parameters } from "./parameters.ts";
import { roundedKeys } from "./rounding.ts";
import type { AggregationNode } from "./types.ts";
import { distinct, docValue, emptyArray, mapped, numbersOf, refusedType, sortable, unmappedValues, valuesOf } from "./values.ts";

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
  if (order.toLowerCase() !== "asc" && !desc) {
    throw new RejectedRequest("x_content_parse_exception", `[${parameters.node.type}] failed to parse field [order]`);
  }
  const missingBucket = parameters.boolean("missing_bucket", false);
  const missingOrder = parameters.text("missing_order") ?? "default";
  const common = { name, desc, missingBucket, missingFirst: missingOrder === "default" ? !desc : missingOrder === "first" };
  parameters.ignore("value_type");
  switch (node.type) {
    case "terms":
      return { ...common, ...termsSource(parameters, context) };
    case "histogram":
      return { ...common, ...histogramSource(parameters, context) };
    case "geotile_grid":
      return { ...common, ...tileSource(parameters, context) };
    case "date_histogram":
      return { ...common, ...dateSource(parameters, context) };
    default:
      return undefined;
  }
}

type OwnParts = Pick<Source, "keys" | "absent" | "print" | "literal">;

function termsSource(parameters: Parameters, context: Context): OwnParts {
  const values = valuesOf(parameters, context) ?? unmappedValues(parameters.field(), "keyword");
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
  const values = numbersOf(parameters, context) ?? unmappedValues(parameters.field(), "double");
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
  const values = datesOf(parameters, context) ?? unmappedValues(parameters.field(), "date");
  const rounding = roundingOf(parameters);
  const format = parameters.text("format");
  parameters.done();
  return {
    keys: distinct(roundedKeys(values.expr, rounding, spanOf(values, context))),
    absent: call("toInt64", literal(0)),
    print(cell) {
      if (format === undefined) return integerJson(integer(cell));
      const text = dateText(values, Number(integer(cell)), format, rounding.zone);
      // Elasticsearch wants to read what it prints.
      if (moment(text, values, rounding.zone, format, context.now) !== Number(integer(cell))) {
        throw new RejectedRequest("illegal_argument_exception", `Format [${format}] created output it couldn't parse: [${text}]`);
      }
      return text;
    },
    literal(value) {
      if (format === undefined && !isNumber(value) && !/^-?\d+$/.test(String(value))) throw badAfter(parameters, value);
      return param("Int64", moment(format === undefined ? Number(value) : value, values, rounding.zone, format, context.now));
    },
  };
}

function tileSource(parameters: Parameters, context: Context): OwnParts {
  const tiles = tileKeys(parameters, context);
  parameters.done();
  return {
    keys: tiles.keys ?? emptyArray("Int64"),
    absent: call("toInt64", literal(0)),
    print: (cell) => tiles.text(cell),
    literal(value) {
      const number = typeof value === "string" ? tiles.number(value) : undefined;
      if (number === undefined) throw badAfter(parameters, value);
      return param("Int64", number);
    },
  };
}

function badAfter(parameters: Parameters, value: JsonValue): RejectedRequest {
  const place = `for [${parameters.node.name}]`;
  return new RejectedRequest("parse_exception", `Cannot set after key in the composite aggregation ${place}: [${String(value)}]`);
}
