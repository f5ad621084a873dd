// distance_feature: documents with a date or a place, scored by how near it is: pivot / (pivot + distance).
import { childPointer, type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, param } from "../../clickhouse/sql/ast.ts";
import { dateBound } from "../../elasticsearch/fields/date.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { distance, parseDistance } from "../geo/distance.ts";
import { parsePoint } from "../geo/point.ts";
import { boostOf, parameters, textOption } from "../parameters.ts";
import { withoutField } from "./compiled.ts";
import { milliseconds } from "./decay.ts";
import { float } from "./script_score.ts";
import type { Compiled } from "./types.ts";

export function compileDistanceFeature(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "distance_feature", ["field", "origin", "pivot", "boost"]);
  const path = textOption(options, "field", "");
  const field = fieldOf(context, path, childPointer(pointer, "field"));
  if (field === undefined) return withoutField(context, path);
  const origin = member(options, "origin") ?? null;
  const values = fieldColumn(field);
  const value = column("value");
  const scored = (pivot: number, apart: Expr): Compiled => {
    const nearest = call("arrayMin", call("arrayMap", lambda(["value"], apart), values));
    const share = binary(param("Float64", pivot), "/", binary(param("Float64", pivot), "+", nearest));
    return {
      where: call("notEmpty", values),
      score: null,
      scoring: float(binary(param("Float64", boostOf(options)), "*", share)),
      highlights: [],
    };
  };
  if (field.type === "geo_point") {
    const { lat, lon } = parsePoint(origin);
    return scored(parseDistance(textOption(options, "pivot", ""), "m"), distance(value, lat, lon));
  }
  if (field.type !== "date") {
    if (field.type === "date_nanos") throw new UnsupportedClause(pointer, "distances of nanoseconds have no SQL yet");
    throw new RejectedRequest("illegal_argument_exception", `Illegal data type of [${field.type}]!`);
  }
  // A day as origin is its last moment.
  const from = dateBound(field, origin, { now: context.now, roundUp: true });
  if (typeof from !== "bigint") throw new RejectedRequest("parse_exception", from.error);
  const apart = call("toFloat64", call("abs", binary(value, "-", param("Int64", from))));
  return scored(milliseconds(options, "pivot", "", pointer), apart);
}
