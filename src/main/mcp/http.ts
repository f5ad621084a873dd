// The protocol over streamable HTTP: each message is a POST to /mcp and its answer one JSON object. There are no sessions and no streams, so
// GET and DELETE are refused as the protocol wants it. Who may call at all is the interface's guard to say.
import type { IncomingHttpHeaders } from "node:http";
import { isObject, type JsonObject, type JsonValue, member, objectAt } from "../../shared/json.ts";
import { errorOf, HEADER_MISMATCH, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR, UNSUPPORTED_PROTOCOL_VERSION } from "./json_rpc.ts";
import { VERSIONS, versionOf } from "./protocol.ts";
import { answerMessage, type McpOptions } from "./server.ts";

export const MCP_PATH = "/mcp";

export interface McpReply {
  readonly status: number;
  /** null: nothing is sent but the status. */
  readonly body: JsonObject | null;
}

/** The answer to a POST. `body`: what was sent, or why it is no JSON. Never throws. */
export async function answerPost(options: McpOptions, headers: IncomingHttpHeaders, body: JsonValue | Error): Promise<McpReply> {
  if (body instanceof Error) return { status: 400, body: errorOf(null, { code: PARSE_ERROR, message: body.message }) };
  const mismatch = mismatchOf(headers, body);
  if (mismatch !== null) return { status: 400, body: errorOf(idOf(body), mismatch) };
  const answer = await answerMessage(options, body);
  if (answer === null) return { status: 202, body: null };
  return { status: statusOf(answer, body), body: answer };
}

function idOf(body: JsonValue): JsonValue {
  return (isObject(body) ? member(body, "id") : null) ?? null;
}

/** What the protocol's headers say otherwise than the body; null when they agree. */
function mismatchOf(headers: IncomingHttpHeaders, body: JsonValue): Parameters<typeof errorOf>[1] | null {
  const params = objectAt(body, "params");
  const told = headers["mcp-protocol-version"];
  const version = versionOf(params);
  if (version === null) {
    if (told === undefined || (typeof told === "string" && VERSIONS.includes(told))) return null;
    const message = `MCP-Protocol-Version is ${JSON.stringify(told)}; spoken are ${VERSIONS.join(", ")}.`;
    return { code: UNSUPPORTED_PROTOCOL_VERSION, message, data: { supported: VERSIONS, requested: String(told) } };
  }
  const method = isObject(body) ? member(body, "method") : undefined;
  const named = method === "tools/call" ? member(params, "name") : method === "resources/read" ? member(params, "uri") : undefined;
  const pairs: readonly (readonly [string, JsonValue | undefined])[] = [
    ["MCP-Protocol-Version", version],
    ["Mcp-Method", method],
    ["Mcp-Name", named],
  ];
  for (const [header, wanted] of pairs) {
    if (wanted === undefined) continue;
    const sent = decoded(headers[header.toLowerCase()]);
    if (sent === wanted) continue;
    const message = `The header ${header} is ${JSON.stringify(sent ?? null)}, but the body says ${JSON.stringify(wanted)}.`;
    return { code: HEADER_MISMATCH, message };
  }
  return null;
}

/** A header's text; what no header can carry comes as `=?base64?…?=`. */
function decoded(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== "string") return undefined;
  const encoded = /^=\?base64\?(.*)\?=$/.exec(header)?.[1];
  return encoded === undefined ? header : Buffer.from(encoded, "base64").toString("utf8");
}

/** Up to 2025-11-25 an error is an answer like others; later it shows in the status, too. */
function statusOf(answer: JsonObject, body: JsonValue): number {
  const code = member(objectAt(answer, "error"), "code");
  if (code === INVALID_REQUEST || code === UNSUPPORTED_PROTOCOL_VERSION) return 400;
  return code === METHOD_NOT_FOUND && versionOf(objectAt(body, "params")) !== null ? 404 : 200;
}
