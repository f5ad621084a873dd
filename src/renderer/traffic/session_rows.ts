// All exchanges that pass a filter as one long list, newest first, of which only some are here: segments of a few hundred, each a range of
// ids with the count of its rows, and its rows where they were asked for. A place is told from an id, and an id from a place, whether the
// rows are here or not. Knows of no engine and no window.
import type { ExchangePage, ExchangeRanges } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";

type Rows = readonly ExchangeSummary[];

const SEGMENT = 256;
/** Segments whose rows are kept: what is in view and far around it. */
const MOST_LOADED = 24;

interface Segment {
  /** Ids are above this one, and at most the `after` of the segment before. */
  after: number;
  count: number;
  rows: Rows | null;
  /** Something in it has changed: it may not pass any more. */
  stale: boolean;
}

/** A range of ids, both ends excluded. */
export interface IdsBetween {
  readonly after: number;
  readonly before: number;
}

/** Places in view: from the first up to before the second. */
export interface PlacesInView {
  readonly from: number;
  readonly to: number;
}

export class SessionRows {
  /** Newest first. The first one takes what comes, and is always here. */
  readonly #segments: Segment[];
  #starts: readonly number[] | null = null;
  /** Rows that are there although the session's count says otherwise. */
  #proven = 0;
  /** A place in view. */
  #near = 0;
  /** Nothing is known yet of what has a smaller id; null when all is known. */
  #end: number | null;

  /** Begins with the newest page. */
  constructor(page: ExchangePage) {
    this.#segments = [segmentOf(page)];
    this.#end = page.next;
  }

  get end(): number | null {
    return this.#end;
  }

  /** Rows, here or not, of what is known. */
  get total(): number {
    const last = this.#segments.length - 1;
    return (this.#placesOfStarts()[last] ?? 0) + this.#segment(last).count;
  }

  /** The id of the newest row; 0 without rows. */
  get newest(): number {
    return this.rowAt(0)?.id ?? 0;
  }

  /** Ids above this one are those that may still come on top. */
  get headAfter(): number {
    return this.#segment(0).after;
  }

  /** Goes on where all that is known ends, with counts. */
  addRanges({ ranges, next }: ExchangeRanges): void {
    for (const { after, count } of ranges) this.#append({ after, count, rows: count === 0 ? [] : null, stale: false });
    this.#end = next;
  }

  /** Goes on where all that is known ends, with what was found there. */
  addFound(page: ExchangePage): void {
    this.#append(segmentOf(page));
    this.#end = page.next;
  }

  rowAt(place: number): ExchangeSummary | null {
    const at = this.#segmentAt(place);
    return this.#segment(at).rows?.[place - this.#startOf(at)] ?? null;
  }

  /** The row of an exchange where it is here. */
  rowOf(id: number): ExchangeSummary | null {
    const place = this.placeOf(id);
    const row = place === null ? null : this.rowAt(place);
    return row?.id === id ? row : null;
  }

  /** Where the exchange stands, or would; about where as long as its rows are not here; null where nothing is known yet. */
  placeOf(id: number): number | null {
    const at = this.#segmentOf(id);
    if (at < 0) return this.#end === null && this.total > 0 ? this.total - 1 : null;
    const { rows, count, after } = this.#segment(at);
    const upTo = this.#upTo(at);
    const within = rows === null ? Math.floor(((upTo - id) / (upTo - after)) * count) : placeIn(rows, id);
    const place = this.#startOf(at) + Math.max(0, rows === null ? Math.min(within, count - 1) : within);
    return Math.max(0, Math.min(place, this.total - 1));
  }

  /** What `placeOf` gives that place for: the row's id, or one between those of its segment, with a fraction. */
  idAt(place: number): number | null {
    const row = this.rowAt(place);
    if (row !== null) return row.id;
    const at = this.#segmentAt(place);
    const { after, count } = this.#segment(at);
    if (count === 0) return null;
    const upTo = this.#upTo(at);
    return upTo - ((place - this.#startOf(at) + 0.5) / count) * (upTo - after);
  }

  /** Rows that are newer than all others. */
  putOnTop(rows: Rows): void {
    const head = this.#segment(0);
    this.#setRows(head, rows.concat(head.rows ?? []));
    this.#cutHead();
  }

  /** All rows above `headAfter`, as they are now. */
  setHead(rows: Rows): void {
    this.#setRows(this.#segment(0), rows);
    this.#cutHead();
  }

  /** Takes what has at most this id out of the segment on top. */
  closeHead(id: number): void {
    const head = this.#segment(0);
    if (id <= head.after) return;
    const rows = head.rows ?? [];
    const kept = rows.filter((row) => row.id > id);
    this.#insertBelowHead({ after: head.after, count: rows.length - kept.length, rows: rows.slice(kept.length), stale: false });
    head.after = id;
    this.#setRows(head, kept);
  }

  /** Puts the newest state of rows in the place of those that are here. */
  replace(changed: Rows): boolean {
    let any = false;
    for (const row of changed) {
      const segment = this.#segments[this.#segmentOf(row.id)];
      const place = segment?.rows?.findIndex(({ id }) => id === row.id) ?? -1;
      if (segment === undefined || place < 0) continue;
      segment.rows = segment.rows?.with(place, row) ?? null;
      any = true;
    }
    return any;
  }

  /** Exchanges that may pass now, or not any more: rows of theirs are asked for again. */
  touch(ids: Iterable<number>): void {
    for (const id of ids) {
      const at = this.#segmentOf(id);
      if (at > 0) this.#segment(at).stale = true;
    }
  }

  /** The ids of the next segment to ask for: what is in view comes first, then what is around; null when all of that is here. */
  wanted(view: PlacesInView): IdsBetween | null {
    this.#near = view.from;
    const [first, last] = [this.#segmentAt(view.from), this.#segmentAt(view.to - 1)];
    for (let at = first; at <= last; at += 1) if (this.#isMissing(at)) return this.#idsOf(at);
    for (const at of [last + 1, first - 1]) if (this.#isMissing(at)) return this.#idsOf(at);
    return null;
  }

  /** The ids of the segment of a place. */
  idsAround(place: number): IdsBetween {
    return this.#idsOf(this.#segmentAt(place));
  }

  /** Takes the rows of a segment, unless it is another by now; far ones are forgotten for them. */
  fill({ after, before }: IdsBetween, rows: Rows): void {
    const at = this.#segmentOf(before - 1);
    const segment = this.#segments[at];
    if (segment === undefined || segment.after !== after || this.#upTo(at) !== before - 1) return;
    this.#proven = Math.max(0, this.#proven + rows.length - segment.count);
    this.#setRows(segment, rows);
    segment.stale = false;
    this.#forgetFar(at);
  }

  /** The oldest have gone: so many are left. */
  trimTo(total: number): void {
    let excess = this.total - total - this.#proven;
    while (excess > 0 && this.#segments.length > 1) {
      const last = this.#segment(this.#segments.length - 1);
      const gone = Math.min(excess, last.count);
      last.count -= gone;
      last.stale = last.rows !== null; // of the oldest, pinned ones stay
      last.rows = last.rows?.slice(0, last.count) ?? null;
      excess -= gone;
      if (last.count === 0) this.#segments.pop();
      this.#starts = null;
    }
  }

  #isMissing(at: number): boolean {
    const segment = this.#segments[at];
    return segment !== undefined && at > 0 && (segment.rows === null || segment.stale);
  }

  #forgetFar(filled: number): void {
    const loaded = this.#segments.flatMap(({ rows }, at) => (at > 0 && rows !== null && rows.length > 0 ? [at] : []));
    if (loaded.length <= MOST_LOADED) return;
    const from = this.#segmentAt(this.#near);
    const farthest = loaded.toSorted((a, b) => Math.abs(b - from) - Math.abs(a - from)).find((at) => at !== filled);
    if (farthest !== undefined) this.#segment(farthest).rows = null;
  }

  #append(segment: Segment): void {
    const last = this.#segments.at(-1);
    const joins = this.#segments.length > 1 && last !== undefined && last.rows !== null && segment.rows !== null;
    if (joins && last.count + segment.count <= SEGMENT) {
      last.after = segment.after;
      this.#setRows(last, last.rows?.concat(segment.rows ?? []) ?? []);
    } else {
      this.#segments.push(segment);
      this.#starts = null;
    }
  }

  #insertBelowHead(segment: Segment): void {
    const next = this.#segments[1];
    // What a search finds few of would be a segment each time.
    if (next !== undefined && next.rows !== null && next.count + segment.count <= SEGMENT) {
      this.#setRows(next, (segment.rows ?? []).concat(next.rows));
      next.stale ||= segment.stale;
    } else this.#segments.splice(1, 0, segment);
    this.#starts = null;
  }

  #cutHead(): void {
    const head = this.#segment(0);
    while (head.rows !== null && head.count > 2 * SEGMENT) {
      const cut = head.rows.slice(-SEGMENT);
      this.#insertBelowHead({ after: head.after, count: cut.length, rows: cut, stale: false });
      head.after = cut[0]?.id ?? head.after;
      this.#setRows(head, head.rows.slice(0, -SEGMENT));
    }
    this.#forgetFar(0);
  }

  #setRows(segment: Segment, rows: Rows): void {
    segment.rows = rows;
    segment.count = rows.length;
    this.#starts = null;
  }

  #segment(at: number): Segment {
    const segment = this.#segments[at];
    if (segment === undefined) throw new Error(`There is no segment ${at} among ${this.#segments.length}.`);
    return segment;
  }

