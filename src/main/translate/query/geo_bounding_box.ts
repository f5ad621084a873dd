// geo_bounding_box: a point of the document within the box; one whose left is east of its right goes over the dateline.
import { childPointer, type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, type Expr, literal, or, param } from "../../clickhouse/sql/ast.ts";
import { storedPoint } from "../../elasticsearch/fields/geo_point.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { type Box, boxOf } from "../geo/box.ts";
import { boostOf } from "../parameters.ts";
import { constant, NOTHING } from "./compiled.ts";
import { someValue } from "./field_values.ts";
import { geoField } from "./geo_field.ts";
import type { Compiled } from "./types.ts";

export function compileGeoBoundingBox(body: JsonValue, pointer: string, context: Context): Compiled {
  const known = ["validation_method", "ignore_unmapped", "type", "boost"];
  const { path, options, field } = geoField(body, pointer, "geo_bounding_box", known, context);
  const own = childPointer(pointer, path);
  const box = boxOf(member(options, path) ?? null, own);
  check(box, own);
  if (field === undefined) return NOTHING;
  return constant(
    someValue(field, (point) => within(point, box)),
    boostOf(options),
  );
}

// The corners are rounded as points are where they are stored.
function within(point: Expr, box: Box): Expr {
  const [top, left] = storedPoint({ lat: box.top, lon: box.left });
  const [bottom, right] = storedPoint({ lat: box.bottom, lon: box.right });
  const lat = call("tupleElement", point, literal(1));
  const lon = call("tupleElement", point, literal(2));
  const east = binary(lon, ">=", param("Float64", left));
  const west = binary(lon, "<=", param("Float64", right));
  const across = box.left > box.right ? or([east, west]) : and([east, west]);
  return and([binary(lat, ">=", param("Float64", bottom)), binary(lat, "<=", param("Float64", top)), across]);
}

function check(box: Box, pointer: string): void {
  if (Math.abs(box.top) > 90 || Math.abs(box.bottom) > 90 || Math.abs(box.left) > 180 || Math.abs(box.right) > 180) {
    throw new UnsupportedClause(pointer, "a box that leaves the globe has no SQL");
  }
  if (box.top < box.bottom) {
    throw new RejectedRequest("illegal_argument_exception", `top is below bottom corner: ${box.top} vs. ${box.bottom}`);
  }
}
