// Answers that no server gave, in the shape in which Elasticsearch's clients read errors.
import type { ResponseMessage } from "./message.ts";

/** An error of Elasticsearch's shape. */
export function ownAnswer(status: number, type: string, reason: string): ResponseMessage {
  const cause = { type, reason };
  const body = Buffer.from(JSON.stringify({ error: { root_cause: [cause], ...cause }, status }));
  return {
    status,
    reason: "",
    headers: [
      ["X-elastic-product", "Elasticsearch"],
      ["content-type", "application/json"],
    ],
    body,
  };
}
