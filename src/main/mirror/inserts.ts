// The inserts of one table: one at a time, whatever waits meanwhile goes together into the next. Rows are tried again while
// ClickHouse is away; after that they are given up, and the caller is told.
import { randomUUID } from "node:crypto";
import { ClickHouseAway } from "../clickhouse/failure.ts";
import { whileAway } from "./patience.ts";
import type { Store } from "./store.ts";

/** Encoded rows of one layout. */
export interface Rows {
  readonly columns: readonly string[];
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Where the last version of each of their documents has to be found: shard and `_seq_no`. */
  readonly places: () => readonly NumberedPlace[];
}

export interface NumberedPlace {
  readonly shard: number;
  readonly seqNo: number;
}

/** How many of these rows the table has. */
export type CountPresent = (places: readonly NumberedPlace[]) => Promise<number>;

interface Waiting {
  readonly rows: Rows;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Most rows and bytes of one insert: well below a block, so that its token holds. */
const MOST_ROWS = 100_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** A part for each small insert is dear: after one, the next waits a little for company. */
const SMALL_ROWS = 1_000;
const COMPANY_MS = 15;
/** As long as rows keep coming an insert waits for them, up to so many, and so long: a part of 10,000 costs not much more than one of 250. */
const ENOUGH_ROWS = 10_000;
const ENOUGH_MS = 300;
/** Rows that are older than what the table has may be merged away at once: they are not looked for for ever. */
const MOST_TOKENS = 3;
/** Rows that may wait, encoded, for the insert before them; documents wait as they came. */
const ROOM_BYTES = 16 * 1024 * 1024;
/** Bytes that may wait while ClickHouse is away or slow; past them rows are given up at once. */
const WAITING_LIMIT_BYTES = 256 * 1024 * 1024;

/** Too much waits already. */
export class MirrorOverflow extends Error {
  override readonly name = "MirrorOverflow";
}

export class Inserts {
  readonly #clickhouse: Store;
  readonly #table: string;
  readonly #countPresent: CountPresent;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #roomy: PromiseWithResolvers<void> | null = null;
  #running = false;
  #held = 0;

  /** `table` is quoted. */
  constructor(clickhouse: Store, table: string, countPresent: CountPresent) {
    this.#clickhouse = clickhouse;
    this.#table = table;
    this.#countPresent = countPresent;
  }

  /** Rows that wait, encoded. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Resolves when there is room for more rows. Not to be waited for by who holds inserts back. */
  async room(): Promise<void> {
    while (this.#waitingBytes > ROOM_BYTES) {
      this.#roomy ??= Promise.withResolvers();
      await this.#roomy.promise;
    }
  }

  /** Resolves when the rows are in ClickHouse. Throws MirrorOverflow, ClickHouseAway (after a minute) or ClickHouseRefused. */
  insert(rows: Rows): Promise<void> {
    if (this.#waitingBytes + rows.bytes.byteLength > WAITING_LIMIT_BYTES) {
      return Promise.reject(new MirrorOverflow("more documents wait for ClickHouse than memory allows"));
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ rows, done: resolve, failed: reject });
    this.#waitingBytes += rows.bytes.byteLength;
    this.#begin();
    return promise;
  }

  /** Rows that come from now on go together, when the function that it gives is called. */
  hold(): () => void {
    this.#held += 1;
    return () => {
      this.#held -= 1;
      this.#begin();
    };
  }

  #begin(): void {
    if (!this.#running && this.#held === 0 && this.#waiting.length > 0) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0 && this.#held === 0) {
      await this.#whileRowsCome();
      const batch = this.#take();
      const [first] = batch;
      if (first === undefined) break;
      try {
        const count = batch.reduce((sum, { rows }) => sum + rows.count, 0);
        await this.#send(
          first.rows.columns,
          batch.map(({ rows }) => rows),
          count,
        );
        for (const one of batch) one.done();
        if (count < SMALL_ROWS) await pause(COMPANY_MS);
      } catch (error) {
        for (const one of batch) one.failed(error);
      }
    }
    this.#running = false;
  }

  // Documents are encoded slice by slice, with a turn of the event loop between: ours comes before the next slice.
  async #whileRowsCome(): Promise<void> {
    const limit = performance.now() + ENOUGH_MS;
    for (let before = 0; this.#waiting.length > before && performance.now() < limit; ) {
      before = this.#waiting.length;
      if (this.#waiting.reduce((sum, { rows }) => sum + rows.count, 0) >= ENOUGH_ROWS) return;
      await turn();
      await turn();
    }
  }

  #take(): readonly Waiting[] {
    const [first] = this.#waiting;
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const { rows: next } of this.#waiting) {
      rows += next.count;
      bytes += next.bytes.byteLength;
      if (count > 0 && (next.columns !== first?.rows.columns || rows > MOST_ROWS || bytes > MOST_BYTES)) break;
      count += 1;
    }
    const batch = this.#waiting.splice(0, count);
    for (const one of batch) this.#waitingBytes -= one.rows.bytes.byteLength;
    this.#roomy?.resolve();
    this.#roomy = null;
    return batch;
  }

  // One token for all tries of a batch: a try whose answer was lost is not inserted again. Tokens are forgotten, though, after so
  // many other inserts, and ClickHouse notes a token before the rows: killed between the two it has one without the other. So
  // what was tried before is looked for, before and after it is tried again.
  #send(columns: readonly string[], batch: readonly Rows[], count: number): Promise<void> {
    const bytes = batch.map((rows) => rows.bytes);
    let token = randomUUID();
    let tries = 0;
    return whileAway(async () => {
      const before = tries === 0 ? [] : batch.flatMap(({ places }) => places());
      if (before.length > 0 && (await this.#countPresent(before)) === before.length) return;
      tries += 1;
      await this.#clickhouse.insertRowBinary(this.#table, columns, bytes, { token, rows: count });
      if (before.length === 0 || tries > MOST_TOKENS || (await this.#countPresent(before)) > 0) return;
      token = randomUUID();
      throw new ClickHouseAway("ClickHouse took an insert for one that it has, and has not");
    });
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
