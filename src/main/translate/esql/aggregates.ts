// ES|QL's aggregate functions: what STATS computes of the rows of a group. Every value of a field with several counts.
import { binary, call, column, type Expr, lambda, literal, parametric } from "../../clickhouse/sql/ast.ts";
import { bind } from "../../clickhouse/sql/bind.ts";
import { arithmetic, finite } from "./arithmetic.ts";
import { type Call, expect as expectKinds } from "./functions/function.ts";
import { misbuilt, refused, textAt, withoutSql } from "./scope.ts";
import { ELEMENTS, type EsqlType, isNumeric, manyValues, nullOf, scalarValue, type Value } from "./value.ts";

type Aggregate = (args: readonly Value[], context: Call) => Value;

const COUNT_THRESHOLD = 3000;
const COUNT_ERROR = 0.06;
const COLLISIONS_FROM = 300;
/** The digest keeps every value up to 20 times its compression of 1000. */
const DIGEST_EXACT = 20_000;
const DIGEST_POINTS = 0.08;

const of = (args: readonly Value[], index = 0): Value => args[index] ?? nullOf("null");

/** An aggregate function over the values of all rows: arrays go value by value. */
function over(name: string, value: Value, turn?: (x: Expr) => Expr): Expr {
  if (!value.many) return call(`${name}OrNull`, turn === undefined ? value.sql : turn(value.sql));
  return call(`${name}OrNullArray`, turn === undefined ? value.sql : call("arrayMap", lambda(["x"], turn(column("x"))), value.sql));
}

function counted(value: Value): Expr {
  return value.many ? call("sum", call("length", value.sql)) : call("count", value.sql);
}

const long = (x: Expr): Expr => call("toInt64", x);
const wide = (x: Expr): Expr => call("toInt128", x);
const double = (x: Expr): Expr => call("toFloat64", x);

function numeric(args: readonly Value[], context: Call): Value {
  expectKinds([of(args)], ["numeric"], context);
  const value = of(args);
  if (value.type === "unsigned_long") throw withoutSql(context.node, "aggregating unsigned_long has no SQL yet");
  return value;
}

const SUM_NOISE = { rule: "float_sum", bounds: null } as const;

const sum: Aggregate = (args, context) => {
  const value = numeric(args, context);
  if (value.type === "null") return nullOf("long");
  if (value.type !== "double") return scalarValue("long", call("accurateCastOrNull", over("sum", value, wide), literal("Int64")), [value]);
  return { ...scalarValue("double", finite(over("sumKahan", value))), noise: SUM_NOISE };
};

const avg: Aggregate = (args, context) => {
  const value = numeric(args, context);
  if (value.type === "null") return nullOf("double");
  if (value.type === "double") {
    return { ...scalarValue("double", finite(binary(over("sumKahan", value), "/", counted(value)))), noise: SUM_NOISE };
  }
  return scalarValue("double", finite(binary(double(over("sum", value, wide)), "/", counted(value))), [value]);
};

function extreme(name: "min" | "max"): Aggregate {
  return (args, context) => {
    const value = of(args);
    if (value.type === "null") return nullOf("null");
    if (value.type === "geo_point" || value.type === "_source") {
      throw refused(
        context.scope,
        context.node,
        `argument of [${textAt(context.scope, context.node)}] must be [representable except unsigned_long and spatial types], found type [${value.type}]`,
      );
    }
    const type: EsqlType = value.type === "text" ? "keyword" : value.type;
    return scalarValue(type, over(name, value), [value]);
  };
}

const count: Aggregate = (args, context) => {
  const value = of(args);
  if (args.length === 0 || (value.constant !== undefined && value.constant !== null)) return scalarValue("long", long(call("count")));
  if (value.type === "null") return scalarValue("long", long(call("countIf", literal(0))));
  if (value.type === "geo_point" || value.type === "_source") {
    if (value.field === undefined || value.sql.kind !== "column" || value.sql.name !== "_source")
      throw withoutSql(context.node, `counting ${value.type} has no SQL here yet`);
    return scalarValue("long", long(call("sum", call("length", column(value.field.column)))));
  }
  return scalarValue("long", long(counted(value)));
};

const countDistinct: Aggregate = (args, context) => {
  const value = of(args);
  if (value.type === "null") return scalarValue("long", long(call("countIf", literal(0))));
  if (value.type === "geo_point" || value.type === "_source")
    throw refused(context.scope, context.node, `argument of [count_distinct] must be any exact type, found [${value.type}]`);
  const precision = args[1]?.constant;
  if (args.length > 1 && typeof precision !== "bigint")
    throw withoutSql(context.node, "only a precision that the query's text tells has SQL");
  const threshold = precision === undefined ? COUNT_THRESHOLD : Math.min(Number(precision), 40_000);
  const number = long(value.many ? call("uniqExactArray", value.sql) : call("uniqExact", value.sql));
  const above = binary(number, ">", literal(threshold));
  const fewer = call("if", binary(number, "<", literal(COLLISIONS_FROM)), number, binary(number, "-", literal(2)));
  const low = call("if", above, binary(number, "*", literal(1 - COUNT_ERROR)), fewer);
  const high = call("if", above, binary(number, "*", literal(1 + COUNT_ERROR)), number);
  return { ...scalarValue("long", number), noise: { rule: "hyperloglog", bounds: { low, high } } };
};

