// What the engine and the proxy's thread say to each other. Batches of copies cross as bare ArrayBuffers beside these.
import type { MessagePort } from "node:worker_threads";
import type { Asked } from "./asks.ts";
import type { ClientTls } from "./client_tls.ts";
import type { CopyPlace } from "./copy.ts";
import type { SettledAsk } from "./replies.ts";
import type { Sieve } from "./sieve.ts";
import type { WireLimits } from "./site.ts";
import type { Spooled, SpoolPlace } from "./spool_writer.ts";
import type { TlsTrust } from "./upstream.ts";

/** Given to the thread when it starts. */
export interface ThreadStart {
  /** URLs, with commas between. */
  readonly upstream: string;
  readonly trust: TlsTrust;
  readonly port: number;
  readonly exactPort: boolean;
  readonly names: readonly string[];
  readonly limits: WireLimits;
  readonly capturing: boolean;
  /** Requests that the engine may be asked to answer (Answerer.asks); null: none. */
  readonly asks: string | null;
  /** Whether the engine gives requests their own profile. */
  readonly profiles: boolean;
  /** Whether it is asked without being named by the request. */
  readonly answering: string | null;
  /** Requests that may be changed or held; null: none. */
  readonly watch: Sieve | null;
  /** Requests that wait for the journal, and the port to it; null: none. */
  readonly journal: { readonly pattern: string; readonly port: MessagePort } | null;
  readonly journalling: boolean;
  /** BigInt64: [the id of the next exchange]. */
  readonly ids: SharedArrayBuffer;
  /** Uint16: ports of the intercept proxy's clients by its own; 0 for those that are not its. */
  readonly handedOn: SharedArrayBuffer;
  readonly queueBytes: number;
  readonly requestLimit: number;
  readonly responseLimit: number;
  /** What becomes of clients that speak TLS; null: they are refused. */
  readonly clientTls: ClientTls | null;
  /** Int32, by the places in copy_format.ts. */
  readonly counters: SharedArrayBuffer;
  /** Where copies are put while the engine is behind; null: nowhere. */
  readonly spool: SpoolPlace | null;
}

export type ToThread =
  | { readonly kind: "upstream"; readonly url: string; readonly reply: number }
  /** Requests go to this one of the upstream's URLs. */
  | { readonly kind: "prefer"; readonly place: number }
  | { readonly kind: "capture"; readonly on: boolean; readonly reply: number }
  | { readonly kind: "answering"; readonly pattern: string | null; readonly reply: number }
  | { readonly kind: "watch"; readonly sieve: Sieve | null; readonly reply: number }
  /** The engine works on what it was asked for as long as it needs. */
  | { readonly kind: "taken"; readonly ask: number }
  /** The engine sends an exchange again from this port; null: it does not after all. */
  | { readonly kind: "repeat"; readonly port: number; readonly exchange: number | null; readonly reply: number }
  | { readonly kind: "journalling"; readonly on: boolean; readonly reply: number }
  | { readonly kind: "replies"; readonly replies: readonly SettledAsk[] }
  | { readonly kind: "stop"; readonly drainMs: number };

export type FromThread =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "not listening"; readonly code: string; readonly message: string }
  | { readonly kind: "done"; readonly reply: number }
  | ({ readonly kind: "asks"; readonly asked: readonly Asked[] } & CopyPlace)
  /** Nobody waits for that reply any more. */
  | { readonly kind: "forgotten"; readonly ask: number }
  /** A watched request passed without being looked at. */
  | { readonly kind: "unwatched"; readonly exchange: number; readonly why: string }
  | { readonly kind: "problem"; readonly message: string }
  /** Batches lie in a file. */
  | ({ readonly kind: "spooled" } & Spooled)
  | { readonly kind: "stopped" };
