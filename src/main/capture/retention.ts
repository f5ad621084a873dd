// Keeps a session under its cap: the oldest exchanges that nobody pinned go first, a chunk at a time.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BODIES_PER_EXCHANGE, bytesInUse, OTHER_BODIES_PER_EXCHANGE, PARTS_PER_EXCHANGE } from "./schema.ts";

const CHUNK = 100;
// A write may have to wait for at most so many; a lowered cap is reached over several batches.
const MOST_AT_ONCE = 2000;

export class Retention {
  readonly #db: DatabaseSync;
  readonly #capBytes: number;
  readonly #oldest: StatementSync;
  readonly #removals: readonly ((id: number) => void)[];

  constructor(db: DatabaseSync, capBytes: number) {
    this.#db = db;
    this.#capBytes = capBytes;
    this.#oldest = db.prepare("SELECT id FROM exchanges WHERE pinned = 0 ORDER BY id LIMIT ?");
    const exchange = db.prepare("DELETE FROM exchanges WHERE id = ?");
    const detail = db.prepare("DELETE FROM details WHERE id = ?");
    const parts = db.prepare("DELETE FROM parts WHERE id BETWEEN ? AND ?");
    const bodies = db.prepare("DELETE FROM bodies WHERE id BETWEEN ? AND ?");
    const others = db.prepare("DELETE FROM other_bodies WHERE id BETWEEN ? AND ?");
    this.#removals = [
      (id) => exchange.run(id),
      (id) => detail.run(id),
      (id) => parts.run(id * PARTS_PER_EXCHANGE, (id + 1) * PARTS_PER_EXCHANGE - 1),
      (id) => bodies.run(id * BODIES_PER_EXCHANGE, (id + 1) * BODIES_PER_EXCHANGE - 1),
      (id) => others.run(id * OTHER_BODIES_PER_EXCHANGE, (id + 1) * OTHER_BODIES_PER_EXCHANGE - 1),
    ];
  }

  /** Removes exchanges until `incoming` more bytes fit; runs inside the caller's transaction. Gives the ids of those that went, and whether there is room. */
  makeRoom(incoming: number): { readonly removed: readonly number[]; readonly fits: boolean } {
    const removed: number[] = [];
    let fits = bytesInUse(this.#db) + incoming <= this.#capBytes;
    while (!fits && removed.length < MOST_AT_ONCE) {
      const ids = this.#oldest.all(CHUNK).map((row) => Number(row.id));
      for (const id of ids) for (const remove of this.#removals) remove(id);
      removed.push(...ids);
      fits = bytesInUse(this.#db) + incoming <= this.#capBytes;
      // With nothing left to remove, pins alone fill the file, or the batch is larger than the cap: it goes with the next.
      if (ids.length < CHUNK) return { removed, fits: bytesInUse(this.#db) <= this.#capBytes };
    }
    return { removed, fits: true };
  }
}
