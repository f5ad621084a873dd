// When each index was written last, from the moment that the write was handed over, and whether Elasticsearch shows that by now.
import type { Completeness } from "./completeness.ts";
import { expressionNames } from "./expression.ts";
import { type IndexDescription, REFRESH_MS } from "./index_description.ts";
import type { WriteRequest } from "./operations.ts";

/** The last acknowledged write to an index, epoch ms, and whether Elasticsearch was told to show it; else it does so by itself, at the latest after so many ms. */
export interface LastWrite {
  readonly time: number;
  readonly refreshed: boolean;
  readonly shownWithinMs: number;
}

/** Times in epoch ms. */
interface Writes {
  readonly time: number;
  /** Of the last that Elasticsearch may not show yet; null: it shows all. */
  readonly unshown: number | null;
}

/** A busy Elasticsearch is no later than this. */
const LATE_MS = 30_000;

/** What is asked of the mirror of an index. */
interface Known {
  readonly description: Pick<IndexDescription, "shards" | "refreshMs">;
  readonly completeness: Pick<Completeness, "noticedAt">;
  isMeantBy(expression: string): boolean;
}

export class LastWrites {
  readonly #indices: { readonly open: ReadonlyMap<string, Known> };
  readonly #last = new Map<string, Writes>();

  constructor(indices: { readonly open: ReadonlyMap<string, Known> }) {
    this.#indices = indices;
  }

  /** By index. */
  get all(): ReadonlyMap<string, LastWrite> {
    return new Map([...this.#last].map(([name, writes]) => [name, this.#lastOf(name, writes)]));
  }

  /** A write to the index is handed over. */
  written(name: string, { time, began = time, route }: Pick<WriteRequest, "time" | "began" | "route">): void {
    const before = this.#last.get(name) ?? { time: 0, unshown: null };
    const unshown = refreshes(route.params.get("refresh"))
      ? this.#unshownAfter(name, before.unshown, began)
      : Math.max(before.unshown ?? 0, time);
    // One that waited in the journal may be older than the last.
    this.#last.set(name, { time: Math.max(before.time, time), unshown });
  }

  /** A `_refresh` of these indices, sent at `sent` (epoch ms), was answered: what was acknowledged before it was sent is visible. */
  refreshed(expression: string, sent: number): void {
    for (const [name, last] of this.#last) {
      const index = this.#indices.open.get(name);
      const meant = index === undefined ? expressionNames(expression, name) : index.isMeantBy(expression);
      if (meant && last.unshown !== null && last.unshown <= sent) this.#last.set(name, { ...last, unshown: null });
    }
  }

  /** The last in this session, by us or noticed of others; null when there was none. */
  of(name: string): LastWrite | null {
    const own = this.#last.get(name);
    const noticed = this.#indices.open.get(name)?.completeness.noticedAt ?? 0;
    if (noticed > (own?.time ?? 0)) return { time: noticed, refreshed: false, shownWithinMs: this.#shownWithinMs(name) };
    return own === undefined ? null : this.#lastOf(name, own);
  }

  /** A write that refreshes does so in the shards that it wrote to. */
  #unshownAfter(name: string, unshown: number | null, began: number): number | null {
    const shards = this.#indices.open.get(name)?.description.shards;
    return unshown !== null && unshown <= began && shards === 1 ? null : unshown;
  }

  #lastOf(name: string, { time, unshown }: Writes): LastWrite {
    const shownWithinMs = this.#shownWithinMs(name);
    return { time, refreshed: unshown === null || time - unshown > shownWithinMs + LATE_MS, shownWithinMs };
  }

  /** The index is let go of. */
  forget(name: string): void {
    this.#last.delete(name);
  }

  #shownWithinMs(name: string): number {
    return this.#indices.open.get(name)?.description.refreshMs ?? REFRESH_MS;
  }
}

function refreshes(param: string | undefined): boolean {
  return param === "" || param === "true" || param === "wait_for";
}
