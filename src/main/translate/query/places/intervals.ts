// Minimal intervals of words as Lucene finds them: from a first position to a last one, none of which holds another. In SQL a
// document's intervals are an array of (first, last, positions that words stand on), in order.
import { and, binary, call, column, type Expr, lambda, literal, not, or, param, tuple } from "../../../clickhouse/sql/ast.ts";
import { bound, each, freshName, part } from "./binding.ts";

export interface Intervals {
  /** Array(Tuple(Int64, Int64, Int64)). */
  readonly list: Expr;
  /** True where each interval is one word. */
  readonly single: boolean;
  /** What it was made from: equal sources ask for as many words. */
  readonly key: string;
}

const NO_INTERVALS = call("CAST", call("array"), literal("Array(Tuple(Int64, Int64, Int64))"));

export function wordIntervals(positions: Expr | null, key: string): Intervals {
  const list =
    positions === null
      ? NO_INTERVALS
      : call(
          "arrayMap",
          each((place) => tuple(place, place, call("toInt64", literal(1)))),
          positions,
        );
  return { list, single: true, key };
}

/** Intervals of any of the sources, without those that hold another. */
export function anyOf(sources: readonly Intervals[]): Intervals {
  const all = call("arraySort", call("arrayDistinct", call("arrayConcat", ...sources.map((one) => one.list))));
  const key = `or(${sources.map((one) => one.key).join(",")})`;
  const single = sources.every((one) => one.single);
  return { list: single ? all : minimal(all), single, key };
}

// Of intervals in order: those that hold no other one.
function minimal(all: Expr): Expr {
  return bound(all, (list) =>
    call(
      "arrayFilter",
      each((one) =>
        not(
          exists(list, (other) =>
            and([holds(one, other), or([binary(part(other, 1), "!=", part(one, 1)), binary(part(other, 2), "!=", part(one, 2))])]),
          ),
        ),
      ),
      list,
    ),
  );
}

/** One behind the other. */
export function inOrder(sources: readonly Intervals[]): Intervals {
  return chained(sources, "ordered", (chain, next) => binary(part(next, 1), ">", part(chain, 2)));
}

/** One right behind the other. */
export function adjacent(sources: readonly Intervals[]): Intervals {
  return chained(sources, "phrase", (chain, next) => binary(part(next, 1), "=", binary(part(chain, 2), "+", literal(1))));
}

function chained(sources: readonly Intervals[], name: string, follows: (chain: Expr, next: Expr) => Expr): Intervals {
  const [start, ...others] = sources;
  const list = others.reduce<Expr>(
    (chains, next) =>
      bound(next.list, (items) => {
        const going = call(
          "arrayFilter",
          each((chain) => exists(items, (item) => follows(chain, item))),
          chains,
        );
        const longer = call(
          "arrayMap",
          each((chain) =>
            bound(
              call(
                "arrayFirst",
                each((item) => follows(chain, item)),
                items,
              ),
              (item) => tuple(part(chain, 1), part(item, 2), binary(part(chain, 3), "+", part(item, 3))),
            ),
          ),
          going,
        );
        return minimal(longer);
      }),
    start?.list ?? NO_INTERVALS,
  );
  return { list, single: false, key: `${name}(${sources.map((one) => one.key).join(",")})` };
}

/** Windows with one of each. */
export function inAnyOrder(sources: readonly Intervals[]): Intervals {
  const starts = call(
    "arrayDistinct",
    call(
      "arrayMap",
      each((one) => part(one, 1)),
      call("arrayConcat", ...sources.map((one) => one.list)),
    ),
  );
  const windows = call(
    "arrayMap",
    each((start) => window(sources, start)),
    call("arraySort", starts),
  );
  const whole = call(
    "arrayFilter",
    each((one) => part(one, 4)),
    windows,
  );
  const list = minimal(
    call(
      "arraySort",
      call(
        "arrayDistinct",
        call(
          "arrayMap",
          each((one) => tuple(part(one, 1), part(one, 2), part(one, 3))),
          whole,
        ),
      ),
    ),
  );
  return { list, single: false, key: `unordered(${sources.map((one) => one.key).join(",")})` };
}

