import { leftOpen } from "./rule.ts";

export const tiedBuckets = leftOpen(
  "tied_buckets",
  "These buckets are ordered by a metric in which they are equal within its tolerance: their order is open.",
  ({ tied, place }) => tied && place.parent?.role.kind === "bucket_list",
);
