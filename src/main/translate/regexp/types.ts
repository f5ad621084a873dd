// A Lucene regular expression as a tree. Characters are code points.

/** Code points from … to, both included. */
export type Range = readonly [from: number, to: number];

export type Regexp =
  /** One character of these ranges, in order and apart. */
  | { readonly kind: "set"; readonly ranges: readonly Range[] }
  /** One after another; none: the empty text. */
  | { readonly kind: "sequence"; readonly items: readonly Regexp[] }
  /** One of these; none: nothing at all matches. */
  | { readonly kind: "choice"; readonly items: readonly Regexp[] }
  | { readonly kind: "repeat"; readonly item: Regexp; readonly least: number; readonly most: number | null }
  /** What `item` does not match. */
  | { readonly kind: "complement"; readonly item: Regexp }
  /** What both match. */
  | { readonly kind: "both"; readonly left: Regexp; readonly right: Regexp };

export const LAST = 0x10ffff;
export const ANY_CHARACTER: Regexp = { kind: "set", ranges: [[0, LAST]] };

/** Why an expression is refused, by Elasticsearch or (unsupported) by us. */
export class RegexpProblem extends Error {
  override readonly name = "RegexpProblem";
  readonly kind: "refused" | "unsupported";

  constructor(kind: "refused" | "unsupported", reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** The set as ranges in order that don't touch. */
export function setOf(ranges: readonly Range[]): Regexp {
  const merged: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return { kind: "set", ranges: merged };
}

/** Every character that is not in the ranges, which are in order and apart. */
export function outside(ranges: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) found.push([next, from - 1]);
    next = to + 1;
  }
  return next <= LAST ? [...found, [next, LAST]] : found;
}
