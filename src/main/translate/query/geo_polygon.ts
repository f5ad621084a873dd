// geo_polygon: documents with a point in the polygon. It lies flat: nothing goes over the dateline.
import { childPointer, type JsonValue, member } from "../../../shared/json.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { inside } from "../geo/inside.ts";
import { parsePoint } from "../geo/point.ts";
import { ringOf } from "../geo/shape.ts";
import { boostOf, listOf, parameters } from "../parameters.ts";
import { constant, NOTHING } from "./compiled.ts";
import { someValue } from "./field_values.ts";
import { geoField } from "./geo_field.ts";
import type { Compiled } from "./types.ts";

export function compileGeoPolygon(body: JsonValue, pointer: string, context: Context): Compiled {
  const { path, options, field } = geoField(body, pointer, "geo_polygon", ["validation_method", "ignore_unmapped", "boost"], context);
  const own = childPointer(pointer, path);
  const clause = parameters(member(options, path) ?? null, own, "geo_polygon", ["points"]);
  const ring = ringOf(listOf(member(clause, "points")).map(parsePoint));
  if (ring.length < 4) throw new RejectedRequest("illegal_argument_exception", "too few points defined for geo_polygon query");
  if (ring.some(({ lat, lon }) => Math.abs(lat) > 90 || Math.abs(lon) > 180)) {
    throw new UnsupportedClause(childPointer(own, "points"), "a polygon that leaves the globe has no SQL");
  }
  if (field === undefined) return NOTHING;
  return constant(
    someValue(field, (point) => inside(point, { kind: "polygon", outer: ring, holes: [] })),
    boostOf(options),
  );
}
