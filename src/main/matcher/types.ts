// What the matcher takes. Pure.
import type { JsonObject } from "../../shared/json.ts";
import type { TableRows, Tolerance } from "../translate/types.ts";
import type { RuleSettings } from "./rule_settings.ts";

export interface MatchInput {
  readonly endpoint: "search" | "count" | "esql";
  /** The search's body: it says what Elasticsearch itself leaves open (sort, size, track_total_hits). */
  readonly request: JsonObject;
  readonly elasticsearch: JsonObject;
  readonly clickhouse: JsonObject;
  readonly tolerances: readonly Tolerance[];
  /** Of answers in rows (ES|QL): what the query leaves open about them. */
  readonly table?: TableRows;
  /** What the user has said of rules. @default every rule is on, nothing is ignored */
  readonly settings?: RuleSettings;
}
