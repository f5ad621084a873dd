// Makes the table of one index equal to Elasticsearch, whether it has nothing yet (a backfill) or differs somewhere. What was done is
// in the table itself, so that a reconciliation that was stopped goes on where it was. It ends when a comparison of all shards finds
// nothing to repair.
import type { ElasticsearchClient } from "../../elasticsearch/client.ts";
import { shardOf } from "../../elasticsearch/routing.ts";
import type { Completeness } from "../completeness.ts";
import type { IndexDescription } from "../index_description.ts";
import { isPassing } from "../patience.ts";
import type { Row } from "../rows.ts";
import type { Store } from "../store.ts";
import type { Versions } from "../versions.ts";
import type { WriteOutcome } from "../write_outcome.ts";
import { ClickHouseSide } from "./clickhouse_side.ts";
import { ElasticsearchSide, type Numbering } from "./elasticsearch_side.ts";
import { Progress } from "./progress.ts";
import type { ReconcileOptions, ReconcileReport, Reconciliation } from "./report.ts";
import { type Closeness, PageSize, ShardComparison, type Sides } from "./shard.ts";

/** What it needs of an index's mirror. */
export interface Reconcilable {
  readonly name: string;
  readonly description: IndexDescription;
  /** Aborted when the index is no more. */
  readonly gone: AbortSignal;
  readonly completeness: Pick<Completeness, "gaps" | "losses" | "noticed" | "whole">;
  /** Inserts documents that no operation names. */
  take(rows: readonly Row[]): Promise<WriteOutcome>;
  readonly versions: Pick<Versions, "mending">;
  drained(): Promise<void>;
}

export interface Engines {
  readonly clickhouse: Store;
  readonly elasticsearch: ElasticsearchClient;
  readonly database: string;
}

/** Shards that are compared side by side. */
const SIDE_BY_SIDE = 2;
/** Two are enough unless writes that Elasticsearch does not number go on, or the table is damaged. */
const MOST_PASSES = 6;

/** What a repair works with. */
export interface Repair {
  readonly index: Reconcilable;
  readonly sides: Sides;
  readonly progress: Progress;
  readonly options: ReconcileOptions;
  /** Numbers up to these, by shard, may be copied from now on. */
  readonly expect: (upTo: ReadonlyMap<number, number>) => void;
}

/** Why both sides still differ. */
export interface Unequal {
  readonly reason: string;
  readonly again: boolean;
}

/** Never throws. */
export function reconcile(index: Reconcilable, engines: Engines, options: ReconcileOptions = {}): Promise<Reconciliation> {
  return repair(index, engines, options, (work) => comparePasses(work, false));
}

/**
 * Runs `work`, which resolves to null when both sides agree. `overwrote` says afterwards whether the table may have several versions
 * of a document; without it, the table is asked. Never throws.
 */
export async function repair(
  index: Reconcilable,
  engines: Engines,
  options: ReconcileOptions,
  work: (repair: Repair) => Promise<Unequal | null>,
  overwrote?: () => boolean,
): Promise<Reconciliation> {
  const { problem } = index.description;
  if (problem !== "") return { kind: "refused", reason: `index ${index.name} can't be mirrored: ${problem}` };
  const signal = options.signal === undefined ? index.gone : AbortSignal.any([index.gone, options.signal]);
  const progress = new Progress(options, signal);
  try {
    const sides = sidesOf(index, engines, options, progress);
    const problem = await index.versions.mending((expect) => work({ index, sides, progress, options, expect }), overwrote);
    const report = progress.report();
    if (changed(report)) index.completeness.noticed();
    return problem === null ? { kind: "equal", report } : { kind: "failed", ...problem, report };
  } catch (error) {
    const report = progress.report();
    if (changed(report)) index.completeness.noticed();
    if (index.gone.aborted) return { kind: "failed", reason: `index ${index.name} is gone`, again: false, report };
    if (options.signal?.aborted === true) return { kind: "cancelled", report };
    const reason = error instanceof Error ? error.message : String(error);
    const again = isPassing(error);
    return { kind: "failed", reason: again ? `${reason} What was copied is kept: reconcile again to go on.` : reason, again, report };
  }
}

function changed({ written, deleted }: ReconcileReport): boolean {
  return written + deleted > 0;
}

function sidesOf(index: Reconcilable, engines: Engines, options: ReconcileOptions, progress: Progress): Sides {
  const theirs = new ElasticsearchSide(engines.elasticsearch, index.description, progress.signal);
  const settled = async (): Promise<void> => {
    await index.drained();
    await options.settled?.();
  };
  return {
    theirs,
    ours: new ClickHouseSide(engines.clickhouse, engines.database, index.name, progress.signal),
    insert: (rows) => index.take(rows),
    shardOf: ({ id, routing }) => shardOf(routing === "" ? id : routing, index.description),
    settled,
    pages: new PageSize(Math.min(theirs.mostHits, progress.most)),
  };
}

/**
 * Compares and repairs until a comparison finds nothing; else resolves to why not. `lacksNothing`: ClickHouse is known to have all that
 * Elasticsearch has, so that where both count the same they have the same.
 */
export async function comparePasses({ index, sides, progress, options, expect }: Repair, lacksNothing: boolean): Promise<Unequal | null> {
  const { theirs, settled } = sides;
  let foreign = false;
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    const since = index.completeness.losses;
    await theirs.assertSame();
    const numbering = await theirs.numbering();
    const upTo = new Map([...numbering].map(([shard, { settled: number }]) => [shard, number]));
    expect(upTo);
    await settled();
    await theirs.refresh();
    progress.beginPass(await theirs.documentCount());
    const closeness = closenessOf(pass, options.exact === true, foreign && !lacksNothing);
    const shards = await compareShards(sides, progress, numbering, closeness);
    foreign ||= shards.some((shard) => shard.foreign);
    if (shards.every(({ differences }) => differences === 0)) {
      await theirs.assertSame();
      index.completeness.whole(upTo, since);
      return null;
    }
    const refused = shards.reduce((sum, shard) => sum + shard.refused, 0);
    if (pass > 1 && refused > 0 && shards.every(({ differences, refused: own }) => differences === own)) {
      const [first] = shards.flatMap(({ reason }) => (reason === "" ? [] : [reason]));
      return { reason: `${refused} documents of index ${index.name} can't be mirrored: ${first}`, again: false };
    }
  }
  return { reason: `index ${index.name} still differs after ${MOST_PASSES} comparisons`, again: true };
}

// As long as ClickHouse has nothing of its own, equal counts are equal sets. Where numbers have been compared and something differs
// still, one number has two documents.
function closenessOf(pass: number, exact: boolean, foreign: boolean): Closeness {
  if (exact || pass > 2) return "exact";
  return foreign ? "numbers" : "counts";
}

async function compareShards(
  sides: Sides,
  progress: Progress,
  numbering: ReadonlyMap<number, Numbering>,
  closeness: Closeness,
): Promise<readonly ShardComparison[]> {
  const shards = [...numbering].map(([shard, numbers]) => new ShardComparison(sides, progress, shard, numbers, closeness));
  const waiting = shards.values();
  const lane = async (): Promise<void> => {
    for (const shard of waiting) await shard.run();
  };
  // All lanes end before a failure is told: nothing is written after it.
  const ended = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, lane));
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  return shards;
}
