// Dates as aggregations take them: doc values in epoch ms, and moments that the request names.
import { isNumber, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { call, type Expr, param } from "../../clickhouse/sql/ast.ts";
import { parseZone, type Zone } from "../../elasticsearch/date/zone.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import type { DateSpan } from "../types.ts";
import { momentOf } from "./moment.ts";
import type { Parameters } from "./parameters.ts";
import { mapped, refusedType, type Values, valuesOf } from "./values.ts";

/** Values of a date field in epoch ms, `Array(Int64)`; undefined when unmapped. */
export function datesOf(parameters: Parameters, context: Context, zone: Zone = "Z", format?: string): Values | undefined {
  const values = valuesOf(parameters, context, (value, field, type) => {
    if (type.family !== "date") throw refusedType({ field }, parameters);
    return param("Int64", BigInt(momentOfValue(value, field, zone, format, context.now)));
  });
  if (values === undefined) return undefined;
  if (values.family !== "date" && values.family !== "integer") throw refusedType(values, parameters);
  return { ...values, expr: inMs(values) };
}

function inMs(values: Values): Expr {
  return values.element === "Int64" ? values.expr : mapped(values.expr, (x) => call("toInt64", x));
}

/** Between which moments the values lie in all documents searched; undefined where nobody knows. */
export function spanOf(values: Values, context: Context): DateSpan | undefined {
  const { expr } = values;
  if (expr.kind !== "column" || expr.table !== undefined || context.tables.length === 0) return undefined;
  const spans = context.tables.map(({ dates }) => dates?.get(expr.name));
  return spans.reduce(
    (all, span) => all && span && { least: Math.min(all.least, span.least), greatest: Math.max(all.greatest, span.greatest) },
  );
}

/** Text of a moment in epoch ms, in the field's format or the one asked for. */
export function dateText(values: Values, ms: number, format: string | undefined, zone: Zone): string {
  const text = values.type.format(values.field, BigInt(ms), format, zone);
  return typeof text === "string" ? text : String(text);
}

/** Reads `time_zone`; UTC without one. */
export function zoneOf(parameters: Parameters): Zone {
  const text = parameters.text("time_zone");
  if (text === undefined) return "Z";
  const zone = parseZone(text);
  if (zone === null) throw new RejectedRequest("x_content_parse_exception", `Invalid ID for region-based ZoneId, invalid format: ${text}`);
  return zone;
}

export interface Bounds {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** Reads `{min, max}` of extended_bounds or hard_bounds. */
export function dateBounds(
  parameters: Parameters,
  name: string,
  values: Values | undefined,
  zone: Zone,
  format: string | undefined,
  now: number,
): Bounds | undefined {
  const bounds = boundsObject(parameters, name);
  if (bounds === undefined || values === undefined) return undefined;
  const side = (which: "min" | "max"): number | undefined => {
    const value = member(bounds, which);
    return value === undefined || value === null ? undefined : moment(value, values, zone, format, now);
  };
  return { min: side("min"), max: side("max") };
}

/** `{min, max}` of a histogram. Throws RejectedRequest for any other name. */
export function boundsObject(parameters: Parameters, name: string): JsonObject | undefined {
  const bounds = parameters.object(name);
  const unknown = bounds && Object.keys(bounds).find((key) => key !== "min" && key !== "max");
  if (unknown === undefined) return bounds;
  throw new RejectedRequest("x_content_parse_exception", `[bounds] unknown field [${unknown}]`);
}

/** A number (epoch ms) or a date in the format, date math too. */
export function moment(value: JsonValue, values: Values, zone: Zone, format: string | undefined, now: number): number {
  return momentOfValue(value, values.field, zone, format, now);
}

function momentOfValue(value: JsonValue, field: Field, zone: Zone, format: string | undefined, now: number): number {
  if (isNumber(value)) return Math.trunc(Number(value));
  if (isObject(value) || Array.isArray(value) || value === null)
    throw new RejectedRequest("parsing_exception", "a date must be text or a number");
  return momentOf(String(value), field, zone, format, now);
}
