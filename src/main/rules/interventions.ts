// Rules, script and breakpoints as the window and the API change them, and which requests they have to do with.
import type { JsonValue } from "../../shared/json.ts";
import type { HeldEdits, HeldMessage, Rule, RulesState } from "../../shared/rules.ts";
import type { AskedRequest, Reply, Waiting } from "../proxy/answerer.ts";
import type { Sieve } from "../proxy/sieve.ts";
import type { Backends } from "./backends.ts";
import { HeldMessages } from "./breakpoints.ts";
import { editRequest, editResponse, editsOf } from "./edits.ts";
import { Passage } from "./passage.ts";
import { RuleBook } from "./rule_book.ts";
import { Script } from "./script.ts";

export interface InterventionsOptions {
  /** Where the window's rules are kept. */
  readonly file: string;
  readonly rules: readonly Rule[];
  /** A script of the configuration; "" for the one that was chosen in the window, if any. */
  readonly script: string;
  readonly scriptLimitMs: number;
  /** Whether some indices are in tap mode. @default none */
  readonly taps?: () => boolean;
  /** Other requests are to be watched. */
  readonly watchChanged: (sieve: Sieve | null) => void;
  /** What `state` says has changed. */
  readonly changed: () => void;
  readonly log: (message: string) => void;
}

export class Interventions {
  readonly #options: InterventionsOptions;
  readonly #book: RuleBook;
  readonly #script: Script;
  readonly #held: HeldMessages;
  readonly #passage: Passage;
  #closing = false;

  constructor(options: InterventionsOptions) {
    this.#options = options;
    this.#book = new RuleBook(options.file, options.rules);
    if (this.#book.problem !== "") options.log(this.#book.problem);
    const changed = (): void => {
      options.watchChanged(this.sieve);
      options.changed();
    };
    this.#script = new Script({ limitMs: options.scriptLimitMs, changed, fault: options.log });
    this.#held = new HeldMessages(options.changed);
    const { log } = options;
    this.#passage = new Passage({ book: this.#book, script: this.#script, held: this.#held, changed: options.changed, log });
  }

  /** Loads the script. Never rejects. */
  async start(): Promise<void> {
    await this.#script.use(this.#options.script || this.#book.script);
  }

  /** Lets everything go that is held, and ends the script's thread. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#passage.holds = false;
    this.#held.releaseAll();
    await this.#script.close();
  }

  get state(): RulesState {
    const breakpoints = this.#book.breakpoints.map(({ breakpoint }) => breakpoint);
    return { rules: this.#book.list(this.#options.taps?.() ?? false), script: this.#script.state, breakpoints, held: this.#held.list() };
  }

  /** "" or what is wrong with the rules, for the banner. */
  get problem(): string {
    return this.#book.problem;
  }

  /** Which requests are to be looked at; null: none. */
  get sieve(): Sieve | null {
    const rules = this.#book.rules.filter(({ rule }) => rule.enabled).map(({ match }) => match.sieve);
    const breakpoints = this.#book.breakpoints.filter(({ breakpoint }) => breakpoint.enabled).map(({ match }) => match.sieve);
    const script: readonly Sieve[] = this.#script.state.file === "" ? [] : [{ kind: "known", is: true }];
    const all = [...rules, ...breakpoints, ...script];
    return all.length === 0 || this.#closing ? null : { kind: "any", of: all };
  }

  /** Adds or replaces a rule. Throws BadRule. */
  putRule(rule: JsonValue): void {
    this.#book.put(rule);
    this.#tell();
  }

  /** False when there is none. Throws BadRule. */
  removeRule(id: string): boolean {
    const removed = this.#book.remove(id);
    this.#tell();
    return removed;
  }

  /** As `putRule`. */
  putBreakpoint(breakpoint: JsonValue): void {
    this.#book.putBreakpoint(breakpoint);
    this.#tell();
  }

  removeBreakpoint(id: string): boolean {
    const removed = this.#book.removeBreakpoint(id);
    this.#tell();
    return removed;
  }

  /** Uses another module; "" for none. Resolves when it is loaded, or known not to be. */
  async useScript(file: string): Promise<void> {
    this.#book.script = file;
    await this.#script.use(file);
    this.#tell();
  }

  heldMessage(id: number): HeldMessage | null {
    return this.#held.get(id);
  }

  /** Lets a held message go on. "" or why the edits can't be used: then it stays held. */
  release(id: number, edits: HeldEdits | null): string {
    const held = this.#held.message(id);
    if (held === null) return "It is not held any more: it went on by itself, or its client has left.";
    if (edits !== null) {
      const edited = "target" in held ? editRequest(held, editsOf(edits)) : editResponse(held, editsOf(edits));
      if (!edited.ok) return `This can't be sent: ${edited.problem}.`;
    }
    this.#held.end(id, { kind: "released", edits });
    return "";
  }

  /** False when it is not held any more. */
  abort(id: number): boolean {
    return this.#held.end(id, { kind: "aborted" });
  }

  releaseAll(): number {
    return this.#held.releaseAll();
  }

  /** Answers a watched request, or lets it pass. Never rejects. */
  handle(request: AskedRequest, waiting: Waiting, backends: Backends): Promise<Reply> {
    return this.#passage.handle(request, waiting, backends);
  }

  #tell(): void {
    this.#options.watchChanged(this.sieve);
    this.#options.changed();
  }
}
