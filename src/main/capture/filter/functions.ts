// What SQLite asks JavaScript while it evaluates a filter.
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { decodeContent, isText, unpack } from "../coding.ts";
import { patternOf } from "./pattern.ts";

/** Text of a body is searched so far. */
const SEARCHED_BYTES = 4 * 1024 * 1024;

/** Registers `matches(pattern, text)`, `matches_headers(pattern, json)` and `matches_body(pattern, data, coding, encoding, truncated)`. */
export function registerFunctions(db: DatabaseSync): void {
  const options = { deterministic: true };
  db.function("matches", options, (pattern, text) => found(pattern, typeof text === "string" ? text : ""));
  db.function("matches_headers", options, (pattern, json) => found(pattern, headerLines(json)));
  db.function("matches_body", options, (pattern, data, coding, encoding, truncated) =>
    found(pattern, bodyText(data, coding, encoding, truncated)),
  );
}

function found(pattern: SQLOutputValue | undefined, text: string): number {
  return patternOf(String(pattern)).test(text) ? 1 : 0;
}

/** `name: value` lines of a stored message. */
function headerLines(json: SQLOutputValue | undefined): string {
  if (typeof json !== "string") return "";
  const message: unknown = JSON.parse(json);
  if (typeof message !== "object" || message === null || !("headers" in message) || !Array.isArray(message.headers)) return "";
  return message.headers.map((pair: unknown) => (Array.isArray(pair) ? `${pair[0]}: ${pair[1]}` : "")).join("\n");
}

function bodyText(
  data: SQLOutputValue | undefined,
  coding: SQLOutputValue | undefined,
  encoding: SQLOutputValue | undefined,
  truncated: SQLOutputValue | undefined,
): string {
  if (!(data instanceof Uint8Array)) return "";
  const bytes = decodeContent(unpack(String(coding), data), String(encoding), truncated === 1).subarray(0, SEARCHED_BYTES);
  return Buffer.from(bytes).toString(isText(bytes) ? "utf8" : "latin1");
}