function quantile(value: Value, at: number): Expr {
  const name = value.many ? "quantileExactInclusiveOrNullArray" : "quantileExactInclusiveOrNull";
  const values = value.many ? call("arrayMap", lambda(["x"], double(column("x"))), value.sql) : double(value.sql);
  return parametric(name, [at], values);
}

// Exact while the digest keeps every value, and a few units in the last place off by the order of its arithmetic.
function digested(value: Value, at: number): Value {
  if (value.type === "null") return nullOf("double");
  // Adding zero: the digest knows no -0.0.
  const exact = binary(quantile(value, at), "+", literal(0));
  const few = binary(counted(value), "<", literal(DIGEST_EXACT));
  const slack = binary(call("abs", exact), "*", literal(1e-14));
  const low = call("if", few, binary(exact, "-", slack), quantile(value, Math.max(0, at - DIGEST_POINTS)));
  const high = call("if", few, binary(exact, "+", slack), quantile(value, Math.min(1, at + DIGEST_POINTS)));
  return { ...scalarValue("double", exact), noise: { rule: "tdigest", bounds: { low, high } } };
}

const median: Aggregate = (args, context) => digested(numeric(args, context), 0.5);

const percentile: Aggregate = (args, context) => {
  const percent = of(args, 1).constant;
  if (typeof percent !== "bigint" && typeof percent !== "number")
    throw refused(context.scope, context.node, `second argument of [${textAt(context.scope, context.node)}] must be a constant`);
  if (Number(percent) < 0 || Number(percent) > 100) throw withoutSql(context.node, "a percentile outside of 0 to 100");
  // Elasticsearch takes the whole number.
  return digested(numeric(args, context), Math.trunc(Number(percent)) / 100);
};

/** Relative error of the digest that holds the distances. */
const DEVIATION_ERROR = 0.02;

const medianAbsoluteDeviation: Aggregate = (args, context) => {
  const value = numeric(args, context);
  if (value.type === "null") return nullOf("double");
  const numbers = value.many ? call("groupArrayArray", value.sql) : call("groupArray", value.sql);
  const doubles = call("arrayMap", lambda(["x"], double(column("x"))), numbers);
  const middle = (items: Expr): Expr => call("arrayReduce", literal("quantileExactInclusive(0.5)"), items);
  const exact = bind(["v"], [doubles], (v = doubles) => {
    const distances = bind(["u", "m"], [v, middle(v)], (u = v, m = literal(0)) =>
      call("arrayMap", lambda(["x"], call("abs", binary(column("x"), "-", m))), u),
    );
    return call("if", call("empty", v), literal(null), middle(distances));
  });
  const slack = call("if", binary(counted(value), "<", literal(DIGEST_EXACT)), literal(1e-14), literal(DEVIATION_ERROR));
  const share = binary(exact, "*", slack);
  const bounds = { low: binary(exact, "-", share), high: binary(exact, "+", share) };
  return { ...scalarValue("double", finite(exact)), noise: { rule: "tdigest", bounds } };
};

const values: Aggregate = (args, context) => {
  const value = of(args);
  if (value.type === "null") return nullOf("null");
  if (value.type === "geo_point" || value.type === "_source") throw withoutSql(context.node, "values of points have no SQL yet");
  const found = value.many ? call("groupUniqArrayArray", value.sql) : call("groupUniqArray", value.sql);
  return { ...manyValues(value.type === "text" ? "keyword" : value.type, call("arraySort", found)), unordered: true };
};

const top: Aggregate = (args, context) => {
  const [value, limit, order] = [of(args), of(args, 1).constant, args[2]?.constant ?? "asc"];
  if (value.type === "null") return nullOf("null");
  if (typeof limit !== "bigint" || limit <= 0n)
    throw refused(context.scope, context.node, `Limit must be greater than 0 in [${textAt(context.scope, context.node)}]`);
  if (typeof order !== "string" || !/^(asc|desc)$/i.test(order))
    throw refused(context.scope, context.node, `Invalid order value in [${textAt(context.scope, context.node)}], expected [ASC, DESC]`);
  if (value.type === "geo_point" || value.type === "_source") throw withoutSql(context.node, "points have no order");
  const found = value.many ? call("groupArrayArray", value.sql) : call("groupArray", value.sql);
  const sorted = call(/^asc$/i.test(order) ? "arraySort" : "arrayReverseSort", found);
  return manyValues(value.type === "text" ? "keyword" : value.type, call("arraySlice", sorted, literal(1), literal(Number(limit))));
};

