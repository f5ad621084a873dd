// Two lists whose elements have names (hits by _id, buckets by key): which belong together, which only one side has, and
// which stand at another place. Elements of the same rank have no order among themselves.
import type { JsonValue } from "../../shared/json.ts";
import { isArray, isNumber, isObject, jsonObject, printJson } from "../../shared/json.ts";
import { isShallow } from "./leaves.ts";
import { numberKey } from "./number.ts";

export interface Named {
  /** Unique in its list. */
  readonly key: string;
  /** Step for a path: `[key=7]`. */
  readonly step: string;
  readonly value: JsonValue;
}

export interface Ranking {
  /** True when nothing in the request puts one before the other. */
  same(a: Named, b: Named): boolean;
  /** True when the list is a page that begins or ends amid a longer one: elements of that rank may be others. */
  readonly opensAmid: boolean;
  readonly endsAmid: boolean;
}

export interface Alignment {
  /** Positions in both lists; one is null where that side lacks it. In Elasticsearch's order, extras last. */
  readonly pairs: readonly AlignedPair[];
}

export interface AlignedPair {
  readonly elasticsearch: number | null;
  readonly clickhouse: number | null;
  /** `moved`: another place, though the order is determined. `shuffled`: another place among its own rank. */
  readonly order: "same" | "moved" | "shuffled";
  /** Missing or extra, yet of the rank where the page is cut: the other side chose another of the same rank. */
  readonly tied: boolean;
}

/** Aligns two lists in O(n log n). */
export function align(elasticsearch: readonly Named[], clickhouse: readonly Named[], ranking: Ranking): Alignment {
  const ourPosition = new Map(clickhouse.map((item, index) => [item.key, index]));
  const theirPosition = new Map(elasticsearch.map((item, index) => [item.key, index]));
  const groups = rankGroups(elasticsearch, ranking);
  const common = clickhouse.flatMap((item) => {
    const at = theirPosition.get(item.key);
    return at === undefined ? [] : [at];
  });
  const steady = longestRising(common.map((at) => groups[at] ?? 0));
  const inPlace = new Set(common.filter((_, index) => steady.has(index)));
  // Whatever stays in place keeps the order of ranks, so what is unsorted among it is shuffled within a rank.
  const staying = common.filter((at) => inPlace.has(at));
  const sorted = staying.toSorted((a, b) => a - b);
  const shuffled = new Set(sorted.filter((at, index) => staying[index] !== at));
  const steadiest = longestRising(staying);
  const leaping = staying.filter((_, index) => !steadiest.has(index));
  const cut = cutRanks(elasticsearch, ranking);
  const ties = tiedAtCut(elasticsearch, clickhouse, { ourPosition, theirPosition, cut, ranking });
  const astray = common.filter((at) => !inPlace.has(at));
  const passedIts = (at: number) => passedOnlyItsRank(at, elasticsearch, ourPosition, ranking);
  const passed = new Set(astray.length > MOST_ASTRAY ? [] : astray.filter(passedIts));
  const strayed = new Set(leaping.length > MOST_ASTRAY ? [] : leaping.filter((at) => !passedIts(at)));
  const pairs = elasticsearch.map((item, at): AlignedPair => {
    const ours = ourPosition.get(item.key) ?? null;
    const kept = inPlace.has(at);
    const order =
      ours === null || (kept && !shuffled.has(at)) ? "same" : (kept && !strayed.has(at)) || passed.has(at) ? "shuffled" : "moved";
    return { elasticsearch: at, clickhouse: ours, order, tied: ours === null && ties.missing.has(at) };
  });
  for (const [at, item] of clickhouse.entries()) {
    if (!theirPosition.has(item.key)) pairs.push({ elasticsearch: null, clickhouse: at, order: "same", tied: ties.extra.has(at) });
  }
  return { pairs };
}

const MOST_ASTRAY = 100;

/**
 * True when all that stand on the other side of an element than before are of its rank. Ranks with tolerances need not be steps: one
 * element may tie with two that don't tie with each other.
 */
function passedOnlyItsRank(at: number, items: readonly Named[], ourPosition: ReadonlyMap<string, number>, ranking: Ranking): boolean {
  const item = items[at];
  const own = item === undefined ? undefined : ourPosition.get(item.key);
  if (item === undefined || own === undefined) return false;
  return items.every((other, i) => {
    const there = ourPosition.get(other.key);
    return there === undefined || i === at || i < at === there < own || ranking.same(item, other);
  });
}

