// How a part of the query's text is pointed at: `/query`, a JSON pointer, and the offsets of its characters as a fragment.
import type { Place } from "./tree.ts";

/** `/query#12-24`. */
export function pointerTo({ at, end }: Place): string {
  return `/query#${at}-${end}`;
}
