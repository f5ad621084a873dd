// One place where the two answers are not the same, before any rule has looked at it.
import type { Difference } from "../../shared/exchange.ts";
import type { JsonValue } from "../../shared/json.ts";
import type { Tolerance } from "../translate/types.ts";
import type { Place } from "./place.ts";

export interface Disagreement {
  readonly kind: Difference["kind"];
  readonly place: Place;
  /** What each side has there; for `order`, its position in the list, from 0. */
  readonly elasticsearch: JsonValue | undefined;
  readonly clickhouse: JsonValue | undefined;
  /** The order is not determined by the request: a tie. */
  readonly tied: boolean;
  /** The translator's bounds for this number. */
  readonly tolerance: Tolerance | undefined;
}

/** Who is told what a walk finds. */
export interface Findings {
  /** Leaves that were found the same. */
  comparedLeaves: number;
  record(found: Disagreement): void;
}
