// Numbers as Java prints them, which is how Elasticsearch answers: `10.0`, `1.0E10`, `9.9E-4`, `-0.0`. JavaScript finds the
// same shortest digits but writes them otherwise. Double in, text or JSON value out.
import { isNumber, type JsonNumber, type JsonValue, RawNumber } from "../../../shared/json.ts";

/** `Double.toString`. */
export function javaDouble(value: number): string {
  return special(value) ?? layOut(value, shortestDouble(value));
}

/** `Float.toString`; `value` is already rounded to a float. */
export function javaFloat(value: number): string {
  return special(value) ?? layOut(value, shortestFloat(value));
}

/** A double as a JSON value that prints Java's text; not-finite ones are strings, as Elasticsearch has them. */
export function doubleJson(value: number): JsonValue {
  return Number.isFinite(value) ? jsonNumber(javaDouble(value)) : javaDouble(value);
}

/** A float as a JSON value that prints Java's text. */
export function floatJson(value: number): JsonValue {
  return Number.isFinite(value) ? jsonNumber(javaFloat(value)) : javaFloat(value);
}

/** An integer as a JSON value: a plain number where that keeps each digit. */
export function integerJson(value: bigint | number): JsonNumber {
  return jsonNumber(String(value));
}

/** Text of a scalar where Java would call `toString` on the parsed value (a term of a keyword query): 1e3 → `1000.0`. */
export function javaScalarText(value: JsonValue): string {
  return isNumber(value) ? javaNumberText(value) : String(value);
}

/** Text of a scalar as the document's parser sees it: a number is its own token. */
export function tokenText(value: JsonValue): string {
  return String(value);
}

function javaNumberText(value: JsonNumber): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? text.replace(/^-0$/, "0") : javaDouble(Number(value));
}

/** The number with this text: a RawNumber only where JavaScript would print it otherwise. */
function jsonNumber(text: string): JsonNumber {
  const value = Number(text);
  return String(value) === text ? value : new RawNumber(text);
}

function special(value: number): string | null {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return null;
}

// Both return `d.ddde±x`. Java keeps two digits at least and chooses the closest: 4.9E-324, where JavaScript says 5e-324.
function shortestDouble(value: number): string {
  const shortest = value.toExponential();
  return shortest.includes(".") ? shortest : value.toExponential(1);
}

function shortestFloat(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = evenTie(value, digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(9);
}

// Halfway between two decimals Java takes the even digit, toExponential the greater: 1.25390625 is 1.2539062.
function evenTie(value: number, digits: number): string {
  const text = value.toExponential(digits);
  const [mantissa = "", power = "0"] = text.split("e");
  if (!/[13579]$/.test(mantissa)) return text;
  const exact = value.toExponential(Math.min(100, digits + 40));
  const [, rest = ""] = /^-?\d\.(\d+)/.exec(exact) ?? [];
  if (!/^50*$/.test(rest.slice(digits))) return text;
  return `${mantissa.slice(0, -1)}${Number(mantissa.at(-1)) - 1}e${power}`;
}

function layOut(value: number, exponential: string): string {
  const [mantissa = "0", power = "0"] = exponential.split("e");
  const exponent = Number(power);
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "").replace(/0+$/, "") || "0";
  const magnitude = Math.abs(value);
  if (magnitude < 1e-3 || magnitude >= 1e7) return `${sign}${digits[0] ?? "0"}.${digits.slice(1) || "0"}E${exponent}`;
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}
