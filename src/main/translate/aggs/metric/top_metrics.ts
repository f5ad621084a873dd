// `top_metrics`: values of the first documents by a sort. The reference server has no such module: the shape and the choice follow
// Elasticsearch's manual and its x-pack-analytics module (a document without the sort's value comes last, a field with several
// values gives its least).
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import { call, type Expr, literal, type Order } from "../../../clickhouse/sql/ast.ts";
import { fieldType } from "../../../elasticsearch/fields/index.ts";
import { type Context, fieldOf } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { fieldColumn, type SeenField } from "../../field_column.ts";
import { compileSort, type SortKey } from "../../hits/sort.ts";
import { scalarText } from "../../parameters.ts";
import type { Row } from "../../types.ts";
import { docValueCell } from "../doc_value_cell.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, RowsDefinition, RowsMetric, SearchAround } from "../types.ts";

const MOST = 10;

export const topMetrics: RowsDefinition = { kind: "rows", compile: compileTopMetrics };

function compileTopMetrics(node: AggregationNode, context: Context, { query }: SearchAround): RowsMetric {
  const parameters = new Parameters(node);
  const size = parameters.integer("size", 1);
  const metrics = metricsOf(parameters, context);
  const spec = parameters.value("sort");
  parameters.done();
  if (spec === undefined) throw new RejectedRequest("illegal_argument_exception", "Required [sort]");
  if (size < 1 || size > MOST) {
    throw new RejectedRequest("illegal_argument_exception", `[top_metrics.size] must not be more than [${MOST}] but was [${size}]`);
  }
  const sort = compileSort(spec, parameters.pointer("sort"), context, query);
  const [key, ...others] = sort.keys;
  if (key === undefined || others.length > 0)
    throw new UnsupportedClause(parameters.pointer("sort"), "one sort is followed, no more and no less");
  const print = sortPrinter(spec, key, context, parameters.pointer("sort"));
  const order = sort.order.map(({ expr, ...rest }, i) => ({ ...rest, alias: `#o${i}`, expr }));
  return {
    columns: [
      { alias: "_sort0", expr: key.value },
      ...metrics.map(({ value }, i) => ({ alias: `#m${i}`, expr: value })),
      ...order.map(({ alias, expr }) => ({ alias, expr })),
    ],
    order: order.map(({ alias, desc, nulls }) => named(alias, desc, nulls)),
    from: 0,
    size,
    shape: (rows) => ({ json: { top: rows.map((row) => shapeRow(row, metrics, print)) }, tolerances: [] }),
  };
}

interface TopMetric {
  readonly name: string;
  /** An array of at most one value. */
  readonly value: Expr;
  print(cell: JsonValue): JsonValue;
}

function metricsOf(parameters: Parameters, context: Context): readonly TopMetric[] {
  const value = parameters.value("metrics");
  const specs = isArray(value) ? value : value === undefined ? [] : [value];
  if (specs.length === 0) throw new RejectedRequest("illegal_argument_exception", "Required [metrics]");
  return specs.map((spec) => {
    const path = isObject(spec) ? member(spec, "field") : undefined;
    if (!isObject(spec) || path === undefined) throw parameters.malformed("metrics", "objects with a [field]");
    const unknown = Object.keys(spec).find((name) => name !== "field");
    if (unknown !== undefined) throw new UnsupportedClause(parameters.pointer("metrics"), `[${unknown}] of a metric is not translated`);
    return metricOf(scalarText(path), fieldOf(context, scalarText(path), parameters.pointer("metrics")), parameters);
  });
}

function metricOf(name: string, field: SeenField | undefined, parameters: Parameters): TopMetric {
  if (field === undefined) return { name, value: call("emptyArrayUInt8"), print: () => null };
  const type = fieldType(field);
  if (type === undefined || type.family === "text" || type.family === "geo_point" || type.family === "range" || type.family === "other") {
    throw new UnsupportedClause(parameters.pointer("metrics"), `[${name}] of type [${field.type}] is no metric that is followed`);
  }
  const value = call("arraySlice", fieldColumn(field), literal(1), literal(1));
  return { name, value, print: (cell) => type.format(field, docValueCell(type, cell)) };
}

// A sort value is printed by the field's format, where a hit's would be a bare number.
function sortPrinter(spec: JsonValue, key: SortKey, context: Context, pointer: string): (cell: JsonValue) => JsonValue {
  const [only] = isArray(spec) ? spec : [spec];
  const name = isObject(only) ? Object.keys(only)[0] : typeof only === "string" ? only : undefined;
  const field = name === undefined || name.startsWith("_") ? undefined : fieldOf(context, name, pointer);
  const type = field === undefined ? undefined : fieldType(field);
  if (field === undefined || type === undefined || (type.family !== "date" && type.family !== "boolean"))
    return (cell) => key.present(cell);
  return (cell) => {
    const shown = key.present(cell);
    return shown === null || isObject(shown) ? shown : type.format(field, docValueCell(type, shown));
  };
}

function shapeRow(row: Row, metrics: readonly TopMetric[], print: (cell: JsonValue) => JsonValue): JsonObject {
  const values = metrics.map(({ name, print: printMetric }, i): readonly [string, JsonValue] => {
    const cell = row[`#m${i}`];
    const [first] = isArray(cell) ? cell : [];
    return [name, first === undefined ? null : printMetric(first)];
  });
  return { sort: [print(row._sort0 ?? null)], metrics: Object.fromEntries(values) };
}

function named(alias: string, desc: boolean | undefined, nulls: Order["nulls"]): Order {
  return { expr: { kind: "column", name: alias }, ...(desc === undefined ? {} : { desc }), ...(nulls === undefined ? {} : { nulls }) };
}