function window(sources: readonly Intervals[], start: Expr): Expr {
  const names = sources.map(() => freshName());
  const firsts = names.map((name) => call("arrayElement", column(name), literal(1)));
  const from = call("arrayMin", call("array", ...firsts.map((one) => part(one, 1))));
  const to = call("arrayMax", call("array", ...firsts.map((one) => part(one, 2))));
  const width = firsts.map((one) => part(one, 3)).reduce((sum, one) => binary(sum, "+", one));
  const body = tuple(from, to, width, and(names.map((name) => call("notEmpty", column(name)))));
  const lists = sources.map((one) =>
    call(
      "array",
      call(
        "arrayFilter",
        each((item) => binary(part(item, 1), ">=", start)),
        one.list,
      ),
    ),
  );
  return call("arrayElement", call("arrayMap", lambda(names, body), ...lists), literal(1));
}

/** Those with at most so many positions that no part stands on. */
export function maxGaps(source: Intervals, gaps: number): Intervals {
  const between = (one: Expr) => binary(binary(binary(part(one, 2), "-", part(one, 1)), "+", literal(1)), "-", part(one, 3));
  return { ...filtered(source, (one) => binary(between(one), "<=", param("Int64", gaps))), key: `maxgaps(${gaps},${source.key})` };
}

export function filtered(source: Intervals, keep: (one: Expr) => Expr): Intervals {
  return { ...source, list: call("arrayFilter", each(keep), source.list) };
}

/** As a part of others: an interval stands on all of its positions, those between its words too. */
export function closed(source: Intervals): Intervals {
  const whole = (one: Expr) => binary(binary(part(one, 2), "-", part(one, 1)), "+", literal(1));
  return {
    ...source,
    list: call(
      "arrayMap",
      each((one) => tuple(part(one, 1), part(one, 2), whole(one))),
      source.list,
    ),
  };
}

/** How an interval stands to another, by the name of the filter. */
const RELATIONS: Readonly<Record<string, (one: Expr, other: Expr) => Expr>> = {
  containing: (one, other) => holds(one, other),
  contained_by: (one, other) => holds(other, one),
  overlapping: (one, other) => and([binary(part(one, 1), "<=", part(other, 2)), binary(part(one, 2), ">=", part(other, 1))]),
  before: (one, other) => binary(part(one, 2), "<", part(other, 1)),
  after: (one, other) => binary(part(one, 1), ">", part(other, 2)),
};

/** Intervals that stand so to one of the others, or (`not_…`) to none; undefined for a filter that is not known. */
export function standing(source: Intervals, name: string, others: Intervals): Intervals | undefined {
  const negated = name.startsWith("not_");
  const plain = negated ? name.slice("not_".length) : name;
  const relation = name === "not_containing" ? reaching : Object.hasOwn(RELATIONS, plain) ? RELATIONS[plain] : undefined;
  if (relation === undefined || (negated && (plain === "before" || plain === "after"))) return undefined;
  const list = bound(others.list, (items) => {
    const stands = (one: Expr) => exists(items, (other) => relation(one, other));
    return call(
      "arrayFilter",
      each((one) => (negated ? not(stands(one)) : stands(one))),
      source.list,
    );
  });
  return { list, single: source.single, key: `${name}(${source.key},${others.key})` };
}

// Lucene leaves out more than what contains another: also what another one reaches into from before or goes on behind.
function reaching(one: Expr, other: Expr): Expr {
  const late = or([binary(part(other, 1), ">=", part(one, 1)), binary(part(other, 2), ">=", part(one, 2))]);
  return and([late, binary(part(other, 1), "<=", part(one, 2))]);
}

function exists(list: Expr, test: (item: Expr) => Expr): Expr {
  return call("arrayExists", each(test), list);
}

function holds(one: Expr, other: Expr): Expr {
  return and([binary(part(one, 1), "<=", part(other, 1)), binary(part(one, 2), ">=", part(other, 2))]);
}
