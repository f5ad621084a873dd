// The rules and breakpoints that there are: the configuration's, which stay as they are, and those made in the window or by the API, which
// are kept in a file. Every change is written before it is told.
import { isArray, isObject, type JsonObject, type JsonValue, member, printJson } from "../../shared/json.ts";
import type { Breakpoint, Rule, RuleState } from "../../shared/rules.ts";
import { messageOf } from "../../shared/thrown.ts";
import { readJsonFile } from "../config/json_file.ts";
import { replaceFile } from "../replace_file.ts";
import { compileMatch, type Match } from "./match.ts";
import { BadRule, readBreakpoint, readRule } from "./read_rule.ts";

/** A rule at work. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly match: Match;
  readonly origin: RuleState["origin"];
  used: number;
  problem: string;
}

export interface ActiveBreakpoint {
  readonly breakpoint: Breakpoint;
  readonly match: Match;
}

const MOST = 1_000;

export class RuleBook {
  readonly #file: string;
  #rules: readonly ActiveRule[];
  #breakpoints: readonly ActiveBreakpoint[] = [];
  #script = "";
  /** "" or why the file could not be read: it is left as it is. */
  readonly problem: string;

  /** `file`: where those of the window are kept. */
  constructor(file: string, configured: readonly Rule[]) {
    this.#file = file;
    this.#rules = configured.map((rule) => activeRule(rule, "config"));
    this.problem = this.#read();
  }

  get rules(): readonly ActiveRule[] {
    return this.#rules;
  }

  get breakpoints(): readonly ActiveBreakpoint[] {
    return this.#breakpoints;
  }

  /** The module that was chosen in the window; "" for none. */
  get script(): string {
    return this.#script;
  }

  set script(file: string) {
    this.#script = file;
    this.#save();
  }

  /** `taps`: some indices are in tap mode. */
  list(taps: boolean): readonly RuleState[] {
    return this.#rules.map(({ rule, origin, used, problem }) => ({ ...rule, origin, used, problem, warning: taps ? warningOf(rule) : "" }));
  }

  /** Adds a rule or replaces the one with its id. Throws BadRule. */
  put(value: JsonValue): void {
    const rule = readRule(
      value,
      "rule",
      freeId(
        "rule",
        this.#rules.map((own) => own.rule),
      ),
    );
    const before = this.#rules.find((own) => own.rule.id === rule.id);
    if (before?.origin === "config" && !sameBut(before.rule, rule)) {
      throw new BadRule(`The rule ${JSON.stringify(rule.id)} is the configuration's: here it can be switched on and off.`);
    }
    if (before === undefined && this.#rules.length >= MOST) throw new BadRule(`There are ${MOST} rules already.`);
    const active = activeRule(rule, before?.origin ?? "page", before?.used);
    this.#rules = before === undefined ? [...this.#rules, active] : this.#rules.map((own) => (own === before ? active : own));
    this.#save();
  }

  /** False when there is none. Throws BadRule for one of the configuration. */
  remove(id: string): boolean {
    const rule = this.#rules.find((own) => own.rule.id === id);
    if (rule?.origin === "config")
      throw new BadRule(`The rule ${JSON.stringify(id)} is the configuration's: take it out there, or switch it off.`);
    this.#rules = this.#rules.filter((own) => own !== rule);
    this.#save();
    return rule !== undefined;
  }

  /** As `put`. */
  putBreakpoint(value: JsonValue): void {
    const breakpoint = readBreakpoint(
      value,
      "breakpoint",
      freeId(
        "breakpoint",
        this.#breakpoints.map((own) => own.breakpoint),
      ),
    );
    const known = this.#breakpoints.some((own) => own.breakpoint.id === breakpoint.id);
    if (!known && this.#breakpoints.length >= MOST) throw new BadRule(`There are ${MOST} breakpoints already.`);
    const active = activeBreakpoint(breakpoint);
    this.#breakpoints = known
      ? this.#breakpoints.map((own) => (own.breakpoint.id === breakpoint.id ? active : own))
      : [...this.#breakpoints, active];
    this.#save();
  }

  removeBreakpoint(id: string): boolean {
    const before = this.#breakpoints.length;
    this.#breakpoints = this.#breakpoints.filter((own) => own.breakpoint.id !== id);
    this.#save();
    return this.#breakpoints.length < before;
  }

  #read(): string {
    try {
      const kept = readJsonFile(this.#file);
      if (kept === null) return "";
      const configured = this.#rules.map(({ rule }) => rule.id);
      const off = listOf(kept, "off");
      const rules = listOf(kept, "rules").map((rule, i) => readRule(rule, `rules[${i}]`, `rule-${i + 1}`));
      this.#rules = [
        ...this.#rules.map((own) => (off.includes(own.rule.id) ? activeRule({ ...own.rule, enabled: false }, "config") : own)),
        ...rules.filter(({ id }) => !configured.includes(id)).map((rule) => activeRule(rule, "page")),
      ];
      this.#breakpoints = listOf(kept, "breakpoints").map((one, i) =>
        activeBreakpoint(readBreakpoint(one, `breakpoints[${i}]`, `breakpoint-${i + 1}`)),
      );
      const script = member(kept, "script");
      this.#script = typeof script === "string" ? script : "";
      return "";
    } catch (error) {
      return `The rules of the window are not used: ${messageOf(error)} (${this.#file})`;
    }
  }

  #save(): void {
    const own = this.#rules.filter(({ origin }) => origin === "page").map(({ rule }) => asJson(rule));
    const off = this.#rules.filter(({ origin, rule }) => origin === "config" && !rule.enabled).map(({ rule }) => rule.id);
    const breakpoints = this.#breakpoints.map(({ breakpoint }) => asJson(breakpoint));
    const text = printJson({ rules: own, off, breakpoints, script: this.#script });
    replaceFile(this.#file, text, 0o600);
  }
}

function activeRule(rule: Rule, origin: RuleState["origin"], used = 0): ActiveRule {
  return { rule, match: matchOf(rule.match), origin, used, problem: "" };
}

function activeBreakpoint(breakpoint: Breakpoint): ActiveBreakpoint {
  return { breakpoint, match: matchOf(breakpoint.match) };
}

/** Of a filter that was read already. */
function matchOf(text: string): Match {
  const result = compileMatch(text);
  if (!result.ok) throw new BadRule(result.error.message);
  return result.match;
}

function freeId(kind: string, taken: readonly { readonly id: string }[]): string {
  for (let n = taken.length + 1; ; n += 1) if (!taken.some(({ id }) => id === `${kind}-${n}`)) return `${kind}-${n}`;
}

function sameBut(one: Rule, other: Rule): boolean {
  return JSON.stringify({ ...one, enabled: true }) === JSON.stringify({ ...other, enabled: true });
}

function asJson(record: Rule | Breakpoint): JsonObject {
  const value: unknown = JSON.parse(JSON.stringify(record));
  return isObject(value as JsonValue) ? (value as JsonObject) : {};
}

function listOf(object: JsonObject, name: string): readonly JsonValue[] {
  const value = member(object, name);
  return value !== undefined && isArray(value) ? value : [];
}

const NOT_MIRRORED =
  "Indices in tap mode are not mirrored, whatever a rule says: there is nothing of theirs, or nothing recent, to ask ClickHouse. Give them the mode compare on the page Indices.";

function warningOf({ enabled, actions }: Rule): string {
  return enabled && actions.some((action) => action.kind === "backend" && action.backend !== "elasticsearch") ? NOT_MIRRORED : "";
}
