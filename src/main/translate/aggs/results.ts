// The rows of all statements, by the bucket that they belong to. A bucket is named by its key cells from the root down.
import { type JsonValue, printJson } from "../../../shared/json.ts";
import { RejectedRequest } from "../failure.ts";
import type { Row, StatementRows } from "../types.ts";
import type { BucketCells } from "./types.ts";

/** Elasticsearch's `search.max_buckets`. */
const MAX_BUCKETS = 65_536;

/** The name of a bucket below `path`. */
export function bucketPath(path: string, cell: JsonValue): string {
  return `${path}${printJson(cell)}\u0000`;
}

/** A statement of buckets: its name, its keys from the root down, its cells. */
interface Counted {
  readonly name: string;
  readonly keyNames: readonly string[];
  readonly cells: BucketCells;
}

export class Results {
  readonly #rows: StatementRows;
  readonly #indexed = new Map<string, ReadonlyMap<string, readonly Row[]>>();
  #buckets = 0;

  constructor(rows: StatementRows) {
    this.#rows = rows;
  }

  /** Rows of a statement below the bucket `path`, whose keys are in the columns `keys`. */
  of(statement: string, keys: readonly string[], path: string): readonly Row[] {
    return this.#index(statement, keys, () => this.#rows.get(statement) ?? []).get(path) ?? [];
  }

  /** The same of a statement that was not run: the rows of `inside` have its keys, and its counts as their totals. */
  totals(own: Counted, keys: readonly string[], path: string, inside: Counted): readonly Row[] {
    return this.#index(own.name, keys, () => totalsOf(this.#rows.get(inside.name) ?? [], own, inside)).get(path) ?? [];
  }

  #index(statement: string, keys: readonly string[], rows: () => readonly Row[]): ReadonlyMap<string, readonly Row[]> {
    const known = this.#indexed.get(statement);
    if (known !== undefined) return known;
    const index = indexRows(rows(), keys);
    this.#indexed.set(statement, index);
    return index;
  }

  /** Counts buckets of the answer. Throws RejectedRequest past Elasticsearch's limit. */
  countBuckets(added: number): void {
    this.#buckets += added;
    if (this.#buckets > MAX_BUCKETS) {
      throw new RejectedRequest(
        "too_many_buckets_exception",
        `Trying to create too many buckets. Must be less than or equal to: [${MAX_BUCKETS}] but was [${MAX_BUCKETS + 1}]. This limit can be set by changing the [search.max_buckets] cluster level setting.`,
      );
    }
  }
}

function indexRows(rows: readonly Row[], keys: readonly string[]): ReadonlyMap<string, readonly Row[]> {
  const index = new Map<string, Row[]>();
  for (const row of rows) {
    const path = pathOf(row, keys);
    const seen = index.get(path);
    if (seen === undefined) index.set(path, [row]);
    else seen.push(row);
  }
  return index;
}

function totalsOf(rows: readonly Row[], own: Counted, inside: Counted): readonly Row[] {
  const totals = new Map<string, Row>();
  for (const row of rows) {
    const path = pathOf(row, own.keyNames);
    if (!totals.has(path)) totals.set(path, { ...row, [own.cells.count]: row[inside.cells.total] ?? null });
  }
  return [...totals.values()];
}

function pathOf(row: Row, keys: readonly string[]): string {
  return keys.reduce((path, key) => bucketPath(path, row[key] ?? null), "");
}
