// ClickHouse's side of a reconciliation: the rows of one table. `live` rows are those that a search sees: the last version of each
// document, unless that is a deleted one. Throws ClickHouseAway when it stays away for a minute, ClickHouseRefused, and the
// signal's reason when stopped.

import { and, binary, type Column, call, column, type Expr, literal, param, type Select, select } from "../../clickhouse/sql/ast.ts";
import type { Printed } from "../../clickhouse/sql/print.ts";
import { print } from "../../clickhouse/sql/print.ts";
import type { Row } from "../../translate/types.ts";
import { whileAway } from "../patience.ts";
import type { Store } from "../store.ts";
import { type DocumentName, documentMark } from "./elasticsearch_side.ts";
import { BUCKET_BITS, type Counted, type Numbered } from "./ranges.ts";

/** One row as the table has it, whether a search sees it or not. */
export interface Stored extends DocumentName {
  readonly seqNo: number;
  readonly primaryTerm: number;
  readonly version: bigint;
  readonly deleted: boolean;
  /** Of its `_id`, in decimal. */
  readonly hash: string;
}

const NUMBER = column("_seq_no");
// Not a range of numbers: that may leave out the part with a document's last version, and an older one would seem to be live.
const BUCKET_OF: Expr = call("bitShiftRight", NUMBER, literal(BUCKET_BITS));
/** A whole table's numbers are read. */
const SETTINGS = Object.freeze({ max_execution_time: 600 });
const MOST_REMOVED = 5_000;

export class ClickHouseSide {
  readonly #clickhouse: Store;
  readonly #database: string;
  readonly #table: string;
  readonly #signal: AbortSignal;

  constructor(clickhouse: Store, database: string, table: string, signal: AbortSignal) {
    this.#clickhouse = clickhouse;
    this.#database = database;
    this.#table = table;
    this.#signal = signal;
  }

  /** Live documents of a shard up to a number, by buckets in ascending order. */
  async counts(shard: number, upTo: number): Promise<readonly Counted[]> {
    const rows = await this.#rows({
      columns: [
        { expr: BUCKET_OF, alias: "bucket" },
        { expr: call("count"), alias: "documents" },
        { expr: call("min", NUMBER), alias: "least" },
        { expr: call("max", NUMBER), alias: "greatest" },
        { expr: call("sum", NUMBER), alias: "total" },
      ],
      ...this.#live(shard, [binary(NUMBER, "<=", param("Int64", upTo))]),
      groupBy: [BUCKET_OF],
      orderBy: [{ expr: BUCKET_OF }],
    });
    return rows.map((row) => ({
      bucket: Number(row.bucket),
      count: Number(row.documents),
      least: Number(row.least),
      greatest: Number(row.greatest),
      sum: Number(row.total),
    }));
  }

  /** The live documents of a range of whole buckets. */
  async numbers(shard: number, from: number, to: number, exact: boolean): Promise<readonly Numbered[]> {
    const bucket = (number: number): Expr => param("Int64", Math.floor(number / 2 ** BUCKET_BITS));
    const within = [binary(BUCKET_OF, ">=", bucket(from)), binary(BUCKET_OF, "<=", bucket(to)), binary(NUMBER, "<=", param("Int64", to))];
    const rows = await this.#rows({ columns: exact ? WHOLE_NAME : [{ expr: NUMBER }], ...this.#live(shard, within) });
    if (!exact) return rows.map((row) => ({ seqNo: Number(row._seq_no), mark: "" }));
    return rows.map((row) => {
      const { seqNo, primaryTerm, version, ...name } = storedOf(row);
      return { seqNo, mark: documentMark(name, String(primaryTerm), String(version)) };
    });
  }

  /** Of these numbers, the live rows. */
  liveRows(shard: number, numbers: readonly number[]): Promise<readonly Stored[]> {
    return this.#stored(this.#live(shard, [oneOf(call("bitXor", NUMBER, literal(0)), "Int64", numbers)]));
  }

  /** All rows of these documents, live or not. */
  rowsOf(shard: number, ids: readonly string[]): Promise<readonly Stored[]> {
    return this.#stored(this.#all([onShard(shard), oneOf(column("_id"), "String", ids)]));
  }

  /** Rows with greater numbers than this, greatest first; at most `limit`. */
  rowsAbove(shard: number, number: number, limit: number): Promise<readonly Stored[]> {
    const where = this.#all([onShard(shard), binary(NUMBER, ">", param("Int64", number))]);
    return this.#stored({ ...where, orderBy: [{ expr: NUMBER, desc: true }], limit });
  }

  /** Which of the numbers between these two the shard has a row of, live or not; both ends included. */
  async present(shard: number, least: number, greatest: number): Promise<ReadonlySet<number>> {
    const within = [onShard(shard), binary(NUMBER, ">=", param("Int64", least)), binary(NUMBER, "<=", param("Int64", greatest))];
    return new Set((await this.#rows({ columns: [{ expr: NUMBER }], ...this.#all(within) })).map((row) => Number(row._seq_no)));
  }

  /** Takes rows out for good: no number that is right stands above theirs. */
  async remove(shard: number, rows: readonly Stored[]): Promise<void> {
    for (let from = 0; from < rows.length; from += MOST_REMOVED) {
      const named = rows.slice(from, from + MOST_REMOVED).map(({ seqNo, hash }) => `(${seqNo}, ${BigInt(hash)})`);
      const which = `_shard = ${shard} AND (_seq_no, cityHash64(_id)) IN (${named.join(", ")})`;
      const change = { kind: "delete rows" as const, database: this.#database, table: this.#table, which };
      await this.#patiently(() => this.#clickhouse.define(change));
    }
  }

  async #stored(which: Pick<Select, "from" | "where" | "orderBy" | "limit">): Promise<readonly Stored[]> {
    return (await this.#rows({ columns: WHOLE_NAME, ...which })).map(storedOf);
  }

  #live(shard: number, conditions: readonly Expr[]): Required<Pick<Select, "from" | "where">> {
    const from = { kind: "table", database: this.#database, name: this.#table, final: true } as const;
    return { from, where: and([onShard(shard), binary(column("_deleted"), "=", literal(0)), ...conditions]) };
  }

  #all(conditions: readonly Expr[]): Required<Pick<Select, "from" | "where">> {
    return { from: { kind: "table", database: this.#database, name: this.#table }, where: and(conditions) };
  }

  async #rows(parts: Omit<Select, "kind">): Promise<readonly Row[]> {
    const statement: Printed = print(select(parts));
    const options = { asWriter: true, settings: SETTINGS, signal: this.#signal };
    return (await this.#patiently(() => this.#clickhouse.query(statement, options))).rows;
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return whileAway(() => {
      this.#signal.throwIfAborted();
      return work();
    });
  }
}

const WHOLE_NAME: readonly Column[] = [
  ...["_id", "_routing", "_seq_no", "_primary_term", "_version", "_deleted"].map((name) => ({ expr: column(name) })),
  { expr: call("cityHash64", column("_id")), alias: "hash" },
];

function storedOf(row: Row): Stored {
  return {
    id: String(row._id),
    routing: String(row._routing),
    seqNo: Number(row._seq_no),
    primaryTerm: Number(row._primary_term),
    version: BigInt(String(row._version)),
    deleted: Number(row._deleted) === 1,
    hash: String(row.hash),
  };
}

function onShard(shard: number): Expr {
  return binary(column("_shard"), "=", param("UInt16", shard));
}

function oneOf(of: Expr, type: string, values: readonly (number | string)[]): Expr {
  return call("in", of, param(`Array(${type})`, values));
}
