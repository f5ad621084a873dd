// The Model Context Protocol at /mcp of the debugging interface: the same contract, and the same guard.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AnswerOf } from "../../shared/contract.ts";
import { type JsonValue, printJson } from "../../shared/json.ts";
import { answerPost, MCP_PATH } from "../mcp/http.ts";
import type { Ask } from "../mcp/tool.ts";
import { callHandler, type Handlers } from "./handlers.ts";

/** True where the query asks for the tools that write, too: such a call needs the token. */
export function asksToWrite(path: string, query: URLSearchParams): boolean {
  return path === MCP_PATH && query.get("allow-writes") === "true";
}

interface McpCall {
  readonly handlers: Handlers;
  readonly version: string;
  readonly allowWrites: boolean;
  /** Or why it is no JSON. */
  readonly body: JsonValue | Error;
}

/** Answers a call of /mcp that the guard has let in. */
export async function sendMcp(
  { handlers, version, allowWrites, body }: McpCall,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST") {
    const error = { code: "method", message: `POST ${MCP_PATH} with a message of JSON-RPC; there are no streams and no sessions here.` };
    return send(response.setHeader("allow", "POST"), 405, JSON.stringify({ error }));
  }
  const ask: Ask = async (name, sent) => {
    const { reply } = await callHandler(handlers, name, sent);
    if (!reply.ok) throw new Error(reply.error.message);
    // The handler of this very name gave it.
    return reply.value as AnswerOf<typeof name>;
  };
  const { status, body: answer } = await answerPost({ ask, allowWrites, version }, request.headers, body);
  send(response, status, answer === null ? "" : printJson(answer));
}

function send(response: ServerResponse, status: number, json: string): void {
  const body = Buffer.from(json);
  response.writeHead(status, { ...(json === "" ? {} : { "content-type": "application/json" }), "content-length": body.length });
  response.end(body);
}
