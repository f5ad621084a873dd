// Source values and query values → numbers, as the number mappers read them: strings are coerced, fractions cut off for
// integers, digits never lost. MalformedValue where Elasticsearch refuses.
import { isNumber, type JsonValue } from "../../../shared/json.ts";
import { MalformedValue } from "./field_type.ts";

const INTEGER = /^[+-]?\d+$/;
// What Java's parseDouble takes, without its hexadecimal forms and type suffixes.
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export interface DecimalNumber {
  /** The value without its fraction. */
  readonly whole: bigint;
  readonly hasFraction: boolean;
}

/** Exact reading of decimal text; null when it is no number. Exponents past ±400 count as out of any range. */
export function readDecimal(text: string): DecimalNumber | null {
  if (INTEGER.test(text)) return { whole: BigInt(text.startsWith("+") ? text.slice(1) : text), hasFraction: false };
  const trimmed = text.trim();
  if (!DECIMAL.test(trimmed)) return null;
  const [mantissa = "0", power = "0"] = trimmed.toLowerCase().split("e");
  const exponent = Math.max(-5000, Math.min(400, Number(power)));
  const [whole = "0", fraction = ""] = mantissa.replace(/^[+-]/, "").split(".");
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const kept = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0");
  const cut = point <= 0 ? digits : digits.slice(point);
  const magnitude = BigInt(kept === "" ? "0" : kept);
  return { whole: mantissa.startsWith("-") ? -magnitude : magnitude, hasFraction: /[1-9]/.test(cut) };
}

/** The text of a value that may hold a number; null for anything else. */
export function numericText(value: JsonValue): string | null {
  return typeof value === "string" ? value : isNumber(value) ? String(value) : null;
}

/** A double from a source value. Throws MalformedValue. */
export function toDouble(value: JsonValue): number {
  if (typeof value === "number") return value === 0 ? 0 : value;
  const text = numericText(value)?.trim();
  if (text === undefined || !DECIMAL.test(text.replace(/[dDfF]$/, ""))) throw new MalformedValue(`no number: ${String(value)}`);
  // The number -0 is an integer to the JSON reader, and loses its sign; the text "-0" keeps it.
  return typeof value !== "string" && text === "-0" ? 0 : Number(text.replace(/[dDfF]$/, ""));
}

/** A float from a source value. Throws MalformedValue. */
export function toFloat(value: JsonValue): number {
  return Math.fround(toDouble(value));
}

/** A half float: float first, then to 16 bits, ties to even. Throws MalformedValue. */
export function toHalfFloat(value: JsonValue): number {
  return roundToHalf(toFloat(value));
}

/** The nearest half float, ties to even; Infinity past 65519. */
export function roundToHalf(float: number): number {
  const magnitude = Math.abs(float);
  if (magnitude >= 65520) return float < 0 ? -Infinity : Infinity;
  // The distance between two half floats of this magnitude: 10 bits of mantissa, and none below 2^-24.
  const step = 2 ** (Math.max(-14, Math.floor(Math.log2(magnitude || 1))) - 10);
  const steps = float / step;
  const low = Math.floor(steps);
  const rest = steps - low;
  const rounded = rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
  return rounded === 0 ? (float < 0 || Object.is(float, -0) ? -0 : 0) : rounded * step;
}
