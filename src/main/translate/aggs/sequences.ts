// Pipelines that go from bucket to bucket need buckets in a row, without gaps: a histogram that shows its empty ones.
import { member } from "../../../shared/json.ts";
import { RejectedRequest } from "../failure.ts";
import { notANumber } from "./buckets_path.ts";
import { pathsOf } from "./pipeline_order.ts";
import type { AggregationNode } from "./types.ts";

const SEQUENTIAL = new Set(["cumulative_cardinality", "cumulative_sum", "derivative", "moving_fn", "moving_percentiles", "serial_diff"]);
// Their keys are dates to pipelines, not numbers.
const DATES = new Set(["date_histogram", "auto_date_histogram"]);
const HISTOGRAMS = new Set(["histogram", "date_histogram"]);

/** Throws RejectedRequest where a pipeline among the children of `type` asks for a row of buckets that it does not have. */
export function checkSequences(type: string, body: AggregationNode["body"], children: readonly AggregationNode[]): void {
  for (const child of children) {
    if (DATES.has(type) && child.type !== "bucket_sort" && pathsOf(member(child.body, "buckets_path")).includes("_key"))
      throw notANumber("_key");
    if (!SEQUENTIAL.has(child.type)) continue;
    if (HISTOGRAMS.has(type)) {
      const gaps = Number(member(body, "min_doc_count") ?? 0) !== 0;
      if (gaps && child.type !== "serial_diff") {
        throw refused(`parent histogram of ${child.type} aggregation [${child.name}] must have min_doc_count of 0`);
      }
    } else if (type !== "auto_date_histogram") {
      throw refused(`${child.type} aggregation [${child.name}] must have a histogram, date_histogram or auto_date_histogram as parent`);
    }
  }
}

/** What `composite` may stand under: it pages through all buckets of the whole search. */
const AROUND_COMPOSITE = new Set(["filter", "nested", "random_sampler"]);

/** Throws RejectedRequest where `composite` is somewhere below a kind that it may not be under. */
export function checkComposite(type: string, children: readonly AggregationNode[]): void {
  if (AROUND_COMPOSITE.has(type) || !children.some(isCompositeInside)) return;
  throw new RejectedRequest(
    "illegal_argument_exception",
    `[composite] aggregation cannot be used with a parent aggregation of type: [${type}]`,
  );
}

function isCompositeInside({ type, children }: AggregationNode): boolean {
  return type === "composite" || (AROUND_COMPOSITE.has(type) && children.some(isCompositeInside));
}

function refused(reason: string): RejectedRequest {
  return new RejectedRequest("action_request_validation_exception", `Validation Failed: 1: ${reason};`);
}
