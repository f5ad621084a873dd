// What the engine and the intercept proxy's thread say to each other. Batches of copies cross as bare ArrayBuffers beside these.
import type { WireLimits } from "../site.ts";
import type { Spooled, SpoolPlace } from "../spool_writer.ts";
import type { WayOptions } from "./ways.ts";

/** Given to the thread when it starts. */
export interface InterceptStart extends Omit<WayOptions, "ownPorts"> {
  readonly port: number;
  readonly exactPort: boolean;
  /** Ports of ours beside this one that are not to be reached through it. */
  readonly ownPorts: readonly number[];
  /** Where the certificate authority is kept. */
  readonly folder: string;
  readonly limits: WireLimits;
  /** BigInt64: [the id of the next exchange]. */
  readonly ids: SharedArrayBuffer;
  /** As of the proxy's own thread. */
  readonly handedOn: SharedArrayBuffer;
  readonly queueBytes: number;
  readonly requestLimit: number;
  readonly responseLimit: number;
  /** As the proxy's own thread counts. */
  readonly counters: SharedArrayBuffer;
  /** As of the proxy's own thread. */
  readonly spool: SpoolPlace | null;
}

export interface ToIntercept {
  readonly kind: "stop";
  readonly drainMs: number;
}

export type FromIntercept =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "not listening"; readonly code: string; readonly message: string }
  | { readonly kind: "problem"; readonly message: string }
  | ({ readonly kind: "spooled" } & Spooled)
  | { readonly kind: "stopped" };
