// geo_point: quantised to Lucene's 32 bits a coordinate, in the order of their printed text, duplicates kept. Reads objects, GeoJSON,
// `[lon, lat]`, `"lat,lon"`, WKT and geohashes.
import { isArray, isNumber, isObject, type JsonValue, jsonObject, member } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { decodeGeohash } from "./geohash.ts";
import { readEach, withNullValue } from "./null_value.ts";
import { doubleJson, javaDouble } from "./number_text.ts";
import { toDouble } from "./number_value.ts";
import { compareUtf8 } from "./utf8_order.ts";

type Point = readonly [lat: number, lon: number];

const LAT_STEP = 180 / 2 ** 32;
const LON_STEP = 360 / 2 ** 32;

/** A coordinate as Lucene stores it: the lower corner of its cell. */
function quantise([lat, lon]: Point): Point {
  return [cell(lat, LAT_STEP) * LAT_STEP, cell(lon, LON_STEP) * LON_STEP];
}

/** A point as doc values hold it. */
export function storedPoint({ lat, lon }: { readonly lat: number; readonly lon: number }): readonly [lat: number, lon: number] {
  return quantise([lat, lon]);
}

function cell(coordinate: number, step: number): number {
  return Math.min(Math.floor(coordinate / step), 2 ** 31 - 1);
}

/** The text of a doc value. */
function printStored([lat, lon]: Point): string {
  return `${javaDouble(lat)}, ${javaDouble(lon)}`;
}

// Elasticsearch sorts the points of a document by their text when it prints them: -43 before -47, and 48 before 5.
function comparePrinted(a: Point, b: Point): number {
  return compareUtf8(printStored(a), printStored(b));
}

function read(value: JsonValue): Point {
  const [lat, lon] = readUnchecked(value);
  if (!(Math.abs(lat) <= 90)) throw new MalformedValue(`illegal latitude value [${lat}]`);
  if (!(Math.abs(lon) <= 180)) throw new MalformedValue(`illegal longitude value [${lon}]`);
  return [lat, lon];
}

function readUnchecked(value: JsonValue): Point {
  if (typeof value === "string") return readText(value);
  if (isArray(value)) return readPair(value);
  if (!isObject(value)) throw new MalformedValue("no geo_point");
  const geohash = member(value, "geohash");
  if (typeof geohash === "string") return readText(geohash);
  const coordinates = member(value, "coordinates");
  if (isArray(coordinates)) return readPair(coordinates);
  return [toDouble(member(value, "lat") ?? null), toDouble(member(value, "lon") ?? null)];
}

function readPair(pair: readonly JsonValue[]): Point {
  const [lon, lat] = pair;
  if (!isNumber(lon) || !isNumber(lat)) throw new MalformedValue("geo_point expects [lon, lat]");
  return [Number(lat), Number(lon)];
}

function readText(text: string): Point {
  const wkt = /^\s*point\s*\(\s*(\S+)\s+(\S+?)(?:\s+\S+)?\s*\)\s*$/i.exec(text);
  if (wkt !== null) return [toDouble(wkt[2] ?? ""), toDouble(wkt[1] ?? "")];
  const parts = text.split(",");
  if (parts.length >= 2) return [toDouble(parts[0] ?? ""), toDouble(parts[1] ?? "")];
  const point = decodeGeohash(text);
  if (point === null) throw new MalformedValue(`unsupported symbol in geohash [${text}]`);
  return point;
}

function isPoint(value: DocValue): value is Point {
  return typeof value === "object";
}

function print([lat, lon]: Point, format: string | undefined): JsonValue {
  if (format === "wkt") return `POINT (${javaDouble(lon)} ${javaDouble(lat)})`;
  return jsonObject([
    ["coordinates", [doubleJson(lon), doubleJson(lat)]],
    ["type", "Point"],
  ]);
}

export const geoPoint: FieldType = Object.freeze({
  type: "geo_point",
  family: "geo_point",
  element: "Tuple(Float64, Float64)",
  columns: (field: Field) => [{ name: field.column, type: "Array(Tuple(Float64, Float64))" }],
  docValues: (field: Field, values: readonly JsonValue[]) => [
    readEach(field, withNullValue(field, values), read).map(quantise).sort(comparePrinted),
  ],
  term(field: Field): TermValue {
    const reason = `Geometry fields do not support exact searching, use dedicated geometry queries instead: [${field.path}]`;
    return { kind: "invalid", errorType: "illegal_argument_exception", reason };
  },
  format: (_field: Field, value: DocValue) => (isPoint(value) ? printStored(value) : String(value)),
  fetch(field: Field, value: JsonValue, format?: string) {
    const [present] = withNullValue(field, [value]);
    return present === undefined ? undefined : print(read(present), format);
  },
});
