// How the window reaches the engine: one interface, over HTTP and server-sent events in a browser, over the preload's
// bridge in Electron. Nothing else in the window knows which of the two it is.
import type { AnswerOf, EventName, Events, Reply, RequestName, RequestOf } from "../../shared/contract.ts";

export type Listener<N extends EventName> = (data: Events[N]) => void;

export interface Transport {
  /**
   * Never rejects: an engine that can't be reached is a reply with the code `engine_unreachable`. `gone` says that nobody waits
   * for the answer any more: a browser has few connections, and others wait for them.
   */
  call<N extends RequestName>(name: N, request: RequestOf<N>, gone?: AbortSignal): Promise<Reply<AnswerOf<N>>>;
  /** Returns the function that unsubscribes. */
  on<N extends EventName>(event: N, listener: Listener<N>): () => void;
  /** Says now and at each change whether the engine is there. */
  onConnection(listener: (connected: boolean) => void): () => void;
}

/** What the preload exposes as `window.parallax`. */
export interface Bridge {
  call<N extends RequestName>(name: N, request: RequestOf<N>): Promise<Reply<AnswerOf<N>>>;
  on<N extends EventName>(event: N, listener: Listener<N>): () => void;
  /** Where a file lies; "" for one that lies nowhere. */
  pathOf(file: File): string;
}

declare global {
  interface Window {
    readonly parallax?: Bridge;
  }
}

export const UNREACHABLE = "engine_unreachable";

/** A reply for an engine that did not answer. */
export function unreachable(message: string): { readonly ok: false; readonly error: { readonly code: string; readonly message: string } } {
  return { ok: false, error: { code: UNREACHABLE, message } };
}
