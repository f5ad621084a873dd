// Which sequence numbers of one shard have been seen. Elasticsearch numbers every change of a shard without gaps, so a gap is
// a change that did not come through Parallax, or has not been handed over yet.

const MOST_APART = 1_000_000;

/** Numbers that have not been seen; both ends included. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export class Sequence {
  /** All up to here, inclusive, are known. */
  #upTo: number;
  #apart = new Set<number>();
  #highest: number;

  /** `upTo`: the last number that is known at the start; -1 for a shard from its birth. */
  constructor(upTo = -1) {
    this.#upTo = upTo;
    this.#highest = upTo;
  }

  add(seqNo: number): void {
    if (seqNo > this.#highest) this.#highest = seqNo;
    if (seqNo <= this.#upTo) return;
    if (seqNo !== this.#upTo + 1) {
      if (this.#apart.size < MOST_APART) this.#apart.add(seqNo);
      return;
    }
    this.#upTo = seqNo;
    while (this.#apart.delete(this.#upTo + 1)) this.#upTo += 1;
  }

  /** How many numbers below the highest seen have not been seen. */
  get missing(): number {
    return this.#highest - this.#upTo - this.#apart.size;
  }

  /** True when all up to `seqNo` are known. */
  covers(seqNo: number): boolean {
    return this.#upTo >= seqNo;
  }

  /** How many numbers up to `seqNo` have not been seen. */
  unseen(seqNo: number): number {
    if (seqNo >= this.#highest) return this.missing + seqNo - this.#highest;
    let unseen = Math.max(0, seqNo - this.#upTo);
    for (const apart of this.#apart) if (apart <= seqNo) unseen -= 1;
    return unseen;
  }

  /** Those up to `seqNo` that have not been seen, in ascending order. */
  gaps(seqNo: number): readonly Gap[] {
    const gaps: Gap[] = [];
    let from = this.#upTo + 1;
    for (const apart of [...this.#apart].toSorted((a, b) => a - b)) {
      if (apart > seqNo) break;
      if (apart > from) gaps.push({ from, to: apart - 1 });
      from = apart + 1;
    }
    if (from <= seqNo) gaps.push({ from, to: seqNo });
    return gaps;
  }

  /** -1 when nothing has been seen. */
  get highest(): number {
    return this.#highest;
  }

  /** The least number that has not been seen. */
  get firstUnseen(): number {
    return this.#upTo + 1;
  }

  /** True when nothing has been seen. */
  get empty(): boolean {
    return this.#highest === -1;
  }

  /** Takes all up to `seqNo` as known. */
  settle(seqNo: number): void {
    for (const apart of this.#apart) if (apart <= seqNo) this.#apart.delete(apart);
    this.#upTo = Math.max(this.#upTo, seqNo);
    this.#highest = Math.max(this.#highest, seqNo);
    while (this.#apart.delete(this.#upTo + 1)) this.#upTo += 1;
  }
}
