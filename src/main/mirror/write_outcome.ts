// What became of one write to an index, counted while its rows go in.
import { messageOf } from "../../shared/thrown.ts";
import { MirrorOverflow } from "./inserts.ts";
import { isPassing } from "./patience.ts";
import type { Row } from "./rows.ts";

export interface WriteOutcome {
  readonly indexed: number;
  readonly deleted: number;
  readonly notMirrored: number;
  readonly reason: string;
  /** True where all that failed may be tried again: a server was away, or too much waited. */
  readonly passing: boolean;
  /** Highest number by shard of what is mirrored. */
  readonly highest: ReadonlyMap<number, number>;
}

export class OutcomeCount implements WriteOutcome {
  readonly #told: (row: Row) => void;
  readonly highest = new Map<number, number>();
  indexed = 0;
  deleted = 0;
  notMirrored = 0;
  reason = "";
  passing = true;

  /** `written` is told of each row that ClickHouse has. */
  constructor(written: (row: Row) => void = () => {}) {
    this.#told = written;
  }

  /** ClickHouse has this row. */
  written(row: Row): void {
    this.#told(row);
    if (row.source === null) this.deleted += 1;
    else this.indexed += 1;
  }

  reached(shard: number, seqNo: number): void {
    if ((this.highest.get(shard) ?? -1) < seqNo) this.highest.set(shard, seqNo);
  }

  /** For good. */
  lose(count: number, reason: string): void {
    this.notMirrored += count;
    this.reason ||= reason;
    this.passing = false;
  }

  fail(count: number, error: unknown): void {
    this.notMirrored += count;
    this.reason ||= messageOf(error);
    this.passing &&= isPassing(error) || error instanceof MirrorOverflow;
  }

  /** The rest of so many documents failed. */
  failRest(of: number, error: unknown): void {
    this.fail(of - this.indexed - this.deleted, error);
  }
}
