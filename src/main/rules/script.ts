// A user's script and its worker. A hook that takes too long costs its exchange the change, and the worker its life; what waited behind
// it goes to the next worker. A file that changes is loaded anew beside the old one, which goes on until the new one is ready.

import { unwatchFile, watchFile } from "node:fs";
import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { MessageSide, ScriptFault, ScriptState } from "../../shared/rules.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { FromScript, ScriptCall, ScriptOutcome } from "./script_messages.ts";

export interface ScriptOptions {
  readonly limitMs: number;
  /** Told when what `state` says has changed. */
  readonly changed: () => void;
  /** Told of every fault, in words. */
  readonly fault: (message: string) => void;
}

/** What a hook did, or why the exchange goes on unchanged. */
export type Called = { readonly ok: true; readonly outcome: ScriptOutcome } | { readonly ok: false; readonly why: string };

const LOOK_MS = 500;
const LOAD_MS = 5_000;
const KEPT_FAULTS = 20;
const MEMORY_MB = 256;

interface Waiting {
  readonly call: ScriptCall;
  readonly settle: (called: Called) => void;
  /** Who has it; null: nobody yet. */
  worker: Worker | null;
  /** Its hook has begun. */
  timer: NodeJS.Timeout | null;
}

export class Script {
  readonly #options: ScriptOptions;
  #file = "";
  #state: ScriptState["state"] = "off";
  #loaded: Worker | null = null;
  #hooks: readonly MessageSide[] = [];
  #loading: Worker | null = null;
  #version = 0;
  #calls = 0;
  #failures = 0;
  #faults: readonly ScriptFault[] = [];
  #next = 1;
  readonly #waiting = new Map<number, Waiting>();

  constructor(options: ScriptOptions) {
    this.#options = options;
  }

  get state(): ScriptState {
    return {
      file: this.#file,
      state: this.#state,
      hooks: this.#hooks,
      limitMs: this.#options.limitMs,
      calls: this.#calls,
      failures: this.#failures,
      faults: this.#faults,
    };
  }

  /** Whether the script has that hook now. */
  has(hook: MessageSide): boolean {
    return this.#hooks.includes(hook);
  }

