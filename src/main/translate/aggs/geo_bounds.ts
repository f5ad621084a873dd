// The `bounds` of a grid: only tiles that touch the box.
import { member } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, lambda, literal, or } from "../../clickhouse/sql/ast.ts";
import { parsePoint } from "../geo/point.ts";
import type { Parameters } from "./parameters.ts";

export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Reads `bounds`: corners or sides. */
export function readBounds(parameters: Parameters): Box | undefined {
  const bounds = parameters.object("bounds");
  if (bounds === undefined) return undefined;
  const corner = (name: string) => {
    const value = member(bounds, name);
    return value === undefined || value === null ? undefined : parsePoint(value);
  };
  const [topLeft, bottomRight, topRight, bottomLeft] = ["top_left", "bottom_right", "top_right", "bottom_left"].map(corner);
  const side = (name: string): number => Number(member(bounds, name) ?? Number.NaN);
  return {
    top: topLeft?.lat ?? topRight?.lat ?? side("top"),
    left: topLeft?.lon ?? bottomLeft?.lon ?? side("left"),
    bottom: bottomRight?.lat ?? bottomLeft?.lat ?? side("bottom"),
    right: bottomRight?.lon ?? topRight?.lon ?? side("right"),
  };
}

/** The tiles (numbers x * rows + y) among `cells` that touch the box. */
export function tileRange(cells: Expr, box: Box, precision: number, rows: number): Expr {
  const tiles = 2 ** precision;
  const clamp = (x: number): number => Math.min(tiles - 1, Math.max(0, Math.floor(x)));
  const xOf = (lon: number): number => clamp(((lon + 180) / 360) * tiles);
  const yOf = (lat: number): number => {
    const sine = Math.sin((Math.min(85.05112878, Math.max(-85.05112878, lat)) * Math.PI) / 180);
    return clamp((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * tiles);
  };
  const x = call("intDiv", column("c"), literal(rows));
  const y = call("modulo", column("c"), literal(rows));
  const east = binary(x, "<=", literal(xOf(box.right)));
  const west = binary(x, ">=", literal(xOf(box.left)));
  const columns = box.left <= box.right ? and([west, east]) : or([west, east]);
  const inside = and([columns, binary(y, ">=", literal(yOf(box.top))), binary(y, "<=", literal(yOf(box.bottom)))]);
  return call("arrayFilter", lambda(["c"], inside), cells);
}
