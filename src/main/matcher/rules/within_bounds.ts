import { isNumber } from "../../../shared/json.ts";
import type { Disagreement } from "../disagreement.ts";

/** True when Elasticsearch's number lies in the bounds that the translator gave for this place. */
export function withinBounds({ kind, elasticsearch, tolerance }: Disagreement): boolean {
  if (kind !== "value" || tolerance === undefined || !isNumber(elasticsearch)) return false;
  const value = Number(elasticsearch);
  return tolerance.low <= value && value <= tolerance.high;
}
