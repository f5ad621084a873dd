// Doubles as Java's Double.toString writes them, which is how Elasticsearch prints every double: 10.0, 1.0E10, 9.9E-4.
import { type JsonNumber, RawNumber } from "../../shared/json.ts";

/** Text of a double: plain with at least one decimal for 1e-3 <= |x| < 1e7, else d.ddE±n; NaN and Infinity by name. */
export function javaDoubleText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 5e-324) return value < 0 ? "-4.9E-324" : "4.9E-324";
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** A finite double as a JSON number that prints as Java would. */
export function javaDouble(value: number): JsonNumber {
  const text = javaDoubleText(value);
  return text === String(value) ? value : new RawNumber(text);
}
