// What all connections of one listener share: where requests go, what is refused, what is copied.
import type { Asks } from "./asks.ts";
import type { Copied, CopyWriter } from "./copy.ts";
import type { Guard } from "./guard.ts";
import type { JournalDesk, JournalEntry } from "./journal_entry.ts";
import type { Nodes } from "./nodes.ts";

/** Bounds of the wire. Everything else is left to the two ends. */
export interface WireLimits {
  /** Octets of one message's head. */
  readonly headBytes: number;
  /** From a head's first octet to its last, ms. */
  readonly headMs: number;
  /** For the upstream to take a connection, ms. */
  readonly connectMs: number;
  /** Client connections at once. */
  readonly connections: number;
  /** Requests on one connection that wait for their answer (pipelining). */
  readonly pipelined: number;
  /** For the engine to answer a request or to pass it on, ms. It keeps a shorter limit itself: this one is for when it is stuck. */
  readonly answerMs: number;
  /** Octets of a request that the engine is asked to answer; a longer one passes. */
  readonly askedBytes: number;
  /** For the journal to keep a write before its last octet leaves, ms; then it leaves all the same. */
  readonly journalMs: number;
}

export const WIRE_LIMITS: WireLimits = {
  headBytes: 64 * 1024,
  headMs: 30_000,
  connectMs: 10_000,
  connections: 10_000,
  pipelined: 64,
  answerMs: 45_000,
  askedBytes: 32 * 1024 * 1024,
  journalMs: 2_000,
};

export interface Site {
  nodes: Pick<Nodes, keyof Nodes>;
  capturing: boolean;
  /** Requests that the engine sends again, since they ask for their profile: the ports that they come from, and the ids of their exchanges. */
  readonly repeats: Map<number, number>;
  /** The id of the next exchange; no other listener gives it too. */
  readonly takeId: () => number;
  /** Whose requests come from a port: its own client's, or where the intercept proxy stands in between, that one's. */
  readonly clientOf: (port: number) => number;
  /** Tells the endpoint whose requests come from a port of ours, 0 once no more do. Only the intercept proxy hands any on. */
  readonly handsOn?: (port: number, clientPort: number) => void;
  /** Where this listener listens. */
  port: number;
  /** Asked first of all: where requests have destinations of their own, it chooses them. */
  readonly guard: Pick<Guard, keyof Guard>;
  /** Requests have destinations of their own: no two of several may be under way on one connection. */
  readonly forwards?: boolean;
  readonly limits: WireLimits;
  readonly copy: Pick<CopyWriter, keyof CopyWriter>;
  readonly asks: Asks;
  readonly journal: JournalDesk;
  /** Tells that a watched request passed without being looked at. */
  readonly unwatched: (exchange: number, why: string) => void;
  /** Reports a fault of the proxy's own. */
  readonly problem: (message: string) => void;
}

/** One request on its way and what its connection must remember until it is answered. */
export interface Passing extends Copied {
  readonly isHead: boolean;
  readonly upgrades: boolean;
  readonly expectsContinue: boolean;
  /** The client asked for the connection to end after the answer. */
  readonly closes: boolean;
  requestDone: boolean;
  /** What the journal is told of it; null for all but writes. */
  journal: JournalEntry | null;
  /** The final answer's head has gone to the client. */
  answerBegun: boolean;
  /** Header lines that the upstream's answer gets beside its own, each with its line end; "" for none. */
  added: string;
}
