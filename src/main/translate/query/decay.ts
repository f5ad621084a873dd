// gauss, exp and linear: a factor that falls with the distance of a field's value from an origin.
import { childPointer, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, param } from "../../clickhouse/sql/ast.ts";
import { dateBound } from "../../elasticsearch/fields/date.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn, type SeenField } from "../field_column.ts";
import { distance, parseDistance } from "../geo/distance.ts";
import { parsePoint } from "../geo/point.ts";
import { numberOption, parameters, scalarText, textOption } from "../parameters.ts";

export type Decay = "gauss" | "exp" | "linear";

/** The factor of a decay function. Throws UnsupportedClause and RejectedRequest. */
export function decayFactor(kind: Decay, body: JsonObject, pointer: string, context: Context): Expr {
  const path = Object.keys(body).find((name) => name !== "multi_value_mode");
  if (path === undefined) throw new RejectedRequest("parsing_exception", `malformed score function score parameters.`);
  const own = childPointer(pointer, path);
  const options = parameters(member(body, path) ?? null, own, kind, ["origin", "scale", "offset", "decay"]);
  const field = fieldOf(context, path, own);
  if (field === undefined) throw new RejectedRequest("parse_exception", `unknown field [${path}]`);
  const decay = numberOption(options, "decay", 0.5);
  if (!(decay > 0 && decay < 1)) throw new RejectedRequest("illegal_argument_exception", "decay must be in the range (0..1)");
  const measured = distances(field, options, own, context);
  const combine = { min: "arrayMin", max: "arrayMax", avg: "arrayAvg", sum: "arraySum" }[
    textOption(body, "multi_value_mode", "min").toLowerCase()
  ];
  if (combine === undefined) throw new UnsupportedClause(childPointer(pointer, "multi_value_mode"), "this mode has no SQL");
  const nearest = call("if", call("empty", fieldColumn(field)), param("Float64", 0), call(combine, measured.each));
  return fallen(kind, nearest, measured.scale, decay);
}

function fallen(kind: Decay, value: Expr, scale: number, decay: number): Expr {
  const number = (constant: number): Expr => param("Float64", constant);
  if (kind === "linear") {
    const width = scale / (1 - decay);
    return call("greatest", number(0), binary(binary(number(width), "-", value), "/", number(width)));
  }
  if (kind === "exp") return call("exp", binary(number(Math.log(decay) / scale), "*", value));
  const spread = (0.5 * scale ** 2) / Math.log(decay);
  return call("exp", binary(binary(number(0.5), "*", binary(value, "*", value)), "/", number(spread)));
}

interface Measured {
  /** The distance of each value beyond the offset. */
  readonly each: Expr;
  readonly scale: number;
}

function distances(field: SeenField, options: JsonObject, pointer: string, context: Context): Measured {
  const beyond = (apart: Expr, offset: number): Expr =>
    call(
      "arrayMap",
      lambda(["value"], call("greatest", param("Float64", 0), binary(apart, "-", param("Float64", offset)))),
      fieldColumn(field),
    );
  const value = column("value");
  if (field.type === "geo_point") {
    const origin = parsePoint(member(options, "origin") ?? null);
    const metres = (name: string): number => parseDistance(textOption(options, name, "0m"), "m");
    return { each: beyond(distance(value, origin.lat, origin.lon), metres("offset")), scale: metres("scale") };
  }
  if (field.type === "date") {
    const origin = dateBound(field, member(options, "origin") ?? "now", { now: context.now, roundUp: false });
    if (typeof origin !== "bigint") throw new RejectedRequest("parse_exception", origin.error);
    const apart = call("abs", binary(call("toFloat64", value), "-", param("Float64", Number(origin))));
    return { each: beyond(apart, milliseconds(options, "offset", "0ms", pointer)), scale: milliseconds(options, "scale", "", pointer) };
  }
  const number = (name: string, fallback: number): number => numberOption(options, name, fallback);
  if (member(options, "origin") === undefined || member(options, "scale") === undefined) {
    throw new RejectedRequest("parse_exception", "both [scale] and [origin] must be set for numeric fields.");
  }
  if (!/^(?:long|integer|short|byte|double|float|half_float|scaled_float)$/.test(field.type)) {
    throw new UnsupportedClause(pointer, `a decay over [${field.type}] has no SQL`);
  }
  const apart = call("abs", binary(call("toFloat64", value), "-", param("Float64", number("origin", 0))));
  return { each: beyond(apart, number("offset", 0)), scale: number("scale", 1) };
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A length of time in ms. */
export function milliseconds(options: JsonObject, name: string, fallback: string, pointer: string): number {
  const value: JsonValue = member(options, name) ?? fallback;
  const match = /^\s*([0-9.]+)\s*(d|h|m|s|ms)$/.exec(scalarText(value));
  if (match === null) throw new UnsupportedClause(childPointer(pointer, name), "this length of time is not read");
  return Math.trunc(Number(match[1]) * (UNITS[match[2] ?? "ms"] ?? 1));
}
