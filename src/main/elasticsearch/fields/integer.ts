// long, integer, short, byte and unsigned_long: sorted, duplicates kept, no digit lost. Fractions of document values are cut
// off; a query value with a fraction, or out of range, equals nothing.
import type { JsonValue } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { formatDecimal } from "./decimal_format.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { readEach, withNullValue } from "./null_value.ts";
import { integerJson } from "./number_text.ts";
import { numericText, readDecimal } from "./number_value.ts";

interface Width {
  readonly type: string;
  readonly element: string;
  readonly min: bigint;
  readonly max: bigint;
}

function signed(type: string, bits: number): Width {
  const half = 2n ** BigInt(bits - 1);
  return { type, element: `Int${bits}`, min: -half, max: half - 1n };
}

function integerType(width: Width): FieldType {
  const wide = width.element.endsWith("64");
  const store = (value: bigint): DocValue => (wide ? value : Number(value));
  const inRange = (value: bigint): boolean => value >= width.min && value <= width.max;
  const read = (value: JsonValue): bigint => {
    // A safe integer of JSON is the common case and needs no text.
    if (typeof value === "number" && Number.isSafeInteger(value)) return checked(BigInt(value));
    const decimal = readDecimal(numericText(value) ?? "");
    if (decimal === null) throw new MalformedValue(`no ${width.type}: ${String(value)}`);
    return checked(decimal.whole);
  };
  const checked = (value: bigint): bigint => {
    if (!inRange(value)) throw new MalformedValue(`out of range of ${width.type}: ${value}`);
    return value;
  };
  return Object.freeze({
    type: width.type,
    family: "integer",
    element: width.element,
    columns: (field: Field) => [{ name: field.column, type: `Array(${width.element})` }],
    docValues(field: Field, values: readonly JsonValue[]) {
      const present = withNullValue(field, values.map(emptyIsNull));
      return [readEach(field, present, read).sort(compareBigInt).map(store)];
    },
    term(_field: Field, value: JsonValue): TermValue {
      const text = String(value);
      const decimal = readDecimal(text);
      // Elasticsearch reads a term of this type as whole or not at all: 42.0 is none.
      if (width.type === "unsigned_long" && decimal !== null && !/^[+-]?\d+$/.test(text)) return { kind: "nothing" };
      if (decimal === null) return noNumber(text);
      return decimal.hasFraction || !inRange(decimal.whole) ? { kind: "nothing" } : { kind: "value", value: store(decimal.whole) };
    },
    format: (_field: Field, value: DocValue, format?: string) =>
      format === undefined ? integerJson(typeof value === "bigint" ? value : Number(value)) : formatDecimal(Number(value), format),
    fetch(field: Field, value: JsonValue) {
      const [present] = withNullValue(field, [emptyIsNull(value)]);
      return present === undefined ? undefined : integerJson(read(present));
    },
  });
}

/** An empty string is a null to every number mapper that coerces. */
export function emptyIsNull(value: JsonValue): JsonValue {
  return value === "" ? null : value;
}

/** The error of a query value that is no number. */
export function noNumber(text: string): TermValue {
  const reason = text === "" ? "empty String" : `For input string: "${text}"`;
  return { kind: "invalid", errorType: "number_format_exception", reason };
}

/** Order of two bigints. */
export function compareBigInt(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export const long = integerType(signed("long", 64));
export const integer = integerType(signed("integer", 32));
export const short = integerType(signed("short", 16));
export const byte = integerType(signed("byte", 8));
export const unsignedLong = integerType({ type: "unsigned_long", element: "UInt64", min: 0n, max: 2n ** 64n - 1n });
