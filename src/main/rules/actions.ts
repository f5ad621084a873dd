// What each action of a rule does to a message. Message in, message out; what it did in words.
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { BackendName, RuleAction } from "../../shared/rules.ts";
import { messageOf } from "../../shared/thrown.ts";
import { type RequestMessage, type ResponseMessage, targetProblem, withHeader, withoutHeader } from "./message.ts";
import { ownAnswer } from "./own_answer.ts";

/** The request after one action, and how it is to go on. */
export type Acted =
  | { readonly kind: "goes on"; readonly request: RequestMessage; readonly did: string }
  | { readonly kind: "waits"; readonly ms: number; readonly did: string }
  | { readonly kind: "backend"; readonly backend: BackendName; readonly did: string }
  | { readonly kind: "answered"; readonly response: ResponseMessage; readonly did: string }
  | { readonly kind: "reset"; readonly did: string }
  /** It could not do what it says. */
  | { readonly kind: "problem"; readonly problem: string };

const LARGEST_FILE = 64 * 1024 * 1024;

/** `rule`: its name, for what the client is told. Never rejects. */
export async function actOnRequest(action: RuleAction, request: RequestMessage, rule: string): Promise<Acted> {
  switch (action.kind) {
    case "set_header":
    case "remove_header":
      return { kind: "goes on", request: { ...request, headers: changedHeaders(action, request) }, did: headerWords(action) };
    case "change_path":
      return changePath(action, request);
    case "delay":
      return { kind: "waits", ms: action.ms, did: `delayed ${action.ms} ms` };
    case "backend":
      return { kind: "backend", backend: action.backend, did: `sent to ${action.backend}` };
    case "fail": {
      const reason = `Parallax's rule ${JSON.stringify(rule)} fails this request.`;
      return {
        kind: "answered",
        response: ownAnswer(action.status, "parallax_rule_exception", reason),
        did: `failed with ${action.status}`,
      };
    }
    case "reset":
      return { kind: "reset", did: "reset the connection" };
    case "map_to_file":
      return mapToFile(action);
  }
}

/** The response after those of the actions that concern it. */
export function actOnResponse(
  actions: readonly RuleAction[],
  response: ResponseMessage,
): { readonly response: ResponseMessage; readonly did: readonly string[] } {
  let changed = response;
  const did: string[] = [];
  for (const action of actions) {
    if ((action.kind !== "set_header" && action.kind !== "remove_header") || action.side !== "response") continue;
    changed = { ...changed, headers: changedHeaders(action, changed) };
    did.push(`${headerWords(action)} of the response`);
  }
  return { response: changed, did };
}

type HeaderAction = Extract<RuleAction, { kind: "set_header" | "remove_header" }>;

function changedHeaders(action: HeaderAction, { headers }: RequestMessage | ResponseMessage): RequestMessage["headers"] {
  return action.kind === "set_header" ? withHeader(headers, action.name, action.value) : withoutHeader(headers, action.name);
}

function headerWords(action: HeaderAction): string {
  return `${action.kind === "set_header" ? "set" : "removed"} the header ${action.name}`;
}

function changePath({ pattern, replacement }: Extract<RuleAction, { kind: "change_path" }>, request: RequestMessage): Acted {
  const target = request.target.replace(new RegExp(pattern), replacement);
  const problem = targetProblem(target);
  if (problem !== "") return { kind: "problem", problem };
  return { kind: "goes on", request: { ...request, target }, did: target === request.target ? "" : `changed the path to ${target}` };
}

async function mapToFile({ file, status, contentType }: Extract<RuleAction, { kind: "map_to_file" }>): Promise<Acted> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_FILE) return { kind: "problem", problem: `${file} is longer than ${LARGEST_FILE} bytes` };
    const body = await readFile(file);
    return {
      kind: "answered",
      response: { ...ownAnswer(status, "", ""), headers: answerHeaders(contentType), body },
      did: `answered with ${basename(file)}`,
    };
  } catch (error) {
    return { kind: "problem", problem: `${file} can't be read: ${messageOf(error)}` };
  }
}

function answerHeaders(contentType: string): ResponseMessage["headers"] {
  return [
    ["X-elastic-product", "Elasticsearch"],
    ["content-type", contentType],
  ];
}
