// Distances as Elasticsearch computes them: haversine on a sphere of Lucene's radius. ClickHouse's own geoDistance is an
// ellipsoid's and greatCircleDistance an approximation; both differ in the set of hits or their order.
import { binary, call, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { RejectedRequest } from "../failure.ts";

const DIAMETER = 2 * 6_371_008.7714;

const METRES: Readonly<Record<string, number>> = {
  in: 0.0254,
  inch: 0.0254,
  yd: 0.9144,
  yards: 0.9144,
  ft: 0.3048,
  feet: 0.3048,
  km: 1000,
  kilometers: 1000,
  NM: 1852,
  nmi: 1852,
  nauticalmiles: 1852,
  mm: 0.001,
  millimeters: 0.001,
  cm: 0.01,
  centimeters: 0.01,
  mi: 1609.344,
  miles: 1609.344,
  m: 1,
  meters: 1,
};

/** Metres in one of Elasticsearch's units. */
export function metresOf(unit: string): number {
  const metres = Object.hasOwn(METRES, unit) ? METRES[unit] : undefined;
  if (metres === undefined) throw new RejectedRequest("illegal_argument_exception", `No distance unit match [${unit}]`);
  return metres;
}

/** `12km` → metres; a bare number is in `defaultUnit`. */
export function parseDistance(text: string, defaultUnit: string): number {
  const match = /^\s*([-+0-9.eE]*?)\s*([a-zA-Z]*)\s*$/.exec(text);
  const number = Number(match?.[1]);
  if (match === null || match[1] === "" || Number.isNaN(number)) {
    throw new RejectedRequest("number_format_exception", `For input string: "${text}"`);
  }
  return number * metresOf(match[2] === "" ? defaultUnit : (match[2] ?? defaultUnit));
}

/** The same on a plane around the two points, as `distance_type: plane` has it. */
export function planeDistance(point: Expr, lat: number, lon: number): Expr {
  const pointLat = call("tupleElement", point, literal(1));
  const pointLon = call("tupleElement", point, literal(2));
  const middle = call("radians", binary(binary(pointLat, "+", param("Float64", lat)), "/", literal(2)));
  const x = binary(call("radians", binary(pointLon, "-", param("Float64", lon))), "*", call("cos", middle));
  const y = call("radians", binary(pointLat, "-", param("Float64", lat)));
  const chord = call("sqrt", binary(binary(x, "*", x), "+", binary(y, "*", y)));
  return binary(param("Float64", DIAMETER / 2), "*", chord);
}

/** Metres between the point expression `(lat, lon)` and a constant point. */
export function distance(point: Expr, lat: number, lon: number): Expr {
  const pointLat = call("tupleElement", point, literal(1));
  const pointLon = call("tupleElement", point, literal(2));
  const half = (a: Expr, b: number) =>
    call("pow", call("sin", binary(call("radians", binary(a, "-", param("Float64", b))), "/", literal(2))), literal(2));
  const parallels = binary(call("cos", call("radians", param("Float64", lat))), "*", call("cos", call("radians", pointLat)));
  const chord = call("sqrt", binary(half(pointLat, lat), "+", binary(parallels, "*", half(pointLon, lon))));
  return binary(param("Float64", DIAMETER), "*", call("asin", call("least", literal(1), chord)));
}
