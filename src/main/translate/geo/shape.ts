// Shapes that a request asks for, from GeoJSON or WKT: those that a point can be in. Coordinates are degrees.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { scalarText } from "../parameters.ts";
import { parseDistance } from "./distance.ts";
import type { Point } from "./point.ts";

/** A closed line: its last point is its first. */
export type Ring = readonly Point[];

export type Shape =
  | { readonly kind: "point"; readonly point: Point }
  | { readonly kind: "box"; readonly top: number; readonly left: number; readonly bottom: number; readonly right: number }
  | { readonly kind: "circle"; readonly centre: Point; readonly metres: number }
  | { readonly kind: "polygon"; readonly outer: Ring; readonly holes: readonly Ring[] };

/** The parts of a shape. Throws RejectedRequest where it can't be read, UnsupportedClause where it has no SQL. */
export function readShape(value: JsonValue, pointer: string): readonly Shape[] {
  if (typeof value === "string") return shapesOf(wktObject(value, pointer), pointer);
  if (!isObject(value)) throw new RejectedRequest("parse_exception", "geo_shape expects a shape");
  return shapesOf(value, pointer);
}

function shapesOf(shape: JsonObject, pointer: string): readonly Shape[] {
  const coordinates = member(shape, "coordinates") ?? null;
  const type = scalarText(member(shape, "type") ?? "").toLowerCase();
  switch (type) {
    case "point":
      return [{ kind: "point", point: pointOf(coordinates, pointer) }];
    case "multipoint":
      return listed(coordinates).map((each): Shape => ({ kind: "point", point: pointOf(each, pointer) }));
    case "envelope": {
      const [a, b] = listed(coordinates).map((each) => pointOf(each, pointer));
      if (a === undefined || b === undefined) throw new RejectedRequest("parse_exception", "an envelope has two corners");
      if (a.lat < b.lat) throw new UnsupportedClause(pointer, "an envelope whose corners are turned has no SQL");
      return [{ kind: "box", top: a.lat, left: a.lon, bottom: b.lat, right: b.lon }];
    }
    case "circle":
      return [
        { kind: "circle", centre: pointOf(coordinates, pointer), metres: parseDistance(scalarText(member(shape, "radius") ?? ""), "m") },
      ];
    case "polygon":
      return [polygonOf(coordinates, pointer)];
    case "multipolygon":
      return listed(coordinates).map((each) => polygonOf(each, pointer));
    case "geometrycollection":
      return listed(member(shape, "geometries") ?? null).flatMap((each) => readShape(each, pointer));
    default:
      throw new UnsupportedClause(pointer, `a shape of type [${type}] has no SQL`);
  }
}

function polygonOf(value: JsonValue, pointer: string): Shape {
  const [outer, ...holes] = listed(value).map((ring) => ringOf(listed(ring).map((each) => pointOf(each, pointer))));
  if (outer === undefined) throw new RejectedRequest("parse_exception", "a polygon has at least one ring");
  const east = Math.max(...outer.map(({ lon }) => lon));
  const west = Math.min(...outer.map(({ lon }) => lon));
  // Which side is inside, and whether the dateline is crossed, is then a matter of the order of points.
  if (east - west >= 180) throw new UnsupportedClause(pointer, "a polygon as wide as half the globe has no SQL");
  return { kind: "polygon", outer, holes };
}

/** The points as a closed line. */
export function ringOf(points: readonly Point[]): Ring {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return points;
  return first.lat === last.lat && first.lon === last.lon ? points : [...points, first];
}

function pointOf(value: JsonValue, pointer: string): Point {
  const [lon, lat] = listed(value);
  if (!isNumber(lon) || !isNumber(lat)) throw new RejectedRequest("parse_exception", "geo coordinates must be numbers");
  const point = { lat: Number(lat), lon: Number(lon) };
  if (Math.abs(point.lat) > 90 || Math.abs(point.lon) > 180)
    throw new UnsupportedClause(pointer, "a shape that leaves the globe has no SQL");
  return point;
}

function listed(value: JsonValue): readonly JsonValue[] {
  if (!isArray(value)) throw new RejectedRequest("parse_exception", "geo coordinates are missing");
  return value;
}

const NUMBER = /^[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?$/i;

// Well-known text with its numbers as GeoJSON has them; BBOX is (west, east, north, south).
function wktObject(text: string, pointer: string): JsonObject {
  const [, type = "", rest = ""] = /^\s*([a-z]+)\s*(\(.*\))\s*$/is.exec(text) ?? [];
  if (type === "" || type.toLowerCase() === "geometrycollection") throw new UnsupportedClause(pointer, `no SQL for the shape [${text}]`);
  if (type.toLowerCase() === "bbox") {
    const [west = 0, east = 0, north = 0, south = 0] = rest.slice(1, -1).split(",").map(Number);
    return {
      type: "envelope",
      coordinates: [
        [west, north],
        [east, south],
      ],
    };
  }
  const tokens = rest.match(/[(),]|[^(),\s]+/g) ?? [];
  const coordinates = group(tokens.values(), pointer);
  return { type, coordinates: type.toLowerCase() === "point" && isArray(coordinates) ? (coordinates[0] ?? null) : coordinates };
}

// `((0 0, 1 1), (2 2))` → lists of lists of positions.
function group(tokens: Iterator<string>, pointer: string): JsonValue {
  const stack: JsonValue[][] = [];
  let position: number[] = [];
  for (let next = tokens.next(); next.done !== true; next = tokens.next()) {
    const token = next.value;
    if (token === "(") stack.push([]);
    else if (NUMBER.test(token)) position.push(Number(token));
    else {
      if (position.length > 0) stack.at(-1)?.push(position);
      position = [];
      if (token === ")") {
        const done = stack.pop() ?? [];
        if (stack.length === 0) return done;
        stack.at(-1)?.push(done);
      } else if (token !== ",") throw new UnsupportedClause(pointer, `[${token}] in a shape is not read`);
    }
  }
  throw new RejectedRequest("parse_exception", "a shape is not closed");
}
