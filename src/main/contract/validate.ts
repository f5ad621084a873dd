// What a request of the contract must look like at run time: the types of shared/contract.ts as data. Extra members are
// refused, so that a misspelt one is an error and not silence.
import { COMPARE_BY } from "../../shared/compare.ts";
import type { BodySide, RequestName } from "../../shared/contract.ts";
import { PROFILE_MEMBERS } from "../../shared/exchange_profile.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { SHARE_FORMATS, SHARE_STARTS } from "../../shared/share.ts";
import { FORMAT_FILES } from "../profile/names.ts";

type Shape =
  | "members"
  | "string"
  | "integer"
  | "boolean"
  | "object"
  | "strings"
  | "headers"
  | "edits"
  | "side"
  | "mode"
  | "operation"
  | "recording"
  | "format"
  | "shared"
  | "share format"
  | "share start"
  | "by"
  | "any"
  | "level";
interface Member {
  readonly shape: Shape;
  readonly optional?: true;
}

/** What narrows Compare to a place. */
const COMPARE_PLACE: Readonly<Record<string, Member>> = {
  filter: { shape: "string", optional: true },
  application: { shape: "string", optional: true },
  dashboard: { shape: "string", optional: true },
  panel: { shape: "string", optional: true },
  shape: { shape: "string", optional: true },
  index: { shape: "string", optional: true },
  since: { shape: "integer", optional: true },
  until: { shape: "integer", optional: true },
};

