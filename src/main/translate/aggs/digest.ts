// The options of Elasticsearch's digests, shared by percentiles and percentile_ranks.
import { isNumber, isObject, member } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { Parameters } from "./parameters.ts";

const DEFAULT_COMPRESSION = 100;

/** Reads `tdigest`: the compression; the digest keeps every value up to 20 times as many. */
export function compressionOf(parameters: Parameters): number {
  const digest = parameters.object("tdigest");
  const compression = isObject(digest) ? member(digest, "compression") : undefined;
  const hint = isObject(digest) ? (member(digest, "execution_hint") ?? "default") : "default";
  if (hint === "high_accuracy") {
    throw new UnsupportedClause(parameters.pointer("tdigest"), "the digest of [high_accuracy] joins values from the first on");
  }
  if (hint !== "default") throw new RejectedRequest("x_content_parse_exception", `Invalid execution_hint [${String(hint)}]`);
  const number = isNumber(compression) ? Number(compression) : DEFAULT_COMPRESSION;
  if (number < 0) {
    throw new RejectedRequest("x_content_parse_exception", `[compression] must be greater than or equal to 0. Found [${number}]`);
  }
  return number;
}

const FEW_VALUES = 1000;
const MOST_VALUES = 0.95;

/** The two results of rankError(). */
export const CLOSE = 3;
export const LOOSE = 8;

/** Percentage points by which a digest may miss: up to 7.8 were seen where few values repeat, 2 where many do, on several shards. */
export function rankError(distinctValues: number, values: number): number {
  return distinctValues < FEW_VALUES || distinctValues < values * MOST_VALUES ? LOOSE : CLOSE;
}
