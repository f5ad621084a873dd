import { isNumber } from "../../../shared/json.ts";
import { leftOpen } from "./rule.ts";

/** `_doc` and `_shard_doc` sort values are positions in a segment; a point in time adds one after the request's own. */
export const docOrder = leftOpen(
  "doc_order",
  "A sort value that numbers documents inside Elasticsearch's own files: it changes with every merge.",
  ({ kind, place, elasticsearch, clickhouse }) =>
    kind === "value" && place.role.kind === "sort_value" && place.role.clause === "_doc" && isNumber(elasticsearch) && isNumber(clickhouse),
);
