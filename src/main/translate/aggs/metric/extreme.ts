// `min` and `max`: doubles, whatever the field's type; null over nothing.
import { call, type Expr, literal } from "../../../clickhouse/sql/ast.ts";
import type { Row } from "../../types.ts";
import { count, double } from "../cells.ts";
import type { Grain } from "../grain.ts";
import { shapedNumber, valueText } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import type { MetricDefinition } from "../types.ts";
import { numbersOf, type Values, valueNumber } from "../values.ts";

export interface Extreme {
  /** What stands for "no value" when ordering: Elasticsearch sorts an empty max first, an empty min last. */
  readonly sortKey: Expr;
  /** NaN over nothing. */
  read(row: Row | null): number;
}

/** Adds the columns of a minimum or maximum. */
export function extremeColumn(grain: Grain, which: "min" | "max", values: Values): Extreme {
  const all = grain.document(values.expr);
  const number = valueNumber(grain, values);
  // -0.0 before 0.0, as Java's Math.min and Math.max have it: ClickHouse keeps whichever comes first.
  const extreme = call("toFloat64", grain.aggregate(`${which}Array`, [all]));
  const cells = { number: grain.cell(number), extreme: grain.cell(call("toString", extreme)) };
  return {
    sortKey: call("if", call("equals", number, literal(0)), call("toFloat64", literal(which === "min" ? "inf" : "-inf")), extreme),
    read: (row) => (count(row, cells.number) === 0 ? Number.NaN : double(row?.[cells.extreme])),
  };
}

function definition(which: "min" | "max"): MetricDefinition {
  return {
    kind: "metric",
    compile(node, grain, context) {
      const parameters = new Parameters(node);
      const values = numbersOf(parameters, context);
      const text = valueText(parameters, values);
      parameters.done();
      const absent = { value: which === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY };
      if (values === undefined) {
        const none = call("toFloat64", literal(which === "min" ? "inf" : "-inf"));
        return { shape: () => ({ ...shapedNumber(Number.NaN, text), absent }), sortKey: () => none };
      }
      const column = extremeColumn(grain, which, values);
      return {
        shape: (row) => ({ ...shapedNumber(column.read(row), text), absent }),
        sortKey: (property) => (property === undefined || property === "value" ? column.sortKey : undefined),
      };
    },
  };
}

export const min = definition("min");
export const max = definition("max");