const REQUESTS: Readonly<Record<RequestName, Readonly<Record<string, Member>>>> = {
  "health.get": {},
  "status.get": {},
  "stacktrace.get": {},
  "exchanges.list": {
    filter: { shape: "string", optional: true },
    limit: { shape: "integer", optional: true },
    before: { shape: "integer", optional: true },
    after: { shape: "integer", optional: true },
    oldestFirst: { shape: "boolean", optional: true },
  },
  "exchanges.ranges": { filter: { shape: "string", optional: true }, before: { shape: "integer", optional: true } },
  "exchanges.timeline": { filter: { shape: "string", optional: true } },
  "exchange.get": { id: { shape: "integer" } },
  "exchange.body": { id: { shape: "integer" }, side: { shape: "side" }, offset: { shape: "integer", optional: true } },
  "exchange.pin": { id: { shape: "integer" }, pinned: { shape: "boolean" } },
  "exchange.mark": {
    id: { shape: "integer" },
    marker: { shape: "string", optional: true },
    comment: { shape: "string", optional: true },
  },
  "exchange.resend": {
    id: { shape: "integer" },
    method: { shape: "string", optional: true },
    path: { shape: "string", optional: true },
    headers: { shape: "headers", optional: true },
    body: { shape: "string", optional: true },
  },
  "exchange.profile": { id: { shape: "integer" } },
  "exchange.profile_again": { id: { shape: "integer" }, members: { shape: "members", optional: true } },
  "exchange.explain": { id: { shape: "integer" }, path: { shape: "string", optional: true } },
  "exchange.shrink": { id: { shape: "integer" }, position: { shape: "integer", optional: true } },
  "exchange.shrink_state": { id: { shape: "integer" } },
  "exchange.shrink_stop": { id: { shape: "integer" } },
  "exchange.keep_case": { id: { shape: "integer" }, name: { shape: "string" } },
  "exchange.probe": {
    id: { shape: "integer" },
    position: { shape: "integer", optional: true },
    times: { shape: "integer", optional: true },
    remember: { shape: "boolean", optional: true },
  },
  "exchange.probe_state": { id: { shape: "integer" } },
  "exchange.probe_stop": { id: { shape: "integer" } },
  "noise.list": {},
  "noise.remember": { id: { shape: "integer" } },
  "noise.forget": { shape: { shape: "string" } },
  "exchange.judge_again": { id: { shape: "integer" } },
  "session.judge_again": { filter: { shape: "string", optional: true }, after: { shape: "integer", optional: true } },
  "search.judge": {
    path: { shape: "string" },
    method: { shape: "string", optional: true },
    headers: { shape: "headers", optional: true },
    body: { shape: "string", optional: true },
  },
  "session.replay": {
    to: { shape: "string", optional: true },
    filter: { shape: "string", optional: true },
    speed: { shape: "integer", optional: true },
  },
  "dump.get": {},
  "dump.set": { on: { shape: "boolean" }, filter: { shape: "string", optional: true } },
  "verdicts.get": {},
  "compare.groups": { by: { shape: "by" }, limit: { shape: "integer", optional: true }, ...COMPARE_PLACE },
  "compare.points": COMPARE_PLACE,
  "compare.why": { ask: { shape: "integer", optional: true }, again: { shape: "boolean", optional: true }, ...COMPARE_PLACE },
  "indices.list": {},
  "index.get": { name: { shape: "string" } },
  "index.ledger": { name: { shape: "string" }, limit: { shape: "integer", optional: true } },
  "index.backfill": { name: { shape: "string" }, rate: { shape: "integer", optional: true } },
  "index.reconcile": { name: { shape: "string" }, rate: { shape: "integer", optional: true }, exact: { shape: "boolean", optional: true } },
  "index.mode": { name: { shape: "string" }, mode: { shape: "mode", optional: true } },
  "routes.list": {},
  "pipes.list": {},
  "generators.list": {},
  "generator.begin": {
    kind: { shape: "string" },
    index: { shape: "string", optional: true },
    stream: { shape: "boolean", optional: true },
    seed: { shape: "integer", optional: true },
    rate: { shape: "integer", optional: true },
    documents: { shape: "integer", optional: true },
    past: { shape: "integer", optional: true },
    spanHours: { shape: "integer", optional: true },
  },
  "sample_data.get": {},
  "sample_data.add": { queries: { shape: "boolean", optional: true } },
  "sample_data.remove": {},
  "kibana.get": {},
  "pipe.pump": {
    pipe: { shape: "string" },
    operation: { shape: "operation" },
    rate: { shape: "integer", optional: true },
    profiler: { shape: "boolean", optional: true },
  },
  "schedules.list": {},
  "schedule.put": {
    pipe: { shape: "string" },
    every: { shape: "string", optional: true },
    at: { shape: "string", optional: true },
    from: { shape: "string", optional: true },
    to: { shape: "string", optional: true },
    for: { shape: "string", optional: true },
    profiler: { shape: "boolean", optional: true },
    rate: { shape: "integer", optional: true },
    exact: { shape: "boolean", optional: true },
    url: { shape: "string", optional: true },
    filter: { shape: "string", optional: true },
    speed: { shape: "integer", optional: true },
  },
  "schedule.remove": { pipe: { shape: "string" } },
  "profiles.list": { limit: { shape: "integer", optional: true } },
  "profiler.get": {},
  "profile.record": { kind: { shape: "recording" }, seconds: { shape: "integer" } },
  "profile.stop": {},
  "profile.get": { profile: { shape: "string" }, format: { shape: "format", optional: true } },
  "profile.read": {
    profile: { shape: "string" },
    format: { shape: "format", optional: true },
    offset: { shape: "integer", optional: true },
  },
  "profile.remove": { profile: { shape: "string" } },
  "profiles.clean": {},
  "rules.get": {},
  "rule.put": { rule: { shape: "object" } },
  "rule.remove": { rule: { shape: "string" } },
  "script.use": { file: { shape: "string" } },
  "breakpoint.put": { breakpoint: { shape: "object" } },
  "breakpoint.remove": { breakpoint: { shape: "string" } },
  "held.get": { id: { shape: "integer" } },
  "held.release": { id: { shape: "integer" }, edits: { shape: "edits", optional: true } },
  "held.abort": { id: { shape: "integer" } },
  "held.release_all": {},
  "memory.get": { objects: { shape: "boolean", optional: true } },
  "memory.text": { objects: { shape: "boolean", optional: true } },
  "memory.malloc": {},
  "telemetry.get": {},
  "statistics.get": {},
  "statistics.routes": {},
  translate: { index: { shape: "string" }, body: { shape: "object" } },
  "sql.run": { sql: { shape: "string" }, params: { shape: "strings", optional: true } },
  "logs.list": {
    level: { shape: "level", optional: true },
    text: { shape: "string", optional: true },
    limit: { shape: "integer", optional: true },
  },
  "settings.get": {},
  "settings.set": { key: { shape: "string" }, value: { shape: "any", optional: true } },
  "settings.upload": { config: { shape: "any" } },
  "safe_mode.enter": {},
  "proxy.set": { running: { shape: "boolean", optional: true }, mode: { shape: "mode", optional: true } },
  "intercept.get": {},
  "intercept.set": { on: { shape: "boolean" } },
  "elasticsearch.set": { url: { shape: "string" } },
  "elasticsearch.probe": { url: { shape: "string" } },
  "session.sample": {},
  "session.open": { file: { shape: "string" } },
  "session.close": {},
  "session.recent": {},
  "session.save": { file: { shape: "string" } },
  "session.clear": {},
  "share.preview": { of: { shape: "shared" }, redact: { shape: "object", optional: true }, example: { shape: "integer", optional: true } },
  "share.write": {
    of: { shape: "shared" },
    format: { shape: "share format" },
    redact: { shape: "object", optional: true },
    file: { shape: "string", optional: true },
    title: { shape: "string", optional: true },
    start: { shape: "share start", optional: true },
  },
  "share.state": {},
  "share.stop": {},
  "app.quit": {},
};

