// `boxplot`: extremes, quartiles and whiskers. Exact while Elasticsearch's digest keeps every value; estimates beyond. The reference
// server has no such module: whiskers follow x-pack-analytics (the outermost values within 1.5 times the quartiles' distance).
import { isArray, type JsonValue } from "../../../../shared/json.ts";
import { array, binary, call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import type { Tolerance } from "../../types.ts";
import { count, double } from "../cells.ts";
import { CLOSE, compressionOf, LOOSE, rankError } from "../digest.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { quantiles } from "../quantiles.ts";
import type { Member, MetricDefinition, Shaped } from "../types.ts";
import { mapped, numbersOf, refusedType, valueNumber } from "../values.ts";

const NAMES = ["min", "max", "q1", "q2", "q3", "lower", "upper"] as const;
const EMPTY: Shaped = Object.freeze({
  json: Object.fromEntries(NAMES.map((name): Member => [name, name === "min" ? "Infinity" : name === "max" ? "-Infinity" : "NaN"])),
  tolerances: [],
});

export const boxplot: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    if (values !== undefined && values.family !== "integer" && values.family !== "floating") throw refusedType(values, parameters);
    const compression = parameters.number("compression") ?? compressionOf(parameters);
    parameters.ignore("execution_hint");
    parameters.done();
    if (values === undefined) return { shape: () => EMPTY, sortKey: () => ALIKE };
    const doubles = values.element === "Float64" ? values.expr : mapped(values.expr, (x) => call("toFloat64", x));
    const sorted = call("arraySort", grain.aggregate("groupArrayArray", [grain.document(doubles)]));
    const places = [0, 100, 25, 50, 75];
    const around = [CLOSE, LOOSE].flatMap((points) => [25, 50, 75].flatMap((percent) => [percent - points, percent + points]));
    const cells = {
      places: grain.cell(quantiles(sorted, [...places, ...around])),
      whiskers: grain.cell(whiskers(sorted, quantiles(sorted, [25, 75]))),
      number: grain.cell(valueNumber(grain, values)),
      distinct: grain.cell(grain.aggregate("uniqExactArray", [grain.document(doubles)])),
    };
    return {
      shape(row) {
        const number = count(row, cells.number);
        if (number === 0) return EMPTY;
        const found = [...numbers(row?.[cells.places]), ...numbers(row?.[cells.whiskers])];
        const shown = [...found.slice(0, 5), ...found.slice(-2)];
        const json = Object.fromEntries(NAMES.map((name, i): Member => [name, doubleJson(shown[i] ?? Number.NaN)]));
        if (number < 20 * compression) return { json, tolerances: [] };
        const bounds = found.slice(rankError(count(row, cells.distinct), number) === LOOSE ? 11 : 5);
        return { json, tolerances: [...quartileBounds(bounds), ...whiskerBounds(shown, bounds)] };
      },
    };
  },
};

function whiskers(sorted: Expr, quartiles: Expr): Expr {
  const at = (i: number) => call("arrayElement", column("q"), literal(i));
  const reach = binary(literal(1.5), "*", binary(at(2), "-", at(1)));
  const within = call(
    "arrayFilter",
    lambda(["v"], call("and", binary(column("v"), ">=", binary(at(1), "-", reach)), binary(column("v"), "<=", binary(at(2), "+", reach)))),
    column("s"),
  );
  const ends = array(call("arrayElement", within, literal(1)), call("arrayElement", within, literal(-1)));
  return bind(["s", "q"], [sorted, quartiles], () => ends);
}

function numbers(cell: JsonValue | undefined): readonly number[] {
  return isArray(cell) ? cell.map((item) => double(item)) : [];
}

function quartileBounds(bounds: readonly number[]): readonly Tolerance[] {
  return ["q1", "q2", "q3"].map((name, i) => bound(name, bounds[2 * i], bounds[2 * i + 1]));
}

// The whiskers move with the quartiles that they are measured from, to some centroid between the extremes and the quartile.
function whiskerBounds(shown: readonly number[], bounds: readonly number[]): readonly Tolerance[] {
  return [bound("lower", shown[0], bounds[1]), bound("upper", bounds[4], shown[1])];
}

function bound(name: string, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY): Tolerance {
  return { pointer: `/${name}`, rule: "tdigest", low, high };
}
