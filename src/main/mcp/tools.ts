// The tools, in the order in which they are listed, and how one is called: errors are values, in words.
import { WRITES } from "../../shared/contract.ts";
import type { JsonObject } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import { fitted } from "./bounds.ts";
import { ENGINE_TOOLS } from "./engine_tools.ts";
import { EXCHANGE_TOOLS } from "./exchange_tools.ts";
import { type Ask, inputSchema, problemOf, type Tool } from "./tool.ts";
import { VERDICT_TOOLS } from "./verdict_tools.ts";

export const TOOLS: readonly Tool[] = [...EXCHANGE_TOOLS, ...VERDICT_TOOLS, ...ENGINE_TOOLS];

/** Those that a caller may use. */
export function offered(allowWrites: boolean): readonly Tool[] {
  return allowWrites ? TOOLS : TOOLS.filter((tool) => !isWriting(tool));
}

/** True for one that changes something or runs SQL. */
export function isWriting({ request, reads }: Tool): boolean {
  return reads !== true && WRITES.includes(request);
}

/** A tool as `tools/list` tells of it. */
export function described(tool: Tool): JsonObject {
  const writes = isWriting(tool);
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchema(tool),
    annotations: { readOnlyHint: !writes, destructiveHint: writes, idempotentHint: !writes, openWorldHint: false },
  };
}

/** The result of `tools/call`. Never throws. */
export async function callTool(tool: Tool, input: JsonObject, ask: Ask): Promise<JsonObject> {
  const problem = problemOf(tool, input);
  if (problem !== "") return failed(problem);
  try {
    const { value, text } = await tool.run(input, ask);
    const { text: json, cut } = fitted(value);
    const more = cut.length === 0 ? [] : [`Shortened to fit: ${firstOf(cut)}. ${tool.title}: ${tool.description}`];
    return { content: [json, ...(text === undefined ? [] : [text]), ...more].map(textBlock) };
  } catch (error) {
    return failed(messageOf(error));
  }
}

const TOLD = 10;

function firstOf(cut: readonly string[]): string {
  const first = cut.slice(0, TOLD).join("; ");
  return cut.length > TOLD ? `${first}; and ${cut.length - TOLD} more` : first;
}

function failed(message: string): JsonObject {
  return { content: [textBlock(message)], isError: true };
}

function textBlock(text: string): JsonObject {
  return { type: "text", text };
}
