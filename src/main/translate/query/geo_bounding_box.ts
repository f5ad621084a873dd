// geo_bounding_box: a point of the document within the box; one whose left is east of its right goes over the dateline.
import { childPointer, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, type Expr, literal, or, param } from "../../clickhouse/sql/ast.ts";
import { storedPoint } from "../../elasticsearch/fields/geo_point.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { geohashCell, parsePoint } from "../geo/point.ts";
import { boostOf } from "../parameters.ts";
import { constant, NOTHING } from "./compiled.ts";
import { someValue } from "./field_values.ts";
import { geoField } from "./geo_field.ts";
import type { Compiled } from "./types.ts";

interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

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

function boxOf(value: JsonValue, pointer: string): Box {
  if (!isObject(value)) throw new RejectedRequest("parsing_exception", "failed to parse bounding box");
  const wkt = member(value, "wkt");
  if (typeof wkt === "string") return wktBox(wkt);
  const corner = (name: string): JsonValue | undefined => member(value, name);
  const [topLeft, bottomRight] = [corner("top_left"), corner("bottom_right")];
  if (topLeft !== undefined && bottomRight !== undefined) {
    const [nw, se] = [cornerOf(topLeft, "north", "west"), cornerOf(bottomRight, "south", "east")];
    return { top: nw.lat, left: nw.lon, bottom: se.lat, right: se.lon };
  }
  const [topRight, bottomLeft] = [corner("top_right"), corner("bottom_left")];
  if (topRight !== undefined && bottomLeft !== undefined) {
    const [ne, sw] = [cornerOf(topRight, "north", "east"), cornerOf(bottomLeft, "south", "west")];
    return { top: ne.lat, left: sw.lon, bottom: sw.lat, right: ne.lon };
  }
  return {
    top: side(value, "top", pointer),
    left: side(value, "left", pointer),
    bottom: side(value, "bottom", pointer),
    right: side(value, "right", pointer),
  };
}

// A geohash as a corner is that corner of its cell.
function cornerOf(value: JsonValue, latitude: "north" | "south", longitude: "west" | "east") {
  const geohash = isObject(value) ? member(value, "geohash") : typeof value === "string" && /^[0-9a-z]+$/i.test(value) ? value : undefined;
  if (typeof geohash !== "string") return parsePoint(value);
  const cell = geohashCell(geohash);
  return { lat: cell[latitude], lon: cell[longitude] };
}

function side(box: JsonObject, name: string, pointer: string): number {
  const value = Number(member(box, name) ?? Number.NaN);
  if (Number.isNaN(value)) throw new UnsupportedClause(pointer, `a box without [${name}] has no SQL`);
  return value;
}

function wktBox(text: string): Box {
  const match = /^\s*BBOX\s*\(\s*([^,]+),([^,]+),([^,]+),([^,]+)\)\s*$/i.exec(text);
  if (match === null) throw new RejectedRequest("parse_exception", "failed to parse WKT bounding box");
  return { left: Number(match[1]), right: Number(match[2]), top: Number(match[3]), bottom: Number(match[4]) };
}

function check(box: Box, pointer: string): void {
  if (Math.abs(box.top) > 90 || Math.abs(box.bottom) > 90 || Math.abs(box.left) > 180 || Math.abs(box.right) > 180) {
    throw new UnsupportedClause(pointer, "a box that leaves the globe has no SQL");
  }
  if (box.top < box.bottom) {
    throw new RejectedRequest("illegal_argument_exception", `top is below bottom corner: ${box.top} vs. ${box.bottom}`);
  }
}
