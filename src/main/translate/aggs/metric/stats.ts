// `stats`: count, min, max, avg and sum in one.
import { RawNumber } from "../../../../shared/json.ts";
import { binary, type Expr } from "../../../clickhouse/sql/ast.ts";
import { count } from "../cells.ts";
import { besideNumber, floatSum, numberMembers, valueText } from "../number_metric.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { sumColumn } from "../sums.ts";
import type { MetricDefinition } from "../types.ts";
import { numbersOf, valueNumber } from "../values.ts";
import { extremeColumn } from "./extreme.ts";

const ABSENT = Object.freeze({ min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY });
const EMPTY = Object.freeze({
  json: { count: 0, min: null, max: null, avg: null, sum: new RawNumber("0.0") },
  tolerances: [],
  absent: ABSENT,
});

export const stats: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    const text = valueText(parameters, values);
    parameters.done();
    if (values === undefined) return { shape: () => EMPTY, sortKey: () => ALIKE };
    const number = valueNumber(grain, values);
    const numberCell = grain.cell(number);
    const columns = { sum: sumColumn(grain, values), min: extremeColumn(grain, "min", values), max: extremeColumn(grain, "max", values) };
    const sortKeys: ReadonlyMap<string, Expr> = new Map([
      ["count", number],
      ["sum", columns.sum.sortKey],
      ["min", columns.min.sortKey],
      ["max", columns.max.sortKey],
      ["avg", binary(columns.sum.sortKey, "/", number)],
    ]);
    return {
      shape(row) {
        const all = count(row, numberCell);
        const { value, slack } = columns.sum.read(row);
        if (all === 0) return EMPTY;
        const numbers = [
          ["min", columns.min.read(row)],
          ["max", columns.max.read(row)],
          ["avg", value / all],
          ["sum", value],
        ] as const;
        const members = numbers.flatMap(([name, x]) => numberMembers(name, x, () => undefined));
        const texts = numbers.flatMap(([name, x]) => {
          const printed = text(x);
          return printed === undefined ? [] : [[`${name}_as_string`, besideNumber(values, printed)] as const];
        });
        return {
          json: Object.fromEntries([["count", all], ...members, ...texts]),
          tolerances: [...floatSum("/sum", value, slack), ...floatSum("/avg", value / all, (slack / all) * 2)],
        };
      },
      sortKey: (property) => (property === undefined ? undefined : sortKeys.get(property)),
    };
  },
};
