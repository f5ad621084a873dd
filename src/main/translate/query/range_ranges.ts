// Clauses on fields that hold ranges: a document's range meets the one asked for, holds it, or lies within it.
import { type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, FALSE, lambda, param } from "../../clickhouse/sql/ast.ts";
import { isDateFormat } from "../../elasticsearch/date/format.ts";
import { dateBound } from "../../elasticsearch/fields/date.ts";
import { MalformedValue } from "../../elasticsearch/fields/field_type.ts";
import { readDecimal } from "../../elasticsearch/fields/number_value.ts";
import { type RangeBound, type RangeKind, rangeKind } from "../../elasticsearch/fields/range.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { scalarText, textOption } from "../parameters.ts";
import type { Bound } from "./range.ts";
import { zoneOf } from "./range_date.ts";

export type Relation = "intersects" | "contains" | "within";

/** `relation` of a range, which matters to ranges alone. Throws RejectedRequest. */
export function relationOf(options: JsonObject): Relation {
  const name = textOption(options, "relation", "intersects").toLowerCase();
  if (name === "intersects" || name === "contains" || name === "within") return name;
  const reason = name === "disjoint" ? "[range] query does not support relation [disjoint]" : `${name} is not a valid relation`;
  throw new RejectedRequest("illegal_argument_exception", reason);
}

/** Documents one of whose ranges is in the relation to the one between the bounds. */
export function rangesCondition(field: Field, kind: RangeKind, bounds: readonly Bound[], options: JsonObject, context: Context): Expr {
  const read = bounds.map(({ op, value }) => ({ op, limit: boundOf(field, kind, op, value, options, context) }));
  const lower = read.findLast(({ op }) => op.startsWith(">"));
  const upper = read.findLast(({ op }) => op.startsWith("<"));
  const [from, to] = [lower?.limit ?? kind.min, upper?.limit ?? kind.max];
  if (from > to) throw refused(`Range query \`from\` value (${from}) is greater than \`to\` value (${to})`);
  const first = lower?.op === ">" ? kind.next(from, true) : from;
  const last = upper?.op === "<" ? kind.next(to, false) : to;
  return first > last ? FALSE : related(field, kind, first, last, relationOf(options));
}

/** Documents one of whose ranges holds the value. */
export function holds(field: Field, value: JsonValue, context: Context): Expr {
  const kind = rangeKind(field);
  if (kind === undefined) throw new Error(`[${field.path}] holds no ranges`);
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  const bounds: readonly Bound[] = [
    { op: ">=", value },
    { op: "<=", value },
  ];
  return rangesCondition(field, kind, bounds, {}, context);
}

function related(field: Field, kind: RangeKind, first: RangeBound, last: RangeBound, relation: Relation): Expr {
  const bound = (value: RangeBound): Expr => {
    const stored = kind.stored(value);
    if (typeof stored === "object") throw new Error("a bound is no point");
    return param(kind.element, stored);
  };
  const [from, to] = [column("from"), column("to")];
  const conditions: Record<Relation, Expr> = {
    intersects: and([binary(from, "<=", bound(last)), binary(to, ">=", bound(first))]),
    within: and([binary(from, ">=", bound(first)), binary(to, "<=", bound(last))]),
    contains: and([binary(from, "<=", bound(first)), binary(to, ">=", bound(last))]),
  };
  return call("arrayExists", lambda(["from", "to"], conditions[relation]), fieldColumn(field, "#from"), fieldColumn(field, "#to"));
}

function boundOf(field: Field, kind: RangeKind, op: Bound["op"], value: JsonValue, options: JsonObject, context: Context): RangeBound {
  const text = scalarText(value);
  if (field.type === "date_range") return dateLimit(field, op, value, options, context);
  if (field.type === "integer_range" || field.type === "long_range") checkWhole(field, kind, text);
  try {
    return kind.read(field, typeof value === "boolean" ? text : value, false);
  } catch (error) {
    if (!(error instanceof MalformedValue)) throw error;
    throw refused(field.type === "ip_range" ? `'${text}' is not an IP string literal.` : `For input string: "${text}"`);
  }
}

function checkWhole(field: Field, kind: RangeKind, text: string): void {
  const decimal = readDecimal(text);
  if (decimal === null) throw refused(`For input string: "${text}"`);
  if (decimal.hasFraction) throw refused(`Value [${text}] has a decimal part`);
  const type = field.type === "long_range" ? "a long" : "an integer";
  if (decimal.whole < kind.min || decimal.whole > kind.max) throw refused(`Value [${text}] is out of range for ${type}`);
}

function dateLimit(field: Field, op: Bound["op"], value: JsonValue, options: JsonObject, context: Context): RangeBound {
  const format = member(options, "format");
  if (format !== undefined && format !== null && !isDateFormat(scalarText(format)))
    throw new UnsupportedClause("/format", `the date format [${scalarText(format)}] is not read here`);
  const zone = zoneOf(options);
  const limit = dateBound(field, value, {
    now: context.now,
    roundUp: op === ">" || op === "<=",
    ...(format === undefined || format === null ? {} : { format: scalarText(format) }),
    ...(zone === undefined ? {} : { zone }),
  });
  if (typeof limit !== "bigint") throw new RejectedRequest("parse_exception", limit.error);
  return limit;
}

function refused(reason: string): RejectedRequest {
  return new RejectedRequest("query_shard_exception", `failed to create query: ${reason}`);
}
