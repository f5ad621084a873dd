// What a translation leaves open about the values of its answer: it is kept with the answer, so that both can be compared again.

/** Where Elasticsearch itself only approximates: the matcher accepts a number in [low, high] at `pointer`, by `rule`.
 * `stale_statistics` is of the whole answer: its scores, and the order by them, follow documents that are deleted. */
export interface Tolerance {
  readonly pointer: string;
  readonly rule: "hyperloglog" | "tdigest" | "float_sum" | "stale_statistics";
  readonly low: number;
  readonly high: number;
}

/** What a query leaves open about its rows. */
export interface TableRows {
  /** Rank of each row: rows of the same rank may come in any order. */
  readonly groups: readonly number[];
  /** There are more rows of the last rank than the answer shows: which of them it shows is open. */
  readonly endsAmid: boolean;
  /** Columns, by number, whose several values come in any order. */
  readonly unordered: readonly number[];
  /** Columns whose numbers have tolerances: rows are not told apart by them. */
  readonly loose: readonly number[];
}

export interface Leeway {
  readonly tolerances: readonly Tolerance[];
  /** Of an answer in rows (ES|QL). */
  readonly table?: TableRows;
  /** Of answers that rules make equivalent: why other differences might be those of writes that went on; absent: they would not. */
  readonly open?: string;
}
