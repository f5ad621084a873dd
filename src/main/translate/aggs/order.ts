// The `order` of bucket aggregations: `_count`, `_key` or a path to a metric, one or several, key ascending to break ties.
import { isObject, type JsonValue } from "../../../shared/json.ts";
import { call, type Expr, literal, type Order } from "../../clickhouse/sql/ast.ts";
import { RejectedRequest } from "../failure.ts";
import { bucketValue, parsePath } from "./buckets_path.ts";
import type { AggregationNode, ShapedBucket, SortKeys } from "./types.ts";

/** What buckets are ordered by where a metric has a value in none of them: its field is not mapped. */
export const ALIKE: Expr = call("toFloat64", literal(0));

export interface BucketOrder {
  /** `_count`, `_key`, or a path. */
  readonly by: string;
  readonly desc: boolean;
}

/** Reads `order`: an object, or a list of them. */
export function parseOrder(value: JsonValue | undefined, fallback: readonly BucketOrder[]): readonly BucketOrder[] {
  if (value === undefined) return fallback;
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) throw new RejectedRequest("x_content_parse_exception", "[order] must not be empty");
  return items.map((item) => {
    const [entry, ...others] = isObject(item) ? Object.entries(item) : [];
    if (!isObject(item)) throw new RejectedRequest("x_content_parse_exception", "order doesn't support values of this type");
    if (entry === undefined || others.length > 0) {
      throw new RejectedRequest("parsing_exception", "Must specify at least one field for [order]");
    }
    const [name, direction] = entry;
    const text = String(direction).toLowerCase();
    if (text !== "asc" && text !== "desc") throw new RejectedRequest("parsing_exception", `Unknown order direction [${direction}]`);
    return { by: name === "_term" || name === "_time" ? "_key" : name, desc: text === "desc" };
  });
}

/**
 * The order of the answer in SQL; equal buckets stand by key ascending unless the order names the key itself. A metric without
 * a value is NaN, which Elasticsearch 9.4 sorts as the greatest number: last ascending, first descending.
 */
export function sqlOrder(orders: readonly BucketOrder[], key: Expr, sortKeys: SortKeys): readonly Order[] {
  return ordered(orders, key, sortKeys, "first");
}

/**
 * The order by which a shard chooses the buckets that it sends: as sqlOrder, but NaN is last in both directions. Undefined
 * where that is the same. (Tried on 9.4.3: a descending metric brings buckets without a value to the top only where the
 * shard did not leave them out.)
 */
export function shardOrder(orders: readonly BucketOrder[], key: Expr, sortKeys: SortKeys): readonly Order[] | undefined {
  return orders.some(({ by, desc }) => desc && isMetric(by)) ? ordered(orders, key, sortKeys, "last") : undefined;
}

function ordered(orders: readonly BucketOrder[], key: Expr, sortKeys: SortKeys, nan: "first" | "last"): readonly Order[] {
  const items = orders.map(({ by, desc }): Order => {
    if (by === "_key") return { expr: key, desc };
    return isMetric(by) ? { expr: sortKeys(by), desc, ...(desc ? { nulls: nan } : {}) } : { expr: call("count"), desc };
  });
  return orders.some(({ by }) => by === "_key") ? items : [...items, { expr: key }];
}

const isMetric = (by: string): boolean => by !== "_key" && by !== "_count";

/** Throws RejectedRequest where an order leads to none of the sub-aggregations. */
export function checkOrders(orders: readonly BucketOrder[], children: readonly AggregationNode[]): void {
  for (const { by } of orders) {
    let siblings = children;
    for (const { name, property } of isMetric(by) ? parsePath(by) : []) {
      const next = siblings.find((each) => each.name === name || each.name === `${name}.${property ?? ""}`);
      if (next === undefined) throw new RejectedRequest("illegal_argument_exception", `Invalid aggregation order path [${by}]`);
      siblings = next.children;
    }
  }
}

/** Sorts shaped buckets, which come in key order. */
export function sortBuckets(buckets: readonly ShapedBucket[], orders: readonly BucketOrder[], name: string): readonly ShapedBucket[] {
  return buckets.toSorted((a, b) => {
    for (const { by, desc } of orders) {
      const order = compareDoubles(bucketValue(a, by, name), bucketValue(b, by, name)) * (desc ? -1 : 1);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** The buckets of a histogram, which come in key order, in the order asked for. */
export function inBucketOrder(buckets: readonly ShapedBucket[], orders: readonly BucketOrder[], name: string): readonly ShapedBucket[] {
  const [first] = orders;
  if (orders.length === 1 && first?.by === "_key") return first.desc ? buckets.toReversed() : buckets;
  return sortBuckets(buckets, orders, name);
}

/** As Java's Double.compare: NaN is the greatest, -0.0 is less than 0.0. */
export function compareDoubles(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : Number(Object.is(b, -0)) - Number(Object.is(a, -0));
}

/** True when the first order is the key: then shards send no more than `size`. */
export const isKeyOrder = (orders: readonly BucketOrder[]): boolean => orders[0]?.by === "_key";
export const isCountDescending = (orders: readonly BucketOrder[]): boolean => orders[0]?.by === "_count" && orders[0].desc;
