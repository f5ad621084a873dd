// Functions of several values: MV_….
import { array, binary, call, column, type Expr, lambda, literal, param } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { finite } from "../arithmetic.ts";
import { refused, withoutSql } from "../scope.ts";
import { all, constantOf, ELEMENTS, type EsqlType, isNumeric, isWhole, manyValues, nullOf, scalarValue, type Value } from "../value.ts";
import { anyNull, argument, type Call, expect, type FunctionDefinition, scalar } from "./function.ts";

// ClickHouse gives a default where Elasticsearch gives null: of no values.
function ofSome(values: Expr, compute: (values: Expr) => Expr): Expr {
  return bind(["v"], [values], (v = values) => call("if", call("empty", v), literal(null), compute(v)));
}

function known(value: Value, context: Call): Value {
  if (value.type === "geo_point" || value.type === "_source") throw withoutSql(context.node, "points have no SQL here yet");
  return value;
}

/** One value of many, or one computed of them. */
function reduced(type: (of: EsqlType) => EsqlType, compute: (values: Expr, of: EsqlType) => Expr, numeric = false): FunctionDefinition {
  return scalar(1, 1, (args, context) => {
    if (numeric) expect(args, ["numeric"], context);
    const value = known(argument(args, 0), context);
    if (value.type === "null") return nullOf(numeric ? type("double") : "null");
    return scalarValue(
      type(value.type),
      ofSome(all(value), (v) => compute(v, value.type)),
      args,
    );
  });
}

/** What a function gives of text is a keyword. */
const same = (type: EsqlType): EsqlType => (type === "text" ? "keyword" : type);
const element = (v: Expr, at: number): Expr => call("arrayElement", v, literal(at));
const doubles = (v: Expr): Expr => call("arrayMap", lambda(["x"], call("toFloat64", column("x"))), v);

function sum(v: Expr, type: EsqlType): Expr {
  if (type === "double") return finite(call("arrayReduce", literal("sumKahan"), v));
  const total = call("arraySum", call("arrayMap", lambda(["x"], call("toInt128", column("x"))), v));
  return call("accurateCastOrNull", total, literal(ELEMENTS[type]));
}

function median(v: Expr, type: EsqlType): Expr {
  const sorted = call("arraySort", v);
  const size = call("length", v);
  const at = (offset: number): Expr => call("arrayElement", sorted, binary(call("intDiv", size, literal(2)), "+", literal(offset)));
  const odd = binary(binary(size, "%", literal(2)), "=", literal(1));
  if (type === "double") return call("if", odd, at(1), binary(binary(at(0), "+", at(1)), "/", literal(2)));
  const middle = call("bitShiftRight", binary(call("toInt128", at(0)), "+", call("toInt128", at(1))), literal(1));
  return call("CAST", call("if", odd, call("toInt128", at(1)), middle), literal(`Nullable(${ELEMENTS[type]})`));
}

function rearranged(compute: (values: Expr) => Expr): FunctionDefinition {
  return scalar(1, 1, (args, context) => {
    const value = known(argument(args, 0), context);
    return value.many ? manyValues(same(value.type), compute(value.sql)) : scalarValue(same(value.type), value.sql, [value]);
  });
}

const sort = scalar(1, 2, (args, context) => {
  const value = known(argument(args, 0), context);
  const order = args[1]?.constant ?? "ASC";
  if (typeof order !== "string" || !/^(asc|desc)$/i.test(order)) {
    throw refused(context.scope, context.node, "Invalid order value, expected one of [ASC, DESC]");
  }
  if (!value.many) return scalarValue(same(value.type), value.sql, [value]);
  return manyValues(same(value.type), call(/^asc$/i.test(order) ? "arraySort" : "arrayReverseSort", value.sql));
});

const concat = scalar(2, 2, (args, context) => {
  expect(args, ["text"], context);
  if (anyNull(args)) return nullOf("keyword");
  const [values, separator] = [argument(args, 0), argument(args, 1)];
  if (!values.many && separator.constant !== undefined) return scalarValue("keyword", values.sql);
  if (typeof separator.constant !== "string") throw withoutSql(context.node, "only a separator that the query's text tells has SQL");
  const joined = param("String", separator.constant);
  return scalarValue(
    "keyword",
    ofSome(all(values), (v) => call("arrayStringConcat", v, joined)),
  );
});

const append = scalar(2, 2, (args, context) => {
  const [a, b] = [known(argument(args, 0), context), known(argument(args, 1), context)];
  if (a.type === "null" || b.type === "null") return nullOf(a.type === "null" ? b.type : a.type);
  const textual = [a.type, b.type].every((type) => type === "keyword" || type === "text");
  if (a.type !== b.type && !textual) {
    throw refused(context.scope, context.node, `second argument of [mv_append] must be [${a.type}], found type [${b.type}]`);
  }
  const both = bind(["a", "b"], [all(a), all(b)], (x = all(a), y = all(b)) =>
    call("if", call("or", call("empty", x), call("empty", y)), call("arrayResize", x, literal(0)), call("arrayConcat", x, y)),
  );
  return manyValues(same(a.type), both);
});