export const REQUEST_NAMES: readonly RequestName[] = Object.keys(REQUESTS).filter(isRequestName);

/** True for a name of the contract. */
export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}

/** "" when `request` is a fitting one for `name`, else what is wrong with which member. */
export function problemOf(name: RequestName, request: JsonValue): string {
  if (!isObject(request)) return `${name} takes a JSON object`;
  const shapes = REQUESTS[name];
  const extra = Object.keys(request).find((key) => !Object.hasOwn(shapes, key));
  if (extra !== undefined) return `${name} has no member "${extra}"; it takes ${Object.keys(shapes).join(", ") || "none"}`;
  for (const [key, { shape, optional }] of Object.entries(shapes)) {
    const value = member(request, key);
    if (value === undefined && optional === true) continue;
    if (value === undefined) return `${name} needs "${key}"`;
    if (!fits(value, shape)) return `"${key}" of ${name} must be ${DESCRIPTIONS[shape]}`;
  }
  return "";
}

const DESCRIPTIONS: Readonly<Record<Shape, string>> = {
  string: "a string",
  integer: "a whole number from 0",
  boolean: "true or false",
  object: "an object",
  strings: "an object of strings",
  headers: "a list of [name, value]",
  members: 'a list of "elasticsearch", "clickhouse" and "cpu"',
  edits: "an object of method, path, status, headers, body and encoding, each as it is to be sent",
  side: '"request", "elasticsearch", "clickhouse", "sent" or "given"',
  mode: '"tap", "compare" or "clickhouse"',
  operation: '"start" or "stop"',
  any: "JSON",
  level: '"info", "warn" or "error"',
  recording: '"cpu" or "heap"',
  by: `one of ${COMPARE_BY.map((by) => `"${by}"`).join(", ")}`,
  shared: "an object of ids (a list of numbers), filter, since and until, or of profile",
  "share start": SHARE_STARTS.map((start) => `"${start}"`).join(" or "),
  "share format": SHARE_FORMATS.map((format) => `"${format}"`).join(", "),
  format: '"calltree", "pstats", "cpuprofile", "pprof" or "heapprofile"',
};

const SIDES: readonly BodySide[] = ["request", "elasticsearch", "clickhouse", "sent", "given"];

function fits(value: JsonValue, shape: Shape): boolean {
  switch (shape) {
    case "string":
      return typeof value === "string";
    case "integer":
      return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return isObject(value);
    case "strings":
      return isObject(value) && Object.values(value satisfies JsonObject).every((item) => typeof item === "string");
    case "headers":
      return isArray(value) && value.every((pair) => isArray(pair) && pair.length === 2 && pair.every((item) => typeof item === "string"));
    case "members":
      return isArray(value) && value.every((item) => PROFILE_MEMBERS.some((member) => member === item));
    case "edits":
      return isEdits(value);
    case "side":
      return SIDES.some((side) => side === value);
    case "mode":
      return value === "tap" || value === "compare" || value === "clickhouse";
    case "any":
      return true;
    case "level":
      return value === "info" || value === "warn" || value === "error";
    case "operation":
      return value === "start" || value === "stop";
    case "recording":
      return value === "cpu" || value === "heap";
    case "by":
      return COMPARE_BY.some((by) => by === value);
    case "shared":
      return isShared(value);
    case "share start":
      return SHARE_STARTS.some((start) => start === value);
    case "share format":
      return SHARE_FORMATS.some((format) => format === value);
    case "format":
      return typeof value === "string" && Object.hasOwn(FORMAT_FILES, value);
  }
}

function isShared(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).every(([name, of]) => {
    if (name === "ids") return isArray(of) && of.every((id) => fits(id, "integer"));
    if (name === "since" || name === "until") return fits(of, "integer");
    return (name === "filter" || name === "profile") && typeof of === "string";
  });
}

function isEdits(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).every(([name, edit]) => {
    switch (name) {
      case "method":
      case "path":
      case "body":
        return typeof edit === "string";
      case "encoding":
        return edit === "utf8" || edit === "base64";
      case "status":
        return typeof edit === "number" && Number.isInteger(edit);
      case "headers":
        return isArray(edit) && edit.every((pair) => isArray(pair) && pair.length === 2 && pair.every((item) => typeof item === "string"));
      default:
        return false;
    }
  });
}
