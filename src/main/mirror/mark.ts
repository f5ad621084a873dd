// What had been handed over to the mirror at a moment, whatever has been since: which writes were on their way, and up to which numbers
// each shard of an index was known.
import { within } from "../time_limit.ts";
import type { IndexMirror } from "./index_mirror.ts";
import type { LastWrite } from "./last_writes.ts";
import type { Pending } from "./pending_writes.ts";

/** The mirror of one index, or null where Elasticsearch has none. */
type Opening = Promise<IndexMirror | null>;

interface Met {
  readonly opening: Opening;
  /** null while it was not open. */
  readonly known: { readonly highest: ReadonlyMap<number, number>; readonly untimely: number } | null;
}

export class Mark {
  readonly #pending: readonly Pending[];
  readonly #met: ReadonlyMap<string, Met>;
  readonly #lastWrites: ReadonlyMap<string, LastWrite>;

  constructor(
    pending: Iterable<Pending>,
    indices: ReadonlyMap<string, Opening>,
    open: ReadonlyMap<string, IndexMirror>,
    lastWrites: ReadonlyMap<string, LastWrite>,
  ) {
    this.#pending = [...pending];
    this.#met = new Map([...indices].map(([name, opening]) => [name, { opening, known: knownOf(open.get(name)) }]));
    this.#lastWrites = new Map(lastWrites);
  }

  lastWrite(index: string): LastWrite | null {
    return this.#lastWrites.get(index) ?? null;
  }

  /** Resolves when what was on its way has ended, or after `limitMs`. */
  async caughtUp(limitMs: number): Promise<void> {
    await within(Promise.allSettled(this.#pending.map(({ done }) => done)), limitMs);
  }

  /**
   * The highest number of each shard of an index that Elasticsearch had acknowledged, for when all of that is in; a shard without one was
   * empty. In words, why it can't be told. `now`: the index as it is met now.
   */
  async highest(name: string, now: Opening | undefined): Promise<ReadonlyMap<number, number> | string> {
    const met = this.#met.get(name);
    const index = await now;
    if (index === null || index === undefined) return `index ${name} is gone`;
    if (met !== undefined && met.opening !== now) return `index ${name} was made anew meanwhile`;
    const { highest, untimely } = met?.known ?? { highest: index.highestAtFirst, untimely: 0 };
    if (untimely !== index.untimely) return `documents of ${name} that Elasticsearch had before came in meanwhile`;
    const numbers = new Map(highest);
    for (const pending of this.#pending) {
      for (const [shard, seqNo] of pending.highest.get(name) ?? []) numbers.set(shard, Math.max(seqNo, numbers.get(shard) ?? 0));
    }
    return numbers;
  }
}

function knownOf(index: IndexMirror | undefined): Met["known"] {
  return index === undefined ? null : { highest: index.completeness.highest, untimely: index.untimely };
}
