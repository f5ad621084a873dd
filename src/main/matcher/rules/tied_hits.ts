import { leftOpen } from "./rule.ts";

/** Hits of the same rank may come in any order, and which of them fill the end of a page is open too. */
export const tiedHits = leftOpen(
  "tied_hits",
  "These hits tie in everything the request sorts by (or it sorts by nothing): their order is open.",
  ({ tied, place }) => tied && place.parent?.role.kind === "hit_list",
);
