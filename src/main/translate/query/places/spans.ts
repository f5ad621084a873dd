// Spans of words as Lucene finds them: each from its first position to the one behind its last, ordered by their start. In SQL
// a document's spans are an array of such pairs.
import { and, binary, call, column, type Expr, lambda, literal, not, param, tuple } from "../../../clickhouse/sql/ast.ts";
import { bound, each, freshName, part } from "./binding.ts";

export interface Spans {
  /** Array(Tuple(Int64, Int64)), by start, then end. */
  readonly list: Expr;
  /** Ends are in order too: Lucene's spans only go forward, and miss what lies behind where they are not. */
  readonly ordered: boolean;
  /** Words in a span; null where spans differ. */
  readonly length: number | null;
  /** The words it is made of; null: not known. */
  readonly terms: ReadonlySet<string> | null;
}

/** Why Lucene's own answer can't be foretold; a clause turns it into UnsupportedClause. */
export class UnorderedSpans extends Error {
  override readonly name = "UnorderedSpans";
}

const EMPTY = call("CAST", call("array"), literal("Array(Tuple(Int64, Int64))"));

/** Single words at these positions. `terms`: which they may be. */
export function wordSpans(positions: Expr | null, terms: ReadonlySet<string> | null): Spans {
  const list =
    positions === null
      ? EMPTY
      : call(
          "arrayMap",
          each((place) => tuple(place, binary(place, "+", literal(1)))),
          positions,
        );
  return { list, ordered: true, length: 1, terms };
}

export function anyOf(spans: readonly Spans[]): Spans {
  const length = spans[0]?.length ?? null;
  const even = length !== null && spans.every((one) => one.length === length && one.ordered);
  const list = call("arraySort", call("arrayDistinct", call("arrayConcat", ...spans.map((one) => one.list))));
  return {
    list,
    ordered: even || (spans.length === 1 && spans[0]?.ordered === true),
    length: even ? length : null,
    terms: together(spans),
  };
}

export function filtered(spans: Spans, keep: (span: Expr) => Expr): Spans {
  return { ...spans, list: call("arrayFilter", each(keep), spans.list) };
}

/** Those that end at most there. */
export function first(spans: Spans, end: number): Spans {
  return filtered(spans, (span) => binary(part(span, 2), "<=", param("Int64", end)));
}

/** Those that no span of `others` overlaps, or comes nearer to than `before` and `behind`. */
export function without(spans: Spans, others: Spans, before: number, behind: number): Spans {
  return withBound(others, spans, (list, span) =>
    not(
      exists(list, (other) =>
        and([
          binary(part(other, 2), ">", binary(part(span, 1), "-", param("Int64", before))),
          binary(part(other, 1), "<", binary(part(span, 2), "+", param("Int64", behind))),
        ]),
      ),
    ),
  );
}

/** Those that hold one of `little`. */
export function containing(big: Spans, little: Spans): Spans {
  requireOrder([little]);
  return withBound(little, big, (list, span) => exists(list, (other) => holds(span, other)));
}

/** Those that one of `big` holds. */
export function within(little: Spans, big: Spans): Spans {
  requireOrder([big]);
  return withBound(big, little, (list, span) => exists(list, (other) => holds(other, span)));
}

function holds(big: Expr, little: Expr): Expr {
  return and([binary(part(big, 1), "<=", part(little, 1)), binary(part(big, 2), ">=", part(little, 2))]);
}

function exists(list: Expr, test: (item: Expr) => Expr): Expr {
  return call("arrayExists", each(test), list);
}

function withBound(others: Spans, spans: Spans, keep: (list: Expr, span: Expr) => Expr): Spans {
  return { ...spans, list: bound(others.list, (list) => filtered(spans, (span) => keep(list, span)).list) };
}

function together(spans: readonly Spans[]): ReadonlySet<string> | null {
  return spans.some((one) => one.terms === null) ? null : new Set(spans.flatMap((one) => [...(one.terms ?? [])]));
}

function requireOrder(spans: readonly Spans[]): void {
  if (spans.some((one) => !one.ordered))
    throw new UnorderedSpans("spans of different lengths: Lucene misses some of what they could match");
}

/** A span, or a gap of so many words behind the one before. */
export type Step = Spans | number;

