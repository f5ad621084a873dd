// One comparison of one shard, and the repair of what differs. Elasticsearch is right: what it lacks is deleted, what it has is
// copied whole. Writes go on meanwhile: ClickHouse is read before Elasticsearch, so that what only ClickHouse has is not just late to
// be seen; and what has changed since the comparison began is the live mirror's.

import { ClickHouseAway } from "../../clickhouse/failure.ts";
import type { Row } from "../rows.ts";
import type { WriteOutcome } from "../write_outcome.ts";
import type { ClickHouseSide, Stored } from "./clickhouse_side.ts";
import { type DocumentName, documentKey, type ElasticsearchSide, type Numbering, type Wanted } from "./elasticsearch_side.ts";
import type { Progress } from "./progress.ts";
import { compareCounts, compareNumbers, type Range } from "./ranges.ts";

export interface Sides {
  readonly theirs: ElasticsearchSide;
  readonly ours: ClickHouseSide;
  /** Inserts documents as Elasticsearch has them, and deletes. */
  readonly insert: (rows: readonly Row[]) => Promise<WriteOutcome>;
  /** Where a document belongs. */
  readonly shardOf: (name: DocumentName) => number;
  readonly settled: () => Promise<void>;
  readonly pages: PageSize;
}

/** How closely the sides are compared: buckets' counts, all numbers, or numbers and names. */
export type Closeness = "counts" | "numbers" | "exact";

/** Bytes of documents that are asked for at once. */
const PAGE_BYTES = 8 * 1024 * 1024;
const FIRST_PAGE = 500;
/** Numbers that one search names: Elasticsearch allows 65,536. */
const MOST_NAMED = 10_000;
const MOST_ABOVE = 8_192;

/** How many documents are asked for at once, by the size of those that came. */
export class PageSize {
  readonly #most: number;
  documents: number;