// Positions count from 0, or from the end below it.
const slice = scalar(2, 3, (args, context) => {
  const value = known(argument(args, 0), context);
  const [start, end] = [args[1]?.constant, (args[2] ?? args[1])?.constant];
  if (value.type === "null") return nullOf("null");
  if (typeof start !== "bigint" || typeof end !== "bigint")
    throw withoutSql(context.node, "only positions that the query's text tells have SQL");
  const size = (v: Expr): Expr => call("toInt64", call("length", v));
  const place = (at: bigint, v: Expr): Expr => (at >= 0n ? literal(Number(at)) : binary(size(v), "+", literal(Number(at))));
  const sliced = bind(["v"], [all(value)], (v = all(value)) => {
    const from = call("greatest", place(start, v), literal(0));
    const to = call("least", place(end, v), binary(size(v), "-", literal(1)));
    const length = binary(binary(to, "-", from), "+", literal(1));
    return call(
      "if",
      binary(length, ">", literal(0)),
      call("arraySlice", v, binary(from, "+", literal(1)), call("greatest", length, literal(0))),
      call("arrayResize", v, literal(0)),
    );
  });
  return manyValues(same(value.type), sliced);
});

const count = scalar(1, 1, (args, context) => {
  const value = known(argument(args, 0), context);
  if (value.type === "null") return nullOf("integer");
  if (!value.many) return scalarValue("integer", call("if", call("isNull", value.sql), literal(null), call("toInt32", literal(1))));
  return scalarValue(
    "integer",
    ofSome(value.sql, (v) => call("toInt32", call("length", v))),
  );
});

// Each of the one beside each of the other; what is left of the longer stands alone.
const zip = scalar(2, 3, (args, context) => {
  expect(args, ["text"], context);
  const separator = args.length < 3 ? "," : args[2]?.constant;
  if (args.some(({ type }) => type === "null")) throw withoutSql(context.node, "null in this function has no SQL yet");
  if (typeof separator !== "string") throw withoutSql(context.node, "only a separator that the query's text tells has SQL");
  const sql = bind(["a", "b"], [all(argument(args, 0)), all(argument(args, 1))], (a = literal(0), b = literal(0)) => {
    const [sizeA, sizeB, at] = [call("length", a), call("length", b), column("i")];
    const [inA, inB] = [call("arrayElement", a, at), call("arrayElement", b, at)];
    const pair = call("concat", inA, param("String", separator), inB);
    const item = call("multiIf", binary(at, ">", sizeA), inB, binary(at, ">", sizeB), inA, pair);
    return call("arrayMap", lambda(["i"], item), call("range", literal(1), binary(call("greatest", sizeA, sizeB), "+", literal(1))));
  });
  return manyValues("keyword", sql);
});

export const MULTIVALUE: Readonly<Record<string, FunctionDefinition>> = {
  mv_count: count,
  mv_min: reduced(same, (v) => call("arrayMin", v)),
  mv_max: reduced(same, (v) => call("arrayMax", v)),
  mv_first: reduced(same, (v) => element(v, 1)),
  mv_last: reduced(same, (v) => element(v, -1)),
  mv_sum: reduced(same, sum, true),
  mv_avg: reduced(
    () => "double",
    (v) => binary(call("arrayReduce", literal("sumKahan"), doubles(v)), "/", call("length", v)),
    true,
  ),
  mv_median: reduced(same, median, true),
  mv_dedupe: rearranged((v) => call("arrayDistinct", v)),
  mv_sort: sort,
  mv_concat: concat,
  mv_append: append,
  mv_slice: slice,
  mv_zip: zip,
};

/** Several values as those of one type. */
export function valuesAs(value: Value, type: EsqlType): Expr {
  if (value.type === "null") return call("CAST", array(), literal(`Array(${ELEMENTS[type]})`));
  const values = all(value);
  return value.type === type || !isNumeric(type) ? values : call("CAST", values, literal(`Array(${ELEMENTS[type]})`));
}

/** One value as one of another type of number. */
export function oneAs(value: Value, type: EsqlType): Expr {
  if (value.type === "null") return nullOf(type).sql;
  if (value.constant !== undefined && isWhole(value.type) && type === "double") return constantOf("double", Number(value.constant)).sql;
  return value.type === type || !isNumeric(type) ? value.sql : call("CAST", value.sql, literal(`Nullable(${ELEMENTS[type]})`));
}
