// range: one value of the document lies within both bounds. What a bound means depends on the field's type.
import { isNumber, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, type Expr, FALSE } from "../../clickhouse/sql/ast.ts";
import { rangeKind } from "../../elasticsearch/fields/range.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, fieldClause, scalarText } from "../parameters.ts";
import { constant, withoutField } from "./compiled.ts";
import { present, someValue, termValue, typeOf } from "./field_values.ts";
import { isMetaField } from "./meta_field.ts";
import { dateBounds } from "./range_date.ts";
import { integerBounds } from "./range_integer.ts";
import { orderedBounds } from "./range_ordered.ts";
import { rangesCondition, relationOf } from "./range_ranges.ts";
import type { Compiled, Highlight } from "./types.ts";

/** A bound as the request has it. */
export interface Bound {
  readonly op: ">" | ">=" | "<" | "<=";
  readonly value: JsonValue;
}

/** Conditions on one value; null: no value can fulfil them. */
export type Conditions = ((value: Expr) => readonly Expr[]) | null;

const KNOWN = ["gte", "gt", "lte", "lt", "from", "to", "include_lower", "include_upper", "format", "time_zone", "relation"];

export function compileRange(body: JsonValue, pointer: string, context: Context): Compiled {
  const { path, options, pointer: own } = fieldClause(body, pointer, "range", "gte", KNOWN);
  if (isMetaField(path)) throw new UnsupportedClause(own, `no SQL for a range of [${path}] yet`);
  const boost = boostOf(options);
  relationOf(options);
  const bounds = boundsOf(options);
  const field = fieldOf(context, path, own);
  if (field === undefined) return withoutField(context, path);
  return constant(rangeCondition(field, bounds, options, own, context), boost, rangeHighlights(field, bounds, own, context));
}

/** SQL of a range on a field; `options` may have `format` and `time_zone`. */
export function rangeCondition(field: Field, bounds: readonly Bound[], options: JsonObject, pointer: string, context: Context): Expr {
  if (field.key !== undefined && !(bounds.some(({ op }) => op.startsWith(">")) && bounds.some(({ op }) => op.startsWith("<")))) {
    const reason = "[range] queries on keyed [flattened] fields must include both an upper and a lower bound.";
    throw new RejectedRequest("query_shard_exception", `failed to create query: ${reason}`, 400, "illegal_argument_exception");
  }
  if (bounds.length === 0) return present(field, pointer);
  const kind = rangeKind(field);
  if (kind !== undefined) return rangesCondition(field, kind, bounds, options, context);
  const conditions = conditionsOf(field, bounds, options, pointer, context);
  return conditions === null ? FALSE : someValue(field, (value) => and(conditions(value)));
}

/** Words and keywords in the range are marked; other types have none. */
export function rangeHighlights(field: Field, bounds: readonly Bound[], pointer: string, context: Context): readonly Highlight[] {
  if (rangeKind(field) !== undefined) return [];
  const { family } = typeOf(field, pointer);
  if ((family !== "keyword" && family !== "text") || bounds.length === 0) return [];
  const limits = bounds.flatMap(({ op, value }) => {
    const term = termValue(field, value, pointer, context);
    return term.kind === "value" ? [{ op, limit: String(term.value) }] : [];
  });
  return [{ kind: "range", field, bounds: limits }];
}

function conditionsOf(field: Field, bounds: readonly Bound[], options: JsonObject, pointer: string, context: Context): Conditions {
  const type = typeOf(field, pointer);
  switch (type.family) {
    case "date":
      return dateBounds(field, bounds, options, pointer, context);
    case "integer":
      for (const each of field.widenedFrom ?? []) refuseBeyond(field, each, bounds, pointer);
      return integerBounds(type, bounds);
    case "geo_point":
    case "range":
    case "other":
      throw new UnsupportedClause(pointer, `a range of [${field.path}] (${field.type}) has no SQL`);
    default:
      return orderedBounds(field, type, bounds, pointer, context);
  }
}

// Elasticsearch refuses such a bound in the index whose numbers are narrower, and answers from the others.
function refuseBeyond(field: Field, type: string, bounds: readonly Bound[], pointer: string): void {
  if (type === "long" || bounds.every(({ value }) => Math.abs(Number(scalarText(value))) < 2 ** 31)) return;
  throw new UnsupportedClause(pointer, `[${field.path}] is an integer in some indices, which such a bound is out of range for`);
}

function boundsOf(options: JsonObject): readonly Bound[] {
  const bounds: Bound[] = [];
  const add = (name: string, op: Bound["op"]): void => {
    const value = member(options, name);
    if (value === undefined || value === null) return;
    if (typeof value === "object" && !isNumber(value))
      throw new RejectedRequest("parsing_exception", `[range] query does not support [${name}]`);
    bounds.push({ op, value });
  };
  add("gte", ">=");
  add("gt", ">");
  add("from", booleanOption(options, "include_lower", true) ? ">=" : ">");
  add("lte", "<=");
  add("lt", "<");
  add("to", booleanOption(options, "include_upper", true) ? "<=" : "<");
  return bounds;
}