  constructor(most: number) {
    this.#most = Math.max(1, Math.floor(most));
    this.documents = Math.min(FIRST_PAGE, this.#most);
  }

  came(documents: number, bytes: number): void {
    if (documents > 0) this.documents = Math.max(1, Math.min(this.#most, Math.floor((PAGE_BYTES * documents) / Math.max(1, bytes))));
  }
}

export class ShardComparison {
  /** Documents that differed, but for those that changed meanwhile. */
  differences = 0;
  /** Documents that can't be mirrored, and why the first of them can't. */
  refused = 0;
  reason = "";
  /** ClickHouse had something that Elasticsearch does not have. */
  foreign = false;
  readonly #sides: Sides;
  readonly #progress: Progress;
  readonly #shard: number;
  readonly #numbering: Numbering;
  readonly #closeness: Closeness;
  /** Once more: what was copied and is still missing is hidden by a row that should not be there. */
  readonly #again: boolean;

  constructor(sides: Sides, progress: Progress, shard: number, numbering: Numbering, closeness: Closeness) {
    this.#sides = sides;
    this.#progress = progress;
    this.#shard = shard;
    this.#numbering = numbering;
    this.#closeness = closeness;
    this.#again = progress.pass > 1;
  }

  async run(): Promise<void> {
    const { theirs, ours } = this.#sides;
    const upTo = this.#numbering.settled;
    await this.#removeUnheardOf();
    const own = await ours.counts(this.#shard, upTo);
    const other = await theirs.counts(this.#shard, upTo);
    const { ranges, alike } = compareCounts(other, own, this.#closeness !== "counts");
    this.#progress.alike(alike);
    if (this.#closeness === "counts") this.#progress.count("ranges", ranges.length);
    for (const range of ranges) {
      if (range.ours === 0 && !this.#again) await this.#fill(range);
      else await this.#mend(range);
      this.#progress.rangeDone();
    }
  }

  // ClickHouse had nothing: all is copied, a page being read while the one before is inserted.
  async #fill({ from, to: end }: Range): Promise<void> {
    const to = Math.min(end, this.#numbering.settled);
    const read = async (next: number) => {
      const size = this.#sides.pages.documents;
      const documents = next > to ? [] : await this.#documents({ from: next, to }, size);
      return { documents, next: documents.length < size ? to + 1 : (documents.at(-1)?.place.seqNo ?? to) + 1 };
    };
    let page = await read(from);
    while (page.documents.length > 0) {
      const following = read(page.next);
      // Its failure is told when it is awaited.
      following.catch(() => {});
      this.#differ("missing", page.documents.length);
      await this.#copy(page.documents);
      this.#progress.compared(page.documents.length);
      page = await following;
    }
  }

  async #mend(range: Range, exact = this.#closeness === "exact"): Promise<void> {
    const { theirs, ours } = this.#sides;
    const { from } = range;
    const to = Math.min(range.to, this.#numbering.settled);
    const own = await ours.numbers(this.#shard, from, to, exact);
    // Two documents under one number are told apart by their names.
    if (!exact && new Set(own.map(({ seqNo }) => seqNo)).size < own.length) return this.#mend(range, true);
    const other = await theirs.numbers(this.#shard, from, to, exact);
    const { missing, surplus } = compareNumbers(other, own);
    if (this.#closeness !== "counts" && missing.length + surplus.length > 0) this.#progress.count("ranges", 1);
    const taken = new Set(missing);
    for (let at = 0; at < surplus.length; at += MOST_NAMED) await this.#withdraw(surplus.slice(at, at + MOST_NAMED), taken);
    for (let at = 0; at < missing.length; ) {
      const size = Math.min(MOST_NAMED, this.#sides.pages.documents);
      await this.#restore(await this.#documents(missing.slice(at, at + size), size));
      at += size;
    }
    this.#progress.compared(other.length);
  }

  async #documents(wanted: Wanted, size: number): Promise<readonly Row[]> {
    const documents = await this.#sides.theirs.documents(this.#shard, wanted, size);
    const bytes = documents.reduce((sum, { source }) => sum + source.byteLength, 0);
    this.#sides.pages.came(documents.length, bytes);
    await this.#progress.spend(documents.length);
    this.#progress.copied(bytes);
    return documents;
  }

  async #restore(documents: readonly Row[]): Promise<void> {
    if (!this.#again) {
      this.#differ("missing", documents.length);
      return this.#copy(documents);
    }
    const all = await this.#sides.ours.rowsOf(
      this.#shard,
      documents.map(({ id }) => id),
    );
    // On one shard an `_id` is one document, whatever its routing.
    const rows = Map.groupBy(all, ({ id }) => id);
    const current = await this.#sides.theirs.current(documents);
    const still = documents.filter((document) => current.get(documentKey(document))?.seqNo === document.place.seqNo);
    const hiding = still.flatMap((document) => (rows.get(document.id) ?? []).filter((row) => hides(row, document)));
    await this.#remove(hiding);
    this.#differ("missing", still.length);
    await this.#copy(still);
  }

  /** Writes what ClickHouse has no row of. */
  async #copy(documents: readonly Row[]): Promise<void> {
    const [first, last] = [documents[0], documents.at(-1)];
    if (first === undefined || last === undefined) return;
    const present = await this.#sides.ours.present(this.#shard, first.place.seqNo, last.place.seqNo);
    this.#progress.count("written", await this.#insert(documents.filter(({ place }) => !present.has(place.seqNo))));
  }

  /** Numbers under which ClickHouse has something that Elasticsearch has not; `taken` are those that it has other documents under. */
  async #withdraw(numbers: readonly number[], taken: ReadonlySet<number>): Promise<void> {
    this.foreign = true;
    const { theirs, ours } = this.#sides;
    const live = await ours.liveRows(this.#shard, numbers);
    const { own: rows = [], stray: strays = [] } = Object.groupBy(live, (row) =>
      this.#sides.shardOf(row) === this.#shard ? "own" : "stray",
    );
    const current = await theirs.current(rows);
    const placed = rows.map((row) => ({ row, place: current.get(documentKey(row)) }));
    const later = placed.filter(({ row, place }) => place !== undefined && place.seqNo > row.seqNo && this.#isSettled(place.seqNo));
    this.#differ("stale", later.length);
    // Their last versions are found missing, too.
    this.#progress.count("missing", -later.length);
    const wrong = placed.filter(({ row, place }) => place !== undefined && (place.seqNo < row.seqNo || isOther(row, place)));
    this.#differ("stale", wrong.length);
    this.#progress.count("missing", -wrong.length);
    await this.#remove(wrong.map(({ row }) => row));
    const gone = placed.filter(({ place }) => place === undefined).map(({ row }) => row);
    const strangers = [...strays, ...gone.filter(({ seqNo }) => taken.has(seqNo))];
    this.#differ("surplus", strangers.length);
    await this.#remove(strangers);
    await this.#delete(gone.filter(({ seqNo }) => !taken.has(seqNo)));
  }

  // A delete that Elasticsearch has just carried out comes by itself; the others are written under the number of the row, which no
  // other document of the shard can have: of two rows with one number the later one counts.
  async #delete(rows: readonly Stored[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#sides.settled();
    const still = await this.#sides.ours.liveRows(
      this.#shard,
      rows.map(({ seqNo }) => seqNo),
    );
    const gone = new Set(rows.map(documentKey));
    const own = still.filter((row) => gone.has(documentKey(row)));
    this.#differ("surplus", own.length);
    this.#progress.count("deleted", await this.#insert(own.map(tombstone)));
  }

  // Rows that stand above all that Elasticsearch has numbered would hide what it writes next.
  async #removeUnheardOf(): Promise<void> {
    const { theirs, ours } = this.#sides;
    for (;;) {
      const above = await ours.rowsAbove(this.#shard, this.#numbering.highest, MOST_ABOVE);
      if (above.length === 0) return;
      const highest = (await theirs.numbering()).get(this.#shard)?.highest ?? Number.POSITIVE_INFINITY;
      const unheardOf = above.filter(({ seqNo }) => seqNo > highest);
      if (unheardOf.length === 0) return;
      this.foreign = true;
      this.#differ("surplus", unheardOf.length);
      await this.#remove(unheardOf);
    }
  }

  async #remove(rows: readonly Stored[]): Promise<void> {
    await this.#sides.ours.remove(this.#shard, rows);
    this.#progress.count("deleted", rows.length);
  }

  /** Resolves to how many are in ClickHouse now. */
  async #insert(rows: readonly Row[]): Promise<number> {
    this.#progress.signal.throwIfAborted();
    const { indexed, deleted, notMirrored, reason, passing } = await this.#sides.insert(rows);
    // A document that no column can hold keeps no other from being copied.
    if (notMirrored > 0 && passing) throw new ClickHouseAway(reason);
    if (notMirrored === rows.length && rows.length > 1) throw new Error(reason);
    this.refused += notMirrored;
    this.reason ||= reason;
    return indexed + deleted;
  }

  #differ(how: "missing" | "stale" | "surplus", documents: number): void {
    this.#progress.count(how, documents);
    this.differences += documents;
  }

  #isSettled(seqNo: number): boolean {
    return seqNo <= this.#numbering.settled;
  }
}

function hides(row: Stored, { place }: Row): boolean {
  return row.seqNo > place.seqNo || (row.seqNo === place.seqNo && row.deleted);
}

/** Another document's number, or another history's. */
function isOther(row: Stored, place: Row["place"]): boolean {
  return row.seqNo === place.seqNo && (row.primaryTerm !== place.primaryTerm || row.version !== place.version);
}

function tombstone({ id, routing, seqNo, primaryTerm, version }: Stored): Row {
  return { id, routing, place: { seqNo, primaryTerm, version }, source: null };
}
