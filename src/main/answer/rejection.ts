// Refusals in Elasticsearch's own shape: root cause, type, reason, status. What a shard refuses comes wrapped, as there. Pure.
import type { JsonObject } from "../../shared/json.ts";
import type { Rejected } from "../translate/types.ts";

// Found out by the shards, while they make or run the query; everything else by the node that reads the request.
const BY_SHARDS = new Set(["query_shard_exception", "number_format_exception", "too_many_nested_clauses", "too_many_buckets_exception"]);
const BY_SHARDS_REASON =
  /^(Fielddata is disabled|Result window is too large|Sort must contain|search_after has|Field \[.*\] of type \[.*\] is not supported|\[.*\] is not a field of type)/;

/** The body of an answer that refuses a request. `index` is the first index that was searched; "" when there is none. */
export function rejection(rejected: Rejected, index = ""): JsonObject {
  const { status, errorType, reason } = rejected;
  const own = errorType === "query_shard_exception" ? { index } : detailsOf(errorType, reason);
  const cause = { type: errorType, reason, ...own };
  if (!isByShards(rejected)) return { error: { root_cause: [cause], ...cause }, status };
  const failed = { shard: 0, index, reason: cause };
  return {
    error: {
      root_cause: [cause],
      type: "search_phase_execution_exception",
      reason: "all shards failed",
      phase: "query",
      grouped: true,
      failed_shards: [failed],
    },
    status,
  };
}

/** True for what the shards refuse, not the node that reads the request. */
export function isByShards({ errorType, reason }: Rejected): boolean {
  return BY_SHARDS.has(errorType) || BY_SHARDS_REASON.test(reason);
}

function detailsOf(errorType: string, reason: string): JsonObject {
  const named = errorType === "index_not_found_exception" ? /^no such index \[(.*)\]/.exec(reason)?.[1] : undefined;
  if (named === undefined) return {};
  return { "resource.type": "index_or_alias", "resource.id": named, index_uuid: "_na_", index: named };
}

/** An error that is ours alone, in the same shape. */
export function ownError(status: number, type: string, reason: string): JsonObject {
  return { error: { root_cause: [{ type, reason }], type, reason }, status };
}
