// Sums up the searches of a session by what they have in common.
import type { DatabaseSync } from "node:sqlite";
import type {
  CompareAnswer,
  CompareBy,
  CompareCrumb,
  CompareGroup,
  ComparePoints,
  CompareQuery,
  CompareWithin,
  DifferingPath,
} from "../../../shared/compare.ts";
import { Remembered } from "../remembered.ts";
import { text } from "../rows.ts";
import type { SegmentChanges } from "../segments.ts";
import { bucketMsOf } from "../time_buckets.ts";
import type { Filter } from "../types.ts";
import { Chooser, type Chosen, type ChosenRows } from "./chosen.ts";
import { FactColumns } from "./columns.ts";
import { type DifferingKind, differingKinds, timedSearches } from "./kinds.ts";
import { percentileOf, ratioOf } from "./ratio.ts";
import { type GroupedRows, type Sums, Tally } from "./tally.ts";

const DEFAULT_LIMIT = 200;
const LARGEST_LIMIT = 500;
const MOST_PATHS = 8;

/** Outermost first. */
const WITHIN: readonly CompareBy[] = ["time", "index", "application", "dashboard", "panel", "shape"];

/** Searches in groups: a key each, and each search's place among them. */
interface Grouped {
  readonly keys: readonly string[];
  readonly parts: readonly GroupedRows[];
  readonly bucketMs: number | null;
}

export class CompareGroups {
  readonly #db: DatabaseSync;
  readonly #columns: FactColumns;
  readonly #chooser: Chooser;
  readonly #remembered = new Remembered<CompareAnswer>();

  constructor(db: DatabaseSync, changes: SegmentChanges) {
    this.#db = db;
    this.#columns = new FactColumns(db, changes);
    this.#chooser = new Chooser(db, this.#columns);
  }

  /** `filter` is the query's, compiled. An answer is worked out anew only after a write. Titles are those of shapes alone. */
  answer(query: CompareQuery, filter: Filter | undefined, writes: number): CompareAnswer {
    return this.#remembered.get(JSON.stringify(query), writes, () => this.#answer(query, this.#chooser.choose(query, filter)));
  }

  /** Both times of the newest searches that both sides answered. */
  points(within: CompareWithin, filter: Filter | undefined): ComparePoints {
    return timedSearches(this.#chooser.choose(within, filter).parts);
  }

  /** The searches that differ, by shape and by where: those with the most first. */
  differing(within: CompareWithin, filter: Filter | undefined): readonly DifferingKind[] {
    return differingKinds(this.#chooser.choose(within, filter).parts, this.#columns.names);
  }

  #answer(query: CompareQuery, chosen: Chosen): CompareAnswer {
    const { by, limit = DEFAULT_LIMIT } = query;
    const most = Math.max(1, Math.min(LARGEST_LIMIT, limit));
    const { keys, parts, bucketMs } = this.#grouped(by, chosen);
    const tally = new Tally(parts, keys.length);
    const order = by === "time" ? inTime(keys).slice(-most) : troubleFirst(keys, tally).slice(0, most);
    const paths = this.#paths(parts, keys.length);
    const sketch = this.#sketches();
    const title = by === "shape" ? sketch : () => "";
    const groupAt = (group: number): CompareGroup => {
      const key = keys[group] ?? "";
      return groupOf(tally.sums(group), key, title(key), paths(group));
    };
    return {
      by,
      within: crumbsOf(query).map((crumb) => ({ ...crumb, title: crumb.by === "shape" ? sketch(crumb.key) : "" })),
      all: groupOf(new Tally(chosen.parts.map(inOneGroup), 1).sums(0), "", "", paths(null)),
      groups: order.map(groupAt),
      left: keys.length - order.length,
      bucketMs,
    };
  }

  #grouped(by: CompareBy, { parts, askers }: Chosen): Grouped {
    const bucketMs = by === "time" ? bucketMsOf(spanOf(parts)) : null;
    const { shape, index } = this.#columns.names;
    const groups = new Map<number | string, number>();
    const keys: string[] = [];
    const groupOfKey = (key: number | string, name: () => string): number => {
      const known = groups.get(key);
      if (known !== undefined) return known;
      groups.set(key, keys.length);
      return keys.push(name()) - 1;
    };
    // Each asker's group is looked up once.
    const byAsker = new Map<number, number>();
    const groupOfAsker = (id: number): number => {
      const known = byAsker.get(id);
      if (known !== undefined) return known;
      const key = by === "application" || by === "dashboard" || by === "panel" ? (askers.get(id)?.[by] ?? "") : "";
      const group = groupOfKey(key, () => key);
      byAsker.set(id, group);
      return group;
    };
    const groupOf = ({ segment }: ChosenRows, row: number): number => {
      if (by === "shape") return groupOfKey(segment.shape[row] ?? 0, () => shape.textOf(segment.shape[row] ?? 0));
      if (by === "index") return groupOfKey(segment.index[row] ?? 0, () => index.textOf(segment.index[row] ?? 0));
      if (bucketMs === null) return groupOfAsker(segment.asker[row] ?? 0);
      const bucket = Math.floor((segment.time[row] ?? 0) / bucketMs) * bucketMs;
      return groupOfKey(bucket, () => String(bucket));
    };
    return { keys, bucketMs, parts: parts.map((part) => ({ ...part, groups: part.rows.map((row) => groupOf(part, row)) })) };
  }

