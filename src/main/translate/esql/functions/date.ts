// Functions of dates. Wall clocks are UTC's.
import { binary, call, type Expr, literal } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { DAY } from "../../../elasticsearch/date/civil.ts";
import { floorLocal } from "../../aggs/wall_clock.ts";
import { readAs } from "../comparison.ts";
import { dateTime, isoText } from "../moments.ts";
import { refused, textAt, withoutSql } from "../scope.ts";
import { constantOf, nullOf, one, scalarValue, type Value } from "../value.ts";
import { bucket } from "./bucket.ts";
import { dateParse } from "./date_parse.ts";
import { datePattern } from "./date_pattern.ts";
import { anyNull, argument, type Call, type FunctionDefinition, scalar } from "./function.ts";

/** The start of the span of time that a moment lies in; months are counted from January of the year 1. */
export function truncated(date: Expr, months: number, ms: number, context: Call): Expr {
  if (ms < 0 || months < 0 || (ms === 0) === (months === 0)) {
    throw refused(context.scope, context.node, "Zero or negative time interval is not supported");
  }
  if (months === 0) return floorLocal(date, ms === 7 * DAY ? { kind: "calendar", unit: "week" } : { kind: "fixed", ms });
  const moment = dateTime(date);
  const since = binary(binary(yearOf(moment), "-", literal(1)), "*", literal(12));
  const first = binary(binary(since, "+", monthOf(moment)), "-", literal(1));
  const start = months === 1 ? first : binary(first, "-", binary(first, "%", literal(months)));
  const day = call(
    "makeDate32",
    binary(call("intDiv", start, literal(12)), "+", literal(1)),
    binary(binary(start, "%", literal(12)), "+", literal(1)),
    literal(1),
  );
  return binary(call("toInt64", call("toInt32", day)), "*", literal(DAY));
}

const yearOf = (moment: Expr): Expr => call("toInt64", call("toYear", moment));
const monthOf = (moment: Expr): Expr => call("toInt64", call("toMonth", moment));

/** A date among the arguments; texts are read as dates. */
export function dateArgument(value: Value, context: Call): Value {
  const read = readAs(value, "date", context.node, context.scope);
  if (read.type === "date" || read.type === "null") return read;
  if (read.type === "date_nanos") throw withoutSql(context.node, "functions of nanoseconds have no SQL yet");
  throw refused(
    context.scope,
    context.node,
    `argument of [${textAt(context.scope, context.node)}] must be [datetime], found type [${value.type}]`,
  );
}

const dateTrunc = scalar(2, 2, (args, context) => {
  const span = readAs(argument(args, 0), "time_duration", context.node, context.scope);
  if (span.span === undefined) {
    throw refused(
      context.scope,
      context.node,
      `first argument of [${textAt(context.scope, context.node)}] must be [dateperiod or timeduration], found type [${span.type}]`,
    );
  }
  const date = dateArgument(argument(args, 1), context);
  if (date.type === "null") return nullOf("date");
  return scalarValue("date", truncated(one(date), span.span.months, span.span.ms, context));
});

const PARTS: Readonly<Record<string, (ms: Expr) => Expr>> = {
  year: (x) => call("toYear", dateTime(x)),
  month_of_year: (x) => call("toMonth", dateTime(x)),
  day_of_month: (x) => call("toDayOfMonth", dateTime(x)),
  day_of_week: (x) => call("toDayOfWeek", dateTime(x)),
  day_of_year: (x) => call("toDayOfYear", dateTime(x)),
  hour_of_day: (x) => call("toHour", dateTime(x)),
  minute_of_hour: (x) => call("toMinute", dateTime(x)),
  second_of_minute: (x) => call("toSecond", dateTime(x)),
  millisecond_of_second: (x) => call("positiveModulo", x, literal(1000)),
  minute_of_day: (x) => call("intDiv", call("positiveModulo", x, literal(DAY)), literal(60_000)),
  second_of_day: (x) => call("intDiv", call("positiveModulo", x, literal(DAY)), literal(1000)),
  millisecond_of_day: (x) => call("positiveModulo", x, literal(DAY)),
  epoch_day: (x) => call("floor", binary(x, "/", literal(DAY))),
  proleptic_month: (x) =>
    binary(
      binary(call("toInt64", call("toYear", dateTime(x))), "*", literal(12)),
      "+",
      binary(call("toMonth", dateTime(x)), "-", literal(1)),
    ),
};