  /** Uses this module from now on; "" for none. Resolves when it is loaded or known not to be. */
  async use(file: string): Promise<void> {
    if (this.#file !== "") unwatchFile(this.#file, this.#look);
    this.#file = file;
    this.#faults = [];
    this.#calls = 0;
    this.#failures = 0;
    await this.#drop();
    if (file === "") {
      this.#turn("off");
      return;
    }
    this.#turn("loading");
    watchFile(file, { interval: LOOK_MS, persistent: false }, this.#look);
    await this.#load();
  }

  /** Calls a hook. Never rejects. */
  call(call: Omit<ScriptCall, "call">): Promise<Called> {
    if (this.#loaded === null && this.#state !== "loading") return Promise.resolve({ ok: false, why: "it is not loaded" });
    const number = this.#next;
    this.#next += 1;
    this.#calls += 1;
    return new Promise((settle) => {
      this.#waiting.set(number, { call: { ...call, call: number }, settle, worker: null, timer: null });
      this.#post();
    });
  }

  async close(): Promise<void> {
    await this.use("");
  }

  readonly #look = (): void => void this.#load();

  async #drop(): Promise<void> {
    const workers = [this.#loaded, this.#loading];
    this.#loaded = null;
    this.#loading = null;
    this.#hooks = [];
    this.#give("it was taken away");
    await Promise.all(workers.map((worker) => worker?.terminate()));
  }

  async #load(): Promise<void> {
    const file = this.#file;
    const found = await stat(file).catch(messageOf);
    if (file !== this.#file) return;
    if (typeof found === "string") {
      this.#failed(0, `${file} can't be read: ${found}`);
      if (this.#loaded !== null) return;
      this.#give("its file can't be read");
      this.#turn("failed");
      return;
    }
    this.#turn(this.#loaded === null ? "loading" : "running");
    // Another address each time, or the module would be the one that is known.
    this.#version += 1;
    const worker = new Worker(new URL("./script_worker.ts", import.meta.url), {
      name: "script",
      workerData: { url: `${pathToFileURL(file).href}?version=${this.#version}` },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      env: {},
    });
    await this.#loading?.terminate();
    this.#loading = worker;
    worker.unref();
    await this.#ready(worker, file);
  }

  /** Resolves when the worker has loaded the module, or will not. */
  #ready(worker: Worker, file: string): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(() => not(`${file} was not loaded within ${LOAD_MS / 1000} s`), LOAD_MS);
      const not = (message: string): void => {
        clearTimeout(late);
        resolve();
        if (this.#loading !== worker) return;
        this.#loading = null;
        void worker.terminate();
        // The one before it goes on.
        this.#failed(0, message);
        if (this.#loaded === null) this.#give("it could not be started");
        this.#turn(this.#loaded === null ? "failed" : "running");
      };
      worker.on("error", (error) =>
        this.#loading === worker ? not(`${file}: ${messageOf(error)}`) : this.#ended(worker, messageOf(error)),
      );
      worker.on("exit", () => (this.#loading === worker ? not(`${file} ended its thread`) : this.#ended(worker, "it ended its thread")));
      worker.on("message", (message: FromScript) => {
        if (message.kind === "not loaded") not(`${file}: ${message.message}`);
        else if (message.kind !== "loaded") this.#hear(message);
        else if (this.#loading === worker) {
          clearTimeout(late);
          this.#replace(worker, message.hooks);
          resolve();
        }
      });
    });
  }

  #replace(worker: Worker, hooks: readonly MessageSide[]): void {
    const before = this.#loaded;
    this.#loading = null;
    this.#loaded = worker;
    this.#hooks = hooks;
    this.#turn("running");
    this.#post();
    if (before === null) return;
    // What the old one has begun may end there.
    setTimeout(() => {
      void before.terminate();
      this.#left(before);
    }, this.#options.limitMs).unref();
  }

  #hear(message: Exclude<FromScript, { kind: "loaded" | "not loaded" }>): void {
    const waiting = this.#waiting.get(message.call);
    if (waiting === undefined) return;
    const { exchange, limit } = { exchange: waiting.call.id, limit: this.#options.limitMs };
    switch (message.kind) {
      case "begun":
        waiting.timer ??= setTimeout(() => this.#hung(message.call), limit);
        return;
      case "done":
        this.#settle(message.call, { ok: true, outcome: message.outcome });
        return;
      case "threw":
        this.#failed(exchange, `${waiting.call.hook}(exchange) threw: ${message.message}`);
        this.#settle(message.call, { ok: false, why: message.message });
    }
  }

  #hung(call: number): void {
    const waiting = this.#waiting.get(call);
    if (waiting === undefined || waiting.worker === null) return;
    const why = `${waiting.call.hook}(exchange) took longer than ${this.#options.limitMs} ms`;
    this.#failed(waiting.call.id, `${why}: its thread is started again`);
    this.#settle(call, { ok: false, why });
    this.#again(waiting.worker);
  }

  /** Its thread ended by itself. */
  #ended(worker: Worker, why: string): void {
    if (this.#loaded !== worker) return;
    this.#failed(0, `the script's thread ended: ${why}; it is started again`);
    this.#again(worker);
  }

  /** Starts the module on a new thread; what had not begun on this one goes there. */
  #again(worker: Worker): void {
    void worker.terminate();
    const used = this.#loaded === worker;
    if (used) {
      this.#loaded = null;
      this.#turn("loading");
    }
    this.#left(worker);
    if (used) void this.#load();
  }

  /** This worker ends: what it has begun is not waited for, what it has not goes to the next. */
  #left(worker: Worker): void {
    for (const [number, waiting] of [...this.#waiting]) {
      if (waiting.worker !== worker) continue;
      waiting.worker = null;
      if (waiting.timer !== null) this.#settle(number, { ok: false, why: "its thread was started again" });
    }
    this.#post();
  }

  /** Hands over what nobody has. */
  #post(): void {
    const worker = this.#loaded;
    if (worker === null) return;
    for (const waiting of this.#waiting.values()) {
      if (waiting.worker !== null) continue;
      waiting.worker = worker;
      if (this.#hooks.includes(waiting.call.hook)) worker.postMessage(waiting.call);
      else this.#settle(waiting.call.call, { ok: true, outcome: { request: null, response: null, notes: [] } });
    }
  }

  /** There is no worker, and none comes. */
  #give(why: string): void {
    for (const number of [...this.#waiting.keys()]) this.#settle(number, { ok: false, why });
  }

  #settle(number: number, called: Called): void {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) return;
    this.#waiting.delete(number);
    if (waiting.timer !== null) clearTimeout(waiting.timer);
    waiting.settle(called);
  }

  #failed(exchange: number, message: string): void {
    this.#failures += 1;
    this.#faults = [{ time: Date.now(), exchange, message }, ...this.#faults].slice(0, KEPT_FAULTS);
    this.#options.fault(`Script: ${message}`);
    this.#options.changed();
  }

  #turn(state: ScriptState["state"]): void {
    this.#state = state;
    this.#options.changed();
  }
}
