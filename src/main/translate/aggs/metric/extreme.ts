// `min` and `max`: doubles, whatever the field's type; null over nothing.
import { binary, call, type Expr, literal, param } from "../../../clickhouse/sql/ast.ts";
import type { Row } from "../../types.ts";
import { count, double } from "../cells.ts";
import type { Grain } from "../grain.ts";
import { shapedNumber, valueText } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import type { MetricDefinition } from "../types.ts";
import { mapped, numbersOf, type Values, valueNumber } from "../values.ts";

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
  const extreme = call("toFloat64", grain.aggregate(`${which}Array`, [all]));
  const cells = { number: grain.cell(number), extreme: grain.cell(call("toString", extreme)), zero: zeroCell(grain, which, values) };
  return {
    sortKey: call("if", call("equals", number, literal(0)), call("toFloat64", literal(which === "min" ? "inf" : "-inf")), extreme),
    read(row) {
      if (count(row, cells.number) === 0) return Number.NaN;
      const value = double(row?.[cells.extreme]);
      if (value !== 0 || cells.zero === undefined) return value;
      return (which === "min") === count(row, cells.zero) > 0 ? -0 : 0;
    },
  };
}

// -0.0 before 0.0, as Java's Math.min and Math.max have it: ClickHouse keeps whichever comes first. The cell says whether the zero
// that wins is there.
function zeroCell(grain: Grain, which: "min" | "max", values: Values): string | undefined {
  if (values.family !== "floating") return undefined;
  const wins = mapped(values.expr, (x) => {
    const bits = call("reinterpretAsInt64", call("toFloat64", x));
    return binary(bits, "=", which === "min" ? param("Int64", -(2n ** 63n)) : literal(0));
  });
  return grain.cell(grain.aggregate("maxArray", [grain.document(wins)]));
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
