// What the matcher takes. Pure.
import type { JsonObject } from "../../shared/json.ts";
import type { Tolerance } from "../translate/types.ts";

export interface MatchInput {
  readonly endpoint: "search" | "count";
  /** The search's body: it says what Elasticsearch itself leaves open (sort, size, track_total_hits). */
  readonly request: JsonObject;
  readonly elasticsearch: JsonObject;
  readonly clickhouse: JsonObject;
  readonly tolerances: readonly Tolerance[];
}
