// Messages that wait for someone: held in order, bounded in number, bytes and time, let go as they are or changed.
import type { HeldEdits, HeldMessage, HeldSummary, MessageSide } from "../../shared/rules.ts";
import { isText } from "../capture/coding.ts";
import { decoded, type RequestMessage, type ResponseMessage } from "./message.ts";

export interface HeldLimits {
  readonly count: number;
  readonly bytes: number;
  readonly ms: number;
}

const LIMITS: HeldLimits = { count: 100, bytes: 256 * 1024 * 1024, ms: 300_000 };

/** How a held message goes on. */
export type Released =
  | { readonly kind: "released"; readonly edits: HeldEdits | null }
  | { readonly kind: "aborted" }
  /** Nobody let it go in time. */
  | { readonly kind: "expired" }
  /** It was never held: too much is already. */
  | { readonly kind: "full" };

interface Held {
  readonly summary: HeldSummary;
  readonly message: RequestMessage | ResponseMessage;
  readonly end: (released: Released) => void;
}

export interface ToHold {
  readonly exchange: number;
  readonly side: MessageSide;
  readonly request: RequestMessage;
  readonly response: ResponseMessage | null;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
}

export class HeldMessages {
  readonly #changed: () => void;
  readonly #limits: HeldLimits;
  readonly #held = new Map<number, Held>();
  #bytes = 0;
  #next = 1;

  constructor(changed: () => void, limits: Partial<HeldLimits> = {}) {
    this.#changed = changed;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Oldest first. */
  list(): readonly HeldSummary[] {
    return [...this.#held.values()].map(({ summary }) => summary);
  }

  /** null: no longer held. */
  get(id: number): HeldMessage | null {
    const held = this.#held.get(id);
    if (held === undefined) return null;
    const body = decoded(held.message) ?? held.message.body;
    const encoding = isText(body) ? "utf8" : "base64";
    return { ...held.summary, headers: held.message.headers, body: Buffer.from(body).toString(encoding), encoding };
  }

  /** What is held, as it is; null when it is not any more. */
  message(id: number): RequestMessage | ResponseMessage | null {
    return this.#held.get(id)?.message ?? null;
  }

  /** Resolves when it may go on. */
  hold({ exchange, side, request, response, gone }: ToHold): Promise<Released> {
    const message = response ?? request;
    const bytes = message.body.byteLength;
    const { count, bytes: most, ms } = this.#limits;
    if (gone.aborted) return Promise.resolve({ kind: "aborted" });
    if (this.#held.size >= count || this.#bytes + bytes > most) return Promise.resolve({ kind: "full" });
    const id = this.#next;
    this.#next += 1;
    const since = Date.now();
    return new Promise((resolve) => {
      const end = (released: Released): void => {
        if (!this.#held.delete(id)) return;
        this.#bytes -= bytes;
        clearTimeout(timer);
        gone.removeEventListener("abort", left);
        this.#changed();
        resolve(released);
      };
      const left = (): void => end({ kind: "aborted" });
      const timer = setTimeout(() => end({ kind: "expired" }), ms);
      gone.addEventListener("abort", left);
      const { method, target } = request;
      const status = response === null ? null : response.status;
      const summary = { id, exchange, side, since, until: since + ms, method, path: target, status, bodyBytes: bytes };
      this.#held.set(id, { summary, message, end });
      this.#bytes += bytes;
      this.#changed();
    });
  }

  /** False when it is no longer held. */
  end(id: number, released: Released): boolean {
    const held = this.#held.get(id);
    held?.end(released);
    return held !== undefined;
  }

  /** Lets everything go as it is. */
  releaseAll(): number {
    const all = [...this.#held.values()];
    for (const { end } of all) end({ kind: "released", edits: null });
    return all.length;
  }
}
