// `matrix_stats`: moments of several fields, and how they go together, over the documents that have them all. Elasticsearch updates
// running moments document by document; here they are computed around the means, so the last digits may differ.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import { and, array, binary, call, column, type Expr, lambda, literal, param } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import type { Context } from "../../context.ts";
import { fieldOf } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { fieldColumn } from "../../field_column.ts";
import type { Tolerance } from "../../types.ts";
import { double } from "../cells.ts";
import { javaHashOrder } from "../java_hash_order.ts";
import { Parameters } from "../parameters.ts";
import type { Member, MetricDefinition, Shaped } from "../types.ts";

/** Relative: running moments and central ones agree to about 1e-12 over 100,000 documents. */
const SLACK = 1e-9;
const NOTHING: Shaped = Object.freeze({ json: { doc_count: 0 }, tolerances: [] });
const MODES: Readonly<Record<string, string>> = { avg: "arrayAvg", min: "arrayMin", max: "arrayMax", sum: "arraySum" };

export const matrixStats: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const fields = fieldsOf(parameters, context);
    parameters.done();
    if (fields.length === 0) return { shape: () => NOTHING };
    const present = and(fields.map(({ value }) => call("isNotNull", value)));
    const point = call("arrayMap", lambda(["v"], call("assumeNotNull", column("v"))), array(...fields.map(({ value }) => value)));
    const points = grain.aggregate("groupArrayArray", [
      grain.document(call("if", present, array(point), call("CAST", array(), literal("Array(Array(Float64))")))),
    ]);
    const cell = grain.cell(moments(points, fields.length));
    const names = javaHashOrder(fields.map(({ name }) => name));
    return {
      shape(row) {
        const numbers = flat(row?.[cell]);
        const [documents = 0] = numbers;
        return documents === 0
          ? NOTHING
          : shaped(
              fields.map(({ name }) => name),
              names,
              numbers,
            );
      },
    };
  },
};

interface MatrixField {
  readonly name: string;
  /** Nullable(Float64): null where the document has no value. */
  readonly value: Expr;
}

function fieldsOf(parameters: Parameters, context: Context): readonly MatrixField[] {
  const given = parameters.value("fields");
  const names = (isArray(given) ? given : given === undefined ? [] : [given]).map(String);
  const mode = (parameters.text("mode") ?? "avg").toLowerCase();
  const missing = parameters.object("missing") ?? {};
  const combine = MODES[mode];
  if (combine === undefined) throw new UnsupportedClause(parameters.pointer("mode"), `no SQL for mode [${mode}]`);
  return names.flatMap((name) => {
    const field = fieldOf(context, name, parameters.pointer("fields"));
    if (field === undefined) return [];
    if (!["long", "integer", "short", "byte", "double", "float", "half_float", "scaled_float"].includes(field.type)) {
      throw new RejectedRequest(
        "illegal_argument_exception",
        `ValuesSource type is not supported for aggregation [${parameters.node.name}]`,
      );
    }
    const values = call("arrayMap", lambda(["x"], call("toFloat64", column("x"))), fieldColumn(field));
    const stand = member(missing, name);
    const absent =
      stand === undefined || stand === null ? call("CAST", literal("NULL"), literal("Nullable(Float64)")) : param("Float64", Number(stand));
    return [{ name, value: call("if", call("notEmpty", values), call("toNullable", call(combine, values)), absent) }];
  });
}

// One row of numbers: documents, then each field's mean and central sums of the 2nd to 4th power, then the products of each pair.
function moments(points: Expr, fields: number): Expr {
  const at = (point: string, i: number) => call("arrayElement", column(point), literal(i + 1));
  const each = Array.from({ length: fields }, (_, i) => i);
  const means = array(...each.map((i) => call("arrayAvg", lambda(["p"], at("p", i)), column("ps"))));
  const off = (i: number) => binary(at("p", i), "-", at("m", i));
  const total = (term: Expr) => call("arraySum", lambda(["p"], term), column("ps"));
  const sums = each.flatMap((i) => [at("m", i), ...[2, 3, 4].map((power) => total(call("pow", off(i), literal(power))))]);
  const pairs = each.flatMap((i) => each.slice(i + 1).map((j) => total(binary(off(i), "*", off(j)))));
  const all = array(call("toFloat64", call("length", column("ps"))), ...sums, ...pairs);
  const none = call("CAST", array(), literal("Array(Float64)"));
  const over = bind(["m"], [means], () => all);
  const guarded = call("if", call("empty", column("ps")), none, over);
  return bind(["ps"], [points], () => guarded);
}

function flat(cell: JsonValue | undefined): readonly number[] {
  return isArray(cell) ? cell.map((item) => double(item)) : [];
}

function shaped(names: readonly string[], order: readonly string[], numbers: readonly number[]): Shaped {
  const n = numbers[0] ?? 0;
  const of = (name: string, k: number): number => numbers[1 + 4 * names.indexOf(name) + k] ?? Number.NaN;
  const product = (a: string, b: string): number => {
    const [i, j] = [names.indexOf(a), names.indexOf(b)].sort((x, y) => x - y);
    if (i === undefined || j === undefined || i === j) return of(a, 1);
    const before = Array.from({ length: i }, (_, k) => names.length - 1 - k).reduce((sum, each) => sum + each, 0);
    return numbers[1 + 4 * names.length + before + (j - i - 1)] ?? Number.NaN;
  };
  const covariance = (a: string, b: string): number => (n < 2 ? 0 : product(a, b) / (n - 1));
  const correlation = (a: string, b: string): number => (a === b ? 1 : product(a, b) / Math.sqrt(of(a, 1) * of(b, 1)));
  const fields = order.map((name): JsonObject => {
    const [mean, m2, m3, m4] = [of(name, 0), of(name, 1), of(name, 2), of(name, 3)];
    const row = (value: (other: string) => number) => Object.fromEntries(order.map((other): Member => [other, doubleJson(value(other))]));
    return {
      name,
      count: n,
      mean: doubleJson(mean),
      variance: doubleJson(n < 2 ? 0 : m2 / (n - 1)),
      skewness: doubleJson((Math.sqrt(n) * m3) / m2 ** 1.5),
      kurtosis: doubleJson((n * m4) / (m2 * m2)),
      covariance: row((other) => covariance(name, other)),
      correlation: row((other) => correlation(name, other)),
    };
  });
  return { json: { doc_count: n, fields }, tolerances: fields.flatMap((field, i) => near(field, `/fields/${i}`)) };
}

function near(value: JsonValue | undefined, pointer: string): readonly Tolerance[] {
  if (isObject(value)) return Object.entries(value).flatMap(([name, each]) => (name === "count" ? [] : near(each, `${pointer}/${name}`)));
  const number = typeof value === "string" || value === null || value === undefined ? Number.NaN : Number(value);
  if (Number.isNaN(number)) return [];
  const slack = Math.max(Math.abs(number), 1e-6) * SLACK;
  return [{ pointer, rule: "float_sum", low: number - slack, high: number + slack }];
}
