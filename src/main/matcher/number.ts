// Numbers by value. Integers are exact to any length; a number with a fraction or an exponent is the double that it prints.
import type { JsonNumber } from "../../shared/json.ts";

const INTEGER = /^-?[0-9]+$/;

/** True when both name the same value: 10 and 10.0 do, 9007199254740993 and 9007199254740992 don't, 0 and -0.0 don't. */
export function sameNumber(a: JsonNumber, b: JsonNumber): boolean {
  if (typeof a === "number" && typeof b === "number") return Object.is(a, b);
  const left = textOf(a);
  const right = textOf(b);
  if (left === right) return true;
  const leftIsInteger = INTEGER.test(left);
  const rightIsInteger = INTEGER.test(right);
  // "-0" is an integer's text and a double's value: only the sign tells.
  if (isNegativeZero(left) !== isNegativeZero(right)) return false;
  if (leftIsInteger && rightIsInteger) return sameInteger(left, right);
  const value = Number(left);
  if (!Object.is(value, Number(right))) return false;
  // An integer beyond 2^53 equals a double only if it is that double's value or what it prints.
  const integer = leftIsInteger ? left : rightIsInteger ? right : null;
  return integer === null || !Number.isFinite(value) || Number.isSafeInteger(value) || isIntegerOf(value, integer);
}

/** Canonical text of a number's value, equal exactly for numbers that `sameNumber` holds equal (bucket keys). */
export function numberKey(value: JsonNumber): string {
  const text = textOf(value);
  if (INTEGER.test(text) && !isNegativeZero(text)) return text.length <= 15 ? String(Number(text)) : longIntegerKey(text);
  const double = Number(text);
  if (Object.is(double, -0)) return "-0";
  return Number.isInteger(double) && Math.abs(double) < 1e21 ? longIntegerKey(BigInt(double).toString()) : String(double);
}

/** Steps between two doubles on the line of all doubles; Infinity when one is not finite. */
export function ulpsBetween(a: number, b: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY;
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

/** |a - b| as a share of the larger; 0 when both are 0. */
export function relativeDistance(a: number, b: number): number {
  if (a === b) return 0;
  const distance = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
}

function textOf(value: JsonNumber): string {
  return typeof value === "number" ? (Object.is(value, -0) ? "-0" : String(value)) : value.text;
}

// Comparing BigInts of a million digits takes quadratic time; JSON may hold such a number. Digits compare as text as well.
function sameInteger(left: string, right: string): boolean {
  return trimmed(left) === trimmed(right);
}

function trimmed(integer: string): string {
  const negative = integer.startsWith("-");
  const digits = integer.slice(negative ? 1 : 0).replace(/^0+(?=[0-9])/, "");
  return negative && digits !== "0" ? `-${digits}` : digits;
}

function longIntegerKey(text: string): string {
  return trimmed(text);
}

function isIntegerOf(double: number, integer: string): boolean {
  const printed = trimmed(integer);
  return printed === BigInt(double).toString() || (Math.abs(double) < 1e21 && printed === String(double)) || shortestOf(double) === printed;
}

// 1.2345678901234567E18 as an integer of its shortest digits: 1234567890123456700.
function shortestOf(double: number): string {
  const [digits = "", exponent = "0"] = double.toExponential().split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  const zeros = Number(exponent) - fraction.length;
  return zeros >= 0 && zeros < 400 ? whole + fraction + "0".repeat(zeros) : "";
}

function isNegativeZero(text: string): boolean {
  return text.startsWith("-") && Object.is(Number(text), -0);
}

const bits = new DataView(new ArrayBuffer(8));

// Doubles as integers in their own order; both zeros are 0.
function ordinal(value: number): bigint {
  bits.setFloat64(0, value);
  const raw = bits.getBigInt64(0);
  return raw < 0n ? -(raw & 0x7fffffffffffffffn) : raw;
}
