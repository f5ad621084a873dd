// The short rows of a session's searches as typed arrays, in segments of consecutive exchanges: what is summed is read once, and
// again only of segments that something was written to or taken from. they are there while somebody asks: some 80 bytes a search.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ClientContext } from "../../../shared/client_context.ts";
import { VERDICTS } from "../../../shared/exchange.ts";
import { text } from "../rows.ts";
import { PARTS_PER_EXCHANGE } from "../schema.ts";

/** Exchanges whose searches are read at once. */
const SEGMENT_EXCHANGES = 2048;
const SEGMENT_IDS = SEGMENT_EXCHANGES * PARTS_PER_EXCHANGE;
const FORGOTTEN_AFTER_MS = 60_000;
const VERDICT_CODES: ReadonlyMap<string, number> = new Map(VERDICTS.map((verdict, code) => [verdict, code]));

/** Searches side by side: each array has one element a search. */
export interface FactSegment {
  readonly rows: number;
  readonly id: Float64Array;
  readonly time: Float64Array;
  /** Milliseconds; NaN where it is not known. */
  readonly elasticsearch: Float64Array;
  readonly clickhouse: Float64Array;
  readonly equalLeaves: Float64Array;
  readonly totalLeaves: Float64Array;
  /** Places in VERDICTS. */
  readonly verdict: Uint8Array;
  /** Codes of `FactColumns.names`; of `asker`, ids. */
  readonly shape: Uint32Array;
  readonly index: Uint32Array;
  readonly asker: Uint32Array;
  /** Pairs: the search's place, and the code of a path where it differs. */
  readonly paths: Uint32Array;
}

/** Texts by small numbers. */
export class Names {
  readonly #codes = new Map<string, number>();
  readonly #texts: string[] = [];

  get size(): number {
    return this.#texts.length;
  }

  codeOf(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    this.#codes.set(name, this.#texts.length);
    return this.#texts.push(name) - 1;
  }

  /** -1 for a text that none has. */
  find(name: string): number {
    return this.#codes.get(name) ?? -1;
  }

  textOf(code: number): string {
    return this.#texts[code] ?? "";
  }
}

const namesOfNone = () => ({ shape: new Names(), index: new Names(), path: new Names() });

export class FactColumns {
  names = namesOfNone();
  readonly #db: DatabaseSync;
  readonly #next: StatementSync;
  readonly #searches: StatementSync;
  readonly #paths: StatementSync;
  readonly #segments = new Map<number, FactSegment>();
  readonly #changed = new Set<number>();
  #loaded = false;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.function("search_changed", (id) => {
      if (this.#loaded) this.#changed.add(Math.floor(Number(id) / SEGMENT_IDS));
      return null;
    });
    // Whoever writes, replaces or removes a search: this sees it.
    db.exec(`CREATE TEMP TRIGGER search_written AFTER INSERT ON searches BEGIN SELECT search_changed(new.id); END;
      CREATE TEMP TRIGGER search_gone AFTER DELETE ON searches BEGIN SELECT search_changed(old.id); END;`);
    this.#next = db.prepare("SELECT min(id) AS id FROM searches WHERE id >= ?");
    this.#searches =
      db.prepare(`SELECT id, time, elasticsearch_ms, clickhouse_ms, equal_leaves, total_leaves, verdict, shape, index_expression, asker
      FROM searches WHERE id >= ? AND id < ? ORDER BY id`);
    this.#searches.setReturnArrays(true);
    this.#paths = db.prepare("SELECT search, path FROM differing WHERE search >= ? AND search < ? ORDER BY search, path");
    this.#paths.setReturnArrays(true);
  }

  /** All searches as they are now, oldest first. */
  segments(): readonly FactSegment[] {
    if (!this.#loaded) this.#load();
    for (const at of this.#changed) this.#read(at);
    this.#changed.clear();
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => this.#forget(), FORGOTTEN_AFTER_MS).unref();
    return [...this.#segments].toSorted(([a], [b]) => a - b).map(([, segment]) => segment);
  }

  /** Whom the searches are of, by the id that `asker` holds. */
  askers(): ReadonlyMap<number, ClientContext> {
    const rows = this.#db.prepare("SELECT id, application, dashboard, panel FROM askers").all();
    return new Map(
      rows.map((row) => [Number(row.id), { application: text(row.application), dashboard: text(row.dashboard), panel: text(row.panel) }]),
    );
  }

  #load(): void {
    this.#changed.clear();
    let from = this.#nextAt(0);
    while (from !== null) {
      const at = Math.floor(from / SEGMENT_IDS);
      this.#read(at);
      from = this.#nextAt((at + 1) * SEGMENT_IDS);
    }
    this.#loaded = true;
  }

  #nextAt(id: number): number | null {
    const next = this.#next.get(id)?.id ?? null;
    return next === null ? null : Number(next);
  }

  #forget(): void {
    this.#segments.clear();
    this.#loaded = false;
    this.#changed.clear();
    this.names = namesOfNone();
  }

  #read(at: number): void {
    const [from, to] = [at * SEGMENT_IDS, (at + 1) * SEGMENT_IDS];
    const rows = this.#searches.all(from, to);
    if (rows.length === 0) {
      this.#segments.delete(at);
      return;
    }
    const { shape, index } = this.names;
    const numbers = (column: number, absent: number) => Float64Array.from(rows, (row) => Number(row[column] ?? absent));
    const codes = (column: number, names: Names) => Uint32Array.from(rows, (row) => names.codeOf(text(row[column])));
    const id = numbers(0, 0);
    this.#segments.set(at, {
      rows: rows.length,
      id,
      time: numbers(1, 0),
      elasticsearch: numbers(2, Number.NaN),
      clickhouse: numbers(3, Number.NaN),
      equalLeaves: numbers(4, 0),
      totalLeaves: numbers(5, 0),
      verdict: Uint8Array.from(rows, (row) => VERDICT_CODES.get(text(row[6])) ?? 0),
      shape: codes(7, shape),
      index: codes(8, index),
      asker: Uint32Array.from(rows, (row) => Number(row[9])),
      paths: this.#pathsOf(id, from, to),
    });
  }

  #pathsOf(id: Float64Array, from: number, to: number): Uint32Array {
    const pairs: number[] = [];
    let at = 0;
    for (const row of this.#paths.iterate(from, to)) {
      const search = Number(row[0]);
      while (at < id.length && (id[at] ?? 0) < search) at += 1;
      if (id[at] === search) pairs.push(at, this.names.path.codeOf(text(row[1])));
    }
    return Uint32Array.from(pairs);
  }
}
