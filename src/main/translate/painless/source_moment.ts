// A date in `_source` as a runtime field reads it: by the alternatives of its format, one after the other.
import { and, binary, call, type Expr, literal, or } from "../../clickhouse/sql/ast.ts";
import { dateOfText } from "../esql/convert.ts";
import type { Reading } from "./from_source.ts";
import { str } from "./text.ts";

const fits = (text: Expr, pattern: string): Expr => call("match", text, str(pattern));

const ALTERNATIVES: Readonly<Record<string, (text: Expr) => Reading>> = {
  strict_date_optional_time: isoMoment,
  epoch_millis: (text) => epochMoment(text, 1, 15, "{0,6}"),
  epoch_second: (text) => epochMoment(text, 1000, 12, "{1,9}"),
};

/** The moment of a text in epoch ms; null where an alternative of the format has no SQL. */
export function sourceMoment(text: Expr, format: string): Reading | null {
  const readings = format.split("||").flatMap((name) => (Object.hasOwn(ALTERNATIVES, name) ? (ALTERNATIVES[name]?.(text) ?? []) : []));
  if (readings.length < format.split("||").length) return null;
  return { value: call("coalesce", ...readings.map(({ value }) => value)), unknown: or(readings.map(({ unknown }) => unknown)) };
}

const YEARS = "^(19|2[0-2])[0-9]{2}";

// ClickHouse's days end in 1900 and 2299; zones by name, days that a month lacks and the like are left to Elasticsearch.
function isoMoment(text: Expr): Reading {
  const bare = call("replaceRegexpOne", text, str("^([0-9]{4}-[0-9]{2}-[0-9]{2})T$"), str("\\1"));
  const known = fits(text, YEARS);
  const moment = dateOfText(bare);
  const alike = or([fits(text, "^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T.*)?)?)?$"), fits(text, "^[-+][0-9]{4,}(-|$)")]);
  return {
    value: call("if", known, moment, literal(null)),
    unknown: and([alike, or([call("not", known), call("isNull", moment)])]),
  };
}

// Fractions of a millisecond are cut off downwards.
function epochMoment(text: Expr, unit: number, digits: number, fraction: string): Reading {
  const number = call("toDecimal128OrNull", call("trimRight", text, literal(".")), literal(9));
  const ms = call("toInt64", call("floor", binary(number, "*", literal(unit))));
  return {
    value: call("if", fits(text, `^-?[0-9]{1,${digits}}([.][0-9]${fraction})?$`), ms, literal(null)),
    unknown: fits(text, `^-?([0-9]{${digits + 1},}([.][0-9]*)?)$`),
  };
}
