// Whether two figures differ only where numbers of their kind end. Pure.
import type { Difference } from "../../shared/exchange.ts";

/** 2^53: up to here doubles tell whole numbers apart. */
const WHOLE = 9_007_199_254_740_992;
const CLOSE = 1e-9;
/** By the bits of a field's type. */
const OF_TYPES: Readonly<Record<string, number>> = { half_float: 1e-3, float: 1e-6, scaled_float: 1e-9 };

/** The sentence, "" where it is no matter of precision. */
export function precisionOf({ elasticsearch, clickhouse }: Pick<Difference, "elasticsearch" | "clickhouse">, fieldType?: string): string {
  const [theirs, ours] = [numberOf(elasticsearch), numberOf(clickhouse)];
  if (theirs === null || ours === null) return "";
  const largest = Math.max(Math.abs(theirs), Math.abs(ours));
  const exact = Number.isSafeInteger(theirs) && Number.isSafeInteger(ours);
  const apart = largest === 0 ? 0 : Math.abs(theirs - ours) / largest;
  if (exact || apart > (OF_TYPES[fieldType ?? ""] ?? CLOSE)) return "";
  if (largest >= WHOLE && !/[.eE]/.test(`${elasticsearch}${clickhouse}`)) {
    return `The numbers are past 2^53 (${elasticsearch} and ${clickhouse}): one side keeps their last digits, the other rounds to a double.`;
  }
  const past = largest >= WHOLE ? ", past 2^53" : "";
  return `The figures agree but in a float's last places${past} (${elasticsearch} and ${clickhouse}).`;
}

function numberOf(text: string | null): number | null {
  return text !== null && /^-?\d[\d.eE+-]*$/.test(text) ? Number(text) : null;
}
