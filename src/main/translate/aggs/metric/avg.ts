// `avg`: the sum of all values over their number, null over nothing.
import { binary, literal } from "../../../clickhouse/sql/ast.ts";
import { count } from "../cells.ts";
import { floatSum, shapedNumber, valueText } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import { sumColumn } from "../sums.ts";
import type { MetricDefinition } from "../types.ts";
import { numbersOf, valueNumber } from "../values.ts";

export const avg: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    const text = valueText(parameters, values);
    parameters.done();
    if (values === undefined) return { shape: () => shapedNumber(Number.NaN, text), sortKey: () => literal("nan") };
    const column = sumColumn(grain, values);
    const number = valueNumber(grain, values);
    const numberCell = grain.cell(number);
    return {
      shape(row) {
        const total = column.read(row);
        const values = count(row, numberCell);
        const value = total.value / values;
        return shapedNumber(
          value,
          text,
          floatSum("/value", value, total.slack / values + Math.abs(value) * 2 ** -52 * Math.sign(total.slack)),
        );
      },
      sortKey: (property) => (property === undefined || property === "value" ? binary(column.sortKey, "/", number) : undefined),
    };
  },
};
