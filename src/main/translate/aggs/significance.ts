// How significant a term is: Elasticsearch's heuristics, written once over an arithmetic, so that SQL chooses by the same
// formula by which the answer is scored.
import { binary, call, type Expr, literal } from "../../clickhouse/sql/ast.ts";

/** Doubles, as numbers or as SQL; conditions are 1 or 0. */
export interface Arithmetic<T> {
  of(value: number): T;
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  log(a: T): T;
  exp(a: T): T;
  least(a: T, b: T): T;
  greatest(a: T, b: T): T;
  below(a: T, b: T): T;
  same(a: T, b: T): T;
  isNaN(a: T): T;
  when(condition: T, then: T, otherwise: T): T;
}

/** How often a term is in the documents at hand and in those behind, and how many there are of each. */
export interface Frequencies<T> {
  readonly found: T;
  readonly foundSize: T;
  readonly behind: T;
  readonly behindSize: T;
}

export type Heuristic = <T>(n: Arithmetic<T>, frequencies: Frequencies<T>) => T;

/** What is asked of a heuristic that looks at all four quarters of the documents. */
export interface Choices {
  readonly negatives: boolean;
  readonly superset: boolean;
}

const flag = (value: boolean): number => Number(value);

export const NUMBERS: Arithmetic<number> = {
  of: (value) => value,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  log: Math.log,
  exp: Math.exp,
  least: Math.min,
  greatest: Math.max,
  below: (a, b) => flag(a < b),
  same: (a, b) => flag(a === b),
  isNaN: (a) => flag(Number.isNaN(a)),
  when: (condition, then, otherwise) => (condition === 1 ? then : otherwise),
};

export const SQL: Arithmetic<Expr> = {
  of: (value) => call("toFloat64", literal(Number.isFinite(value) ? value : String(value).toLowerCase().replace("infinity", "inf"))),
  add: (a, b) => binary(a, "+", b),
  sub: (a, b) => binary(a, "-", b),
  mul: (a, b) => binary(a, "*", b),
  div: (a, b) => call("divide", a, b),
  log: (a) => call("log", a),
  exp: (a) => call("exp", a),
  least: (a, b) => call("least", a, b),
  greatest: (a, b) => call("greatest", a, b),
  below: (a, b) => binary(a, "<", b),
  same: (a, b) => binary(a, "=", b),
  isNaN: (a) => call("isNaN", a),
  when: (condition, then, otherwise) => call("if", condition, then, otherwise),
};

export const jlh: Heuristic = (n, { found, foundSize, behind, behindSize }) => {
  // A term that is not in the background at all counts as if it were there once.
  const known = n.when(n.same(behind, n.of(0)), n.of(1), behind);
  const here = n.div(found, foundSize);
  const there = n.div(known, behindSize);
  const change = n.sub(here, there);
  const score = n.when(n.below(n.of(0), change), n.mul(change, n.div(here, there)), n.of(0));
  return n.when(n.same(foundSize, n.of(0)), n.of(0), n.when(n.same(behindSize, n.of(0)), n.of(0), score));
};

export const percentage: Heuristic = (n, { found, behind }) => n.when(n.same(behind, n.of(0)), n.of(0), n.div(found, behind));

export function chiSquare({ negatives, superset }: Choices): Heuristic {
  return (n, frequencies) => {
    const q = quarters(n, frequencies, superset);
    const cross = n.sub(n.mul(q.n11, q.n00), n.mul(q.n01, q.n10));
    const sizes = n.mul(n.mul(n.mul(q.inClass, q.withTerm), q.withoutTerm), q.outOfClass);
    const score = n.div(n.mul(q.all, n.mul(cross, cross)), sizes);
    return negatives ? score : n.when(rarer(n, q), n.of(Number.NEGATIVE_INFINITY), score);
  };
}

export function mutualInformation({ negatives, superset }: Choices): Heuristic {
  return (n, frequencies) => {
    const q = quarters(n, frequencies, superset);
    const part = <T>(m: Arithmetic<T>, count: T, term: T, inClass: T, all: T): T => {
      const numerator = m.mul(all, count);
      const factor = m.div(count, all);
      const value = m.mul(factor, m.log(m.div(numerator, m.mul(term, inClass))));
      return m.when(m.below(numerator, m.of(1e-7)), m.when(m.below(factor, m.of(1e-7)), m.of(0), value), value);
    };
    const parts = [
      part(n, q.n00, q.withoutTerm, q.outOfClass, q.all),
      part(n, q.n01, q.withoutTerm, q.inClass, q.all),
      part(n, q.n10, q.withTerm, q.outOfClass, q.all),
      part(n, q.n11, q.withTerm, q.inClass, q.all),
    ];
    const sum = parts.slice(1).reduce(n.add, parts[0] ?? n.of(0));
    const score = n.div(sum, n.of(Math.log(2)));
    const numeric = n.when(n.isNaN(score), n.of(Number.NEGATIVE_INFINITY), score);
    return negatives ? numeric : n.when(rarer(n, q), n.of(Number.NEGATIVE_INFINITY), numeric);
  };
}

export function googleDistance({ superset }: Pick<Choices, "superset">): Heuristic {
  return (n, frequencies) => {
    const { withTerm, inClass, n11, all } = quarters(n, frequencies, superset);
    const [x, y] = [n.log(withTerm), n.log(inClass)];
    const distance = n.div(n.sub(n.greatest(x, y), n.log(n11)), n.sub(n.log(all), n.least(x, y)));
    const score = n.exp(n.mul(n.of(-1), distance));
    const perfect = n.when(n.same(withTerm, inClass), n.same(withTerm, n11), n.of(0));
    return n.when(n.same(n11, n.of(0)), n.of(0), n.when(n.same(perfect, n.of(1)), n.of(1), score));
  };
}

interface Quarters<T> {
  /** Documents: neither, in class without the term, with the term out of class, both. */
  readonly n00: T;
  readonly n01: T;
  readonly n10: T;
  readonly n11: T;
  readonly withoutTerm: T;
  readonly withTerm: T;
  readonly outOfClass: T;
  readonly inClass: T;
  readonly all: T;
}

function quarters<T>(n: Arithmetic<T>, { found, foundSize, behind, behindSize }: Frequencies<T>, superset: boolean): Quarters<T> {
  const rest = n.sub(foundSize, found);
  const without = n.sub(behindSize, behind);
  const own = { n01: rest, n11: found, inClass: foundSize };
  if (superset) {
    const outOfClass = n.sub(behindSize, foundSize);
    return {
      ...own,
      n00: n.sub(without, rest),
      n10: n.sub(behind, found),
      withoutTerm: without,
      withTerm: behind,
      outOfClass,
      all: behindSize,
    };
  }
  const both = { withoutTerm: n.add(without, rest), withTerm: n.add(behind, found), all: n.add(behindSize, foundSize) };
  return { ...own, ...both, n00: without, n10: behind, outOfClass: behindSize };
}

// True where the term is rarer in the class than outside of it.
const rarer = <T>(n: Arithmetic<T>, q: Quarters<T>): T => n.below(n.div(q.n11, q.inClass), n.div(q.n10, q.outOfClass));
