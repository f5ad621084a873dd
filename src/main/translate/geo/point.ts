// A point as a request writes it: {lat, lon}, [lon, lat], "lat,lon", a geohash, WKT or GeoJSON.
import { isArray, isNumber, isObject, type JsonValue, member, printJson } from "../../../shared/json.ts";
import { RejectedRequest } from "../failure.ts";

export interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** Reads a point; a geohash stands for the centre of its cell. Throws RejectedRequest. */
export function parsePoint(value: JsonValue): Point {
  if (isObject(value)) return objectPoint(value);
  if (isArray(value)) {
    const [lon, lat] = value;
    if (!isNumber(lon) || !isNumber(lat)) throw unreadable(value);
    return { lat: Number(lat), lon: Number(lon) };
  }
  if (typeof value === "string") return textPoint(value);
  throw unreadable(value);
}

function objectPoint(value: Extract<JsonValue, object>): Point {
  if (!isObject(value)) throw unreadable(value);
  const coordinates = member(value, "coordinates");
  if (coordinates !== undefined) return parsePoint(coordinates);
  const geohash = member(value, "geohash");
  if (typeof geohash === "string") return centre(geohashCell(geohash));
  const lat = Number(member(value, "lat") ?? Number.NaN);
  const lon = Number(member(value, "lon") ?? Number.NaN);
  if (Number.isNaN(lat) || Number.isNaN(lon)) throw new RejectedRequest("parse_exception", "field must be either lat/lon or geohash");
  return { lat, lon };
}

function textPoint(text: string): Point {
  const wkt = /^\s*POINT\s*\(\s*(\S+)\s+(\S+)\s*\)\s*$/i.exec(text);
  if (wkt !== null) return { lon: Number(wkt[1]), lat: Number(wkt[2]) };
  if (!text.includes(",")) return centre(geohashCell(text));
  const [lat, lon] = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (lat === undefined || lon === undefined || Number.isNaN(lat) || Number.isNaN(lon)) throw unreadable(text);
  return { lat, lon };
}

export interface Cell {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

const BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz";

/** The rectangle that a geohash names. */
export function geohashCell(geohash: string): Cell {
  let [south, north, west, east] = [-90, 90, -180, 180];
  let longitude = true;
  for (const letter of geohash) {
    const bits = BASE32.indexOf(letter.toLowerCase());
    if (bits < 0) throw new RejectedRequest("parse_exception", `unsupported symbol [${letter}] in geohash [${geohash}]`);
    for (let mask = 16; mask > 0; mask >>= 1) {
      const upper = (bits & mask) !== 0;
      if (longitude) [west, east] = upper ? [(west + east) / 2, east] : [west, (west + east) / 2];
      else [south, north] = upper ? [(south + north) / 2, north] : [south, (south + north) / 2];
      longitude = !longitude;
    }
  }
  return { south, north, west, east };
}

function centre(cell: Cell): Point {
  return { lat: (cell.south + cell.north) / 2, lon: (cell.west + cell.east) / 2 };
}

function unreadable(value: JsonValue): RejectedRequest {
  return new RejectedRequest("parse_exception", `geo_point expected, got ${printJson(value)}`);
}
