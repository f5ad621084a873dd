// How many exchanges a filter lets through, in all and over time.
import type { DatabaseSync } from "node:sqlite";
import type { Timeline } from "../../shared/contract.ts";
import { Remembered } from "./remembered.ts";
import { asksOfEach, KeptBySegment, type SegmentChanges } from "./segments.ts";
import { bucketMsOf } from "./time_buckets.ts";
import type { Filter } from "./types.ts";

type TimelineBucket = Timeline["buckets"][number];

/** Filters whose sums are kept. */
const MOST = 64;
/** Ids from the first on, before the second; null for all. */
type Window = readonly [number, number] | null;

export class Totals {
  readonly #db: DatabaseSync;
  readonly #changes: SegmentChanges;
  readonly #counts = new Map<string, KeptBySegment<number>>();
  readonly #overTime = new Map<string, KeptBySegment<readonly TimelineBucket[]>>();
  readonly #wholeCounts = new Remembered<number>();
  readonly #wholeTimelines = new Remembered<Timeline>();

  constructor(db: DatabaseSync, changes: SegmentChanges) {
    this.#db = db;
    this.#changes = changes;
  }

  /** `writes` counts the session's writes: what is not kept by segment is counted anew only after one. */
  count(filter: Filter, writes: number): number {
    const key = keyOf(filter);
    const count = (window: Window) => this.#count(filter, window);
    if (isKept(filter)) return sum(recent(this.#counts, key, () => this.#bySegment(count)).all());
    return this.#wholeCounts.get(key, writes, () => count(null));
  }

  #count(filter: Filter, window: Window): number {
    const { where, parameters } = within(filter, window);
    const row = this.#db.prepare(`SELECT count(*) AS total FROM exchanges e WHERE ${where}`).get(...parameters);
    return Number(row?.total ?? 0);
  }

  /** Requests per bucket of time, over the time of the whole session. */
  timeline(filter: Filter, writes: number): Timeline {
    const first = Number(this.#db.prepare("SELECT min(time) AS time FROM exchanges").get()?.time ?? 0);
    const last = Number(this.#db.prepare("SELECT max(time) AS time FROM exchanges").get()?.time ?? 0);
    const bucketMs = bucketMsOf(last - first);
    const key = `${bucketMs} ${keyOf(filter)}`;
    const bucketsOf = (window: Window) => this.#buckets(filter, bucketMs, window);
    if (isKept(filter)) return { bucketMs, buckets: together(recent(this.#overTime, key, () => this.#bySegment(bucketsOf)).all()) };
    return this.#wholeTimelines.get(key, writes, () => ({ bucketMs, buckets: bucketsOf(null) }));
  }

  #buckets(filter: Filter, bucketMs: number, window: Window): readonly TimelineBucket[] {
    const { where, parameters } = within(filter, window);
    // In the order of their ids rows lie one after the other, whatever index finds them.
    const found = window === null ? `e.id IN (SELECT e.id FROM exchanges e WHERE ${where})` : where;
    const rows = this.#db
      .prepare(
        `SELECT cast(e.time / ? AS INTEGER) AS bucket, count(*) AS count, sum(e.verdict IS 'different') AS different,
           sum(e.verdict IS 'unsupported') AS unsupported, sum(e.verdict IS 'failed') AS failed
         FROM exchanges e WHERE ${found} GROUP BY bucket ORDER BY bucket`,
      )
      .all(bucketMs, ...parameters);
    return rows.map((row) => ({
      time: Number(row.bucket) * bucketMs,
      count: Number(row.count),
      different: Number(row.different),
      unsupported: Number(row.unsupported),
      failed: Number(row.failed),
    }));
  }

  #bySegment<T>(workOut: (window: Window) => T): KeptBySegment<T> {
    return new KeptBySegment(this.#db, this.#changes, (from, before) => workOut([from, before]));
  }
}

/** Whether its sums are kept by segment, and as of now; those of others an index gives in a moment, and they may be a little old. */
export function isKept(filter: Filter): boolean {
  return filter.each === filter.where || asksOfEach(filter);
}

function within({ where, each, parameters }: Filter, window: Window): Pick<Filter, "where" | "parameters"> {
  if (window === null) return { where, parameters };
  return { where: `e.id >= ? AND e.id < ? AND (${each})`, parameters: [...window, ...parameters] };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}

function together(parts: readonly (readonly TimelineBucket[])[]): readonly TimelineBucket[] {
  const buckets = new Map<number, TimelineBucket>();
  for (const bucket of parts.flat()) {
    const known = buckets.get(bucket.time);
    buckets.set(bucket.time, known === undefined ? bucket : added(known, bucket));
  }
  return [...buckets.values()].toSorted((a, b) => a.time - b.time);
}

function added(one: TimelineBucket, other: TimelineBucket): TimelineBucket {
  return {
    time: one.time,
    count: one.count + other.count,
    different: one.different + other.different,
    unsupported: one.unsupported + other.unsupported,
    failed: one.failed + other.failed,
  };
}

/** What is under `key`, made where nothing is; of many, those go that nobody asked for the longest. */
function recent<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const found = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, found);
  const oldest = kept.keys().next().value;
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  return found;
}

function keyOf({ where, parameters }: Filter): string {
  return JSON.stringify([where, parameters]);
}
