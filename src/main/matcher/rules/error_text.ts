import { housekeeping } from "./rule.ts";

/** Errors agree in status and type; their prose, causes and shard lists are Elasticsearch's own. */
export const errorText = housekeeping(
  "error_text",
  "The wording and the causes of an error: both sides reject the request with the same status and type.",
  ({ place }) => place.role.kind === "error_detail",
);
