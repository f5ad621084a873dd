// Buckets of terms, the largest first, for `terms` and `multi_terms`. Over several shards Elasticsearch sums what each shard
// sends of its own largest; that approximation is reproduced, with its bounds of error, since the table keeps each document's
// shard.
import type { JsonValue } from "../../../shared/json.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { Row } from "../types.ts";
import { count } from "./cells.ts";
import type { KeyForm } from "./keys.ts";
import { type BucketOrder, isCountDescending, isKeyOrder, parseOrder, shardOrder, sqlOrder } from "./order.ts";
import type { Parameters } from "./parameters.ts";
import type { Buckets, Draft, Member, ParentRows } from "./types.ts";

const EMPTY_HEAD: readonly Member[] = [
  ["doc_count_error_upper_bound", 0],
  ["sum_other_doc_count", 0],
];

/** How many buckets there are to be, and in which order. */
export interface TermLimits {
  readonly size: number;
  readonly shardSize: number;
  readonly minDocCount: number;
  readonly shardMinDocCount: number;
  readonly showError: boolean;
  /** Where that was asked for. */
  readonly errorPointer: string;
  readonly orders: readonly BucketOrder[];
}

/** Reads the parameters that `terms` and `multi_terms` share. */
export function readLimits(parameters: Parameters, leastMinDocCount: number): TermLimits {
  const { node } = parameters;
  const size = parameters.integer("size", 10);
  const requested = parameters.number("shard_size");
  const minDocCount = parameters.integer("min_doc_count", 1);
  const requestedMin = parameters.integer("shard_min_doc_count", 0);
  const showError = parameters.boolean("show_term_doc_count_error", false);
  const orders = parseOrder(parameters.value("order"), [{ by: "_count", desc: true }]);
  const mode = parameters.text("collect_mode");
  if (mode !== undefined && mode !== "depth_first" && mode !== "breadth_first") {
    throw new RejectedRequest("parse_exception", `no [collect_mode] found for value [${mode}]`);
  }
  const least = (name: string, value: number, bound: number): void => {
    if (value >= bound) return;
    const wanted = bound === 1 && name.endsWith("ize") ? "greater than 0" : `greater than or equal to ${bound}`;
    throw new RejectedRequest("x_content_parse_exception", `[${name}] must be ${wanted}. Found [${value}] in [${node.name}]`);
  };
  least("size", size, 1);
  if (requested !== undefined) least("shardSize", requested, 1);
  least("minDocCount", minDocCount, leastMinDocCount);
  least("shardMinDocCount", requestedMin, 0);
  // Else a shard would keep back what the answer asks for.
  const shardMinDocCount = Math.min(requestedMin, minDocCount);
  const shardSize = Math.max(size, requested ?? (isKeyOrder(orders) ? size : Math.trunc(size * 1.5 + 10)));
  const errorPointer = parameters.pointer("show_term_doc_count_error");
  return { size, shardSize, minDocCount, shardMinDocCount, showError, errorPointer, orders };
}

/** Throws where the error of each bucket is asked for and only the order of merging tells it. */
export function refuseNestedError(limits: TermLimits, nested: boolean, parameters: Parameters, context: Context): void {
  if (!limits.showError || !nested || context.tables.reduce((sum, table) => sum + table.shards, 0) <= 1) return;
  throw new UnsupportedClause(
    parameters.pointer("show_term_doc_count_error"),
    "over several shards the error of a bucket inside another depends on the order of merging",
  );
}

/** No buckets: the field is not mapped. */
export const NO_TERMS: Omit<Buckets, "keys"> = { minDocCount: 0, drafts: () => [], head: () => EMPTY_HEAD };

/** The buckets of a key form. `wholeIndex`: a shard chooses as for all documents of an index, see terms.ts. */
export function termBuckets(form: KeyForm, limits: TermLimits, wholeIndex: boolean): Buckets {
  const { size, shardSize, minDocCount, shardMinDocCount, showError, orders } = limits;
  return {
    keys: form.keys,
    minDocCount,
    cut: (key, sortKeys) => {
      const chosenBy = wholeIndex ? undefined : shardOrder(orders, key, sortKeys);
      return {
        size,
        shardSize,
        shardMinDocCount,
        smallUncounted: wholeIndex,
        order: sqlOrder(orders, key, sortKeys),
        ...(chosenBy === undefined ? {} : { shardOrder: chosenBy }),
        shardCutMatters: minDocCount > 1 || shardMinDocCount > 1,
      };
    },
    drafts: (parent) => parent.rows.map((row) => draft(row, parent, form, showError ? bucketError(parent, limits) : null)),
    head: (parent) => [
      ["doc_count_error_upper_bound", errorOf(parent, shardSize, orders)],
      ["sum_other_doc_count", otherOf(parent)],
    ],
  };
}

function draft(row: Row, parent: ParentRows, form: KeyForm, error: number | null): Draft {
  const cell: JsonValue = row[parent.cells.key] ?? null;
  const docCount = count(row, parent.cells.count);
  const key = form.members(cell);
  const errors: readonly Member[] = error === null ? [] : [["doc_count_error_upper_bound", error]];
  const name = key.find(([member]) => member === "key_as_string")?.[1] ?? key[0]?.[1];
  return { row, cell, docCount, members: [...key, ["doc_count", docCount], ...errors], name: String(name), position: form.position(cell) };
}

/** The largest count that a bucket may have lost: what the last bucket of each full shard had. */
function errorOf(parent: ParentRows, shardSize: number, orders: readonly BucketOrder[]): number {
  if (parent.shards === null) {
    return isKeyOrder(orders) || isCountDescending(orders) || !isFull(parent, shardSize) ? 0 : -1;
  }
  const errors = parent.shards.map((shard) => shardError(shard, shardSize, orders));
  if (errors.includes(-1)) return -1;
  return errors.length === 1 ? 0 : errors.reduce((sum, error) => sum + error, 0);
}

function shardError(shard: Row, shardSize: number, orders: readonly BucketOrder[]): number {
  if (count(shard, "#buckets") < shardSize || isKeyOrder(orders)) return 0;
  return isCountDescending(orders) ? count(shard, "#last") : -1;
}

// One shard sends as many buckets as there are, up to shardSize; how many there are shows in the statement's total.
function isFull(parent: ParentRows, shardSize: number): boolean {
  const [first] = parent.rows;
  return first !== undefined && count(first, "#distinct") >= shardSize;
}

// A shard's share in the error goes to the buckets that it did not send; but which of them Elasticsearch counts for that follows
// from how it merges shards in batches (tried on 9.4.3: a bucket that all three shards sent had the error of two).
function bucketError(parent: ParentRows, { shardSize, orders, errorPointer }: TermLimits): number {
  const whole = errorOf(parent, shardSize, orders);
  if (parent.shards === null || parent.shards.length <= 1 || whole === -1 || whole === 0) return whole;
  throw new UnsupportedClause(errorPointer, "over several shards the error of each bucket depends on the order of merging");
}

function otherOf(parent: ParentRows): number {
  const [first] = parent.rows;
  const returned = parent.rows.reduce((sum, row) => sum + count(row, parent.cells.count), 0);
  const merged = first === undefined ? 0 : count(first, parent.cells.total);
  const heldBack = (parent.shards ?? []).reduce((sum, shard) => sum + count(shard, "#total") - count(shard, "#kept"), 0);
  return heldBack + merged - returned;
}
