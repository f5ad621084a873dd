// `geohash_grid`, `geotile_grid` and `geohex_grid`: a bucket for each cell of the map that holds a point, the fullest first.
import type { JsonValue } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { UnsupportedClause } from "../../failure.ts";
import type { Box } from "../../geo/box.ts";
import { count, integer } from "../cells.ts";
import { hashRange, MAX_LATITUDE, readBounds, tileRange } from "../geo_bounds.ts";
import { type Levels, precisionOf } from "../geo_precision.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, MultiBucketDefinition } from "../types.ts";
import { distinct, refusedType, valuesOf } from "../values.ts";

/** A tile's number is x * TILE_ROWS + y: Elasticsearch's own order of tiles. */
const TILE_ROWS = 2 ** 29;

interface Grid {
  readonly levels: Levels;
  cell(lat: Expr, lon: Expr, precision: number): Expr;
  text(cell: JsonValue, precision: number): string;
  /** The cells that reach into a box; undefined where that is not known. */
  readonly within: ((cells: Expr, bounds: Box, precision: number) => Expr) | undefined;
}

const GEOHASH: Grid = {
  levels: { least: 1, most: 12, usual: 5, distances: true },
  cell: (lat, lon, precision) => call("geohashEncode", lon, lat, literal(precision)),
  text: (cell) => String(cell),
  within: hashRange,
};

const GEOTILE: Grid = {
  levels: { least: 0, most: 29, usual: 7, distances: false },
  cell(lat, lon, precision) {
    const tiles = 2 ** precision;
    const clamped = (x: Expr): Expr => call("toInt64", call("least", literal(tiles - 1), call("greatest", literal(0), call("floor", x))));
    const x = binary(binary(binary(lon, "+", literal(180)), "/", literal(360)), "*", literal(tiles));
    const within = call("least", literal(MAX_LATITUDE), call("greatest", literal(-MAX_LATITUDE), lat));
    const sine = call("sin", call("radians", within));
    const ratio = binary(binary(literal(1), "+", sine), "/", binary(literal(1), "-", sine));
    const y = binary(binary(literal(0.5), "-", binary(call("log", ratio), "/", literal(4 * Math.PI))), "*", literal(tiles));
    return binary(binary(clamped(x), "*", literal(TILE_ROWS)), "+", clamped(y));
  },
  text(cell, precision) {
    const number = integer(cell);
    return `${precision}/${number / BigInt(TILE_ROWS)}/${number % BigInt(TILE_ROWS)}`;
  },
  within: (cells, bounds, precision) => tileRange(cells, bounds, precision, TILE_ROWS),
};

// The reference server has no such module: cells are H3's own, everything else as in the other grids.
const GEOHEX: Grid = {
  levels: { least: 0, most: 15, usual: 6, distances: false },
  cell: (lat, lon, precision) => call("geoToH3", lat, lon, call("toUInt8", literal(precision))),
  text: (cell) => integer(cell).toString(16),
  within: undefined,
};

export const geohashGrid: MultiBucketDefinition = { kind: "multi", compile: (node, context) => compileGrid(node, context, GEOHASH) };
export const geohexGrid: MultiBucketDefinition = { kind: "multi", compile: (node, context) => compileGrid(node, context, GEOHEX) };
export const geotileGrid: MultiBucketDefinition = { kind: "multi", compile: (node, context) => compileGrid(node, context, GEOTILE) };

function compileGrid(node: AggregationNode, context: Context, grid: Grid): Buckets {
  const parameters = new Parameters(node);
  const values = valuesOf(parameters, context);
  const precision = precisionOf(parameters, grid.levels);
  const size = parameters.integer("size", 10_000);
  const requested = parameters.integer("shard_size", -1);
  const bounds = readBounds(parameters);
  parameters.done();
  if (bounds !== undefined && grid.within === undefined) {
    throw new UnsupportedClause(parameters.pointer("bounds"), "which hexagons reach into a box has no SQL yet");
  }
  if (values === undefined) return { keys: call("emptyArrayString"), minDocCount: 0, drafts: () => [] };
  if (values.family !== "geo_point") throw refusedType(values, parameters);
  const cells = cellsOf(values.expr, grid, precision, bounds);
  const shardSize = requested > 0 ? requested : Math.trunc(size * 1.5 + 10);
  return {
    keys: cells,
    minDocCount: 1,
    cut: (key) => ({
      size,
      shardSize: Math.max(size, shardSize),
      shardMinDocCount: 0,
      order: [
        { expr: call("count"), desc: true },
        { expr: key, desc: true },
      ],
      shardCutMatters: false,
    }),
    drafts: ({ rows, cells }) =>
      rows.map((row) => {
        const key = row[cells.key] ?? null;
        const text = grid.text(key, precision);
        const docCount = count(row, cells.count);
        return {
          row,
          cell: key,
          docCount,
          name: text,
          position: Number.NaN,
          members: [
            ["key", text],
            ["doc_count", docCount],
          ],
        };
      }),
  };
}

function cellsOf(points: Expr, grid: Grid, precision: number, bounds: Box | undefined): Expr {
  const point = column("x");
  const cell = grid.cell(call("tupleElement", point, literal(1)), call("tupleElement", point, literal(2)), precision);
  const cells = distinct(call("arrayMap", lambda(["x"], cell), points));
  return bounds === undefined || grid.within === undefined ? cells : grid.within(cells, bounds, precision);
}

/** The tiles of a document's points, for `composite`: their numbers are in its order of tiles. */
export function tileKeys(parameters: Parameters, context: Context): TileKeys {
  const values = valuesOf(parameters, context);
  const precision = precisionOf(parameters, GEOTILE.levels);
  const bounds = readBounds(parameters);
  if (values !== undefined && values.family !== "geo_point") throw refusedType(values, parameters);
  return {
    keys: values === undefined ? undefined : cellsOf(values.expr, GEOTILE, precision, bounds),
    text: (cell) => GEOTILE.text(cell, precision),
    number(text) {
      const [zoom, x, y, ...others] = text.split("/").map(Number);
      const whole = [zoom, x, y].every((part) => Number.isInteger(part)) && others.length === 0;
      return !whole || zoom !== precision || x === undefined || y === undefined ? undefined : BigInt(x) * BigInt(TILE_ROWS) + BigInt(y);
    },
  };
}

interface TileKeys {
  /** `Array(Int64)`; undefined where no index maps the field. */
  readonly keys: Expr | undefined;
  text(cell: JsonValue): string;
  /** The number of a tile that is written as text; undefined where it is none of this precision. */
  number(text: string): bigint | undefined;
}
