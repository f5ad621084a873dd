// `percentiles`: exact below 2000 values in a bucket, as Elasticsearch is. Above, its digest approximates, and differently
// after each merge: a tolerance spans the exact values at the percentiles around.
import { isArray, isNumber, type JsonValue, jsonObject } from "../../../../shared/json.ts";
import { array, binary, call, column, type Expr, lambda, literal, param } from "../../../clickhouse/sql/ast.ts";
import { doubleJson, javaDouble } from "../../../elasticsearch/fields/number_text.ts";
import { RejectedRequest } from "../../failure.ts";
import type { Row, Tolerance } from "../../types.ts";
import { count, double, doubleOrNull } from "../cells.ts";
import { CLOSE, compressionOf, LOOSE, rankError } from "../digest.ts";
import { type ValueText, valueText } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import type { MetricDefinition, Shaped } from "../types.ts";
import { numbersOf, valueNumber } from "../values.ts";

const DEFAULT_PERCENTS = [1, 5, 25, 50, 75, 95, 99];

type Approximate = "no" | "closely" | "loosely";

export const percentiles: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    const percents = percentsOf(parameters);
    const compression = compressionOf(parameters);
    const keyed = parameters.boolean("keyed", true);
    const text = valueText(parameters, values);
    parameters.done();
    if (values === undefined) return { shape: () => shaped(percents, [], keyed, text, "no") };
    const doubles =
      values.element === "Float64" ? values.expr : call("arrayMap", lambda(["x"], call("toFloat64", column("x"))), values.expr);
    const sorted = call("arraySort", grain.aggregate("groupArrayArray", [grain.document(doubles)]));
    const around = (percent: number, points: number): readonly number[] => [Math.max(0, percent - points), Math.min(100, percent + points)];
    const wanted = percents.flatMap((percent) => [percent, ...around(percent, CLOSE), ...around(percent, LOOSE)]);
    const cells = {
      values: grain.cell(quantiles(sorted, wanted)),
      number: grain.cell(valueNumber(grain, values)),
      distinct: grain.cell(grain.aggregate("uniqExactArray", [grain.document(doubles)])),
    };
    return {
      shape(row) {
        const number = count(row, cells.number);
        const loose = rankError(count(row, cells.distinct), number) === LOOSE;
        const approximate = number < 20 * compression ? "no" : loose ? "loosely" : "closely";
        return shaped(percents, number === 0 ? [] : cellsOf(row, cells.values), keyed, text, approximate);
      },
      sortKey(property) {
        const percent = Number(property);
        if (property === undefined || !percents.includes(percent)) return undefined;
        return call("arrayElement", quantiles(sorted, [percent]), literal(1));
      },
    };
  },
};

/** Reads `percents`, ascending. */
function percentsOf(parameters: Parameters): readonly number[] {
  const value = parameters.value("percents");
  if (value === undefined) return DEFAULT_PERCENTS;
  const numbers = (isArray(value) ? value : [value]).map((item) =>
    isNumber(item) || typeof item === "string" ? Number(item) : Number.NaN,
  );
  const wrong = numbers.find((percent) => !(percent >= 0 && percent <= 100));
  if (wrong !== undefined) throw new RejectedRequest("x_content_parse_exception", `percent must be in [0,100], got [${wrong}]`);
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** Values at percentiles of a sorted array, between neighbours x0 + (x1 - x0) * fraction, as text; empty where there is none. */
function quantiles(sorted: Expr, percents: readonly number[]): Expr {
  const s = column("s");
  const last = binary(call("length", s), "-", literal(1));
  const at = binary(column("q"), "*", last);
  const low = call("toUInt64", call("floor", at));
  const element = (index: Expr): Expr => call("arrayElement", s, index);
  const x0 = element(binary(low, "+", literal(1)));
  const x1 = element(call("least", binary(low, "+", literal(2)), call("length", s)));
  const value = binary(x0, "+", binary(binary(x1, "-", x0), "*", binary(at, "-", low)));
  const each = call(
    "arrayMap",
    lambda(["q"], value),
    param(
      "Array(Float64)",
      percents.map((percent) => percent / 100),
    ),
  );
  const all = call(
    "if",
    call("empty", s),
    call("arrayResize", call("emptyArrayFloat64"), literal(percents.length), call("toFloat64", literal("nan"))),
    each,
  );
  return call("arrayElement", call("arrayMap", lambda(["s"], all), array(sorted)), literal(1));
}

function cellsOf(row: Row | null, name: string): readonly number[] {
  const cell = row?.[name];
  return isArray(cell) ? cell.map((item) => double(item)) : [];
}

function shaped(percents: readonly number[], found: readonly number[], keyed: boolean, text: ValueText, approximate: Approximate): Shaped {
  const tolerances: Tolerance[] = [];
  const entries = percents.map((percent, i) => {
    const [value = Number.NaN, ...bounds] = found.slice(i * 5, i * 5 + 5);
    const [low = Number.NaN, high = Number.NaN] = approximate === "loosely" ? bounds.slice(2) : bounds;
    const name = javaDouble(percent);
    if (approximate !== "no") tolerances.push({ pointer: keyed ? `/values/${name}` : `/values/${i}/value`, rule: "tdigest", low, high });
    const json = doubleOrNull(value);
    return { name, percent, json, printed: json === null ? undefined : text(value) };
  });
  const values: JsonValue = keyed
    ? jsonObject(
        entries.flatMap(({ name, json, printed }) => [
          [name, json] as const,
          ...(printed === undefined ? [] : [[`${name}_as_string`, printed] as const]),
        ]),
      )
    : entries.map(({ percent, json, printed }) => ({
        key: doubleJson(percent),
        value: json,
        ...(printed === undefined ? {} : { value_as_string: printed }),
      }));
  return { json: { values }, tolerances };
}
