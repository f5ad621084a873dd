// A box of the map as a request writes it.
import { isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { geohashCell, parsePoint } from "./point.ts";

/** Degrees; where `left` is east of `right` it goes over the dateline. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Reads a box: corners, sides, or WKT. Throws UnsupportedClause where a side is missing. */
export function boxOf(value: JsonValue, pointer: string): Box {
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
