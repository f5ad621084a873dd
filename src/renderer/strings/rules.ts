// The page Rules.
import type { RuleAction } from "../../shared/rules.ts";
import { plural } from "./plural.ts";
export const rules = {
  rules: {
    unavailable: "The rules can’t be shown.",
    reach:
      "They reach all that goes to Elasticsearch, through the intercept proxy too; what that passes to other servers is captured only.",
    held: "Held",
    heldNone: "Nothing is held. A breakpoint holds what matches its filter, until you let it go.",
    releaseAll: "Let all go",
    release: "Let go",
    releaseEdited: "Let go as changed",
    abort: "Abort",
    edit: "Look and change",
    back: "Close",
    holds: (side: "request" | "response") => (side === "request" ? "request" : "answer"),
    until: (seconds: number) => `goes on by itself in ${seconds} s`,
    method: "Method",
    path: "Path",
    status: "Status",
    headers: "Headers, one a line",
    body: "Body",
    base64: "The body is no text: it is shown as base64 and stays so.",
    breakpoints: "Breakpoints",
    breakpointsNone: "No breakpoint.",
    addBreakpoint: "Add breakpoint",
    on: { request: "Request", response: "Answer", both: "Both" },
    rules: "Rewrite rules",
    rulesNone: "No rule. A rule changes, delays or fails the requests that match its filter.",
    addRule: "Add rule",
    save: "Save",
    cancel: "Cancel",
    remove: "Remove",
    edited: "Edit",
    name: "Name",
    match: "Filter",
    matchHint: "blank: everything",
    actions: "Actions, as JSON",
    everything: "everything",
    used: (n: string) => `${n} changed`,
    ofConfig: "configuration",
    ofConfigHint: "From the configuration: it can be switched off here, not changed",
    noJson: "The actions are no JSON.",
    script: "Script",
    scriptNone: "No script. A JavaScript module with request(exchange) and response(exchange).",
    scriptFile: "Path of the module",
    use: "Use",
    stop: "Stop",
    scriptState: { off: "off", loading: "loading", running: "running", failed: "failed" },
    hooks: (names: string) => `hooks: ${names}`,
    calls: (calls: number, failures: string) => `${plural(calls, "call", "calls")}, ${failures} failed`,
    act: (action: RuleAction): string => {
      switch (action.kind) {
        case "set_header":
          return `set ${action.name}: ${action.value}${action.side === "response" ? " (answer)" : ""}`;
        case "remove_header":
          return `remove ${action.name}${action.side === "response" ? " (answer)" : ""}`;
        case "change_path":
          return `path ${action.pattern} → ${action.replacement}`;
        case "delay":
          return `delay ${action.ms} ms`;
        case "fail":
          return `fail ${action.status}`;
        case "reset":
          return "reset";
        case "map_to_file":
          return `answer with ${action.file}`;
        case "backend":
          return `to ${action.backend}`;
      }
    },
  },
} as const;
