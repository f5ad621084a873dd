// `t_test`: how likely two populations with one mean would differ as much as these. The reference server has no such module: this follows
// Elasticsearch's manual and x-pack-analytics.
import { isObject, type JsonValue, member } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { compileQuery } from "../../query/index.ts";
import type { Row } from "../../types.ts";
import { count } from "../cells.ts";
import type { Grain } from "../grain.ts";
import { floatSum, shapedNumber, valueText } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import { valuesOfPart } from "../parts.ts";
import { studentTail } from "../student.ts";
import { sumColumn, sumOfSquares } from "../sums.ts";
import type { Metric, MetricDefinition } from "../types.ts";
import { mapped, type Values, valueNumber } from "../values.ts";

const TYPES = ["paired", "homoscedastic", "heteroscedastic"] as const;
/** The tail of the distribution is a sum of many terms, taken elsewhere in another order. */
const SLACK = 1e-9;

interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

export const tTest: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const [a, b] = [population(parameters, "a", context), population(parameters, "b", context)];
    const wanted = parameters.text("type") ?? "heteroscedastic";
    const type = TYPES.find((each) => each === wanted.toLowerCase());
    if (type === undefined) throw new RejectedRequest("x_content_parse_exception", `unknown t-test type [${wanted}]`);
    const tails = parameters.integer("tails", 2);
    if (tails < 1 || tails > 2) {
      throw new RejectedRequest("x_content_parse_exception", `[tails] must be 1 or 2. Found [${tails}] in [${node.name}]`);
    }
    const text = valueText(parameters, a.values ?? b.values);
    parameters.done();
    if (a.filter === undefined && b.filter === undefined && a.field !== undefined && a.field === b.field) {
      const reason = `The same field [${a.field}] is used for both population but no filters are specified.`;
      throw new RejectedRequest("illegal_argument_exception", reason);
    }
    if (type === "paired" && (a.filter ?? b.filter) !== undefined) {
      throw new RejectedRequest("illegal_argument_exception", "Paired t-test doesn't support filters");
    }
    if (a.values === undefined && b.values === undefined) return { shape: () => shapedNumber(Number.NaN, text) };
    if (a.values === undefined || b.values === undefined) {
      throw new UnsupportedClause(node.pointer, "a population of a field that no index maps is not translated");
    }
    const value = type === "paired" ? paired(grain, a.values, b.values) : unpaired(grain, a, b, type === "homoscedastic");
    return shapedBy((row) => value(row) * tails, text);
  },
};

function shapedBy(value: (row: Row | null) => number, text: (value: number) => string | undefined): Metric {
  return {
    shape(row) {
      const found = value(row);
      return shapedNumber(found, text, floatSum("/value", found, found * SLACK));
    },
  };
}

interface Population {
  readonly field: string | undefined;
  readonly values: Values | undefined;
  readonly filter: Expr | undefined;
}

function population(parameters: Parameters, name: "a" | "b", context: Context): Population {
  const body = parameters.value(name);
  const values = valuesOfPart(parameters, name, context, "filter");
  const filter = isObject(body) ? member(body, "filter") : undefined;
  const field: JsonValue | undefined = isObject(body) ? member(body, "field") : undefined;
  return {
    field: typeof field === "string" ? field : undefined,
    values: values === undefined ? undefined : doubles(values),
    filter: filter === undefined || filter === null ? undefined : compileQuery(filter, `${parameters.pointer(name)}/filter`, context).where,
  };
}

function doubles(values: Values): Values {
  return {
    ...values,
    element: "Float64",
    expr: values.element === "Float64" ? values.expr : mapped(values.expr, (x) => call("toFloat64", x)),
  };
}

function momentsOf(grain: Grain, values: Values): (row: Row | null) => Moments {
  const number = grain.cell(valueNumber(grain, values));
  const sum = sumColumn(grain, values);
  const squares = sumOfSquares(
    grain,
    mapped(values.expr, (x) => binary(x, "*", x)),
  );
  return (row) => ({ count: count(row, number), sum: sum.read(row).value, squares: squares.read(row).value });
}

/** The differences within documents that have both. */
function paired(grain: Grain, a: Values, b: Values): (row: Row | null) => number {
  const both = call("and", call("notEmpty", a.expr), call("notEmpty", b.expr));
  const several = call("greatest", call("length", a.expr), call("length", b.expr));
  const ambiguous = grain.cell(grain.aggregate("max", [grain.document(call("if", both, several, literal(0)))]));
  const difference = call(
    "arrayMap",
    lambda(["x", "y"], binary(column("x"), "-", column("y"))),
    call("arraySlice", a.expr, literal(1), literal(1)),
    call("arraySlice", b.expr, literal(1), literal(1)),
  );
  const moments = momentsOf(grain, { ...a, expr: call("if", both, difference, call("emptyArrayFloat64")) });
  return (row) => {
    if (count(row, ambiguous) > 1) {
      const reason =
        "Encountered more than one value for a single document. Use a script to combine multiple values per doc into a single value.";
      throw new RejectedRequest("illegal_argument_exception", reason);
    }
    const { count: n, sum, squares } = moments(row);
    if (n < 2) return Number.NaN;
    const mean = sum / n;
    const variance = (squares - (sum * sum) / n) / n;
    if (variance <= 0) return mean === 0 ? Number.NaN : 0;
    return studentTail(Math.abs(mean / (Math.sqrt(variance) / Math.sqrt(n - 1))), n - 1);
  };
}

function unpaired(grain: Grain, a: Population, b: Population, homoscedastic: boolean): (row: Row | null) => number {
  const [first, second] = [a, b].map(({ values, filter }) => {
    if (values === undefined) throw new Error("a population without values");
    return momentsOf(
      grain,
      filter === undefined ? values : { ...values, expr: call("if", filter, values.expr, call("emptyArrayFloat64")) },
    );
  });
  return (row) => {
    const [x, y] = [first?.(row), second?.(row)];
    if (x === undefined || y === undefined || x.count < 2 || y.count < 2) return Number.NaN;
    const t = (squared: number): number => Math.abs((x.sum / x.count - y.sum / y.count) / Math.sqrt(squared));
    if (homoscedastic) {
      const freedom = x.count + y.count - 2;
      const variance = ((x.count - 1) * varianceOf(x) + (y.count - 1) * varianceOf(y)) / freedom;
      return studentTail(t(variance * (1 / x.count + 1 / y.count)), freedom);
    }
    const [ofX, ofY] = [varianceOf(x) / x.count, varianceOf(y) / y.count];
    const variance = ofX + ofY;
    const freedom = (variance * variance) / ((ofX * ofX) / (x.count - 1) + (ofY * ofY) / (y.count - 1));
    return studentTail(t(variance), freedom);
  };
}

function varianceOf({ count: n, sum, squares }: Moments): number {
  const variance = (squares - (sum * sum) / n) / (n - 1);
  return Math.max(variance, 0);
}
