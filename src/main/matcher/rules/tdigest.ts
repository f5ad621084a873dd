import { tolerance } from "./rule.ts";
import { withinBounds } from "./within_bounds.ts";

export const tdigest = tolerance(
  "tdigest",
  "Elasticsearch estimates percentiles with a t-digest: the value is within its error of ClickHouse's exact one.",
  (found) => found.tolerance?.rule === "tdigest" && withinBounds(found),
);