/** One after another: behind each span the first one that does not overlap it, with at most `slop` words between them all. */
export function inOrder(start: Spans, steps: readonly Step[], slop: number): Spans {
  const lists = [start, ...steps.filter((step) => typeof step !== "number")];
  requireOrder(lists);
  // (start, end so far, words between).
  const begun = call(
    "arrayMap",
    each((span) => tuple(part(span, 1), part(span, 2), call("toInt64", literal(0)))),
    start.list,
  );
  const chains = steps.reduce<Expr>((chain, step) => (typeof step === "number" ? pushed(chain, step) : extended(chain, step)), begun);
  const near = call(
    "arrayFilter",
    each((chain) => binary(part(chain, 3), "<=", param("Int64", slop))),
    chains,
  );
  return {
    list: call(
      "arrayMap",
      each((chain) => tuple(part(chain, 1), part(chain, 2))),
      near,
    ),
    ordered: true,
    length: null,
    terms: together(lists),
  };
}

function pushed(chains: Expr, width: number): Expr {
  return call(
    "arrayMap",
    each((chain) => tuple(part(chain, 1), binary(part(chain, 2), "+", param("Int64", width)), part(chain, 3))),
    chains,
  );
}

function extended(chains: Expr, next: Spans): Expr {
  return bound(next.list, (list) => {
    const found = (chain: Expr) =>
      call(
        "arrayFirst",
        each((span) => binary(part(span, 1), ">=", part(chain, 2))),
        list,
      );
    const going = call(
      "arrayFilter",
      each((chain) => exists(list, (span) => binary(part(span, 1), ">=", part(chain, 2)))),
      chains,
    );
    return call(
      "arrayMap",
      each((chain) =>
        bound(found(chain), (span) =>
          tuple(part(chain, 1), part(span, 2), binary(part(chain, 3), "+", binary(part(span, 1), "-", part(chain, 2)))),
        ),
      ),
      going,
    );
  });
}

/** In any order, overlapping or not: from each start on the first span of each, with at most `slop` words between them all.
 * `outermost`: only whether there is any match counts. */
export function inAnyOrder(spans: readonly Spans[], slop: number, outermost: boolean): Spans {
  requireOrder(spans);
  const terms = together(spans);
  const apart = terms !== null && terms.size === spans.reduce((sum, one) => sum + (one.terms?.size ?? 0), 0);
  if (!outermost && !apart) throw new UnorderedSpans("words that two parts share: Lucene's spans of them depend on their turn");
  const starts = call(
    "arrayDistinct",
    call(
      "arrayMap",
      each((span) => part(span, 1)),
      call("arrayConcat", ...spans.map((one) => one.list)),
    ),
  );
  const windows = call(
    "arrayMap",
    each((start) => window(spans, start)),
    call("arraySort", starts),
  );
  const near = call(
    "arrayFilter",
    each((found) => and([part(found, 4), binary(part(found, 3), "<=", param("Int64", slop))])),
    windows,
  );
  const list = call(
    "arrayDistinct",
    call(
      "arrayMap",
      each((found) => tuple(part(found, 1), part(found, 2))),
      near,
    ),
  );
  return { list, ordered: true, length: null, terms };
}

// (start, end, words between, whether all are there).
function window(spans: readonly Spans[], start: Expr): Expr {
  const behind = (one: Spans) =>
    call(
      "arrayFilter",
      each((span) => binary(part(span, 1), ">=", start)),
      one.list,
    );
  const names = spans.map(() => freshName());
  const firsts = names.map((name) => call("arrayElement", column(name), literal(1)));
  const from = call("arrayMin", call("array", ...firsts.map((span) => part(span, 1))));
  const to = call("arrayMax", call("array", ...firsts.map((span) => part(span, 2))));
  const lengths = firsts.map((span) => binary(part(span, 2), "-", part(span, 1))).reduce((sum, length) => binary(sum, "+", length));
  const whole = and(names.map((name) => call("notEmpty", column(name))));
  const body = tuple(from, to, binary(binary(to, "-", from), "-", lengths), whole);
  const lists = spans.map((one) => call("array", behind(one)));
  return call("arrayElement", call("arrayMap", lambda(names, body), ...lists), literal(1));
}

/** True where there is a span. */
export function found(spans: Spans): Expr {
  return call("notEmpty", spans.list);
}
