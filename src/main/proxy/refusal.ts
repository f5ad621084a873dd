// Answers that the proxy gives itself, in the shape that Elasticsearch's clients read errors from. Always the last one on
// their connection: after a refusal nobody can be sure where the next request would begin.
import { STATUS_CODES } from "node:http";

export interface Refusal {
  readonly status: number;
  /** Elasticsearch's snake_case kind of exception. */
  readonly type: string;
  /** What happened, to what, what to do. */
  readonly reason: string;
}

const REASON_PHRASES: Readonly<Record<number, string>> = {
  200: "OK",
  202: "Accepted",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** The reason phrase of a status line. */
export function phraseOf(status: number): string {
  return REASON_PHRASES[status] ?? STATUS_CODES[status] ?? "Error";
}

export function malformed(reason: string): Refusal {
  return { status: 400, type: "illegal_argument_exception", reason };
}

export function forbidden(reason: string): Refusal {
  return { status: 403, type: "security_exception", reason };
}

export function badGateway(reason: string): Refusal {
  return { status: 502, type: "bad_gateway_exception", reason };
}

/** The refusal as a whole HTTP response; `headOnly` for an answer to HEAD. */
export function printRefusal(refusal: Refusal, headOnly: boolean): Buffer {
  const cause = { type: refusal.type, reason: refusal.reason };
  const body = Buffer.from(JSON.stringify({ error: { root_cause: [cause], ...cause }, status: refusal.status }));
  const head =
    `HTTP/1.1 ${refusal.status} ${phraseOf(refusal.status)}\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
  return headOnly ? Buffer.from(head, "latin1") : Buffer.concat([Buffer.from(head, "latin1"), body]);
}
