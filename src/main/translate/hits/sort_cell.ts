// Cells of sort keys as ClickHouse gives them.
import type { JsonValue } from "../../../shared/json.ts";

/** A double; ClickHouse quotes what JSON can't say: inf, -inf, nan. */
export function numberCell(cell: JsonValue): number {
  if (cell === "inf") return Number.POSITIVE_INFINITY;
  return cell === "-inf" ? Number.NEGATIVE_INFINITY : Number(cell);
}
