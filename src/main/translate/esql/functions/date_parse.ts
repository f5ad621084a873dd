// DATE_PARSE: a text read by a pattern of Java's, those of digits at fixed places.
import { binary, call, type Expr, literal, param } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { parseDate } from "../../../elasticsearch/date/format.ts";
import { epochNanos } from "../../../elasticsearch/date/instant.ts";
import { withoutSql } from "../scope.ts";
import { constantOf, nullOf, one, scalarValue } from "../value.ts";
import { anyNull, argument, expect, type FunctionDefinition, scalar } from "./function.ts";

const ISO = "strict_date_optional_time";
const PIECE = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g;
const DIGITS: Readonly<Record<string, readonly [part: Part, source: string]>> = {
  yyyy: ["year", "[0-9]{4}"],
  uuuu: ["year", "[0-9]{4}"],
  MM: ["month", "0[1-9]|1[0-2]"],
  dd: ["day", "0[1-9]|[12][0-9]|3[01]"],
  HH: ["hour", "[01][0-9]|2[0-3]"],
  mm: ["minute", "[0-5][0-9]"],
  ss: ["second", "[0-5][0-9]"],
  SSS: ["milli", "[0-9]{3}"],
};

type Part = "year" | "month" | "day" | "hour" | "minute" | "second" | "milli";

export const dateParse: FunctionDefinition = scalar(1, 2, (args, context) => {
  expect(args, ["text"], context);
  if (anyNull(args)) return nullOf("date");
  const format = args.length === 1 ? ISO : argument(args, 0).constant;
  const text = argument(args, args.length - 1);
  if (typeof format !== "string") throw withoutSql(context.node, "only a format that the query's text tells has SQL");
  if (typeof text.constant === "string") {
    const instant = parseDate(text.constant, format);
    if (instant === null) throw withoutSql(context.node, "a text that the format does not read has no SQL");
    const nanos = epochNanos(instant);
    return constantOf("date", (nanos - (((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n);
  }
  const places = placesOf(format);
  if (places === null) throw withoutSql(context.node, `the date format [${format}] has no SQL for reading yet`);
  return scalarValue("date", moment(one(text), places));
});

interface Places {
  readonly source: string;
  readonly groups: readonly Part[];
}

function placesOf(format: string): Places | null {
  const groups: Part[] = [];
  const pieces = [...format.matchAll(PIECE)];
  const sources = pieces.map(([text, quoted, letter]) => {
    if (quoted !== undefined) return escaped(quoted === "" ? "'" : quoted.replaceAll("''", "'"));
    if (letter === undefined) return escaped(text);
    const digits = Object.hasOwn(DIGITS, text) ? DIGITS[text] : undefined;
    if (digits === undefined || groups.includes(digits[0])) return null;
    groups.push(digits[0]);
    return `(${digits[1]})`;
  });
  const whole = pieces.reduce((sum, [text]) => sum + text.length, 0) === format.length;
  if (!whole || sources.includes(null) || !groups.includes("year")) return null;
  return { source: `^${sources.join("")}$`, groups };
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

// A day that its month lacks ends Elasticsearch's query, and this one too.
function moment(text: Expr, { source, groups }: Places): Expr {
  return bind(["t"], [text], (t = text) => {
    const found = call("extractGroups", call("ifNull", t, literal("")), param("String", source));
    const part = (name: Part, otherwise: number): Expr => {
      const at = groups.indexOf(name);
      return at < 0 ? literal(otherwise) : call("toInt64OrZero", call("arrayElement", found, literal(at + 1)));
    };
    const date = call("makeDate32", part("year", 1970), part("month", 1), part("day", 1));
    const missing = call("and", call("notEmpty", found), binary(call("toDayOfMonth", date), "!=", part("day", 1)));
    const checked = call("throwIf", missing, literal("a day that its month lacks"));
    const days = binary(call("toInt64", call("toInt32", date)), "+", checked);
    const minutes = binary(binary(part("hour", 0), "*", literal(60)), "+", part("minute", 0));
    const ms = binary(binary(binary(minutes, "*", literal(60)), "+", part("second", 0)), "*", literal(1000));
    const all = binary(binary(days, "*", literal(86_400_000)), "+", binary(ms, "+", part("milli", 0)));
    return call("if", call("empty", found), literal(null), all);
  });
}
