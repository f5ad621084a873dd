// What the endpoint is started with.
import type { MessagePort } from "node:worker_threads";
import type { Answerer } from "./answerer.ts";
import type { ClientTls } from "./client_tls.ts";
import type { Sieve } from "./sieve.ts";
import type { WireLimits } from "./site.ts";
import type { Tap } from "./tap.ts";
import type { TlsTrust } from "./upstream.ts";

export interface ProxyOptions {
  /** http or https URL of Elasticsearch, or those of several nodes with commas between; may have user and password (used where the client sends none) and a path. */
  readonly upstream: string;
  /** 0: any free port. */
  readonly port: number;
  /** True: the start fails when the port is taken. @default false: the next free one is used */
  readonly exactPort?: boolean;
  readonly tap: Tap;
  /** Id of the first exchange. @default 1 */
  readonly firstId?: number;
  /** What ids are taken from instead, where several listeners share a tap (`countIds`). */
  readonly ids?: SharedArrayBuffer;
  /** Whose requests the intercept proxy hands on, shared with it (`shareHandedOn`). @default none */
  readonly handedOn?: SharedArrayBuffer;
  /** Whether exchanges are copied to the tap. @default true */
  readonly capture?: boolean;
  /** Asked for answers in the upstream's stead. */
  readonly answerer?: Answerer;
  /** Whether it is asked without being named by the request. @default false */
  readonly answering?: string | null;
  /** Requests that the answerer may change or hold, whoever answers them. @default none */
  readonly watch?: Sieve | null;
  /** Told of a watched request that passed without being looked at, and why. */
  readonly unwatched?: (exchange: number, why: string) => void;
  /** Whether so much waits of what was answered that the tap is to hear of it before the answerer is asked more. @default no */
  readonly crowded?: () => boolean;
  /** Keeps writes before they are forwarded. */
  readonly journal?: WriteJournal;
  /** Whether writes wait for it. @default true */
  readonly journalling?: boolean;
  /** Host names besides loopback's that clients may address. */
  readonly names?: readonly string[];
  readonly trust?: TlsTrust;
  /** What becomes of clients that speak TLS. @default null: they are refused */
  readonly clientTls?: ClientTls | null;
  readonly limits?: Partial<WireLimits>;
  /** Octets kept of a request's body; the rest passes uncopied. Of one that declares more, 1 MiB at most. @default 128 MiB */
  readonly requestLimit?: number;
  /** Octets kept of a response's body, likewise. @default 128 MiB */
  readonly responseLimit?: number;
  /** Octets of copies that may wait for the engine in memory; beyond it whole exchanges are missed. @default 256 MiB */
  readonly queueBytes?: number;
  /** Folder for copies that wait while the engine is behind. @default none: they wait in memory alone */
  readonly spool?: string;
  /** Told of faults of the proxy itself, in words. */
  readonly problem?: (message: string) => void;
}

/** Where writes are kept before their last octet is forwarded. */
export interface WriteJournal {
  /** A regular expression on `METHOD target` of the requests that are kept. */
  readonly writes: string;
  /** A port to it that speaks `ToJournal` and `FromJournal`, for one thread of the proxy's; to be given away. */
  connect(): MessagePort;
}

const MIB = 1024 * 1024;

/** A counter from which the threads of several listeners take the ids of their exchanges. */
export function countIds(first: number): SharedArrayBuffer {
  const counter = new SharedArrayBuffer(8);
  new BigInt64Array(counter)[0] = BigInt(first);
  return counter;
}

/** Where the intercept proxy's thread tells the endpoint's whose requests it hands on: Uint16, the client's port by its own. */
export function shareHandedOn(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * 65_536);
}

/** How many octets of copies are kept where the options don't say. */
export const COPY_LIMITS = { requestLimit: 128 * MIB, responseLimit: 128 * MIB, queueBytes: 256 * MIB } as const;
