// `weighted_avg`: values times the document's weight, over the weights of all values.
import { binary, call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { singlesOf } from "../../source.ts";
import { count } from "../cells.ts";
import { floatSum, shapedNumber, valueText } from "../number_metric.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { valuesOfPart } from "../parts.ts";
import { type Sum, sumColumn, sumOfWholes } from "../sums.ts";
import type { MetricDefinition } from "../types.ts";
import { mapped, type Values } from "../values.ts";

export const weightedAvg: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context, { above }) {
    const parameters = new Parameters(node);
    const value = valuesOfPart(parameters, "value", context);
    const weight = valuesOfPart(parameters, "weight", context);
    parameters.ignore("value_type");
    const text = valueText(parameters, value);
    parameters.done();
    if (value === undefined || weight === undefined) return { shape: () => shapedNumber(Number.NaN, text), sortKey: () => ALIKE };
    const single = weight.expr.kind === "column" && singlesOf(context).has(weight.expr.name);
    if (!single && above.some(({ type }) => LEAVING_OUT.has(type))) {
      throw new UnsupportedClause(parameters.pointer("weight"), "a document with several weights may be in a bucket that is left out");
    }
    // A document weighs once for each of its values, and not at all without a weight.
    const first = call("toFloat64", call("arrayElement", weight.expr, literal(1)));
    const each = (made: (x: Expr) => Expr): Values => ({
      ...value,
      element: "Float64",
      expr: call(
        "if",
        call("empty", weight.expr),
        call("emptyArrayFloat64"),
        call("arrayMap", lambda(["x"], made(column("x"))), doubles(value)),
      ),
    });
    const whole = value.element !== "Float64" && weight.element !== "Float64";
    const sumOf = (values: Values) => (whole ? sumOfWholes(grain, values.expr) : sumColumn(grain, values));
    const sums = { weighted: sumOf(each((x) => binary(x, "*", first))), weights: sumOf(each(() => first)) };
    // A document with several weights and a value: Elasticsearch fails on it.
    const several = call("and", binary(call("length", weight.expr), ">", literal(1)), call("notEmpty", value.expr));
    const ambiguous = grain.cell(grain.aggregate("sum", [grain.document(several)]));
    return {
      shape(row) {
        if (count(row, ambiguous) > 0) throw severalWeights();
        const [weighted, weights] = [sums.weighted.read(row), sums.weights.read(row)];
        if (weights.slack > 0 && weights.slack >= Math.abs(weights.value)) {
          throw new UnsupportedClause(node.pointer, "the weights cancel to less than Elasticsearch rounds away");
        }
        const result = weighted.value / weights.value;
        return shapedNumber(result, text, floatSum("/value", result, quotientSlack(weighted, weights)));
      },
      sortKey: (property) =>
        property === undefined || property === "value" ? binary(sums.weighted.sortKey, "/", sums.weights.sortKey) : undefined,
    };
  },
};

/** How far the quotient of two sums may lie from that of the exact ones: as at the farthest corner of both, and a rounding more. */
function quotientSlack(above: Sum, below: Sum): number {
  if (above.slack === 0 && below.slack === 0) return 0;
  const result = above.value / below.value;
  const corners = [-1, 1].flatMap((i) => [-1, 1].map((j) => (above.value + i * above.slack) / (below.value + j * below.slack)));
  return Math.max(...corners.map((corner) => Math.abs(corner - result))) + Math.abs(result) * 2 ** -51;
}

/** Buckets of which some may not be shown. */
const LEAVING_OUT = new Set(["terms", "multi_terms", "significant_terms", "rare_terms", "composite", "geohash_grid", "geotile_grid"]);

function severalWeights(): RejectedRequest {
  return new RejectedRequest(
    "illegal_argument_exception",
    "Encountered more than one weight for a single document. Use a script to combine multiple weights-per-doc into a single value.",
  );
}

function doubles(values: Values): Expr {
  return values.element === "Float64" ? values.expr : mapped(values.expr, (x) => call("toFloat64", x));
}
