// Writes that were not mirrored and that nothing keeps: the indices that they may have changed are incomplete, those that are open now and
// those that are opened later.
import type { MirrorNote } from "../../shared/exchange.ts";
import type { IndexMirror } from "./index_mirror.ts";
import type { OpenIndices } from "./open_indices.ts";
import { unmirrored } from "./written.ts";

export class LostWrites {
  readonly #open: () => OpenIndices["open"];
  /** Why, by the index expression of their request. */
  readonly #reasons = new Map<string, string>();

  /** `open`: the indices that are open now. */
  constructor(open: () => OpenIndices["open"]) {
    this.#open = open;
  }

  /** The indices that an expression means are incomplete from now on. */
  lost(expression: string, reason: string): MirrorNote {
    this.#reasons.set(expression, reason);
    for (const index of this.#open().values()) if (index.isMeantBy(expression)) index.completeness.lost(reason);
    return unmirrored(reason);
  }

  /** An index that could not be opened is incomplete when it is. */
  unopened(name: string, reason: string): void {
    this.#reasons.set(name, reason);
  }

  /** Tells an index of what was lost before it was opened. */
  tell(index: IndexMirror): void {
    for (const [expression, reason] of this.#reasons) if (index.isMeantBy(expression)) index.completeness.lost(reason);
  }

  /** The index, by its own name, is gone or holds all again. */
  forget(name: string): void {
    this.#reasons.delete(name);
  }
}
