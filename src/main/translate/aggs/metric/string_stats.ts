// `string_stats`: lengths in UTF-16 units, and the entropy of the characters. The reference server has no such module: names and
// formulas follow Elasticsearch's manual and x-pack-analytics.
import { isArray, type JsonObject, type JsonValue, RawNumber } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal, param } from "../../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import type { Row } from "../../types.ts";
import { count } from "../cells.ts";
import { floatSum } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import type { MetricDefinition, Shaped } from "../types.ts";
import { mapped, refusedType, valuesOf } from "../values.ts";

export const stringStats: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context) {
    const parameters = new Parameters(node);
    const values = valuesOf(parameters, context);
    const showDistribution = parameters.boolean("show_distribution", false);
    parameters.done();
    if (values === undefined) return { shape: () => shaped(0, 0, 0, [], showDistribution) };
    if (values.family !== "keyword") throw refusedType(values, parameters);
    const lengths = mapped(values.expr, units);
    const characters = call(
      "arrayFlatten",
      mapped(values.expr, (x) => call("extractAll", x, param("String", "(?s)."))),
    );
    const ones = call("arrayWithConstant", call("length", column("c")), call("toUInt64", literal(1)));
    const counted = call("arrayMap", lambda(["c"], call("tuple", column("c"), ones)), call("array", characters));
    const pair = grain.document(call("arrayElement", counted, literal(1)));
    const cells = {
      count: grain.cell(grain.aggregate("sum", [grain.document(call("length", values.expr))])),
      min: grain.cell(grain.aggregate("minArray", [grain.document(lengths)])),
      max: grain.cell(grain.aggregate("maxArray", [grain.document(lengths)])),
      characters: grain.cell(grain.aggregate("sumMap", [call("tupleElement", pair, literal(1)), call("tupleElement", pair, literal(2))])),
    };
    return {
      shape: (row) =>
        shaped(count(row, cells.count), count(row, cells.min), count(row, cells.max), unitCounts(row, cells.characters), showDistribution),
    };
  },
};

/** Java's length of a string: characters beyond U+FFFF count twice. */
function units(text: Expr): Expr {
  const astral = call("length", call("extractAll", text, param("String", "[\\x{10000}-\\x{10FFFF}]")));
  return binary(call("lengthUTF8", text), "+", astral);
}

type UnitCount = readonly [unit: string, count: number];

function unitCounts(row: Row | null, name: string): readonly UnitCount[] {
  const cell: JsonValue | undefined = row?.[name];
  const [characters, counts] = isArray(cell) ? cell : [];
  if (!isArray(characters) || !isArray(counts)) return [];
  const found = new Map<string, number>();
  characters.forEach((character, i) => {
    for (const unit of String(character).split("")) found.set(unit, (found.get(unit) ?? 0) + Number(counts[i] ?? 0));
  });
  return [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function shaped(values: number, min: number, max: number, units: readonly UnitCount[], showDistribution: boolean): Shaped {
  const all = units.reduce((sum, [, times]) => sum + times, 0);
  const shares = units.map(([unit, times]) => [unit, times / all] as const);
  const entropy = shares.reduce((sum, [, share]) => sum - share * Math.log2(share), 0);
  const distribution: JsonObject = Object.fromEntries(shares.map(([unit, share]) => [unit, doubleJson(share)]));
  return {
    json: {
      count: values,
      min_length: values === 0 ? null : min,
      max_length: values === 0 ? null : max,
      avg_length: values === 0 ? null : doubleJson(all / values),
      entropy: values === 0 ? new RawNumber("0.0") : doubleJson(entropy),
      ...(showDistribution ? { distribution } : {}),
    },
    tolerances: floatSum("/entropy", entropy, entropy * 1e-12),
  };
}
