// When two numbers say the same, by rules of this comparer's own.
import type { JsonNumber } from "../../../src/shared/json.ts";

const WHOLE = /^-?\d+$/;
const bits = new DataView(new ArrayBuffer(8));

/** Same value: whole numbers digit for digit, others as doubles, -0 apart from 0. */
export function sameNumber(a: JsonNumber, b: JsonNumber): boolean {
  const [left, right] = [String(a), String(b)];
  if (WHOLE.test(left) && WHOLE.test(right) && left !== "-0" && right !== "-0") return BigInt(left) === BigInt(right);
  return Object.is(Number(a), Number(b));
}

/** How many doubles lie between two of them; Infinity when one is no finite number. */
export function doublesApart(a: number, b: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b) ? 0 : Number.POSITIVE_INFINITY;
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

function ordinal(value: number): bigint {
  bits.setFloat64(0, value);
  const raw = bits.getBigInt64(0);
  return raw < 0n ? -(raw & 0x7fff_ffff_ffff_ffffn) : raw;
}

/** Within `share` of the larger one. */
export function within(a: number, b: number, share: number): boolean {
  return a === b || Math.abs(a - b) <= share * Math.max(Math.abs(a), Math.abs(b));
}
