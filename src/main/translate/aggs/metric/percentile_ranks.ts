// `percentile_ranks`: what share of the values lies below each given one. Exact below 2000 values in a bucket, as percentiles.
import { isArray, isNumber } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal, param, tuple } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import type { Tolerance } from "../../types.ts";
import { count, double } from "../cells.ts";
import { compressionOf, rankError } from "../digest.ts";
import { hdrBits, hdrColumn } from "../hdr.ts";
import { type ValueText, valueText } from "../number_metric.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { entryPointer, entryValues } from "../percentile_entries.ts";
import type { MetricDefinition, Shaped } from "../types.ts";
import { mapped, numbersOf, valueNumber } from "../values.ts";

export const percentileRanks: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    const wanted = wantedOf(parameters);
    const bits = hdrBits(parameters);
    const exactBelow = 20 * compressionOf(parameters);
    const keyed = parameters.boolean("keyed", true);
    // Its builder prints the rank in the field's format, as if it were a value.
    const text = valueText(parameters, values);
    parameters.done();
    const noOrder = (property: string | undefined): undefined => {
      if (property === undefined || Number.isNaN(Number(property))) return undefined;
      throw new UnsupportedClause(node.pointer, "the order of buckets by ranks has no SQL yet");
    };
    if (values === undefined) return { shape: () => shaped(wanted, [], keyed, 0, 0, text), sortKey: () => ALIKE };
    if (bits !== undefined) {
      const histogram = hdrColumn(grain, values, bits, parameters);
      return {
        shape(row) {
          const { rankOf } = histogram(row);
          const entries = wanted.map((key) => ({ key, value: rankOf(key) }));
          return { json: { values: entryValues(entries, keyed, text) }, tolerances: [] };
        },
        sortKey: noOrder,
      };
    }
    const doubles = values.element === "Float64" ? values.expr : mapped(values.expr, (x) => call("toFloat64", x));
    const sorted = call("arraySort", grain.aggregate("groupArrayArray", [grain.document(doubles)]));
    const cells = {
      ranks: grain.cell(neighbours(sorted, wanted)),
      number: grain.cell(valueNumber(grain, values)),
      distinct: grain.cell(grain.aggregate("uniqExactArray", [grain.document(doubles)])),
    };
    return {
      shape(row) {
        const cell = row?.[cells.ranks];
        const found = isArray(cell) ? cell.map((item) => (isArray(item) ? item.map((each) => double(each)) : [])) : [];
        const number = count(row, cells.number);
        return shaped(wanted, found, keyed, number, number < exactBelow ? 0 : rankError(count(row, cells.distinct), number), text);
      },
      sortKey: noOrder,
    };
  },
};

const NOISE = 1e-13;

function wantedOf(parameters: Parameters): readonly number[] {
  const value = parameters.value("values");
  if (!isArray(value) || value.length === 0) throw new RejectedRequest("x_content_parse_exception", "[values] must not be empty");
  return value.map((item) => (isNumber(item) || typeof item === "string" ? Number(item) : Number.NaN)).toSorted((a, b) => a - b);
}

/** For each wanted value: how many are less, how many equal, and the two values on either side of the place between. */
function neighbours(sorted: Expr, wanted: readonly number[]): Expr {
  const [s, x, v] = [column("s"), column("x"), column("v")];
  const counted = (op: "<" | "="): Expr => call("arrayCount", lambda(["v"], binary(v, op, x)), s);
  const less = call("toInt64", counted("<"));
  const at = (shift: number): Expr => {
    const position = binary(less, "+", literal(shift));
    return call(
      "if",
      binary(position, "<", literal(1)),
      call("toFloat64", literal("nan")),
      call("arrayElement", s, call("greatest", position, literal(1))),
    );
  };
  const row = tuple(counted("<"), counted("="), at(-1), at(0), at(1), at(2));
  const all = call("arrayMap", lambda(["x"], row), param("Array(Float64)", wanted));
  return bind(["s"], [sorted], () => all);
}

function shaped(
  wanted: readonly number[],
  found: readonly (readonly number[])[],
  keyed: boolean,
  number: number,
  slack: number,
  text: ValueText,
): Shaped {
  const tolerances: Tolerance[] = [];
  const entries = wanted.map((value, i) => {
    const [less = 0, equal = 0, ...around] = found[i] ?? [];
    const rank = number === 0 ? Number.NaN : 100 * (below(value, number, less, equal, around) / number);
    const pointer = entryPointer(value, i, keyed);
    // The same quotients, taken in another order.
    if (slack === 0) tolerances.push({ pointer, rule: "tdigest", low: rank * (1 - NOISE), high: rank * (1 + NOISE) });
    else {
      const [low, high] = [(100 * less) / number - slack, (100 * (less + equal)) / number + slack];
      tolerances.push({ pointer, rule: "tdigest", low: Math.max(0, low), high: Math.min(100, high) });
    }
    return { key: value, value: rank };
  });
  return { json: { values: entryValues(entries, keyed, text) }, tolerances };
}

// Each value owns the way to the middle between it and its neighbours; a value that x equals counts half.
function below(x: number, all: number, less: number, equal: number, around: readonly number[]): number {
  if (less === 0 || less + equal === all) return less + equal / 2;
  // Of equal values in the middle the last is reached, and nothing of its own way.
  if (equal > 1) return less + equal - 1;
  const [beforeLeft = Number.NaN, left = Number.NaN, right = Number.NaN, afterRight = Number.NaN] = around;
  if (equal === 1) return less + (right - left) / (afterRight - left);
  const half = (right - left) / 2;
  if (x < left + half) {
    const width = less === 1 ? half : (left - beforeLeft) / 2;
    return less - 1 + (x - (left - width)) / (width + half);
  }
  const width = less + 1 === all ? half : (afterRight - right) / 2;
  return less + (x - (right - half)) / (half + width);
}