function spread(name: "stddevPopStable" | "varPopStable"): Aggregate {
  return (args, context) => {
    const value = numeric(args, context);
    if (value.type === "null") return nullOf("double");
    return { ...scalarValue("double", finite(over(name, value, double))), noise: SUM_NOISE };
  };
}

const weightedAvg: Aggregate = (args, context) => {
  expectKinds(args, ["numeric"], context);
  const [value, weight] = [of(args), of(args, 1)];
  if (value.type === "null" || weight.type === "null") return nullOf("double");
  // A product that overflows is null; its weight counts all the same.
  const product = arithmetic("*", value, weight, context.node, context.scope);
  const total = sum([product], context).sql;
  return { ...scalarValue("double", finite(binary(double(total), "/", double(sum([weight], context).sql)))), noise: SUM_NOISE };
};

interface AggregateDefinition {
  readonly arguments: readonly [number, number];
  readonly compile: Aggregate;
}

const aggregate = (least: number, most: number, compile: Aggregate): AggregateDefinition => ({ arguments: [least, most], compile });

/** Aggregate functions by name. */
export const AGGREGATES: Readonly<Record<string, AggregateDefinition>> = {
  count: aggregate(0, 1, count),
  count_distinct: aggregate(1, 2, countDistinct),
  sum: aggregate(1, 1, sum),
  avg: aggregate(1, 1, avg),
  min: aggregate(1, 1, extreme("min")),
  max: aggregate(1, 1, extreme("max")),
  median: aggregate(1, 1, median),
  median_absolute_deviation: aggregate(1, 1, medianAbsoluteDeviation),
  percentile: aggregate(2, 2, percentile),
  values: aggregate(1, 1, values),
  top: aggregate(2, 3, top),
  std_dev: aggregate(1, 1, spread("stddevPopStable")),
  variance: aggregate(1, 1, spread("varPopStable")),
  weighted_avg: aggregate(2, 2, weightedAvg),
};

/** Aggregate functions that Elasticsearch has and that have no SQL. */
export const AGGREGATES_WITHOUT_SQL: ReadonlySet<string> = new Set(
  "st_centroid_agg st_extent_agg sample first last present absent categorize irate increase deriv idelta delta".split(" "),
);

/** True for the name of an aggregate function. */
export function isAggregate(name: string): boolean {
  return Object.hasOwn(AGGREGATES, name.toLowerCase()) || AGGREGATES_WITHOUT_SQL.has(name.toLowerCase());
}

/** Those that are the same over a constant. */
const OF_CONSTANTS: ReadonlySet<string> = new Set(["count", "sum", "min", "max", "avg", "values"]);

/** An aggregate over the rows of a group for which `where` holds. */
export function aggregated(call_: Call, where: Expr | null): Value {
  const { node, scope } = call_;
  const definition = AGGREGATES[node.name.toLowerCase()];
  if (definition === undefined) throw withoutSql(node, `[${node.name}] has no SQL yet`);
  const [least, most] = definition.arguments;
  if (node.args.length < least || node.args.length > most || (node.star && !OF_CONSTANTS.has(node.name.toLowerCase()))) {
    throw misbuilt(scope, node, `error building [${node.name}]: wrong number of arguments`);
  }
  const args = node.args.map((arg) => call_.analyze(arg));
  // Of a constant Elasticsearch makes another expression, which looks at no row.
  if (of(args).constant !== undefined && of(args).constant !== null && !OF_CONSTANTS.has(node.name.toLowerCase()))
    throw withoutSql(node, "an aggregate over a constant has no SQL");
  if (where === null) return definition.compile(args, call_);
  if (args.length === 0 || args[0]?.constant !== undefined)
    return scalarValue("long", long(call("countIf", call("ifNull", where, literal(0)))));
  return definition.compile([filtered(of(args), where), ...args.slice(1)], call_);
}

function filtered(value: Value, where: Expr): Value {
  if (value.type === "null") return value;
  if (value.type === "geo_point" || value.type === "_source") return { type: value.type, sql: value.sql, many: false };
  const { field: _, ...rest } = value;
  const none = value.many ? call("CAST", call("array"), literal(`Array(${ELEMENTS[value.type]})`)) : literal(null);
  return { ...rest, sql: call("if", call("ifNull", where, literal(0)), value.sql, none) };
}

/** True where rows can be grouped by values of the type. */
export function isGroupable(type: EsqlType): boolean {
  return type !== "geo_point" && type !== "_source" && type !== "unsupported" && (isNumeric(type) || !type.startsWith("date_p"));
}
