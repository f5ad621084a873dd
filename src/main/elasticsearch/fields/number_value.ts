// Source values and query values → numbers, as the number mappers read them: strings are coerced, fractions cut off for
// integers, digits never lost. MalformedValue where Elasticsearch refuses.
import { isNumber, type JsonValue } from "../../../shared/json.ts";
import { MalformedValue } from "./field_type.ts";

const INTEGER = /^[+-]?\d+$/;
// What Java's parseDouble takes, without its hexadecimal forms and type suffixes.
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

interface DecimalNumber {
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

/** A float from a document's value: nearest to the decimal text itself, as parseFloat reads it. Throws MalformedValue. */
export function toFloat(value: JsonValue): number {
  const double = toDouble(value);
  if (!isHalfway(double)) return Math.fround(double);
  const side = compareExact(String(value).trim(), double);
  return Math.fround(side === 0 ? double : neighbour(double, side));
}

/** A float from a query's value or a fetched one, where a number has been a double first. Throws MalformedValue. */
export function toFloatByDouble(value: JsonValue): number {
  return typeof value === "string" ? toFloat(value) : Math.fround(toDouble(value));
}

/** A half float from a document's value: float first, then to 16 bits. Throws MalformedValue. */
export function toHalfFloat(value: JsonValue): number {
  return roundToHalf(toFloat(value));
}

/** A half float from a query's value or a fetched one. Throws MalformedValue. */
export function toHalfFloatByDouble(value: JsonValue): number {
  return roundToHalf(toFloatByDouble(value));
}

const bits = new DataView(new ArrayBuffer(8));

/** True when a double lies exactly between two floats: of the 29 bits that a float drops only the first is set. */
function isHalfway(double: number): boolean {
  bits.setFloat64(0, double);
  return (bits.getUint32(4) & 0x1fffffff) === 0x10000000;
}

/** The next double above (1) or below (-1). */
function neighbour(double: number, side: number): number {
  bits.setFloat64(0, double);
  bits.setBigUint64(0, bits.getBigUint64(0) + (double > 0 === side > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}

/** Sign of (decimal text − double), exactly. */
function compareExact(text: string, double: number): number {
  const [mantissa = "0", power = "0"] = text.toLowerCase().replace(/[df]$/, "").split("e");
  const [whole = "0", fraction = ""] = mantissa.replace(/^[+-]/, "").split(".");
  const tens = Number(power) - fraction.length;
  bits.setFloat64(0, Math.abs(double));
  const raw = bits.getBigUint64(0);
  const twos = Number(raw >> 52n) - 1075;
  const binary = (raw & 0xfffffffffffffn) | 0x10000000000000n;
  const left = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, tens)) * 2n ** BigInt(Math.max(0, -twos));
  const right = binary * 2n ** BigInt(Math.max(0, twos)) * 10n ** BigInt(Math.max(0, -tens));
  const side = left === right ? 0 : left > right ? 1 : -1;
  return double < 0 ? -side : side;
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
