// Segments of consecutive exchanges. What is worked out of each is kept until something in it is written or taken away, so that a
// session of a million exchanges is not summed anew for the few that came since.
import type { DatabaseSync } from "node:sqlite";
import type { Filter } from "./types.ts";

const SEGMENT_EXCHANGES = 2048;
/** Exchanges that one statement asks JavaScript about, at most: all that it is given is held until the statement ends. */
const WINDOW_EXCHANGES = 65_536;

type Window = readonly [from: number, before: number];

/** The windows of ids, so wide, that hold exchanges. */
function* windows(db: DatabaseSync, width: number): Generator<Window> {
  const next = db.prepare("SELECT min(id) AS id FROM exchanges WHERE id >= ?");
  let from = 0;
  for (;;) {
    const id = next.get(from)?.id ?? null;
    if (id === null) return;
    const first = Math.floor(Number(id) / width) * width;
    from = first + width;
    yield [first, from];
  }
}

/** Whether a filter asks JavaScript about exchanges one by one. */
export function asksOfEach({ where }: Filter): boolean {
  return where.includes("matches(");
}

/** The windows of ids that a filter is tried on, one after the other, to go through all exchanges. */
export function windowsOf(db: DatabaseSync, filter: Filter): readonly Window[] {
  return asksOfEach(filter) ? [...windows(db, WINDOW_EXCHANGES)] : [[0, Number.MAX_SAFE_INTEGER]];
}

/** Which segments were changed, and in which order. */
export class SegmentChanges {
  /** The number of a segment's last change, the latest at the end. */
  readonly #numbers = new Map<number, number>();
  #latest = 0;

  /** The number of the latest change; 0 before the first. */
  get latest(): number {
    return this.#latest;
  }

  mark(segments: Iterable<number>): void {
    for (const segment of segments) {
      this.#latest += 1;
      this.#numbers.delete(segment);
      this.#numbers.set(segment, this.#latest);
    }
  }

  markExchanges(ids: readonly number[]): void {
    this.mark(new Set(ids.map((id) => Math.floor(id / SEGMENT_EXCHANGES))));
  }

  /** The segments that were changed after a change. */
  since(number: number): readonly number[] {
    if (number === this.#latest) return [];
    return [...this.#numbers].flatMap(([segment, at]) => (at > number ? [segment] : []));
  }
}

/** What is worked out of each segment: `T`, or null where there is nothing in it. */
export class KeptBySegment<T> {
  readonly #db: DatabaseSync;
  readonly #changes: SegmentChanges;
  readonly #workOut: (from: number, before: number) => T | null;
  readonly #kept = new Map<number, T>();
  /** The change up to which all is known; null when nothing is. */
  #asOf: number | null = null;

  /** `workOut` is given the ids of a segment's exchanges: from the first on, before the second. */
  constructor(db: DatabaseSync, changes: SegmentChanges, workOut: (from: number, before: number) => T | null) {
    this.#changes = changes;
    this.#db = db;
    this.#workOut = workOut;
  }

  /** Of all segments as they are now, the oldest first. */
  all(): readonly T[] {
    const { latest } = this.#changes;
    if (this.#asOf === null) for (const [from] of windows(this.#db, SEGMENT_EXCHANGES)) this.#take(from);
    else for (const segment of this.#changes.since(this.#asOf)) this.#take(segment * SEGMENT_EXCHANGES);
    this.#asOf = latest;
    return [...this.#kept].toSorted(([a], [b]) => a - b).map(([, worked]) => worked);
  }

  forget(): void {
    this.#kept.clear();
    this.#asOf = null;
  }

  #take(from: number): void {
    const worked = this.#workOut(from, from + SEGMENT_EXCHANGES);
    if (worked === null) this.#kept.delete(from);
    else this.#kept.set(from, worked);
  }
}
