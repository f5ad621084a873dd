// `value_count`: how many values, duplicates in a document counted where doc values keep them.
import { count } from "../cells.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import type { MetricDefinition } from "../types.ts";
import { valueNumber, valuesOf } from "../values.ts";

export const valueCount: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = valuesOf(parameters, context);
    parameters.done();
    if (values === undefined) return { shape: () => ({ json: { value: 0 }, tolerances: [] }), sortKey: () => ALIKE };
    const number = valueNumber(grain, values);
    const cell = grain.cell(number);
    return {
      shape: (row) => ({ json: { value: count(row, cell) }, tolerances: [] }),
      sortKey: (property) => (property === undefined || property === "value" ? number : undefined),
    };
  },
};
