// Sorting by `_geo_distance`: the least (or greatest, mean, …) distance from the given points to the document's.
import { childPointer, isArray, isNumber, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, param } from "../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../elasticsearch/fields/number_text.ts";
import { findField } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { distance, metresOf, planeDistance } from "../geo/distance.ts";
import { parsePoint } from "../geo/point.ts";
import { booleanOption, textOption } from "../parameters.ts";
import { descending, type SortKey } from "./sort.ts";
import { nestedField } from "./sort_nested.ts";

const OPTIONS = ["order", "unit", "mode", "distance_type", "ignore_unmapped", "validation_method"];

export function distanceKey(body: JsonObject, pointer: string, context: Context): SortKey {
  const path = Object.keys(body).find((name) => !OPTIONS.includes(name) && name !== "nested");
  if (path === undefined) throw new RejectedRequest("parsing_exception", "failed to find geo_point field in [_geo_distance]");
  const desc = descending(body, pointer, "asc");
  const value = distanceValue(path, body, desc, pointer, context);
  return { kind: "distance", parts: [{ expr: value, desc, after }], value, present: presentDistance };
}

function distanceValue(path: string, body: JsonObject, desc: boolean, pointer: string, context: Context): Expr {
  const nested = member(body, "nested") ?? null;
  const field =
    nested === null
      ? fieldOf(context, path, childPointer(pointer, path))
      : nestedField(path, nested, childPointer(pointer, "nested"), context);
  const none = param("Float64", desc ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  if (field === undefined) {
    if (booleanOption(body, "ignore_unmapped", false)) return none;
    if (findField(context.mapping, path) !== undefined) {
      throw new UnsupportedClause(childPointer(pointer, path), `[${path}] is not in what is sorted`);
    }
    throw new RejectedRequest("illegal_argument_exception", `failed to find mapper for [${path}] for geo distance based sort`);
  }
  if (field.type !== "geo_point") throw new UnsupportedClause(childPointer(pointer, path), "distances need a geo_point");
  const [from, ...others] = pointsOf(member(body, path) ?? null);
  if (from === undefined) throw new RejectedRequest("illegal_argument_exception", "Geo distance sorting needs at least one point.");
  const between = distanceOf(textOption(body, "distance_type", "arc"));
  const mode = textOption(body, "mode", desc ? "max" : "min").toLowerCase();
  if (mode === "sum") {
    throw new RejectedRequest("illegal_argument_exception", "sort_mode [sum] isn't supported for sorting by geo distance");
  }
  const combine = { min: "arrayMin", max: "arrayMax", avg: "arrayAvg" }[mode];
  if (combine === undefined) throw new UnsupportedClause(childPointer(pointer, "mode"), `no SQL for mode [${mode}]`);
  const points = fieldColumn(field);
  // Of several points, all distances of all values count.
  const [first, ...rest] = [from, ...others].map(({ lat, lon }) => lambda(["point"], between(column("point"), lat, lon)));
  const all = [first, ...rest].flatMap((each) => (each === undefined ? [] : [call("arrayMap", each, points)]));
  const metres = rest.length === 0 && first !== undefined ? call(combine, first, points) : call(combine, call("arrayConcat", ...all));
  const unit = metresOf(textOption(body, "unit", "m"));
  const measured = unit === 1 ? metres : binary(metres, "/", param("Float64", unit));
  return call("if", call("empty", points), none, measured);
}

/** How a `distance_type` measures. Throws RejectedRequest. */
export function distanceOf(type: string): typeof distance {
  if (type.toLowerCase() === "arc") return distance;
  if (type.toLowerCase() === "plane") return planeDistance;
  throw new RejectedRequest("illegal_argument_exception", `No geo distance for [${type}]`);
}

function pointsOf(value: JsonValue) {
  const several = isArray(value) && !isNumber(value[0]);
  return (several ? value : [value]).map(parsePoint);
}

function after(value: JsonValue): Expr {
  return param(
    "Float64",
    value === "Infinity" ? Number.POSITIVE_INFINITY : value === "-Infinity" ? Number.NEGATIVE_INFINITY : Number(value),
  );
}

function presentDistance(cell: JsonValue): JsonValue {
  if (cell === "inf") return "Infinity";
  return cell === "-inf" ? "-Infinity" : doubleJson(Number(cell));
}
