// Rules and breakpoints as a person writes them, in the configuration or by the API: checked whole, each error with its place.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import type { Breakpoint, Rule, RuleAction } from "../../shared/rules.ts";
import { checkPattern } from "../capture/filter/pattern.ts";
import { compileMatch } from "./match.ts";
import { headersProblem, nameProblem } from "./message.ts";

/** What is wrong with which member, in words. */
export class BadRule extends Error {
  override readonly name = "BadRule";
}

type Reader = (action: JsonObject, at: string) => RuleAction;

const LONGEST_DELAY_MS = 600_000;

const ACTIONS: Readonly<Record<RuleAction["kind"], { readonly members: readonly string[]; readonly read: Reader }>> = {
  set_header: {
    members: ["side", "name", "value"],
    read: (action, at) => {
      const set = { kind: "set_header", side: sideOf(action, at), name: headerName(action, at), value: text(action, "value", at) } as const;
      const problem = headersProblem([[set.name, set.value]]);
      if (problem !== "") throw new BadRule(`${at}: ${problem}.`);
      return set;
    },
  },
  remove_header: {
    members: ["side", "name"],
    read: (action, at) => ({ kind: "remove_header", side: sideOf(action, at), name: headerName(action, at) }),
  },
  change_path: {
    members: ["pattern", "replacement"],
    read: (action, at) => ({ kind: "change_path", pattern: pattern(action, at), replacement: text(action, "replacement", at) }),
  },
  delay: { members: ["ms"], read: (action, at) => ({ kind: "delay", ms: whole(action, "ms", at, 1, LONGEST_DELAY_MS) }) },
  fail: { members: ["status"], read: (action, at) => ({ kind: "fail", status: whole(action, "status", at, 400, 599) }) },
  reset: { members: [], read: () => ({ kind: "reset" }) },
  map_to_file: {
    members: ["file", "status", "contentType"],
    read: (action, at) => ({
      kind: "map_to_file",
      file: text(action, "file", at),
      status: member(action, "status") === undefined ? 200 : whole(action, "status", at, 200, 599),
      contentType: member(action, "contentType") === undefined ? "application/json" : text(action, "contentType", at),
    }),
  },
  backend: {
    members: ["backend"],
    read: (action, at) => {
      const backend = member(action, "backend");
      if (backend === "elasticsearch" || backend === "clickhouse" || backend === "compare") return { kind: "backend", backend };
      throw new BadRule(`${at}.backend is one of "elasticsearch", "clickhouse", "compare".`);
    },
  },
};

const RULE_MEMBERS = ["id", "name", "enabled", "match", "actions"];
const BREAKPOINT_MEMBERS = ["id", "enabled", "match", "on"];

/** `at`: what messages call it. `id`: for one without. Throws BadRule. */
export function readRule(value: JsonValue, at: string, id: string): Rule {
  const rule = objectOf(value, at, RULE_MEMBERS);
  const name = member(rule, "name") === undefined ? optional(rule, "id", at, id) : text(rule, "name", at);
  const list = member(rule, "actions");
  if (!isArray(list) || list.length === 0) throw new BadRule(`${at}.actions is a list of at least one action.`);
  const actions = list.map((action, position) => readAction(action, `${at}.actions[${position}]`));
  const match = optional(rule, "match", at, "");
  const compiled = compileMatch(match);
  if (!compiled.ok) throw new BadRule(`${at}.match, at position ${compiled.error.position + 1}: ${compiled.error.message}`);
  if (compiled.match.needsResponse && actions.some(isOfRequest)) {
    throw new BadRule(`${at}.match asks about the response, and one of its actions comes before it: let it ask about the request alone.`);
  }
  return { id: optional(rule, "id", at, id), name, enabled: enabled(rule, at), match, actions };
}

/** As `readRule`. */
export function readBreakpoint(value: JsonValue, at: string, id: string): Breakpoint {
  const breakpoint = objectOf(value, at, BREAKPOINT_MEMBERS);
  const on = member(breakpoint, "on") ?? "request";
  if (on !== "request" && on !== "response" && on !== "both") throw new BadRule(`${at}.on is one of "request", "response", "both".`);
  const match = optional(breakpoint, "match", at, "");
  const compiled = compileMatch(match);
  if (!compiled.ok) throw new BadRule(`${at}.match, at position ${compiled.error.position + 1}: ${compiled.error.message}`);
  if (compiled.match.needsResponse && on !== "response") {
    throw new BadRule(`${at}.match asks about the response: it can only hold on the response.`);
  }
  return { id: optional(breakpoint, "id", at, id), enabled: enabled(breakpoint, at), match, on };
}

/** True for what is done before there is a response. */
export function isOfRequest(action: RuleAction): boolean {
  return (action.kind !== "set_header" && action.kind !== "remove_header") || action.side === "request";
}

function readAction(value: JsonValue, at: string): RuleAction {
  if (!isObject(value)) throw new BadRule(`${at} is an object like {"kind": "delay", "ms": 500}.`);
  const kind = member(value, "kind");
  const kinds = Object.keys(ACTIONS);
  if (typeof kind !== "string" || !isKind(kind)) throw new BadRule(`${at}.kind is one of ${kinds.join(", ")}.`);
  const { members, read } = ACTIONS[kind];
  objectOf(value, at, ["kind", ...members]);
  return read(value, at);
}

function isKind(kind: string): kind is RuleAction["kind"] {
  return Object.hasOwn(ACTIONS, kind);
}

function objectOf(value: JsonValue, at: string, members: readonly string[]): JsonObject {
  if (!isObject(value)) throw new BadRule(`${at} is an object with ${members.join(", ")}.`);
  const extra = Object.keys(value).find((key) => !members.includes(key));
  if (extra !== undefined) throw new BadRule(`${at} has no member "${extra}"; it takes ${members.join(", ")}.`);
  return value;
}

function text(object: JsonObject, name: string, at: string): string {
  const value = member(object, name);
  if (typeof value === "string") return value;
  throw new BadRule(`${at}.${name} is a string.`);
}

function optional(object: JsonObject, name: string, at: string, otherwise: string): string {
  return member(object, name) === undefined ? otherwise : text(object, name, at);
}

function enabled(object: JsonObject, at: string): boolean {
  const value = member(object, "enabled") ?? true;
  if (typeof value === "boolean") return value;
  throw new BadRule(`${at}.enabled is true or false.`);
}

function whole(object: JsonObject, name: string, at: string, least: number, most: number): number {
  const value = member(object, name);
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new BadRule(`${at}.${name} is a whole number from ${least} to ${most}.`);
}

function sideOf(action: JsonObject, at: string): "request" | "response" {
  const side = member(action, "side") ?? "request";
  if (side === "request" || side === "response") return side;
  throw new BadRule(`${at}.side is "request" or "response".`);
}

function headerName(action: JsonObject, at: string): string {
  const name = text(action, "name", at);
  const problem = nameProblem(name);
  if (problem !== "") throw new BadRule(`${at}.name: ${problem}.`);
  return name;
}

function pattern(action: JsonObject, at: string): string {
  const source = text(action, "pattern", at);
  const checked = checkPattern(source);
  if (checked.ok) return source;
  throw new BadRule(`${at}.pattern: ${checked.message}`);
}
