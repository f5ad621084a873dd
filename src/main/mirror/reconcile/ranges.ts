// Which sequence numbers of a shard have to be looked at: both sides' live documents counted by buckets of numbers. A number
// belongs to one document of its shard, and what is stored under it never changes, so equal sets of numbers are equal documents.
// Pure.

/** Numbers of one bucket: small enough that a bucket is read at once, large enough that 100 million documents are 12,000 of them. */
export const BUCKET_BITS = 13;
export const BUCKET = 2 ** BUCKET_BITS;

/** The live documents of one bucket. `bucket` is the number divided by BUCKET. */
export interface Counted {
  readonly bucket: number;
  readonly count: number;
  readonly least: number;
  readonly greatest: number;
  /** Exact up to 2^53: BUCKET numbers below 10^12. */
  readonly sum: number;
}

/** Numbers that have to be looked at; both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** Live documents of each side. */
  readonly theirs: number;
  readonly ours: number;
}

export interface Compared {
  readonly ranges: readonly Range[];
  /** Documents of Elasticsearch in buckets that are alike. */
  readonly alike: number;
}

/** Buckets of a range of which ClickHouse has documents: their numbers are read at once. */
const MOST_BUCKETS = 32;

/** `every`: a bucket that looks alike has to be looked at, too. Buckets in ascending order. */
export function compareCounts(theirs: readonly Counted[], ours: readonly Counted[], every: boolean): Compared {
  const own = new Map(ours.map((counted) => [counted.bucket, counted]));
  const other = new Map(theirs.map((counted) => [counted.bucket, counted]));
  const buckets = [...new Set([...other.keys(), ...own.keys()])].toSorted((a, b) => a - b);
  const ranges: Range[] = [];
  let alike = 0;
  for (const bucket of buckets) {
    const [their, our] = [other.get(bucket), own.get(bucket)];
    if (!every && areAlike(their, our)) alike += their?.count ?? 0;
    else append(ranges, { from: bucket * BUCKET, to: (bucket + 1) * BUCKET - 1, theirs: their?.count ?? 0, ours: our?.count ?? 0 });
  }
  return { ranges, alike };
}

function areAlike(a: Counted | undefined, b: Counted | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.count === b.count && a.least === b.least && a.greatest === b.greatest && a.sum === b.sum;
}

// Neighbours become one range: where ClickHouse has nothing, of any length; else as long as their numbers are few.
function append(ranges: Range[], next: Range): void {
  const last = ranges.at(-1);
  const joins =
    last !== undefined &&
    last.to + 1 === next.from &&
    (last.ours === 0) === (next.ours === 0) &&
    (next.ours === 0 || next.to - last.from < MOST_BUCKETS * BUCKET);
  if (!joins) ranges.push(next);
  else ranges[ranges.length - 1] = { from: last.from, to: next.to, theirs: last.theirs + next.theirs, ours: last.ours + next.ours };
}

/** One live document of a side; `mark` is what else has to be the same, "" for nothing. */
export interface Numbered {
  readonly seqNo: number;
  readonly mark: string;
}

export interface Difference {
  /** Only Elasticsearch has them. */
  readonly missing: readonly number[];
  /** Only ClickHouse has them. */
  readonly surplus: readonly number[];
}

/** Where the sides have other documents under a number, it is both missing and surplus. */
export function compareNumbers(theirs: readonly Numbered[], ours: readonly Numbered[]): Difference {
  const own = new Set(ours.map(keyOf));
  const other = new Set(theirs.map(keyOf));
  return {
    missing: theirs.filter((numbered) => !own.has(keyOf(numbered))).map(({ seqNo }) => seqNo),
    surplus: ours.filter((numbered) => !other.has(keyOf(numbered))).map(({ seqNo }) => seqNo),
  };
}

function keyOf({ seqNo, mark }: Numbered): number | string {
  return mark === "" ? seqNo : `${seqNo}\0${mark}`;
}
