// Which mode an index has: one that was chosen for it in the window, else the first rule of the configuration that means it, else
// the listener's. What is chosen is kept in a file of the data folder.
import { readFileSync } from "node:fs";
import { isObject, member, parseJson } from "../../shared/json.ts";
import type { Mode } from "../../shared/mode.ts";
import type { IndexRule, RouteInfo } from "../../shared/routing.ts";
import { messageOf } from "../../shared/thrown.ts";
import { replaceFile } from "../replace_file.ts";
import { isMode, type NamedIndex, type Rule, ruleOf } from "./rules.ts";

export interface RoutingOptions {
  /** The mode of what no rule means. */
  readonly listener: Mode;
  /** First match wins. */
  readonly rules?: readonly IndexRule[];
  /** Where choices are kept; null: nowhere. */
  readonly file?: string | null;
  /** Told when the file can't be read or written: choices then hold until the end. */
  readonly problem?: (message: string) => void;
}

export class Routing {
  listener: Mode;
  readonly #configured: readonly Rule[];
  readonly #file: string | null;
  readonly #problem: (message: string) => void;
  #chosen: readonly Rule[];

  constructor({ listener, rules = [], file = null, problem = () => {} }: RoutingOptions) {
    this.listener = listener;
    this.#configured = rules.map((rule) => ({ ...rule, from: "configuration" }));
    this.#file = file;
    this.#problem = problem;
    this.#chosen = this.#read();
  }

  /** All rules in the order in which they are tried; the last is the listener's. */
  get rules(): readonly Rule[] {
    return [...this.#chosen, ...this.#configured, this.#last];
  }

  /** True where every index has the listener's mode. */
  get plain(): boolean {
    return this.#chosen.length + this.#configured.length === 0;
  }

  ruleOf(index: NamedIndex, now = Date.now()): Rule {
    return this.plain ? this.#last : ruleOf([...this.#chosen, ...this.#configured], index, this.#last, now);
  }

  modeOf(index: NamedIndex): Mode {
    return this.ruleOf(index).mode;
  }

  /** The rules, each with those of `indices` that it is the rule of. */
  routes(indices: readonly NamedIndex[]): readonly RouteInfo[] {
    const { rules } = this;
    const now = Date.now();
    const own = Map.groupBy(indices, (index) => {
      const { pattern, from } = this.ruleOf(index, now);
      return rules.findIndex((rule) => rule.pattern === pattern && rule.from === from);
    });
    return rules.map((rule, at) => ({ ...rule, indices: (own.get(at) ?? []).map(({ name }) => name).toSorted() }));
  }

  /** True where some index may have this mode. */
  has(mode: Mode): boolean {
    return this.rules.some((rule) => rule.mode === mode);
  }

  /** True where nothing is mirrored or compared, whatever its index. */
  get onlyTap(): boolean {
    return !this.has("compare") && !this.has("clickhouse");
  }

  /** Gives one index, by its own name, a mode of its own; null: the rules say again. `kept`: beyond this run. */
  choose(name: string, mode: Mode | null, kept: boolean): void {
    const others = this.#chosen.filter(({ pattern }) => pattern !== name);
    this.#chosen = mode === null ? others : [...others, { pattern: name, mode, from: "window" }];
    if (kept) this.#write();
  }

  get #last(): Rule {
    return { pattern: "*", mode: this.listener, from: "listener" };
  }

  #read(): readonly Rule[] {
    if (this.#file === null) return [];
    try {
      const value = parseJson(readFileSync(this.#file, "utf8"));
      const indices = isObject(value) ? member(value, "indices") : undefined;
      if (!isObject(indices)) throw new Error('it has no object "indices"');
      return Object.entries(indices).flatMap(([pattern, mode]): readonly Rule[] =>
        isMode(mode) ? [{ pattern, mode, from: "window" }] : [],
      );
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      this.#problem(`${this.#file} can't be read, so no index has a mode of its own from before: ${messageOf(error)}`);
      return [];
    }
  }

  #write(): void {
    if (this.#file === null) return;
    const indices = Object.fromEntries(this.#chosen.map(({ pattern, mode }) => [pattern, mode]));
    try {
      replaceFile(this.#file, JSON.stringify({ indices }, null, 2));
    } catch (error) {
      this.#problem(`${this.#file} can't be written, so the modes of indices hold until the end of this run: ${messageOf(error)}`);
    }
  }
}
