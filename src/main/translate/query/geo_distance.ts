// geo_distance: a point of the document within a distance of the given one.
import { childPointer, type JsonValue, member } from "../../../shared/json.ts";
import { binary, param } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { distance, parseDistance } from "../geo/distance.ts";
import { parsePoint } from "../geo/point.ts";
import { boostOf, parameters, scalarText, textOption } from "../parameters.ts";
import { constant, NOTHING } from "./compiled.ts";
import { someValue } from "./field_values.ts";
import { geoField } from "./geo_field.ts";
import type { Compiled } from "./types.ts";

const OPTIONS = ["distance", "unit", "distance_type", "validation_method", "ignore_unmapped", "boost"];

export function compileGeoDistance(body: JsonValue, pointer: string, context: Context): Compiled {
  const { path, options, field } = geoField(body, pointer, "geo_distance", OPTIONS, context);
  if (textOption(options, "distance_type", "arc").toLowerCase() !== "arc") {
    throw new UnsupportedClause(`${pointer}/distance_type`, "only distances along the arc have SQL");
  }
  const asked = member(parameters(body, pointer, "geo_distance", [...OPTIONS, path]), "distance");
  if (asked === undefined) throw new RejectedRequest("parsing_exception", "geo_distance requires 'distance' to be specified");
  const metres = parseDistance(scalarText(asked), textOption(options, "unit", "m"));
  if (!(metres > 0)) throw new RejectedRequest("illegal_argument_exception", "distance must be greater than zero");
  const { lat, lon } = parsePoint(member(options, path) ?? null);
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) {
    throw new UnsupportedClause(childPointer(pointer, path), "a point off the globe has no SQL");
  }
  if (field === undefined) return NOTHING;
  return constant(
    someValue(field, (point) => binary(distance(point, lat, lon), "<=", param("Float64", metres))),
    boostOf(options),
  );
}
