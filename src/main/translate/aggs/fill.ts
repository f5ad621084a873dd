// The empty buckets of a histogram: Elasticsearch gives every interval between the first and the last bucket of a parent.
import { RejectedRequest } from "../failure.ts";
import type { Row } from "../types.ts";

export interface Found {
  readonly key: number;
  readonly row: Row | null;
}

const MAX_BUCKETS = 65_536;
/** Elasticsearch counts empty buckets by so many, and each such lot twice: tried on 9.4.3, 35,536 buckets in a row are the most. */
const COUNTED_TWICE = 10_000;

/** Fills the gaps of `found`, which is in key order, and widens it to `span` (rounded keys). */
export function fillGaps(
  found: readonly Found[],
  next: (key: number) => number,
  span: { readonly min: number | undefined; readonly max: number | undefined },
): readonly Found[] {
  const first = found[0]?.key;
  const last = found.at(-1)?.key;
  const start = Math.min(first ?? Number.POSITIVE_INFINITY, span.min ?? Number.POSITIVE_INFINITY);
  const end = Math.max(last ?? Number.NEGATIVE_INFINITY, span.max ?? Number.NEGATIVE_INFINITY);
  if (found.length === 0 && (span.min === undefined || span.max === undefined)) return [];
  const filled: Found[] = [];
  let position = 0;
  for (let key = Math.min(start, end); key <= end; key = next(key)) {
    const here = found[position];
    if (here !== undefined && here.key <= key) {
      // A bucket's own key wins over the computed one: both name the same interval.
      filled.push(here);
      key = here.key;
      position += 1;
    } else filled.push({ key, row: null });
    const empty = filled.length - position;
    if (filled.length + COUNTED_TWICE * Math.floor(empty / COUNTED_TWICE) > MAX_BUCKETS) throw tooMany();
  }
  return filled;
}

function tooMany(): RejectedRequest {
  return new RejectedRequest(
    "too_many_buckets_exception",
    `Trying to create too many buckets. Must be less than or equal to: [${MAX_BUCKETS}] but was [${MAX_BUCKETS + 1}]. This limit can be set by changing the [search.max_buckets] cluster level setting.`,
  );
}
