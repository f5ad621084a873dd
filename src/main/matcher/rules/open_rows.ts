import { leftOpen } from "./rule.ts";

/** Without SORT, or among rows that tie in it, ES|QL's rows come in any order; so do the values of VALUES. */
export const openRows = leftOpen(
  "open_rows",
  "The query does not order these rows (or values), or a LIMIT ends amid rows that tie: their order, and which are shown, is open.",
  ({ tied, place }) => tied && place.role.kind === "table_row",
);