const dateExtract = scalar(2, 2, (args, context) => {
  const part = argument(args, 0).constant;
  const date = dateArgument(argument(args, 1), context);
  if (date.type === "null") return nullOf("long");
  if (typeof part !== "string") throw withoutSql(context.node, "only a part that the query's text names has SQL");
  const name = part.toLowerCase();
  const take = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (take === undefined) throw withoutSql(context.node, `the part [${part}] of a date has no SQL yet`);
  return scalarValue("long", call("CAST", take(one(date)), literal("Nullable(Int64)")));
});

const dateFormat = scalar(1, 2, (args, context) => {
  const date = dateArgument(argument(args, args.length - 1), context);
  if (anyNull([date, ...args])) return nullOf("keyword");
  if (args.length === 1) return scalarValue("keyword", isoText(one(date)));
  const pattern = argument(args, 0).constant;
  if (typeof pattern !== "string") throw withoutSql(context.node, "only a format that the query's text tells has SQL");
  const printed = datePattern(pattern, one(date));
  if (printed === null) throw withoutSql(context.node, `the date format [${pattern}] has no SQL yet`);
  return scalarValue("keyword", printed);
});

const nameOf = (letters: "EEEE" | "MMMM"): FunctionDefinition =>
  scalar(1, 1, (args, context) => {
    const date = dateArgument(argument(args, 0), context);
    if (date.type === "null") return nullOf("keyword");
    return scalarValue("keyword", datePattern(letters, one(date)) ?? literal(null));
  });

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(nanoseconds?|ns)$/, 0],
  [/^(microseconds?|mcs)$/, 0],
  [/^(milliseconds?|ms)$/, 1],
  [/^(seconds?|ss|s)$/, 1000],
  [/^(minutes?|mi|n)$/, 60_000],
  [/^(hours?|hh)$/, 3_600_000],
  [/^(days?|dd|d|dayofyear|dy|y|weekdays?|dw)$/, DAY],
  [/^(weeks?|wk|ww)$/, 7 * DAY],
];
const MONTHS: readonly (readonly [RegExp, number])[] = [
  [/^(months?|mm|m)$/, 1],
  [/^(quarters?|qq|q)$/, 3],
  [/^(years?|yyyy|yy)$/, 12],
];

// Whole units between two moments; what remains is left out.
const dateDiff = scalar(3, 3, (args, context) => {
  const unit = argument(args, 0).constant;
  const [start, end] = [dateArgument(argument(args, 1), context), dateArgument(argument(args, 2), context)];
  if (start.type === "null" || end.type === "null") return nullOf("integer");
  if (typeof unit !== "string") throw withoutSql(context.node, "only a unit that the query's text names has SQL");
  const size = UNITS.find(([words]) => words.test(unit.toLowerCase()))?.[1];
  if (size === 0) throw withoutSql(context.node, `differences in ${unit} have no SQL yet`);
  if (size !== undefined) {
    const whole = call("intDiv", binary(one(end), "-", one(start)), literal(size));
    return scalarValue("integer", call("accurateCastOrNull", whole, literal("Int32")));
  }
  const months = MONTHS.find(([words]) => words.test(unit.toLowerCase()))?.[1];
  if (months === undefined)
    throw refused(context.scope, context.node, `A value of [YEAR, QUARTER, …] or their aliases is required; received [${unit}]`);
  return scalarValue("integer", call("toInt32", call("intDiv", monthsBetween(one(start), one(end)), literal(months))));
});

// As Java counts: the clock first, which may take a day from the end, then days of 32 to the month.
function monthsBetween(start: Expr, end: Expr): Expr {
  const packed = (ms: Expr): Expr => {
    const moment = dateTime(ms);
    return binary(
      binary(binary(binary(yearOf(moment), "*", literal(12)), "+", monthOf(moment)), "*", literal(32)),
      "+",
      call("toDayOfMonth", moment),
    );
  };
  const clock = (ms: Expr): Expr => call("positiveModulo", ms, literal(DAY));
  return bind(["a", "b"], [start, end], (a = start, b = end) => {
    const late = call("and", binary(b, ">", a), binary(clock(b), "<", clock(a)));
    const early = call("and", binary(b, "<", a), binary(clock(b), ">", clock(a)));
    const shifted = binary(b, "+", call("multiIf", late, literal(-DAY), early, literal(DAY), literal(0)));
    return call("intDiv", binary(packed(shifted), "-", packed(a)), literal(32));
  });
}

const now = scalar(0, 0, (_, { scope }) => constantOf("date", BigInt(scope.context.now)));

export const DATES: Readonly<Record<string, FunctionDefinition>> = {
  now,
  date_trunc: dateTrunc,
  date_extract: dateExtract,
  date_format: dateFormat,
  date_diff: dateDiff,
  day_name: nameOf("EEEE"),
  month_name: nameOf("MMMM"),
  date_parse: dateParse,
  bucket,
  bin: bucket,
};
