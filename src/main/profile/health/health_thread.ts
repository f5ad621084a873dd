// The health thread as the engine has it. The thread checks /api/health, writes node_health.log and stack traces, and hears SIGUSR1 and
// `parallax stacktrace`, all of it while the main thread may be stuck.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { HealthCheck } from "../../../shared/health.ts";
import { childNode } from "../../child_node.ts";
import type { Log } from "../../report/log.ts";
import { within } from "../../time_limit.ts";
import type { Backends } from "../stacks/stack_trace.ts";
import type { FromHealthThread, HealthThreadStart, ToHealthThread } from "./messages.ts";

export interface HealthThreadOptions {
  readonly data: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly log: Log;
  /** `last` or `pid` is another. */
  readonly changed: () => void;
}

/** Who is asked for its health, and what a stack trace says of it. */
export type Checked = Pick<HealthThreadStart, "interface" | "nodeId" | "version">;

const STOP_MS = 1_000;
/** Beyond what a stack trace may take. */
const TAKE_MS = 15_000;
/** It has few objects, and may live for months. */
const FEW_OBJECTS = Object.freeze({ maxYoungGenerationSizeMb: 4 });

export class HealthThread {
  /** What was found last; null before the first check is over. */
  last: HealthCheck | null = null;
  /** The process that takes SIGUSR1. */
  pid = Number(process.env.PARALLAX_LAUNCHER ?? process.pid);
  readonly #options: HealthThreadOptions;
  readonly #replies = new Map<number, (page: string) => void>();
  #worker: Worker | null = null;
  #backends: Backends | null = null;
  #nextReply = 1;

  constructor(options: HealthThreadOptions) {
    this.#options = options;
  }

  /** To be called by the one that holds the data folder. */
  start(checked: Checked): void {
    const { data, intervalMs, timeoutMs, log } = this.#options;
    const pipe = process.env.PARALLAX_SIGNAL_PIPE;
    const workerData: HealthThreadStart = {
      ...checked,
      data,
      logs: join(data, "logs"),
      intervalMs,
      timeoutMs,
      signalPipe: pipe === undefined ? null : Number(pipe),
      node: childNode(),
    };
    const worker = new Worker(new URL("./thread.ts", import.meta.url), { name: "health", workerData, resourceLimits: FEW_OBJECTS });
    this.#worker = worker;
    worker.on("message", (message: FromHealthThread) => this.#hear(message));
    worker.on("error", (error) => log.write("error", `The health thread failed, stack traces can't be had any more: ${error.message}`));
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = null;
    });
    if (this.#backends !== null) this.#tell({ kind: "backends", backends: this.#backends });
  }

  /** How the backends are reached from now on. */
  reach(backends: Backends): void {
    this.#backends = backends;
    this.#tell({ kind: "backends", backends });
  }

  /** Checks at once: a backend came or went. */
  look(): void {
    this.#tell({ kind: "look" });
  }

  /** The page of a stack trace that is taken now. Rejects where the thread does not run. */
  async take(why: string): Promise<string> {
    if (this.#worker === null) throw new Error("The thread that takes stack traces does not run; logs/parallax.log says why.");
    const reply = this.#nextReply;
    this.#nextReply += 1;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#replies.set(reply, resolve);
    this.#tell({ kind: "take", reply, why });
    let page: string | null = null;
    await within(
      promise.then((taken) => (page = taken)),
      TAKE_MS,
    );
    this.#replies.delete(reply);
    if (page === null) throw new Error(`No stack trace could be taken within ${TAKE_MS / 1000} s.`);
    return page;
  }

  /** The engine is ending: what it answers now says nothing. Stack traces can still be had. */
  ending(): void {
    this.#tell({ kind: "ending" });
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const stopped = new Promise<void>((resolve) => {
      worker.on("message", (message: FromHealthThread) => message.kind === "stopped" && resolve());
      worker.on("exit", () => resolve());
    });
    this.#tell({ kind: "stop" });
    await within(stopped, STOP_MS);
    this.#worker = null;
    await worker.terminate();
  }

  #tell(message: ToHealthThread): void {
    this.#worker?.postMessage(message);
  }

  #hear(message: FromHealthThread): void {
    const { log, changed } = this.#options;
    switch (message.kind) {
      case "watchdog":
        this.pid = message.pid;
        changed();
        break;
      case "checked": {
        const other = this.last?.state !== message.check.state;
        this.last = message.check;
        if (other) changed();
        break;
      }
      case "taken":
        this.#replies.get(message.reply)?.(message.page);
        break;
      case "kept":
        log.write("warn", `A stack trace is in ${message.file}. ${message.why}`);
        break;
      case "problem":
        log.write("warn", message.message);
        break;
      case "stopped":
    }
  }
}
