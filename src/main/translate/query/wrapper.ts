// wrapper: another query, written as JSON in base64.
import { childPointer, JsonSyntaxError, type JsonValue, member, parseJson } from "../../../shared/json.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { parameters } from "../parameters.ts";
import { compileQuery } from "./index.ts";
import type { Compiled } from "./types.ts";

export function compileWrapper(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "wrapper", ["query"]);
  const text = member(options, "query");
  if (typeof text !== "string") throw new RejectedRequest("parsing_exception", "[wrapper] query malformed");
  if (text === "") throw new RejectedRequest("illegal_argument_exception", "query source text cannot be null or empty");
  return compileQuery(decoded(text), childPointer(pointer, "query"), context);
}

function decoded(text: string): JsonValue {
  let bytes: string;
  try {
    bytes = atob(text);
  } catch {
    throw new RejectedRequest("x_content_parse_exception", "Failed to decode VALUE_STRING as base64 (MIME-NO-LINEFEEDS)");
  }
  try {
    return parseJson(new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0))));
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new RejectedRequest("x_content_parse_exception", error.message);
    throw error;
  }
}
