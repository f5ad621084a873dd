// Replies on their way to the proxy's thread: those that are ready in one turn go as one message, since waking a thread costs more than
// most answers do.
import type { Transferable } from "node:worker_threads";
import type { PrintedReply } from "./asks.ts";
import type { ToThread } from "./thread_messages.ts";

export interface SettledAsk extends PrintedReply {
  readonly ask: number;
}

export class Replies {
  readonly #tell: (message: ToThread, transferList: readonly Transferable[]) => void;
  #ready: SettledAsk[] = [];

  /** `tell`: tells the thread that asked. */
  constructor(tell: (message: ToThread, transferList: readonly Transferable[]) => void) {
    this.#tell = tell;
  }

  add(reply: SettledAsk): void {
    if (this.#ready.length === 0) setImmediate(() => this.#send());
    this.#ready.push(reply);
  }

  #send(): void {
    const replies = this.#ready;
    this.#ready = [];
    const buffers = replies.flatMap(({ bytes }) => (bytes === null ? [] : [bytes.buffer]));
    this.#tell({ kind: "replies", replies }, buffers);
  }
}
