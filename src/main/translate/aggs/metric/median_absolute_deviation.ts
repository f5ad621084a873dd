// `median_absolute_deviation`: the median of the distances to the median. Exact while Elasticsearch's digest keeps every value, up to
// 20 times its compression; an estimate beyond.
import { binary, call, column, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import { RejectedRequest } from "../../failure.ts";
import { count, double } from "../cells.ts";
import { shapedNumber, valueText } from "../number_metric.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { quantiles } from "../quantiles.ts";
import type { MetricDefinition } from "../types.ts";
import { mapped, numbersOf, refusedType, valueNumber } from "../values.ts";

const DEFAULT_COMPRESSION = 1000;
/** Relative error that a digest of that size may have; 0.3 % was seen. */
const ERROR = 0.02;
/** Below so much compression it grows: 14 % were seen at 10. */
const MANY = 100;

export const medianAbsoluteDeviation: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = numbersOf(parameters, context);
    if (values !== undefined && values.family !== "integer" && values.family !== "floating") throw refusedType(values, parameters);
    const compression = parameters.number("compression") ?? DEFAULT_COMPRESSION;
    if (!(compression > 0)) {
      throw new RejectedRequest(
        "illegal_argument_exception",
        `[compression] must be greater than 0. Found [${compression}] in [${node.name}]`,
      );
    }
    const text = valueText(parameters, values);
    parameters.ignore("execution_hint");
    parameters.done();
    if (values === undefined) return { shape: () => shapedNumber(Number.NaN, text), sortKey: () => ALIKE };
    const doubles = values.element === "Float64" ? values.expr : mapped(values.expr, (x) => call("toFloat64", x));
    const sorted = call("arraySort", grain.aggregate("groupArrayArray", [grain.document(doubles)]));
    const median = call("arrayElement", quantiles(sorted, [50]), literal(1));
    const distances = call(
      "arrayMap",
      lambda(["m", "v"], call("abs", binary(column("v"), "-", column("m")))),
      call("arrayResize", call("array", median), call("length", sorted), median),
      sorted,
    );
    const deviation = call("arrayElement", quantiles(call("arraySort", distances), [50]), literal(1));
    const [cell, number] = [grain.cell(deviation), grain.cell(valueNumber(grain, values))];
    return {
      shape(row) {
        const value = double(row?.[cell]);
        const exact = count(row, number) < 20 * compression;
        const slack = Math.abs(value) * ERROR * Math.max(1, MANY / compression);
        return shapedNumber(value, text, exact ? [] : [{ pointer: "/value", rule: "tdigest", low: value - slack, high: value + slack }]);
      },
      sortKey: (property) => (property === undefined || property === "value" ? deviation : undefined),
    };
  },
};