  #upTo(at: number): number {
    return at === 0 ? Number.POSITIVE_INFINITY : this.#segment(at - 1).after;
  }

  #idsOf(at: number): IdsBetween {
    return { after: this.#segment(at).after, before: this.#upTo(at) + 1 };
  }

  /** Of an id; -1 where nothing is known of it. */
  #segmentOf(id: number): number {
    const at = firstWhere(this.#segments.length, (i) => this.#segment(i).after < id);
    return at < this.#segments.length ? at : -1;
  }

  /** Of a place; the last one of what lies beyond. */
  #segmentAt(place: number): number {
    const starts = this.#placesOfStarts();
    return Math.max(0, firstWhere(starts.length, (i) => (starts[i] ?? 0) > place) - 1);
  }

  #startOf(at: number): number {
    return this.#placesOfStarts()[at] ?? 0;
  }

  #placesOfStarts(): readonly number[] {
    if (this.#starts !== null) return this.#starts;
    const starts: number[] = [];
    let place = 0;
    for (const { count } of this.#segments) {
      starts.push(place);
      place += count;
    }
    this.#starts = starts;
    return starts;
  }
}

function segmentOf({ exchanges, next }: ExchangePage): Segment {
  return { after: next === null ? -1 : next - 1, count: exchanges.length, rows: exchanges, stale: false };
}

/** Where the row of that id is among rows whose ids fall, or would be. */
function placeIn(rows: Rows, id: number): number {
  return firstWhere(rows.length, (i) => (rows[i]?.id ?? 0) <= id);
}

/** The first of `count` numbers that something holds for, as for all after it; `count` where it holds for none. */
function firstWhere(count: number, holds: (i: number) => boolean): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
