// What the session file takes and gives. One SQLite file holds a session; everything here is plain data, times are epoch ms.
import type { BodySide } from "../../shared/contract.ts";
import type { ExchangeDetail, Verdict } from "../../shared/exchange.ts";
import type { Packed } from "./coding.ts";
import type { LargeSide } from "./large_bodies.ts";

/** Why a session can't be opened or written, for the banner. `message` says what happened, to which file, what to do. */
export interface SessionProblem {
  readonly code: "corrupt" | "not_a_session" | "newer_version" | "unreadable" | "full" | "read_only";
  readonly message: string;
}

export interface SessionOptions {
  /** Opens a session to look at: nothing is ever written to it. @default false */
  readonly readOnly?: boolean;
  /** Space that the session may take on disk; past it the oldest unpinned exchanges go. @default 2 GiB */
  readonly capBytes?: number;
  /** SQLite itself refuses to grow past this: what a full disk looks like. @default twice capBytes and 256 MiB */
  readonly hardLimitBytes?: number;
  /**
   * What becomes of a damaged file: renamed to `FILE.corrupt-TIME` and begun anew (right for the app's own session), or
   * refused and left alone (right for a file that a person chose). A read-only session always refuses. @default "quarantine"
   */
  readonly onCorrupt?: "quarantine" | "refuse";
  /** Told once when writing stops or a file was quarantined, and with null when writing works again. */
  readonly onProblem?: (problem: SessionProblem | null) => void;
  /** Told, in words, of a record that can't be written: it is counted as missed. */
  readonly onFault?: (message: string) => void;
}

/** Bodies as they went by: content coding kept (it is undone when read), transfer coding undone. Absent: left as it is. */
export interface CapturedBodies {
  readonly request?: Uint8Array;
  readonly elasticsearch?: Uint8Array;
  /** Only where the answer is not already in the search parts. */
  readonly clickhouse?: Uint8Array;
  /** The request as it went on, where that is another body. */
  readonly sent?: Uint8Array;
  /** The answer as Elasticsearch gave it, where that is another body. */
  readonly given?: Uint8Array;
  /** The content coding of the answers was undone already, whatever their headers say. */
  readonly answersDecoded?: true;
}

/** Bodies as they are written: large ones are packed before. */
export type BodiesToWrite = {
  readonly [K in keyof CapturedBodies]: CapturedBodies[K] | (K extends LargeSide ? Packed : never);
};

/** What an exchange gets later: its answer, its verdict, its searches. Members given replace the stored ones whole. */
export type ExchangePatch = Partial<Omit<ExchangeDetail, "id">>;

export interface ListQuery {
  readonly filter?: Filter;
  /** @default 200; at most 5000 */
  readonly limit?: number;
  /** Only exchanges with a smaller id. */
  readonly before?: number;
  /** Only exchanges with a larger id; the answer's `total` counts those of its page then. */
  readonly after?: number;
  /** The oldest first. @default false */
  readonly oldestFirst?: boolean;
}

/** A compiled filter: a condition over the session's tables with bound parameters. Made by `compileFilter`. */
export interface Filter {
  readonly text: string;
  readonly where: string;
  /** The same for an exchange at hand: where `where` goes by an index, this looks at the exchange. It has the same parameters. */
  readonly each: string;
  readonly parameters: readonly (string | number)[];
  /** True when bodies or headers are read: such a list works through the session in slices of time. */
  readonly scans: boolean;
}

/** Where a filter's text stops making sense. `position` counts UTF-16 units from its start. */
export interface FilterError {
  readonly position: number;
  readonly length: number;
  /** What is wrong and what would fit there. */
  readonly message: string;
}

export type FilterResult = { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly error: FilterError };

/** A slice of a body with its content coding undone, or with a note why it could not be undone. */
export interface BodySlice {
  readonly text: string;
  readonly encoding: "utf8" | "base64";
  readonly totalBytes: number;
  /** Offset of the next slice; null at the end. */
  readonly next: number | null;
}

export interface SessionStats {
  readonly exchanges: number;
  /** Exchanges that could not be written: disk full, or everything under the cap pinned. */
  readonly missed: number;
  /** Exchanges that made way for newer ones since the start, the cap being reached; absent: none. */
  readonly forgotten?: number;
  /** Bytes in use in the file; freed pages are not counted. */
  readonly bytes: number;
}

export type { BodySide, ExchangeDetail, Verdict };
