// Cells of an answer as numbers. ClickHouse writes 64-bit integers bare or quoted, and what JSON can't carry as text.
import { type JsonValue, RawNumber } from "../../../shared/json.ts";
import { doubleJson } from "../../elasticsearch/fields/number_text.ts";
import type { Row } from "../types.ts";

/** A cell as a double; NaN where there is none. */
export function double(cell: JsonValue | undefined): number {
  if (typeof cell === "number") return cell;
  if (cell instanceof RawNumber) return cell.valueOf();
  if (typeof cell !== "string") return Number.NaN;
  if (cell === "inf" || cell === "+inf") return Number.POSITIVE_INFINITY;
  if (cell === "-inf") return Number.NEGATIVE_INFINITY;
  return cell === "" ? Number.NaN : Number(cell);
}

/** A cell as an integer. */
export function integer(cell: JsonValue | undefined): bigint {
  // Past 2^53 a number's own text counts: the double behind it may be another integer.
  if (typeof cell === "number" || typeof cell === "string") return BigInt(String(cell));
  if (cell instanceof RawNumber) return BigInt(cell.text);
  return 0n;
}

/** A count: 0 without a row. */
export function count(row: Row | null, name: string): number {
  return row === null ? 0 : Number(integer(row[name]));
}

/** A double, or null where there is none (avg of nothing). */
export function doubleOrNull(value: number): JsonValue {
  return Number.isFinite(value) ? doubleJson(value) : null;
}

/** The double whose bits, made sortable as an Int64, are `cell` (see sortable() in values.ts). */
export function fromSortable(cell: JsonValue | undefined): number {
  const bits = integer(cell);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, bits < 0n ? bits ^ 0x7fffffffffffffffn : bits);
  return view.getFloat64(0);
}
