// When each side had the documents that were written last: Elasticsearch's acknowledgement, and ClickHouse's insert. A ring in memory,
// of this run alone: a pair of columns would cost each table 16 bytes a row before compression, and each insert the time to write them.
import type { LedgerEntry } from "../../shared/index_info.ts";

/** 30 bytes each. */
const CAPACITY = 131_072;

export interface Recorded {
  readonly index: string;
  readonly shard: number;
  readonly seqNo: number;
  /** Epoch ms. */
  readonly acknowledged: number;
  readonly mirrored: number;
}

export class Ledger {
  readonly #capacity: number;
  readonly #numbers = new Map<string, number>();
  readonly #index: Uint32Array;
  readonly #shard: Uint16Array;
  readonly #seqNo: Float64Array;
  readonly #acknowledged: Float64Array;
  readonly #mirrored: Float64Array;
  #written = 0;

  /** Keeps the last `capacity` documents of all indices. */
  constructor(capacity: number = CAPACITY) {
    this.#capacity = capacity;
    this.#index = new Uint32Array(capacity);
    this.#shard = new Uint16Array(capacity);
    this.#seqNo = new Float64Array(capacity);
    this.#acknowledged = new Float64Array(capacity);
    this.#mirrored = new Float64Array(capacity);
  }

  record({ index, shard, seqNo, acknowledged, mirrored }: Recorded): void {
    const at = this.#written % this.#capacity;
    this.#index[at] = this.#numberOf(index);
    this.#shard[at] = shard;
    this.#seqNo[at] = seqNo;
    this.#acknowledged[at] = acknowledged;
    this.#mirrored[at] = mirrored;
    this.#written += 1;
  }

  /** The last documents of an index, newest first. */
  of(index: string, limit: number): readonly LedgerEntry[] {
    const number = this.#numbers.get(index);
    const entries: LedgerEntry[] = [];
    const oldest = Math.max(0, this.#written - this.#capacity);
    for (let i = this.#written - 1; i >= oldest && entries.length < limit; i -= 1) {
      const at = i % this.#capacity;
      if (this.#index[at] !== number) continue;
      const [acknowledged = 0, mirrored = 0] = [this.#acknowledged[at], this.#mirrored[at]];
      entries.push({
        shard: this.#shard[at] ?? 0,
        seq_no: this.#seqNo[at] ?? 0,
        acknowledged: new Date(acknowledged).toISOString(),
        mirrored: new Date(mirrored).toISOString(),
        seconds: Math.max(0, mirrored - acknowledged) / 1000,
      });
    }
    return entries;
  }

  #numberOf(index: string): number {
    const known = this.#numbers.get(index);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(index, number);
    return number;
  }
}
