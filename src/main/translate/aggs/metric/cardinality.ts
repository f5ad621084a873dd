// `cardinality`: distinct values. Elasticsearch counts by HyperLogLog++ and is exact below about `precision_threshold`.
import { literal } from "../../../clickhouse/sql/ast.ts";
import { count } from "../cells.ts";
import { Parameters } from "../parameters.ts";
import type { MetricDefinition } from "../types.ts";
import { valuesOf } from "../values.ts";

const DEFAULT_THRESHOLD = 3000;
const MAX_THRESHOLD = 40_000;
/** Largest relative error seen above the threshold is 2 %. */
const ERROR_ABOVE = 0.06;
/** Below it values are told apart by 25 bits of a hash: of some hundreds two may be taken for one, of thousands hardly three pairs. */
const COLLISIONS_FROM = 300;
const COLLISIONS = 2;

export const cardinality: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = valuesOf(parameters, context);
    const threshold = Math.min(parameters.integer("precision_threshold", DEFAULT_THRESHOLD), MAX_THRESHOLD);
    parameters.ignore("execution_hint", "rehash");
    parameters.done();
    if (values === undefined) return { shape: () => ({ json: { value: 0 }, tolerances: [] }), sortKey: () => literal(0) };
    const number = grain.distinct(values.expr);
    const cell = grain.cell(number);
    return {
      shape(row) {
        const value = count(row, cell);
        const slack = value > threshold ? value * ERROR_ABOVE : 0;
        const collisions = value < COLLISIONS_FROM ? 0 : COLLISIONS;
        if (slack + collisions === 0) return { json: { value }, tolerances: [] };
        const low = Math.floor(value - Math.max(slack, collisions));
        return { json: { value }, tolerances: [{ pointer: "/value", rule: "hyperloglog", low, high: Math.ceil(value + slack) }] };
      },
      sortKey: (property) => (property === undefined || property === "value" ? number : undefined),
    };
  },
};
