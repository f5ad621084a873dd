import { leftOpen } from "./rule.ts";

/** Elasticsearch counts deleted and overwritten documents among the others until it merges them away, which nobody outside sees. */
export const staleStatistics = leftOpen(
  "stale_statistics",
  "Deleted documents count in Elasticsearch's statistics until they are merged away: scores, and the order by them, are open.",
  ({ tied, kind, tolerance }) => tolerance?.rule === "stale_statistics" && (tied || kind === "value"),
);
