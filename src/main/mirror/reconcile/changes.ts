// Writes that name no documents (by query, reindexing, an answer that was lost) make an index differ in few places, and which ones is
// known: Elasticsearch numbers every change, and the numbers that nobody has seen are theirs. What they wrote is copied by those numbers;
// only where fewer documents come than there are numbers, some were deleted, or changed again, and both sides are counted.
import { ClickHouseAway } from "../../clickhouse/failure.ts";
import type { Gap } from "../sequence.ts";
import type { Wanted } from "./elasticsearch_side.ts";
import { comparePasses, type Engines, type Reconcilable, type Repair, repair } from "./reconcile.ts";
import type { ReconcileOptions, Reconciliation } from "./report.ts";

/** Shorter gaps are asked for together, number by number. */
const LONG_GAP = 256;

/** Refuses where more is missing than `mostMissing` numbers, or anything beside them: such an index has to be reconciled. Never throws. */
export async function takeChanges(
  index: Reconcilable,
  engines: Engines,
  options: ReconcileOptions,
  mostMissing: number,
): Promise<Reconciliation> {
  let unexplained = false;
  let overwrote = false;
  const result = await repair(
    index,
    engines,
    options,
    async (work) => {
      const taken = await takeGaps(work, mostMissing);
      unexplained = taken === null;
      if (taken === null) return null;
      overwrote = taken.overwrote;
      if (taken.unaccounted === 0) return null;
      overwrote = true;
      return comparePasses(work, true);
    },
    () => overwrote,
  );
  if (!unexplained || result.kind !== "equal") return result;
  return { kind: "refused", reason: `what is missing of index ${index.name} is not known by its numbers` };
}

interface Taken {
  /** Numbers without a document. */
  readonly unaccounted: number;
  /** A document of which the table had another version may have come. */
  readonly overwrote: boolean;
}

/** Null where they are not known or too many. */
async function takeGaps({ index, sides, progress, expect }: Repair, mostMissing: number): Promise<Taken | null> {
  const { theirs } = sides;
  const { completeness } = index;
  const since = completeness.losses;
  await theirs.assertSame();
  const upTo = new Map([...(await theirs.numbering())].map(([shard, { settled }]) => [shard, settled]));
  expect(upTo);
  await sides.settled();
  const gaps = completeness.gaps(upTo);
  const missing = gaps === null ? 0 : sizeOf([...gaps.values()].flat());
  if (gaps === null || missing > mostMissing) return null;
  await theirs.refresh();
  progress.beginPass(missing);
  if (missing > 0) completeness.noticed();
  let found = 0;
  let overwrote = false;
  for (const [shard, own] of gaps) {
    for (const wanted of wantedOf(own, theirs.mostHits)) {
      const taken = await takeWanted({ sides, progress }, shard, wanted);
      found += taken.found;
      overwrote ||= taken.overwrote;
    }
  }
  if (found === missing) completeness.whole(upTo, since);
  return { unaccounted: missing - found, overwrote };
}

/** Whole pages, one after the other. */
async function takeWanted(
  { sides, progress }: Pick<Repair, "sides" | "progress">,
  shard: number,
  wanted: Wanted,
): Promise<{ readonly found: number; readonly overwrote: boolean }> {
  const { theirs, ours, pages } = sides;
  let found = 0;
  let overwrote = false;
  for (let rest: Wanted | null = wanted; rest !== null; ) {
    const size = pages.documents;
    const documents = await theirs.documents(shard, rest, size);
    const bytes = documents.reduce((sum, { source }) => sum + source.byteLength, 0);
    pages.came(documents.length, bytes);
    await progress.spend(documents.length);
    progress.copied(bytes);
    const [first, last] = [documents[0], documents.at(-1)];
    if (first === undefined || last === undefined) break;
    const present = await ours.present(shard, first.place.seqNo, last.place.seqNo);
    const rows = documents.filter(({ place }) => !present.has(place.seqNo));
    const { indexed, notMirrored, reason, passing } = await sides.insert(rows);
    if (notMirrored > 0) throw passing ? new ClickHouseAway(reason) : new Error(reason);
    progress.count("missing", rows.length);
    progress.count("written", indexed);
    progress.compared(documents.length);
    found += documents.length;
    overwrote ||= rows.some(({ place }) => place.version > 1n);
    rest = documents.length < size ? null : after(rest, last.place.seqNo);
  }
  return { found, overwrote };
}

function after(wanted: Wanted, seqNo: number): Wanted | null {
  if ("from" in wanted) return seqNo < wanted.to ? { from: seqNo + 1, to: wanted.to } : null;
  const rest = wanted.filter((number) => number > seqNo);
  return rest.length === 0 ? null : rest;
}

function wantedOf(gaps: readonly Gap[], most: number): readonly Wanted[] {
  const long = gaps.filter(({ from, to }) => to - from >= LONG_GAP);
  const single = gaps
    .filter(({ from, to }) => to - from < LONG_GAP)
    .flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  const lists: number[][] = [];
  for (let from = 0; from < single.length; from += most) lists.push(single.slice(from, from + most));
  return [...long, ...lists];
}

function sizeOf(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
