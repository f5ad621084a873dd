// Rows on their way into one table: encoded slice by slice, so that other work gets its turn, and inserted with what else waits.
import type { IndexForm } from "./index_form.ts";
import type { Inserts, NumberedPlace } from "./inserts.ts";
import type { Leisure } from "./leisure.ts";
import type { Row } from "./rows.ts";
import type { OutcomeCount } from "./write_outcome.ts";

/** Documents parsed and encoded at a stretch, before other work gets its turn. */
const SLICE = 250;

export class RowInserts {
  readonly #form: IndexForm;
  readonly #inserts: Inserts;
  readonly #leisure: Leisure;

  /** `leisure` says when documents are parsed and encoded. */
  constructor(form: IndexForm, inserts: Inserts, leisure: Leisure) {
    this.#form = form;
    this.#inserts = inserts;
    this.#leisure = leisure;
  }

  /** Rows that wait, encoded, for the insert before them. */
  get waitingBytes(): number {
    return this.#inserts.waitingBytes;
  }

  /** Resolves when ClickHouse has all rows of a write, or never will: the outcome counts them. `handedOver`: epoch ms. */
  async write(rows: readonly Row[], handedOver: number, outcome: OutcomeCount): Promise<void> {
    const encoded = await this.#leisure.turn(rows.reduce((sum, { source }) => sum + (source?.byteLength ?? 0), 0));
    const inserting: Promise<void>[] = [];
    for (let from = 0; from < rows.length; from += SLICE) {
      await this.#inserts.room();
      inserting.push(this.#insert(rows.slice(from, from + SLICE), handedOver, outcome));
      await turn();
    }
    encoded();
    await Promise.all(inserting);
  }

  /** The same for rows that are read together. A wide table takes a part of 10,000 rows in not much more time than one of 250. */
  async take(rows: readonly Row[], time: number, outcome: OutcomeCount): Promise<void> {
    const inserting: Promise<void>[] = [];
    const release = this.#inserts.hold();
    for (let from = 0; from < rows.length; from += SLICE) {
      inserting.push(this.#insert(rows.slice(from, from + SLICE), time, outcome));
      await turn();
    }
    release();
    await Promise.all(inserting);
  }

  async #insert(rows: readonly Row[], handedOver: number, outcome: OutcomeCount): Promise<void> {
    let lostBefore = 0;
    try {
      const { columns, bytes, written, refused, reason } = await this.#form.encode(rows, handedOver);
      if (refused > 0) outcome.lose(refused, reason);
      lostBefore = rows.length - written.length;
      if (written.length === 0) return;
      await this.#inserts.insert({ columns, bytes, count: written.length, places: () => this.#lastPlaces(written) });
      for (const row of written) outcome.written(row);
    } catch (error) {
      outcome.fail(rows.length - lostBefore, error);
    }
  }

  #lastPlaces(rows: readonly Row[]): readonly NumberedPlace[] {
    const last = new Map<string, NumberedPlace>();
    for (const row of rows) {
      const { seqNo } = row.place;
      const shard = this.#form.shardOf(row);
      if ((last.get(`${shard} ${row.id}`)?.seqNo ?? -1) < seqNo) last.set(`${shard} ${row.id}`, { shard, seqNo });
    }
    return [...last.values()];
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