/** Numbers each element by its rank: neighbours of the same rank share a number. */
function rankGroups(items: readonly Named[], ranking: Ranking): readonly number[] {
  const groups: number[] = [];
  let group = 0;
  let before: Named | null = null;
  for (const item of items) {
    if (before !== null && !ranking.same(before, item)) group += 1;
    groups.push(group);
    before = item;
  }
  return groups;
}

function cutRanks(items: readonly Named[], ranking: Ranking): readonly Named[] {
  const first = items[0];
  const last = items.at(-1);
  return [...(ranking.opensAmid && first !== undefined ? [first] : []), ...(ranking.endsAmid && last !== undefined ? [last] : [])];
}

interface Cut {
  readonly ourPosition: ReadonlyMap<string, number>;
  readonly theirPosition: ReadonlyMap<string, number>;
  readonly cut: readonly Named[];
  readonly ranking: Ranking;
}

// Only an exchange is excused, one for one: an answer that is shorter or longer has lost or invented something.
function tiedAtCut(elasticsearch: readonly Named[], clickhouse: readonly Named[], { ourPosition, theirPosition, cut, ranking }: Cut) {
  const atCut = (item: Named) => cut.some((edge) => ranking.same(edge, item));
  const missing = indicesWhere(elasticsearch, (item) => !ourPosition.has(item.key) && atCut(item));
  const extra = indicesWhere(clickhouse, (item) => !theirPosition.has(item.key) && !item.key.startsWith(NAMELESS) && atCut(item));
  return missing.size === extra.size ? { missing, extra } : { missing: new Set<number>(), extra: new Set<number>() };
}

function indicesWhere(items: readonly Named[], test: (item: Named) => boolean): Set<number> {
  return new Set(items.flatMap((item, index) => (test(item) ? [index] : [])));
}

/** Indices of a longest non-falling subsequence: what need not move. */
export function longestRising(values: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [index, value] of values.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] ?? 0] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    before[index] = tails[low - 1] ?? -1;
    tails[low] = index;
  }
  const chosen = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) chosen.add(at);
  return chosen;
}

/** Gives each value a unique key; a second one of the same name becomes `name#2`. null where `nameOf` knows no name. */
export function named(values: readonly JsonValue[], nameOf: NameOf): readonly Named[] | null {
  const names = values.map(nameOf);
  return names.includes(null) ? null : unique(values, names);
}

/** The same for a list that should have names as the other side has them: one without is called by its position. */
export function namedLoosely(values: readonly JsonValue[], nameOf: NameOf): readonly Named[] {
  return unique(
    values,
    values.map((value) => nameOf(value)),
  );
}

const NAMELESS = "\u0000nameless";

function unique(values: readonly JsonValue[], names: readonly (Name | null)[]): readonly Named[] {
  const seen = new Map<string, number>();
  return values.map((value, index) => {
    const name = names[index] ?? null;
    if (name === null) return { key: `${NAMELESS}${index}`, step: String(index), value };
    const count = (seen.get(name.key) ?? 0) + 1;
    seen.set(name.key, count);
    const suffix = count > 1 ? `#${count}` : "";
    return { key: name.key + suffix, step: `[${name.label}${suffix}]`, value };
  });
}

/** What a value is called in its list; null when it has no name. */
export type NameOf = (value: JsonValue) => Name | null;

export interface Name {
  readonly key: string;
  readonly label: string;
}

const DEEPEST_KEY = 20;

/** Text that is equal exactly for values that are equal: 7 and 7.0 are, 7 and "7" are not. null when too deep to be a key. */
export function keyText(value: JsonValue): string | null {
  if (typeof value === "string") return `s:${value}`;
  if (isNumber(value)) return `n:${numberKey(value)}`;
  if (!isShallow(value, DEEPEST_KEY)) return null;
  return printJson(canonical(value));
}

function canonical(value: JsonValue): JsonValue {
  if (isNumber(value)) return `n:${numberKey(value)}`;
  if (isArray(value)) return value.map(canonical);
  if (!isObject(value)) return typeof value === "string" ? `s:${value}` : value;
  return jsonObject(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, canonical(item)]),
  );
}
