import { tolerance } from "./rule.ts";
import { withinBounds } from "./within_bounds.ts";

export const hyperloglog = tolerance(
  "hyperloglog",
  "Elasticsearch counts distinct values with HyperLogLog++, an estimate: ClickHouse's exact count is within its error.",
  (found) => found.tolerance?.rule === "hyperloglog" && withinBounds(found),
);
