// The watcher: a thread with inspector sessions on all others, so that a thread that is stuck is seen too, and so that what is recorded is
// not distorted by who records. One for the process.
import { Worker } from "node:worker_threads";
import type { WatcherAnswers, WatcherQuestion, WatcherReply } from "./watcher_messages.ts";

type AnyAnswer = WatcherAnswers[keyof WatcherAnswers];

interface Waiting {
  readonly settle: (answer: AnyAnswer) => void;
  readonly fail: (error: Error) => void;
}

/** The inspector keeps what it passes on outside of the heap; the thread's own is small. */
const FEW_OBJECTS = Object.freeze({ maxYoungGenerationSizeMb: 4 });

let running: Watcher | null = null;

/** The watcher, started if it does not run. It does not keep the process from ending. */
export function watcher(): Watcher {
  running ??= new Watcher(() => (running = null));
  return running;
}

/** Ends its sessions, and what was recorded by them: a process that ends with one of them says that it waits for a debugger. */
export async function endWatcher(): Promise<void> {
  await running?.end();
}

class Watcher {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor(ended: () => void) {
    this.#worker = new Worker(new URL("./watcher_thread.ts", import.meta.url), { name: "watcher", resourceLimits: FEW_OBJECTS });
    this.#worker.unref();
    this.#worker.on("message", (message: WatcherReply) => this.#hear(message));
    this.#worker.on("error", (error) => {
      ended();
      this.#fail(error);
    });
    this.#worker.on("exit", () => {
      ended();
      this.#fail(new Error("it has ended"));
    });
  }

  /** Rejects with what kept it from answering. */
  ask<K extends keyof WatcherAnswers>(question: WatcherQuestion & { readonly kind: K }): Promise<WatcherAnswers[K]>;
  ask(question: WatcherQuestion): Promise<AnyAnswer> {
    const reply = this.#next;
    this.#next += 1;
    this.#worker.ref();
    return new Promise((settle, fail) => {
      this.#waiting.set(reply, { settle, fail });
      this.#worker.postMessage({ reply, question });
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(message: WatcherReply): void {
    const waiting = this.#waiting.get(message.reply);
    this.#waiting.delete(message.reply);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("error" in message) waiting?.fail(new Error(message.error));
    else waiting?.settle(message.answer);
  }

  #fail(error: Error): void {
    for (const { fail } of this.#waiting.values()) fail(new Error(`The watcher's thread failed: ${error.message}`));
    this.#waiting.clear();
  }
}
