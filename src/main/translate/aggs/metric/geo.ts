// `geo_centroid`, the mean point, and `geo_bounds`, the box around the points, across the date line where that is narrower.
import { binary, call, type Expr, literal } from "../../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import type { Context } from "../../context.ts";
import { count, double } from "../cells.ts";
import { floatSum } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import { sumColumn } from "../sums.ts";
import type { MetricDefinition, Shaped } from "../types.ts";
import { filtered, mapped, refusedType, type Values, valueNumber, valuesOf } from "../values.ts";

export const geoCentroid: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = points(parameters, context);
    parameters.done();
    if (values === undefined) return { shape: () => ({ json: { count: 0 }, tolerances: [] }) };
    const number = grain.cell(valueNumber(grain, values));
    const sums = { lat: sumColumn(grain, coordinate(values, 1)), lon: sumColumn(grain, coordinate(values, 2)) };
    return {
      shape(row): Shaped {
        const points = count(row, number);
        if (points === 0) return { json: { count: 0 }, tolerances: [] };
        const axes = (["lat", "lon"] as const).map((name) => {
          const { value, slack } = sums[name].read(row);
          // Elasticsearch multiplies and divides once more when it reduces.
          return { name, value: ((value / points) * points) / points, slack: (slack / points) * 2 };
        });
        const location = Object.fromEntries(axes.map(({ name, value }) => [name, doubleJson(value)]));
        return {
          json: { location, count: points },
          tolerances: axes.flatMap(({ name, value, slack }) => floatSum(`/location/${name}`, value, slack)),
        };
      },
    };
  },
};

export const geoBounds: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = points(parameters, context);
    const wrap = parameters.boolean("wrap_longitude", true);
    parameters.done();
    if (values === undefined) return { shape: () => ({ json: {}, tolerances: [] }) };
    const cell = (which: "min" | "max", axis: Expr): { value: string; number: string } => {
      const document = grain.document(axis);
      const number = grain.aggregate("sum", [grain.document(call("length", axis))]);
      return { value: grain.cell(call("toString", grain.aggregate(`${which}Array`, [document]))), number: grain.cell(number) };
    };
    const lat = coordinate(values, 1).expr;
    const lon = coordinate(values, 2).expr;
    const east = filtered(lon, (x) => binary(x, ">=", literal(0)));
    const west = filtered(lon, (x) => binary(x, "<", literal(0)));
    const cells = {
      top: cell("max", lat),
      bottom: cell("min", lat),
      eastLeft: cell("min", east),
      eastRight: cell("max", east),
      westLeft: cell("min", west),
      westRight: cell("max", west),
    };
    return {
      shape(row): Shaped {
        const at = (name: keyof typeof cells): number =>
          count(row, cells[name].number) === 0 ? Number.NaN : double(row?.[cells[name].value]);
        if (count(row, cells.top.number) === 0) return { json: {}, tolerances: [] };
        const [left, right] = sides(at("eastLeft"), at("eastRight"), at("westLeft"), at("westRight"), wrap);
        return { json: { bounds: { top_left: point(at("top"), left), bottom_right: point(at("bottom"), right) } }, tolerances: [] };
      },
    };
  },
};

function sides(eastLeft: number, eastRight: number, westLeft: number, westRight: number, wrap: boolean): readonly [number, number] {
  if (Number.isNaN(eastLeft)) return [westLeft, westRight];
  if (Number.isNaN(westLeft)) return [eastLeft, eastRight];
  const wrapped = 180 - eastLeft - (-180 - westRight);
  return wrap && eastRight - westLeft > wrapped ? [eastLeft, westRight] : [westLeft, eastRight];
}

function point(lat: number, lon: number): Shaped["json"] {
  return { lat: doubleJson(lat), lon: doubleJson(lon) };
}

function coordinate(values: Values, which: 1 | 2): Values {
  return { ...values, element: "Float64", expr: mapped(values.expr, (x) => call("tupleElement", x, literal(which))) };
}

function points(parameters: Parameters, context: Context): Values | undefined {
  const values = valuesOf(parameters, context);
  if (values !== undefined && values.family !== "geo_point") throw refusedType(values, parameters);
  return values;
}