  /** Where answers differ most often, of a group; of all of them under null. */
  #paths(parts: readonly GroupedRows[], groups: number): (group: number | null) => readonly DifferingPath[] {
    const { path } = this.#columns.names;
    const counted = new Map<number, Map<number, number>>();
    for (const { segment, rows, groups: of } of parts) {
      if (segment.paths.length === 0) continue;
      const groupAt = new Int32Array(segment.rows).fill(-1);
      for (let i = 0; i < rows.length; i += 1) groupAt[rows[i] ?? 0] = of[i] ?? 0;
      for (let i = 0; i < segment.paths.length; i += 2) {
        const group = groupAt[segment.paths[i] ?? 0] ?? -1;
        if (group === -1) continue;
        for (const one of [group, groups]) {
          const ofGroup = counted.get(one) ?? new Map<number, number>();
          if (ofGroup.size === 0) counted.set(one, ofGroup);
          const code = segment.paths[i + 1] ?? 0;
          ofGroup.set(code, (ofGroup.get(code) ?? 0) + 1);
        }
      }
    }
    return (group) => {
      const ranked = [...(counted.get(group ?? groups) ?? [])].map(([code, searches]) => ({ path: path.textOf(code), searches }));
      return ranked.toSorted((a, b) => b.searches - a.searches || (a.path < b.path ? -1 : 1)).slice(0, MOST_PATHS);
    };
  }

  #sketches(): (shape: string) => string {
    const sketch = this.#db.prepare("SELECT sketch FROM shapes WHERE shape = ?");
    return (shape) => text(sketch.get(shape)?.sketch);
  }
}

function inOneGroup(part: ChosenRows): GroupedRows {
  return { ...part, groups: new Uint32Array(part.rows.length) };
}

function spanOf(parts: readonly ChosenRows[]): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { segment, rows } of parts) {
    for (const row of rows) {
      first = Math.min(first, segment.time[row] ?? first);
      last = Math.max(last, segment.time[row] ?? last);
    }
  }
  return Math.max(0, last - first);
}

function inTime(keys: readonly string[]): readonly number[] {
  return [...keys.keys()].toSorted((a, b) => Number(keys[a]) - Number(keys[b]));
}

/** Those that ask most for a look are not left out. */
function troubleFirst(keys: readonly string[], tally: Tally): readonly number[] {
  const ranks = keys.map((key, group) => ({
    key,
    group,
    trouble: tally.count(group, "failed") * 4 + tally.count(group, "different") * 2 + tally.count(group, "unsupported"),
    searches: tally.searches(group),
  }));
  const ranked = ranks.toSorted((a, b) => b.trouble - a.trouble || b.searches - a.searches || (a.key < b.key ? -1 : 1));
  return ranked.map(({ group }) => group);
}

function crumbsOf(within: CompareWithin): readonly Omit<CompareCrumb, "title">[] {
  const keys = { ...within, time: within.since === undefined ? undefined : String(within.since) };
  return WITHIN.flatMap((by) => {
    const key = keys[by];
    return key === undefined ? [] : [{ by, key }];
  });
}

function groupOf(sums: Sums, key: string, title: string, paths: readonly DifferingPath[]): CompareGroup {
  const { searches, counts, equalLeaves, totalLeaves, newest, example, latencies } = sums;
  const side = (sorted: Float64Array) => ({
    searches: sorted.length,
    p50: percentileOf(sorted, 0.5),
    p95: percentileOf(sorted, 0.95),
  });
  return {
    key,
    title,
    searches,
    counts,
    similarity: totalLeaves === 0 ? null : equalLeaves / totalLeaves,
    elasticsearch: side(latencies.elasticsearch),
    clickhouse: side(latencies.clickhouse),
    ratio: ratioOf(latencies.pairs.elasticsearch, latencies.pairs.clickhouse),
    paths,
    example,
    newest,
  };
}
