// `extended_stats`: stats, and what follows from the sum of squares.

import { type JsonValue, RawNumber } from "../../../../shared/json.ts";
import { binary, call, type Expr, literal, param } from "../../../clickhouse/sql/ast.ts";
import { RejectedRequest } from "../../failure.ts";
import type { Tolerance } from "../../types.ts";
import { count } from "../cells.ts";
import { besideNumber, floatSum, numberMembers, valueText } from "../number_metric.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { extendedMembers, spread } from "../spread.ts";
import { type Sum, sumColumn, sumOfSquares } from "../sums.ts";
import type { Member, MetricDefinition, Shaped } from "../types.ts";
import { mapped, numbersOf, valueNumber } from "../values.ts";
import { extremeColumn } from "./extreme.ts";

const ABSENT = Object.freeze({ min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY });
const NO_SUM = new RawNumber("0.0");

export const extendedStats: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    const sigma = parameters.number("sigma") ?? 2;
    const text = valueText(parameters, values);
    parameters.done();
    if (sigma < 0) {
      throw new RejectedRequest(
        "x_content_parse_exception",
        `[sigma] must be greater than or equal to 0. Found [${sigma}] in [${node.name}]`,
      );
    }
    const empty: Shaped = { json: Object.fromEntries(emptyMembers(sigma)), tolerances: [], absent: ABSENT };
    if (values === undefined) return { shape: () => empty, sortKey: () => ALIKE };
    const number = valueNumber(grain, values);
    const squared = mapped(values.expr, (x) => binary(call("toFloat64", x), "*", call("toFloat64", x)));
    const columns = {
      number: grain.cell(number),
      sum: sumColumn(grain, values),
      squares: sumOfSquares(grain, squared),
      min: extremeColumn(grain, "min", values),
      max: extremeColumn(grain, "max", values),
    };
    const sortKeys = sortKeysOf(number, columns.sum.sortKey, columns.squares.sortKey, columns.min.sortKey, columns.max.sortKey, sigma);
    return {
      shape(row) {
        const all = count(row, columns.number);
        if (all === 0) return empty;
        const [sum, squares] = [columns.sum.read(row), columns.squares.read(row)];
        const numbers = [
          ["min", columns.min.read(row)],
          ["max", columns.max.read(row)],
          ["avg", sum.value / all],
          ["sum", sum.value],
        ] as const;
        const plain = numbers.flatMap(([name, x]) => numberMembers(name, x, () => undefined));
        const printed = (value: JsonValue): JsonValue => besideNumber(values, value);
        const texts = numbers
          .flatMap(([name, x]): readonly Member[] => numberMembers(name, x, text).slice(1))
          .map(([name, value]): Member => [name, printed(value)]);
        const moments = { count: all, sum: sum.value, squares: squares.value, sigma };
        return {
          json: Object.fromEntries([
            ["count", all],
            ...plain,
            ...texts,
            ...extendedMembers(moments, text).map(([name, value]): Member => [name, mapText(name, value, printed)]),
          ]),
          tolerances: tolerancesOf(all, sum, squares, sigma),
        };
      },
      sortKey: (property) => (property === undefined ? undefined : sortKeys.get(property)),
    };
  },
};

function mapText(name: string, value: JsonValue, printed: (value: JsonValue) => JsonValue): JsonValue {
  return name.endsWith("_as_string") && !name.startsWith("std_") ? printed(value) : value;
}

function emptyMembers(sigma: number): readonly Member[] {
  const none: readonly Member[] = [
    ["count", 0],
    ["min", null],
    ["max", null],
    ["avg", null],
    ["sum", NO_SUM],
  ];
  return [...none, ...extendedMembers({ count: 0, sum: 0, squares: 0, sigma }, () => undefined)];
}

function sortKeysOf(number: Expr, sum: Expr, squares: Expr, min: Expr, max: Expr, sigma: number): ReadonlyMap<string, Expr> {
  const over = (count: Expr): Expr =>
    call("greatest", call("toFloat64", literal(0)), binary(binary(squares, "-", binary(binary(sum, "*", sum), "/", number)), "/", count));
  const population = over(number);
  const sampling = over(binary(number, "-", literal(1)));
  const bound = (sign: "+" | "-", variance: Expr): Expr =>
    binary(binary(sum, "/", number), sign, binary(call("sqrt", variance), "*", param("Float64", sigma)));
  return new Map<string, Expr>([
    ["std_upper", bound("+", population)],
    ["std_lower", bound("-", population)],
    ["std_upper_population", bound("+", population)],
    ["std_lower_population", bound("-", population)],
    ["std_upper_sampling", bound("+", sampling)],
    ["std_lower_sampling", bound("-", sampling)],
    ["count", number],
    ["sum", sum],
    ["min", min],
    ["max", max],
    ["avg", binary(sum, "/", number)],
    ["sum_of_squares", squares],
    ["variance", population],
    ["variance_population", population],
    ["variance_sampling", sampling],
    ["std_deviation", call("sqrt", population)],
    ["std_deviation_population", call("sqrt", population)],
    ["std_deviation_sampling", call("sqrt", sampling)],
  ]);
}

// How far the last digits of both sums reach into each derived number.
function tolerancesOf(all: number, sum: Sum, squares: Sum, sigma: number): readonly Tolerance[] {
  if (sum.slack === 0 && squares.slack === 0) return [];
  const { values, bounds } = spread({ count: all, sum: sum.value, squares: squares.value, sigma });
  const error = squares.slack * 4 + Math.abs(sum.value / all) * sum.slack * 4;
  const slackOf = (name: string, value: number): number => {
    if (name === "sum_of_squares") return squares.slack;
    const variance = error / Math.max(1, name.endsWith("sampling") ? all - 1 : all);
    if (name.startsWith("variance")) return variance;
    return value > 0 ? Math.min(Math.sqrt(variance), variance / value) : Math.sqrt(variance);
  };
  const deviation = slackOf("std_deviation", values.std_deviation ?? 0);
  const sampling = slackOf("std_deviation_sampling", values.std_deviation_sampling ?? 0);
  return [
    ...floatSum("/sum", sum.value, sum.slack),
    ...floatSum("/avg", sum.value / all, (sum.slack / all) * 2),
    ...Object.entries(values).flatMap(([name, value]) => floatSum(`/${name}`, value, slackOf(name, value))),
    ...Object.entries(bounds).flatMap(([name, value]) =>
      floatSum(`/std_deviation_bounds/${name}`, value, (sum.slack / all) * 2 + sigma * (name.endsWith("sampling") ? sampling : deviation)),
    ),
  ];
}
