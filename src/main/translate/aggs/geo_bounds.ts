// The `bounds` of a grid: only cells that share a point with the inside of the box. Cells that merely touch it stay out.
import { and, binary, call, column, type Expr, lambda, literal, or } from "../../clickhouse/sql/ast.ts";
import { type Box, boxOf } from "../geo/box.ts";
import type { Parameters } from "./parameters.ts";

/** Latitudes beyond have no tiles of their own. */
export const MAX_LATITUDE = 85.05112878;

/** Reads `bounds`. */
export function readBounds(parameters: Parameters): Box | undefined {
  const bounds = parameters.object("bounds");
  return bounds === undefined ? undefined : boxOf(bounds, parameters.pointer("bounds"));
}

/** The tiles (numbers x * rows + y) among `cells` that reach into the box. */
export function tileRange(cells: Expr, box: Box, precision: number, rows: number): Expr {
  if (box.bottom > MAX_LATITUDE || box.top < -MAX_LATITUDE) return call("arrayResize", cells, literal(0));
  const tiles = 2 ** precision;
  const clamp = (x: number): number => Math.min(tiles - 1, Math.max(0, Math.floor(x)));
  const xOf = (lon: number): number => clamp(((lon + 180) / 360) * tiles);
  const yOf = (lat: number): number => {
    const sine = Math.sin((Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, lat)) * Math.PI) / 180);
    return clamp((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * tiles);
  };
  const lonOf = (x: number): number => (x / tiles) * 360 - 180;
  const latOf = (y: number): number => (Math.atan(Math.sinh(Math.PI - (2 * Math.PI * y) / tiles)) * 180) / Math.PI;
  const [minX, maxX, minY, maxY] = [xOf(box.left), xOf(box.right), yOf(box.top), yOf(box.bottom)];
  const leftX = same(lonOf(minX + 1), box.left, 360) ? minX + 1 : minX;
  const rightX = same(lonOf(maxX), box.right, 360) ? maxX - 1 : maxX;
  const topY = same(latOf(minY + 1), box.top, 180) ? minY + 1 : minY;
  const bottomY = same(latOf(maxY), box.bottom, 180) ? maxY - 1 : maxY;
  const x = call("intDiv", column("c"), literal(rows));
  const y = call("modulo", column("c"), literal(rows));
  const [west, east] = [binary(x, ">=", literal(leftX)), binary(x, "<=", literal(rightX))];
  const columns = box.left <= box.right ? and([west, east]) : or([west, east]);
  const inside = and([columns, binary(y, ">=", literal(topY)), binary(y, "<=", literal(bottomY))]);
  return call("arrayFilter", lambda(["c"], inside), cells);
}

/** The geohashes among `cells` that reach into the box. */
export function hashRange(cells: Expr, box: Box, precision: number): Expr {
  const width = 360 / 2 ** Math.ceil(precision * 2.5);
  const height = 180 / 2 ** Math.floor(precision * 2.5);
  const middle = (element: 1 | 2): Expr => call("tupleElement", call("geohashDecode", column("c")), literal(element));
  const low = (element: 1 | 2, from: number, step: number): Expr =>
    binary(
      binary(call("floor", binary(binary(middle(element), "+", literal(from)), "/", literal(step))), "*", literal(step)),
      "-",
      literal(from),
    );
  const [minLon, minLat] = [low(1, 180, width), low(2, 90, height)];
  const west = binary(binary(minLon, "+", literal(width)), ">", literal(box.left));
  const east = binary(minLon, "<", literal(box.right));
  const columns = box.left <= box.right ? and([west, east]) : or([west, east]);
  const south = binary(binary(minLat, "+", literal(height)), ">", literal(box.bottom));
  const inside = and([columns, binary(minLat, "<", literal(box.top)), south]);
  return call("arrayFilter", lambda(["c"], inside), cells);
}

/** True where Lucene stores two degrees as the same number. */
function same(a: number, b: number, range: number): boolean {
  const step = range / 2 ** 32;
  const encoded = (degrees: number): number => Math.floor((degrees === range / 2 ? degrees - step : degrees) / step);
  return encoded(a) === encoded(b);
}
