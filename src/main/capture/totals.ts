// How many exchanges a filter lets through, in all and over time.
import type { DatabaseSync } from "node:sqlite";
import type { Timeline } from "../../shared/contract.ts";
import { Remembered } from "./remembered.ts";
import { KeptBySegment, type SegmentChanges, windowsOf } from "./segments.ts";
import { bucketMsOf } from "./time_buckets.ts";
import type { Filter } from "./types.ts";

type TimelineBucket = Timeline["buckets"][number];

/** Filters whose sums are kept. */
const MOST = 64;
const OF_WINDOW = "e.id >= ? AND e.id < ?";

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
    const ofWindow = (from: number, before: number) => this.#count(filter, from, before);
    if (isOfEach(filter)) return sum(recent(this.#counts, key, () => this.#bySegment(ofWindow)).all());
    return this.#wholeCounts.get(key, writes, () => sum(this.#byWindow(filter, ofWindow)));
  }

  #count({ where, parameters }: Filter, from: number, before: number): number {
    const sql = `SELECT count(*) AS total FROM exchanges e WHERE ${OF_WINDOW} AND (${where})`;
    return Number(this.#db.prepare(sql).get(from, before, ...parameters)?.total ?? 0);
  }

  /** Requests per bucket of time, over the time of the whole session. */
  timeline(filter: Filter, writes: number): Timeline {
    const first = Number(this.#db.prepare("SELECT min(time) AS time FROM exchanges").get()?.time ?? 0);
    const last = Number(this.#db.prepare("SELECT max(time) AS time FROM exchanges").get()?.time ?? 0);
    const bucketMs = bucketMsOf(last - first);
    const key = `${bucketMs} ${keyOf(filter)}`;
    const ofWindow = (from: number, before: number) => this.#buckets(filter, bucketMs, from, before);
    if (isOfEach(filter)) return { bucketMs, buckets: together(recent(this.#overTime, key, () => this.#bySegment(ofWindow)).all()) };
    return this.#wholeTimelines.get(key, writes, () => ({ bucketMs, buckets: together(this.#byWindow(filter, ofWindow)) }));
  }

  #buckets(filter: Filter, bucketMs: number, from: number, before: number): readonly TimelineBucket[] {
    // In the order of their ids rows lie one after the other, whatever index finds them.
    const found = isOfEach(filter) ? filter.where : `e.id IN (SELECT e.id FROM exchanges e WHERE ${OF_WINDOW} AND (${filter.where}))`;
    const window = [from, before] as const;
    const rows = this.#db
      .prepare(
        `SELECT cast(e.time / ? AS INTEGER) AS bucket, count(*) AS count, sum(e.verdict IS 'different') AS different,
           sum(e.verdict IS 'unsupported') AS unsupported, sum(e.verdict IS 'failed') AS failed
         FROM exchanges e WHERE ${OF_WINDOW} AND (${found}) GROUP BY bucket ORDER BY bucket`,
      )
      .all(bucketMs, ...window, ...(isOfEach(filter) ? [] : window), ...filter.parameters);
    return rows.map((row) => ({
      time: Number(row.bucket) * bucketMs,
      count: Number(row.count),
      different: Number(row.different),
      unsupported: Number(row.unsupported),
      failed: Number(row.failed),
    }));
  }

  #byWindow<T>(filter: Filter, workOut: (from: number, before: number) => T): readonly T[] {
    return windowsOf(this.#db, filter).map(([from, before]) => workOut(from, before));
  }

  #bySegment<T>(workOut: (from: number, before: number) => T): KeptBySegment<T> {
    return new KeptBySegment(this.#db, this.#changes, workOut);
  }
}

/** Whether a filter can be tried on a segment alone; a query inside of it would look through the whole session for each. */
function isOfEach({ where }: Filter): boolean {
  return !/\bIN \((SELECT|WITH)\b/.test(where);
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
