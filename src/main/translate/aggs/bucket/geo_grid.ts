// `geohash_grid` and `geotile_grid`: a bucket for each cell of the map that holds a point, the fullest first.
import { isNumber, type JsonValue } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { count, integer } from "../cells.ts";
import { readBounds, tileRange } from "../geo_bounds.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, MultiBucketDefinition } from "../types.ts";
import { distinct, refusedType, valuesOf } from "../values.ts";

/** A tile's number is x * TILE_ROWS + y: Elasticsearch's own order of tiles. */
const TILE_ROWS = 2 ** 29;
const MAX_LATITUDE = 85.05112878;

interface Grid {
  readonly precision: number;
  readonly maxPrecision: number;
  cell(lat: Expr, lon: Expr, precision: number): Expr;
  text(cell: JsonValue, precision: number): string;
}

const GEOHASH: Grid = {
  precision: 5,
  maxPrecision: 12,
  cell: (lat, lon, precision) => call("geohashEncode", lon, lat, literal(precision)),
  text: (cell) => String(cell),
};

const GEOTILE: Grid = {
  precision: 7,
  maxPrecision: 29,
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
};

export const geohashGrid: MultiBucketDefinition = { kind: "multi", compile: (node, context) => compileGrid(node, context, GEOHASH) };
export const geotileGrid: MultiBucketDefinition = { kind: "multi", compile: (node, context) => compileGrid(node, context, GEOTILE) };

function compileGrid(node: AggregationNode, context: Context, grid: Grid): Buckets {
  const parameters = new Parameters(node);
  const values = valuesOf(parameters, context);
  const precision = precisionOf(parameters, grid);
  const size = parameters.integer("size", 10_000);
  const requested = parameters.integer("shard_size", -1);
  const bounds = readBounds(parameters);
  parameters.done();
  if (values === undefined) return { keys: call("emptyArrayString"), minDocCount: 0, drafts: () => [] };
  if (values.family !== "geo_point") throw refusedType(values, parameters);
  if (bounds !== undefined && grid === GEOHASH) {
    throw new UnsupportedClause(parameters.pointer("bounds"), "cells that touch a box have no SQL yet");
  }
  const point = column("x");
  const cell = grid.cell(call("tupleElement", point, literal(1)), call("tupleElement", point, literal(2)), precision);
  const cells = distinct(call("arrayMap", lambda(["x"], cell), values.expr));
  const shardSize = requested > 0 ? requested : Math.trunc(size * 1.5 + 10);
  return {
    keys: bounds === undefined ? cells : tileRange(cells, bounds, precision, TILE_ROWS),
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

function precisionOf(parameters: Parameters, grid: Grid): number {
  const value = parameters.value("precision");
  if (value === undefined) return grid.precision;
  const precision = isNumber(value) || typeof value === "string" ? Number(value) : Number.NaN;
  if (Number.isNaN(precision)) throw new UnsupportedClause(parameters.pointer("precision"), "a precision as a distance is not translated");
  const least = grid === GEOHASH ? 1 : 0;
  if (!Number.isInteger(precision) || precision < least || precision > grid.maxPrecision) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `Invalid ${parameters.node.type} aggregation precision of ${precision}. Must be between ${least} and ${grid.maxPrecision}.`,
    );
  }
  return precision;
}
