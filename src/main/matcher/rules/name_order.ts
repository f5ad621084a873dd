import { leftOpen } from "./rule.ts";

/** Elasticsearch keeps names in a hash table; those that share a place in it come in an order that changes with each start. */
export const nameOrder = leftOpen(
  "name_order",
  "The names are the same; their order is that of a hash table and says nothing.",
  ({ kind, tied, place }) => kind === "order" && tied && place.role.kind === "names",
);
