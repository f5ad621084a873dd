// CASE, COALESCE, GREATEST, LEAST: several arguments of one type.
import { binary, call, type Expr, literal, or } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { commonNumber } from "../arithmetic.ts";
import { refused, textAt, withoutSql } from "../scope.ts";
import { type EsqlType, isNumeric, isPresent, isText, manyValues, nullOf, one, scalarValue, type Value } from "../value.ts";
import { type Call, type FunctionDefinition, MANY, scalar } from "./function.ts";
import { oneAs, valuesAs } from "./multivalue.ts";

/** The one type of all arguments: the first's. */
function unified(values: readonly Value[], context: Call): { readonly type: EsqlType; readonly values: readonly Value[] } {
  const some = values.filter(({ type }) => type !== "null");
  const [first] = some;
  if (first === undefined) return { type: "null", values };
  if (some.every(({ type }) => isText(type))) return { type: "keyword", values };
  if (some.every(({ type }) => isNumeric(type) && type !== "unsigned_long")) {
    // The first tells the type; what is wider is refused.
    const { type } = first;
    const odd = some.find((value) => commonNumber(type, value.type) !== type);
    if (odd !== undefined) {
      throw refused(
        context.scope,
        context.node,
        `[${textAt(context.scope, context.node)}] must be [${first.type}], found type [${odd.type}]`,
      );
    }
    return { type, values };
  }
  const odd = some.find(({ type }) => type !== first.type);
  if (odd !== undefined)
    throw refused(
      context.scope,
      context.node,
      `[${textAt(context.scope, context.node)}] must be [${first.type}], found type [${odd.type}]`,
    );
  if (first.type === "geo_point" || first.type === "_source") throw withoutSql(context.node, "points have no SQL here yet");
  return { type: first.type, values };
}

const caseOf = scalar(2, MANY, (args, context) => {
  const pairs = Math.floor(args.length / 2);
  const conditions = Array.from({ length: pairs }, (_, i) => args[2 * i] ?? nullOf("boolean"));
  for (const [i, each] of conditions.entries()) {
    if (each.type === "boolean" || each.type === "null") continue;
    throw refused(
      context.scope,
      context.node,
      `argument ${2 * i + 1} of [${textAt(context.scope, context.node)}] must be [boolean], found type [${each.type}]`,
    );
  }
  const results = [
    ...conditions.map((_, i) => args[2 * i + 1] ?? nullOf("null")),
    args.length % 2 === 1 ? (args.at(-1) ?? nullOf("null")) : nullOf("null"),
  ];
  const { type, values } = unified(results, context);
  if (type === "null") return nullOf("null");
  const many = values.some((value) => value.many);
  const branch = (value: Value): Expr => (many ? valuesAs(value, type) : oneAs(value, type));
  const branches = conditions.flatMap((each, i) => {
    const test = each.type === "null" ? literal(0) : call("ifNull", one(each), literal(0));
    return [test, branch(values[i] ?? nullOf(type))];
  });
  const sql = call("multiIf", ...branches, branch(values.at(-1) ?? nullOf(type)));
  return many ? manyValues(type, sql) : scalarValue(type, sql, values);
});

const coalesce = scalar(1, MANY, (args, context) => {
  const { type, values } = unified(args, context);
  const present = values.filter((value) => value.type !== "null");
  if (type === "null" || present.length === 0) return nullOf("null");
  if (!present.some((value) => value.many))
    return scalarValue(type, call("coalesce", ...present.map((value) => oneAs(value, type))), present);
  const branches = present.flatMap((value) => [isPresent(value), valuesAs(value, type)]);
  return manyValues(type, call("multiIf", ...branches, valuesAs(nullOf("null"), type)));
});

// Of several values of an argument the greatest, or the least, counts; null where any argument is.
function extreme(name: "greatest" | "least"): FunctionDefinition {
  return scalar(1, MANY, (args, context) => {
    const { type, values } = unified(args, context);
    if (type === "null" || values.some((value) => value.type === "null")) return nullOf(type);
    const singles = values.map((value) => (value.many ? reduced(valuesAs(value, type), name) : oneAs(value, type)));
    if (singles.length === 1) return scalarValue(type, singles[0] ?? literal(null), values);
    const names = singles.map((_, i) => `v${i}`);
    const sql = bind(names, singles, (...bound) =>
      call("if", or(bound.map((each) => call("isNull", each))), literal(null), call(name, ...bound)),
    );
    return scalarValue(type, sql, values);
  });
}

function reduced(values: Expr, name: "greatest" | "least"): Expr {
  return bind(["v"], [values], (v = values) =>
    call("if", call("empty", v), literal(null), call(name === "greatest" ? "arrayMax" : "arrayMin", v)),
  );
}

// The greatest of the points that is not above the value; the least point for what is below all.
const roundTo = scalar(2, MANY, (args, context) => {
  const [value = nullOf("null"), ...points] = args;
  if (value.type === "null") return nullOf("null");
  if (!isNumeric(value.type) && value.type !== "date") throw withoutSql(context.node, "rounding this type to points has no SQL yet");
  if (points.some(({ constant }) => typeof constant !== "bigint" && typeof constant !== "number"))
    throw withoutSql(context.node, "only points that the query's text tells have SQL");
  if (points.some(({ type }) => (type === "date") !== (value.type === "date") || type === "unsigned_long"))
    throw withoutSql(context.node, "points of other types than the value have no SQL yet");
  const type = value.type === "date" ? "date" : args.map((arg) => arg.type).reduce(commonNumber);
  const sorted = points.toSorted((a, b) => Number(a.constant) - Number(b.constant));
  const [least, ...others] = sorted.map((point) => ({ point, sql: oneAs(point, type) }));
  const sql = bind(["v"], [oneAs(one1(value), type)], (v = value.sql) => {
    const branches = others.toReversed().flatMap((other) => [call("ifNull", binary(v, ">=", other.sql), literal(0)), other.sql]);
    return call("multiIf", call("isNull", v), literal(null), ...branches, least?.sql ?? literal(null));
  });
  return scalarValue(type, sql, [value]);
});

/** The value as one alone. */
const one1 = (value: Value): Value => ({ ...value, sql: one(value), many: false });

export const CONDITIONAL: Readonly<Record<string, FunctionDefinition>> = {
  case: caseOf,
  coalesce,
  greatest: extreme("greatest"),
  least: extreme("least"),
  round_to: roundTo,
};
