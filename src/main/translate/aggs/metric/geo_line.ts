// `geo_line`: the points of a bucket's documents as one line, in the order of another field. The reference server has no such module:
// this follows Elasticsearch's manual and x-pack-spatial.
import { isArray, type JsonObject, type JsonValue } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, literal, type Order } from "../../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import type { Row } from "../../types.ts";
import { count, double } from "../cells.ts";
import { Parameters } from "../parameters.ts";
import { partOf } from "../parts.ts";
import type { AggregationNode, RowsDefinition, RowsMetric, Shaped } from "../types.ts";
import { numbersOf, refusedType, valuesOf } from "../values.ts";

const MOST = 10_000;

export const geoLine: RowsDefinition = { kind: "rows", compile: compileGeoLine };

interface Line {
  readonly size: number;
  readonly withSort: boolean;
  readonly shards: number;
  readonly node: AggregationNode;
}

function compileGeoLine(node: AggregationNode, context: Context): RowsMetric {
  if (context.scope !== undefined) throw new UnsupportedClause(node.pointer, "lines of nested objects have no SQL yet");
  const parameters = new Parameters(node);
  const [pointPart, sortPart] = [partOf(parameters, "point"), partOf(parameters, "sort")];
  const points = valuesOf(pointPart, context);
  const sorts = numbersOf(sortPart, context);
  for (const part of [pointPart, sortPart]) part.done();
  const size = parameters.integer("size", MOST);
  const order = (parameters.text("sort_order") ?? "asc").toLowerCase();
  const withSort = parameters.boolean("include_sort", false);
  parameters.done();
  if (size <= 0 || size > MOST) {
    throw new RejectedRequest("x_content_parse_exception", `invalid [size] value [${size}] must be a positive integer <= ${MOST}`);
  }
  if (order !== "asc" && order !== "desc") throw new RejectedRequest("x_content_parse_exception", `No enum constant SortOrder.${order}`);
  if (points !== undefined && points.family !== "geo_point") throw refusedType(points, parameters);
  const first = (values: Expr): Expr => call("arraySlice", values, literal(1), literal(1));
  const none = call("emptyArrayFloat64");
  const unmapped = points === undefined || sorts === undefined;
  const several = unmapped ? literal(0) : call("greatest", call("length", points.expr), call("length", sorts.expr));
  const shards = context.tables.reduce((sum, table) => sum + table.shards, 0);
  const line: Line = { size, withSort, shards, node };
  return {
    columns: [
      { alias: "#missing", expr: unmapped ? literal(1) : call("empty", sorts.expr) },
      { alias: "#sort", expr: unmapped ? none : first(sorts.expr) },
      { alias: "#point", expr: unmapped ? none : first(points.expr) },
      { alias: "#several", expr: unmapped ? literal(0) : binary(several, ">", literal(1)) },
    ],
    order: [{ expr: column("#missing") }, by("#sort", order === "desc")],
    from: 0,
    size,
    shape: (rows, docCount) => (unmapped ? feature([], true, withSort) : shaped(line, rows, docCount)),
  };
}

const by = (name: string, desc: boolean): Order => ({ expr: column(name), desc });

interface Stop {
  readonly sort: number;
  /** Latitude and longitude; undefined where the document has none. */
  readonly at: readonly [number, number] | undefined;
}

function shaped(line: Line, rows: readonly Row[], docCount: number): Shaped {
  const refuse = (reason: string) => new UnsupportedClause(line.node.pointer, reason);
  if (rows.some((row) => count(row, "#several") > 0)) throw refuse("Elasticsearch refuses a document with several points or moments");
  const sorted = rows.filter((row) => count(row, "#missing") === 0).map(stopOf);
  const stops = sorted.filter(({ at }) => at !== undefined);
  const cut = docCount > line.size;
  if (cut && line.shards > 1 && (stops.length < sorted.length || sorted.length < line.size)) {
    throw refuse("over several shards documents without a point take places in the line of each shard");
  }
  const tied = stops.some((stop, i) => {
    const before = stops[i - 1];
    return before !== undefined && before.sort === stop.sort && String(before.at) !== String(stop.at);
  });
  if (tied) throw refuse("points of one moment stand in no order of their own");
  return feature(stops, !cut, line.withSort);
}

function stopOf(row: Row): Stop {
  const [sort] = listOf(row["#sort"]);
  const [lat, lon] = listOf(listOf(row["#point"])[0]);
  return { sort: double(sort), at: lat === undefined ? undefined : [double(lat), double(lon)] };
}

function listOf(cell: JsonValue | undefined): readonly JsonValue[] {
  return isArray(cell) ? cell : [];
}

function feature(stops: readonly Stop[], complete: boolean, withSort: boolean): Shaped {
  const coordinates = stops.map(({ at: [lat, lon] = [Number.NaN, Number.NaN] }): JsonValue => [rounded(lon), rounded(lat)].map(doubleJson));
  const [only, ...others] = coordinates;
  const geometry: JsonObject =
    only !== undefined && others.length === 0 ? { type: "Point", coordinates: only } : { type: "LineString", coordinates };
  const values = withSort ? { sort_values: stops.map(({ sort }) => doubleJson(sort)) } : {};
  return { json: { type: "Feature", geometry, properties: { complete, ...values } }, tolerances: [] };
}

/** To six places, halves up. */
function rounded(degrees: number): number {
  return Math.floor(degrees * 1e6 + 0.5) / 1e6;
}
