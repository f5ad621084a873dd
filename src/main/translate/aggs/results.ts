// The rows of all statements, by the bucket that they belong to. A bucket is named by its key cells from the root down.
import { type JsonValue, printJson } from "../../../shared/json.ts";
import { RejectedRequest } from "../failure.ts";
import type { Row, StatementRows } from "../types.ts";

/** Elasticsearch's `search.max_buckets`. */
const MAX_BUCKETS = 65_536;

/** The name of a bucket below `path`. */
export function bucketPath(path: string, cell: JsonValue): string {
  return `${path}${printJson(cell)}\u0000`;
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
    let index = this.#indexed.get(statement);
    if (index === undefined) {
      index = indexRows(this.#rows.get(statement) ?? [], keys);
      this.#indexed.set(statement, index);
    }
    return index.get(path) ?? [];
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
    let path = "";
    for (const key of keys) path = bucketPath(path, row[key] ?? null);
    const seen = index.get(path);
    if (seen === undefined) index.set(path, [row]);
    else seen.push(row);
  }
  return index;
}
