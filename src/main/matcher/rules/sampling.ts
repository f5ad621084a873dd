import { isNumber, isObject, member } from "../../../shared/json.ts";
import type { Place } from "../place.ts";
import { typeOfAggregation } from "../role.ts";
import { leftOpen } from "./rule.ts";

const SAMPLERS: ReadonlySet<string> = new Set(["sampler", "diversified_sampler"]);
const DEFAULT_SHARD_SIZE = 100;

/** A sample is of the best documents of each shard; of those that score alike, of the first in Elasticsearch's own files. */
export const sampling = leftOpen(
  "sampling",
  "The sample is full: of documents that score alike, those are in it that come first in Elasticsearch's own files.",
  ({ place }) => underFullSample(place),
);

// The sample's own doc_count is determined: what is open lies deeper than that.
function underFullSample(place: Place): boolean {
  for (let at = place.parent, below = place; at !== null; below = at, at = at.parent) {
    if (at.role.kind !== "aggregation" || at.role.definition === null) continue;
    if (SAMPLERS.has(typeOfAggregation(at.role.definition))) return below.step !== "doc_count" && isFull(at);
  }
  return false;
}

function isFull({ elasticsearch, role }: Place): boolean {
  if (role.kind !== "aggregation" || role.definition === null || !isObject(elasticsearch)) return false;
  const clause = member(role.definition, typeOfAggregation(role.definition));
  const size = isObject(clause) ? member(clause, "shard_size") : undefined;
  const count = member(elasticsearch, "doc_count");
  return isNumber(count) && Number(count) >= (size !== undefined && isNumber(size) ? Number(size) : DEFAULT_SHARD_SIZE);
}
