// The protocol over standard input and output: a message is a line. Calls run side by side; each is answered when it is done.
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { isObject, JsonSyntaxError, type JsonValue, member, objectAt, parseJson, printJson } from "../../shared/json.ts";
import { errorOf, PARSE_ERROR } from "./json_rpc.ts";
import { answerMessage, type McpOptions } from "./server.ts";

/** Serves until the input ends and all that was asked is answered. Never throws. */
export async function serveLines(options: McpOptions, input: Readable, output: Writable): Promise<void> {
  const running = new Set<Promise<void>>();
  const cancelled = new Set<JsonValue>();
  // Whoever started us is gone: what is left has no reader.
  output.on("error", () => input.destroy());
  for await (const line of createInterface({ input })) {
    if (line.trim() === "") continue;
    const work = answerLine(options, line, cancelled).then((answer) => {
      if (answer !== "" && output.writable) output.write(`${answer}\n`);
    });
    running.add(work);
    void work.finally(() => running.delete(work));
  }
  await Promise.all(running);
}

async function answerLine(options: McpOptions, line: string, cancelled: Set<JsonValue>): Promise<string> {
  const message = read(line);
  if (message instanceof Error)
    return printJson(errorOf(null, { code: PARSE_ERROR, message: `The line is not JSON: ${message.message}.` }));
  const id = isObject(message) ? member(message, "id") : undefined;
  if (id === undefined) noteCancelled(message, cancelled);
  const answer = await answerMessage(options, message);
  return answer === null || (id !== undefined && cancelled.delete(id)) ? "" : printJson(answer);
}

/** What is cancelled goes on, since nothing here can be stopped, but is not answered. */
function noteCancelled(message: JsonValue, cancelled: Set<JsonValue>): void {
  if (!isObject(message) || member(message, "method") !== "notifications/cancelled") return;
  const id = member(objectAt(message, "params"), "requestId");
  if (id !== undefined) cancelled.add(id);
}

function read(line: string): JsonValue | JsonSyntaxError {
  try {
    return parseJson(line);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
}
