// `percentiles`: exact below 2000 values in a bucket, as Elasticsearch is. Above, its digest approximates, and differently
// after each merge: a tolerance spans the exact values at the percentiles around.
import { isArray, isNumber, member } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import type { Row, Tolerance } from "../../types.ts";
import { count, double } from "../cells.ts";
import { CLOSE, compressionOf, LOOSE, rankError } from "../digest.ts";
import { hdrBits, hdrColumn } from "../hdr.ts";
import { type ValueText, valueText } from "../number_metric.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { entryPointer, entryValues } from "../percentile_entries.ts";
import { pathsOf } from "../pipeline_order.ts";
import { quantiles } from "../quantiles.ts";
import type { MetricDefinition, Pool, Shaped } from "../types.ts";
import { numbersOf, valueNumber } from "../values.ts";

const DEFAULT_PERCENTS = [1, 5, 25, 50, 75, 95, 99];

type Approximate = "no" | "closely" | "loosely";

export const percentiles: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context, { beside }) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    const percents = percentsOf(parameters);
    const bits = hdrBits(parameters);
    const compression = compressionOf(parameters);
    const keyed = parameters.boolean("keyed", true);
    const text = valueText(parameters, values);
    parameters.done();
    if (values === undefined) return { shape: () => shaped(percents, [], keyed, text, "no"), sortKey: () => ALIKE };
    if (bits !== undefined) {
      const histogram = hdrColumn(grain, values, bits, parameters);
      return {
        shape(row) {
          const { valueAt } = histogram(row);
          const entries = percents.map((key) => ({ key, value: valueAt(key) }));
          return { json: { values: entryValues(entries, keyed, text) }, tolerances: [] };
        },
        sortKey: (property) => {
          if (property === undefined || Number.isNaN(Number(property))) return undefined;
          throw new UnsupportedClause(parameters.pointer("hdr"), "the order of buckets by an HDR histogram has no SQL yet");
        },
      };
    }
    const doubles =
      values.element === "Float64" ? values.expr : call("arrayMap", lambda(["x"], call("toFloat64", column("x"))), values.expr);
    const few = Math.max(1, Math.ceil(20 * compression));
    const sorted = call("arraySort", grain.aggregate("groupArrayArray", [grain.document(doubles)], [few]));
    const around = (percent: number, points: number): readonly number[] => [Math.max(0, percent - points), Math.min(100, percent + points)];
    const wanted = percents.flatMap((percent) => [percent, ...around(percent, CLOSE), ...around(percent, LOOSE)]);
    const number = valueNumber(grain, values);
    // The function for many computes its fractions otherwise: the last digit may be another, which the digest's never is.
    const many = (points: readonly number[]): Expr =>
      grain.aggregate(
        "quantilesExactInclusiveArray",
        [grain.document(doubles)],
        points.map((percent) => percent / 100),
      );
    const at = (points: readonly number[]): Expr => call("if", binary(number, "<", literal(few)), quantiles(sorted, points), many(points));
    const pooled = beside.some(
      ({ type, body }) => type === "moving_percentiles" && pathsOf(member(body, "buckets_path")).includes(node.name),
    );
    const poolCell = pooled ? grain.cell(sorted) : undefined;
    const poolOf = (values: readonly number[]): Pool => ({
      values,
      over(joined) {
        if (joined.length < few)
          return shaped(
            percents,
            joined.length === 0 ? [] : percents.flatMap((percent) => [quantileOf(joined, percent), 0, 0, 0, 0]),
            keyed,
            text,
            "no",
          );
        throw new UnsupportedClause(node.pointer, "a window of so many values is estimated by joining digests");
      },
    });
    const cells = {
      values: grain.cell(at(wanted)),
      number: grain.cell(number),
      distinct: grain.cell(grain.aggregate("uniqCombinedArray", [grain.document(doubles)])),
    };
    return {
      shape(row) {
        const number = count(row, cells.number);
        const loose = rankError(count(row, cells.distinct), number) === LOOSE;
        const approximate = number < few ? "no" : loose ? "loosely" : "closely";
        const own = shaped(percents, number === 0 ? [] : cellsOf(row, cells.values), keyed, text, approximate);
        return poolCell === undefined ? own : { ...own, pool: poolOf(cellsOf(row, poolCell)) };
      },
      sortKey(property) {
        const percent = Number(property);
        if (property === undefined || Number.isNaN(percent)) return undefined;
        if (!percents.includes(percent)) {
          const reason = `Elasticsearch refuses an order by [${property}], which is not listed, unless a shard counts its buckets as filters`;
          throw new UnsupportedClause(node.pointer, reason);
        }
        return call("arrayElement", at([percent]), literal(1));
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
  if (numbers.length === 0) {
    throw new RejectedRequest("x_content_parse_exception", `[percents] must not be empty: [${parameters.node.name}]`);
  }
  if (wrong !== undefined) throw new RejectedRequest("x_content_parse_exception", `percent must be in [0,100], got [${wrong}]`);
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

// As quantiles() in SQL.
function quantileOf(sorted: readonly number[], percent: number): number {
  const at = (percent / 100) * (sorted.length - 1);
  const [x0 = Number.NaN, x1 = x0] = sorted.slice(Math.floor(at), Math.floor(at) + 2);
  return x0 + (x1 - x0) * (at - Math.floor(at));
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
    if (approximate !== "no") tolerances.push({ pointer: entryPointer(percent, i, keyed), rule: "tdigest", low, high });
    return { key: percent, value };
  });
  return { json: { values: entryValues(entries, keyed, text) }, tolerances };
}
