// `sum`: 0.0 over nothing.
import { call, literal } from "../../../clickhouse/sql/ast.ts";
import { floatSum, shapedNumber, valueText } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import { sumColumn } from "../sums.ts";
import type { MetricDefinition } from "../types.ts";
import { numbersOf } from "../values.ts";

export const sum: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    parameters.value("field");
    const text = valueText(parameters, values);
    parameters.done();
    if (values === undefined) return { shape: () => shapedNumber(0, text), sortKey: () => call("toFloat64", literal(0)) };
    const column = sumColumn(grain, values);
    return {
      shape(row) {
        const { value, slack } = column.read(row);
        return shapedNumber(value, text, floatSum("/value", value, slack));
      },
      sortKey: (property) => (property === undefined || property === "value" ? column.sortKey : undefined),
    };
  },
};
