// `cardinality`: distinct values. Elasticsearch counts by HyperLogLog++ and is exact below about `precision_threshold`.
import { literal } from "../../../clickhouse/sql/ast.ts";
import { count } from "../cells.ts";
import { Parameters } from "../parameters.ts";
import type { MetricDefinition } from "../types.ts";
import { valuesOf } from "../values.ts";

const DEFAULT_THRESHOLD = 3000;
const MAX_THRESHOLD = 40_000;
/** Largest relative error seen above the threshold is 2 %; below it hashes may still collide. */
const ERROR_ABOVE = 0.06;

export const cardinality: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = valuesOf(parameters, context);
    const threshold = Math.min(parameters.integer("precision_threshold", DEFAULT_THRESHOLD), MAX_THRESHOLD);
    parameters.ignore("execution_hint", "rehash");
    parameters.done();
    if (values === undefined) return { shape: () => ({ json: { value: 0 }, tolerances: [] }), sortKey: () => literal(0) };
    const number = grain.aggregate("uniqExactArray", [grain.document(values.expr)]);
    const cell = grain.cell(number);
    return {
      shape(row) {
        const value = count(row, cell);
        const slack = value > threshold ? value * ERROR_ABOVE : 0;
        const tolerance = {
          pointer: "/value",
          rule: "hyperloglog",
          low: Math.floor(value - slack),
          high: Math.ceil(value + slack),
        } as const;
        return { json: { value }, tolerances: slack === 0 ? [] : [tolerance] };
      },
      sortKey: (property) => (property === undefined || property === "value" ? number : undefined),
    };
  },
};
