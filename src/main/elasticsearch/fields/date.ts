// date (epoch ms) and date_nanos (epoch ns): sorted, duplicates kept. Numbers are read as text by the field's format.
import { isNumber, type JsonValue, member } from "../../../shared/json.ts";
import { type DateMathOptions, parseDateMath } from "../date/date_math.ts";
import { DEFAULT_FORMAT, DEFAULT_NANOS_FORMAT, formatDate, parseDate } from "../date/format.ts";
import { epochNanos, type Instant, instantOfNanos } from "../date/instant.ts";
import type { Field } from "../mapping.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { compareBigInt } from "./integer.ts";
import { readEach, withNullValue } from "./null_value.ts";
import { javaScalarText, tokenText } from "./number_text.ts";

/** The format that a date field reads by, and prints by where the request names none. */
export function dateFormatOf(field: Field): string {
  const format = member(field.params, "format");
  if (typeof format === "string") return format;
  return field.type === "date_nanos" ? DEFAULT_NANOS_FORMAT : DEFAULT_FORMAT;
}

/** A moment as the field's doc values have it: epoch ms, or epoch ns for date_nanos. */
function storedDate(field: Field, instant: Instant): bigint {
  return field.type === "date_nanos" ? epochNanos(instant) : BigInt(instant.ms);
}

/**
 * A bound of a range or a term on a date field, in the form of its doc values; `{error}` is Elasticsearch's reason for refusing.
 * Round up for `gt` and `lte`, down for `gte` and `lt`.
 */
export function dateBound(
  field: Field,
  value: JsonValue,
  options: Omit<DateMathOptions, "format"> & { readonly format?: string },
): bigint | { readonly error: string } {
  const result = parseDateMath(javaScalarText(value), { ...options, format: options.format ?? dateFormatOf(field) });
  return "error" in result ? result : storedDate(field, result);
}

function read(field: Field, value: JsonValue): bigint {
  if (typeof value !== "string" && !isNumber(value)) throw new MalformedValue(`no date: ${String(value)}`);
  const format = dateFormatOf(field);
  const instant = parseDate(tokenText(value), format);
  if (instant === null) throw new MalformedValue(`failed to parse date field [${String(value)}] with format [${format}]`);
  return storedDate(field, instant);
}

function print(field: Field, value: bigint, format: string | undefined, zone: string | undefined): string {
  const { ms, nanos } = field.type === "date_nanos" ? instantOfNanos(value) : { ms: Number(value), nanos: 0 };
  return formatDate(ms, format ?? dateFormatOf(field), zone, nanos);
}

function dateType(type: string): FieldType {
  return Object.freeze({
    type,
    family: "date",
    element: "Int64",
    columns: (field: Field) => [{ name: field.column, type: "Array(Int64)" }],
    docValues: (field: Field, values: readonly JsonValue[]) => [
      readEach(field, withNullValue(field, values), (value) => read(field, value)).sort(compareBigInt),
    ],
    /** A whole unit: `2024-10-27` is that day. Throws on `now` without the time. */
    term(field: Field, value: JsonValue, now?: number): TermValue {
      if (now === undefined && String(value).startsWith("now")) throw new Error("a date with `now` needs the time: give `now`");
      const time = now ?? 0;
      const from = dateBound(field, value, { now: time, roundUp: false });
      const to = dateBound(field, value, { now: time, roundUp: true });
      if (typeof from !== "bigint") return { kind: "invalid", errorType: "parse_exception", reason: from.error };
      if (typeof to !== "bigint") return { kind: "invalid", errorType: "parse_exception", reason: to.error };
      return { kind: "range", from, to };
    },
    format: (field: Field, value: DocValue, format?: string, zone?: string) =>
      print(field, typeof value === "bigint" ? value : BigInt(String(value)), format, zone),
    fetch(field: Field, value: JsonValue, format?: string) {
      const [present] = withNullValue(field, [value]);
      return present === undefined ? undefined : print(field, read(field, present), format, undefined);
    },
  });
}

export const date = dateType("date");
export const dateNanos = dateType("date_nanos");
