// BUCKET: the span of time, or of numbers, that a value lies in; its width given, or so that there are about as many as asked for.
import { binary, call, type Expr, param } from "../../../clickhouse/sql/ast.ts";
import { readAs } from "../comparison.ts";
import { refused, textAt, withoutSql } from "../scope.ts";
import { isNumeric, isWhole, nullOf, one, scalarValue, type Value } from "../value.ts";
import { dateArgument, truncated } from "./date.ts";
import { argument, type Call, type FunctionDefinition, scalar } from "./function.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Width {
  readonly months: number;
  readonly ms: number;
}

/** From the widest: the first of which the range holds no more than asked for is the one before the choice. */
const WIDTHS: readonly Width[] = [
  { months: 12, ms: 0 },
  { months: 1, ms: 0 },
  { months: 0, ms: 7 * DAY },
  { months: 0, ms: DAY },
  ...[
    12 * HOUR,
    3 * HOUR,
    HOUR,
    30 * MINUTE,
    10 * MINUTE,
    5 * MINUTE,
    MINUTE,
    30 * SECOND,
    10 * SECOND,
    5 * SECOND,
    SECOND,
    100,
    50,
    10,
    1,
  ].map((ms) => ({ months: 0, ms })),
];

export const bucket: FunctionDefinition = scalar(2, 4, (args, context) => {
  const [value, width] = [argument(args, 0), argument(args, 1)];
  if (value.type === "null") return nullOf("null");
  if (value.type === "date" || value.type === "date_nanos") return dateBucket(args, context);
  if (!isNumeric(value.type)) {
    throw refused(
      context.scope,
      context.node,
      `first argument of [${textAt(context.scope, context.node)}] must be [datetime or numeric], found type [${value.type}]`,
    );
  }
  if (args.length === 2) return scalarValue("double", floored(one(value), numberOf(width, context)), []);
  if (args.length === 3)
    throw refused(
      context.scope,
      context.node,
      "function expects exactly four arguments when the first one is numeric and the second is INTEGER",
    );
  const [from, to] = [numberOf(argument(args, 2), context), numberOf(argument(args, 3), context)];
  return scalarValue("double", floored(one(value), niceWidth(numberOf(width, context), from, to)), []);
});

function numberOf(value: Value, context: Call): number {
  if (typeof value.constant !== "bigint" && typeof value.constant !== "number") {
    throw refused(context.scope, context.node, `argument of [${textAt(context.scope, context.node)}] must be a constant number`);
  }
  return Number(value.constant);
}

// The power of ten of which the range holds no more than asked for; half and fifth of it where they do, too.
function niceWidth(buckets: number, from: number, to: number): number {
  const precise = (to - from) / buckets;
  const next = 10 ** Math.ceil(Math.log10(precise));
  const half = next / 2;
  return precise < half ? half : next;
}

function floored(x: Expr, width: number): Expr {
  const size = param("Float64", width);
  return binary(call("floor", binary(call("toFloat64", x), "/", size)), "*", size);
}

function dateBucket(args: readonly Value[], context: Call): Value {
  const date = dateArgument(argument(args, 0), context);
  const width = readAs(argument(args, 1), isWhole(argument(args, 1).type) ? "null" : "time_duration", context.node, context.scope);
  if (width.span !== undefined) {
    if (args.length > 2)
      throw refused(context.scope, context.node, "function expects exactly two arguments when the second is a span of time");
    return scalarValue("date", truncated(one(date), width.span.months, width.span.ms, context));
  }
  if (args.length !== 4)
    throw refused(
      context.scope,
      context.node,
      "function expects exactly four arguments when the first one is datetime and the second is INTEGER",
    );
  const [from, to] = [momentOf(argument(args, 2), context), momentOf(argument(args, 3), context)];
  const chosen = chosenWidth(numberOf(width, context), from, to);
  return scalarValue("date", truncated(one(date), chosen.months, chosen.ms, context));
}

function momentOf(value: Value, context: Call): number {
  const date = dateArgument(value, context);
  if (typeof date.constant === "bigint") return Number(date.constant);
  throw withoutSql(context.node, "only bounds that the query's text tells have SQL");
}

function chosenWidth(buckets: number, from: number, to: number): Width {
  let chosen: Width = { months: 12, ms: 0 };
  for (const width of WIDTHS) {
    if (bucketsOf(width, from, to) > buckets) break;
    chosen = width;
  }
  return chosen;
}

function bucketsOf({ months, ms }: Width, from: number, to: number): number {
  if (months === 0) return Math.floor((to - startOf(from, ms)) / ms) + ((to - startOf(from, ms)) % ms === 0 ? 0 : 1);
  const [first, last] = [new Date(from), new Date(to)];
  const between = (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth();
  const start = Date.UTC(last.getUTCFullYear(), months === 12 ? 0 : last.getUTCMonth(), 1);
  const whole = months === 12 ? last.getUTCFullYear() - first.getUTCFullYear() : between;
  return whole + (to > start ? 1 : 0);
}

function startOf(ms: number, width: number): number {
  const monday = width === 7 * DAY ? 4 * DAY : 0;
  return Math.floor((ms - monday) / width) * width + monday;
}
