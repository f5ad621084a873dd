// What the engine and the journal's thread say to each other. The proxy's thread has a port of its own (proxy/journal_entry.ts).
import type { MessagePort } from "node:worker_threads";

export interface JournalStart {
  readonly file: string;
  readonly capBytes: number;
}

/** A write as it is kept. */
export interface JournalRow {
  readonly row: number;
  /** Id of its exchange in the session; 0 when that was another run's. */
  readonly exchange: number;
  /** Start of the request, epoch ms. */
  readonly time: number;
  readonly head: Uint8Array;
  /** Transfer coding undone; null where the journal had no room for it. */
  readonly body: Uint8Array | null;
  /** null where none came. */
  readonly answer: { readonly time: number; readonly head: Uint8Array; readonly body: Uint8Array | null } | null;
}

/** Documents of one index that are not mirrored. */
export interface Gap {
  readonly index: string;
  readonly documents: number;
  readonly reason: string;
  /** Epoch ms. */
  readonly since: number;
}

export interface JournalCounts {
  readonly rows: number;
  readonly bytes: number;
  /** "" or why writes are not kept now. */
  readonly problem: string;
}

export type ToJournalThread =
  | { readonly kind: "connect"; readonly port: MessagePort }
  /** Which cluster answers at `upstream` from now on; "" while that is not known. */
  | { readonly kind: "cluster"; readonly upstream: string; readonly uuid: string }
  | { readonly kind: "done"; readonly exchange: number }
  | { readonly kind: "settled"; readonly rows: readonly number[]; readonly doubt: boolean }
  | { readonly kind: "gap"; readonly cluster: string; readonly gaps: readonly Gap[] }
  | { readonly kind: "filled"; readonly cluster: string; readonly index: string; readonly documents: number }
  | ({ readonly reply: number } & JournalQuestion);

export type JournalQuestion =
  /** The engine lets go of a write: it is to be taken from here, or, with `doubt`, Elasticsearch has to be asked what it changed. */
  | { readonly kind: "leave"; readonly exchange: number; readonly doubt: boolean }
  /** Writes of a cluster that were answered and are in nobody's hands, oldest first, about so many octets. */
  | { readonly kind: "take"; readonly cluster: string; readonly bytes: number }
  /** Writes of a cluster whose outcome Elasticsearch has to be asked for, oldest first from after a row on, about so many octets. */
  | { readonly kind: "doubts"; readonly cluster: string; readonly upstream: string; readonly after: number; readonly bytes: number }
  | { readonly kind: "gaps"; readonly cluster: string }
  | { readonly kind: "stop" };

/** `thin`: without the bodies, for which there was no room; `counted`: but its documents are counted as gaps. `unknown`: it was not kept. */
export type Left = "whole" | "thin" | "counted" | "unknown";

export interface JournalAnswers {
  readonly leave: Left;
  readonly take: readonly JournalRow[];
  readonly doubts: readonly JournalRow[];
  readonly gaps: readonly Gap[];
  readonly stop: null;
}

export type FromJournalThread =
  | { readonly kind: "open"; readonly problem: string; readonly rows: number }
  | { readonly kind: "answered"; readonly exchanges: readonly number[] }
  | { readonly kind: "broken"; readonly exchange: number }
  | { readonly kind: "unsent"; readonly exchange: number }
  | ({ readonly kind: "counts" } & JournalCounts)
  | { readonly kind: "reply"; readonly reply: number; readonly answer: JournalAnswers[keyof JournalAnswers] };
