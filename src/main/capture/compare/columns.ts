// The short rows of a session's searches as typed arrays, in segments of consecutive exchanges: what is summed is read once, and
// again only of segments that something was written to or taken from. They are there while somebody asks: some 80 bytes a search.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ClientContext } from "../../../shared/client_context.ts";
import { VERDICTS } from "../../../shared/exchange.ts";
import { text } from "../rows.ts";
import { PARTS_PER_EXCHANGE } from "../schema.ts";
import { KeptBySegment, type SegmentChanges } from "../segments.ts";

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
  readonly #searches: StatementSync;
  readonly #paths: StatementSync;
  readonly #segments: KeptBySegment<FactSegment>;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(db: DatabaseSync, changes: SegmentChanges) {
    this.#db = db;
    this.#segments = new KeptBySegment(db, changes, (from, before) => this.#read(from * PARTS_PER_EXCHANGE, before * PARTS_PER_EXCHANGE));
    this.#searches =
      db.prepare(`SELECT id, time, elasticsearch_ms, clickhouse_ms, equal_leaves, total_leaves, verdict, shape, index_expression, asker
      FROM searches WHERE id >= ? AND id < ? ORDER BY id`);
    this.#searches.setReturnArrays(true);
    this.#paths = db.prepare("SELECT search, path FROM differing WHERE search >= ? AND search < ? ORDER BY search, path");
    this.#paths.setReturnArrays(true);
  }

  /** All searches as they are now, oldest first. */
  segments(): readonly FactSegment[] {
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => this.#forget(), FORGOTTEN_AFTER_MS).unref();
    return this.#segments.all();
  }

  /** Whom the searches are of, by the id that `asker` holds. */
  askers(): ReadonlyMap<number, ClientContext> {
    const rows = this.#db.prepare("SELECT id, application, dashboard, panel FROM askers").all();
    return new Map(
      rows.map((row) => [Number(row.id), { application: text(row.application), dashboard: text(row.dashboard), panel: text(row.panel) }]),
    );
  }

  #forget(): void {
    this.#segments.forget();
    this.names = namesOfNone();
  }

  #read(from: number, before: number): FactSegment | null {
    const rows = this.#searches.all(from, before);
    if (rows.length === 0) return null;
    const numbers = () => new Float64Array(rows.length);
    const codes = () => new Uint32Array(rows.length);
    const id = numbers();
    const segment = {
      rows: rows.length,
      id,
      time: numbers(),
      elasticsearch: numbers(),
      clickhouse: numbers(),
      equalLeaves: numbers(),
      totalLeaves: numbers(),
      verdict: new Uint8Array(rows.length),
      shape: codes(),
      index: codes(),
      asker: codes(),
    };
    const { shape, index } = this.names;
    // A loop over the rows and none over the columns: a million of them are read while somebody waits.
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? {};
      id[at] = Number(row[0]);
      segment.time[at] = Number(row[1]);
      segment.elasticsearch[at] = Number(row[2] ?? Number.NaN);
      segment.clickhouse[at] = Number(row[3] ?? Number.NaN);
      segment.equalLeaves[at] = Number(row[4] ?? 0);
      segment.totalLeaves[at] = Number(row[5] ?? 0);
      segment.verdict[at] = VERDICT_CODES.get(text(row[6])) ?? 0;
      segment.shape[at] = shape.codeOf(text(row[7]));
      segment.index[at] = index.codeOf(text(row[8]));
      segment.asker[at] = Number(row[9]);
    }
    return { ...segment, paths: this.#pathsOf(id, from, before) };
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
