// When each index was written last, from the moment that the write was handed over, and whether Elasticsearch shows that by now.
import { expressionNames } from "./expression.ts";
import { REFRESH_MS } from "./index_description.ts";
import type { OpenIndices } from "./open_indices.ts";
import type { WriteRequest } from "./operations.ts";

/** The last acknowledged write to an index, epoch ms, and whether Elasticsearch was told to show it; else it does so by itself, at the latest after so many ms. */
export interface LastWrite {
  readonly time: number;
  readonly refreshed: boolean;
  readonly shownWithinMs: number;
}

export class LastWrites {
  readonly #indices: Pick<OpenIndices, "open">;
  readonly #last = new Map<string, LastWrite>();

  constructor(indices: Pick<OpenIndices, "open">) {
    this.#indices = indices;
  }

  /** By index. */
  get all(): ReadonlyMap<string, LastWrite> {
    return this.#last;
  }

  /** A write to the index is handed over. */
  written(name: string, { time, route }: WriteRequest): void {
    // One that waited in the journal may be older than the last.
    if ((this.#last.get(name)?.time ?? 0) > time) return;
    const refreshed = refreshes(route.params.get("refresh"));
    this.#last.set(name, { time, refreshed, shownWithinMs: this.#shownWithinMs(name) });
  }

  /** A `_refresh` of these indices was answered: what was written before is visible. */
  refreshed(expression: string): void {
    for (const [name, last] of this.#last) {
      const index = this.#indices.open.get(name);
      const meant = index === undefined ? expressionNames(expression, name) : index.isMeantBy(expression);
      if (meant) this.#last.set(name, { ...last, refreshed: true });
    }
  }

  /** The last in this session, by us or noticed of others; null when there was none. */
  of(name: string): LastWrite | null {
    const own = this.#last.get(name) ?? null;
    const noticed = this.#indices.open.get(name)?.completeness.noticedAt ?? 0;
    const shownWithinMs = this.#shownWithinMs(name);
    if (noticed > (own?.time ?? 0)) return { time: noticed, refreshed: false, shownWithinMs };
    return own === null ? null : { ...own, shownWithinMs };
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
