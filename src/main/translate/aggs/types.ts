// An `aggs` tree, compiled. The search wraps it: statements run beside the hits, shape() gives the `aggregations` object.
import type { JsonObject } from "../../../shared/json.ts";
import type { Statement, StatementRows, Tolerance } from "../types.ts";

export interface CompiledAggregations {
  readonly statements: readonly Statement[];
  /** Tolerance pointers start with `/aggregations`. */
  shape(rows: StatementRows): { readonly aggregations: JsonObject; readonly tolerances: readonly Tolerance[] };
}
