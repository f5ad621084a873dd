// What the two answers themselves tell of a place: hits that tie, buckets of dates whose documents moved to a neighbour. Pure.
import type { Difference } from "../../shared/exchange.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, numberAt, objectAt, printJson } from "../../shared/json.ts";
import { hitNaming } from "../matcher/hit_list.ts";
import { namedLoosely } from "../matcher/keyed_list.ts";
import type { ExplainedPlace, Pair } from "./place.ts";

export interface TiedHit {
  readonly index: string;
  readonly id: string;
  /** Its place on each side, from 0; null where that side's page does not have it. */
  readonly elasticsearch: number | null;
  readonly clickhouse: number | null;
}

export interface Tie {
  /** As the answer shows it; of several keys with commas between. */
  readonly value: string;
  readonly hits: readonly TiedHit[];
}

/** The hits that share the sort values of the place's; null where it is no matter of their order. */
export function tieAt(place: ExplainedPlace, difference: Pick<Difference, "path" | "kind"> | null, answers: Pair): Tie | null {
  const about = difference === null || ["order", "missing", "extra"].includes(difference.kind);
  if (place.hit === null || !about || (difference !== null && difference.path.split("/").length !== 4)) return null;
  const [theirs, ours] = [hitsOf(answers.elasticsearch), hitsOf(answers.clickhouse)];
  // What one page has no room for is no matter of a tie.
  if (difference !== null && difference.kind !== "order" && theirs.length !== ours.length) return null;
  const naming = hitNaming(theirs, ours);
  const ranked = (hits: readonly JsonValue[]) =>
    namedLoosely(hits, naming).map(({ key, step, value }, at) => ({ key, step, at, hit: isObject(value) ? value : {} }));
  const [left, right] = [ranked(theirs), ranked(ours)];
  const own = [...left, ...right].find(({ step }) => step === place.hit?.step);
  const value = own === undefined ? null : rankOf(own.hit);
  if (value === null) return null;
  const keys = new Set([...left, ...right].filter(({ hit }) => rankOf(hit) === value).map(({ key }) => key));
  if (keys.size < 2) return null;
  const hits = [...keys].map((key) => {
    const [on, off] = [left.find((one) => one.key === key), right.find((one) => one.key === key)];
    const hit = on?.hit ?? off?.hit ?? {};
    const text = (name: string) => String(member(hit, name) ?? "");
    return { index: text("_index"), id: text("_id"), elasticsearch: on?.at ?? null, clickhouse: off?.at ?? null };
  });
  return { value, hits };
}

function hitsOf(answer: JsonValue | undefined): readonly JsonValue[] {
  const list = member(objectAt(answer, "hits"), "hits");
  return isArray(list) ? list : [];
}

/** What the hit is sorted by; null where it does not tell. */
function rankOf(hit: JsonObject): string | null {
  const sort = member(hit, "sort");
  if (isArray(sort) && sort.length > 0) return sort.map((value) => printJson(value)).join(", ");
  const score = member(hit, "_score");
  return score === undefined || score === null ? null : printJson(score);
}

const OF_DATES: readonly string[] = ["date_histogram", "auto_date_histogram", "date_range"];

/** Documents that stand in another bucket of dates on the other side, where all buckets together hold as many. 0: none. */
export function movedBetween(place: ExplainedPlace): { readonly moved: number; readonly zone: string } {
  for (const { type, answers, options } of place.levels) {
    if (!OF_DATES.includes(type)) continue;
    const [theirs, ours] = [countsOf(answers.elasticsearch), countsOf(answers.clickhouse)];
    const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((total, count) => total + count, 0);
    const gone = [...theirs].reduce((total, [key, count]) => total + Math.max(0, count - (ours.get(key) ?? 0)), 0);
    if (gone === 0 || sum(theirs) !== sum(ours) || !onlyNeighbours(theirs, ours, options)) continue;
    const zone = member(options, "time_zone");
    return { moved: gone, zone: typeof zone === "string" ? zone : "" };
  }
  return { moved: 0, zone: "" };
}

const HOUR = 3_600_000;
const SHORTEST: Readonly<Record<string, number>> = {
  m: HOUR / 60,
  h: HOUR,
  d: 24 * HOUR,
  w: 168 * HOUR,
  M: 672 * HOUR,
  q: 2160 * HOUR,
  y: 8760 * HOUR,
};
const UNITS: Readonly<Record<string, string>> = { minute: "m", hour: "h", day: "d", week: "w", month: "M", quarter: "q", year: "y" };
/** Zones are up to 14 hours from UTC. */
const FURTHEST = 14 * HOUR;

/**
 * Whether buckets are as long on both sides, and documents stand in the one beside at most: other boundaries, not another interval.
 * True where the interval or the keys do not tell.
 */
function onlyNeighbours(theirs: ReadonlyMap<string, number>, ours: ReadonlyMap<string, number>, options: JsonObject): boolean {
  const calendar = member(options, "calendar_interval");
  const unit = typeof calendar === "string" ? (UNITS[calendar] ?? /^1([mhdwMqy])$/.exec(calendar)?.[1]) : undefined;
  const length = unit === undefined ? undefined : SHORTEST[unit];
  const [left, right] = [theirs, ours].map((counts) => [...counts].map(([key, count]) => [Number(key), count] as const));
  if (length === undefined || left === undefined || right === undefined || [...left, ...right].some(([key]) => Number.isNaN(key)))
    return true;
  const keys = right.map(([key]) => key).toSorted((a, b) => a - b);
  // A clock that is put forward makes a day an hour shorter.
  if (keys.some((key, i) => i > 0 && key - (keys[i - 1] ?? 0) < length - HOUR)) return false;
  const upTo = (counts: typeof left, end: number) => counts.reduce((sum, [key, count]) => (key <= end ? sum + count : sum), 0);
  const ends = left.map(([key]) => key).toSorted((a, b) => a - b);
  const slack = Math.min(FURTHEST, length / 2);
  return ends.every((end, i) => {
    const moved = upTo(right, end + slack);
    return moved >= upTo(left, ends[i - 1] ?? Number.NEGATIVE_INFINITY) && moved <= upTo(left, ends[i + 1] ?? Number.POSITIVE_INFINITY);
  });
}

function countsOf(answer: JsonValue | undefined): ReadonlyMap<string, number> {
  const buckets = isObject(answer) ? member(answer, "buckets") : undefined;
  const entries = isArray(buckets)
    ? buckets.filter(isObject).map((bucket) => [printJson(member(bucket, "key") ?? null), bucket] as const)
    : isObject(buckets)
      ? Object.entries(buckets).flatMap(([name, bucket]) => (isObject(bucket) ? [[name, bucket] as const] : []))
      : [];
  return new Map(entries.map(([key, bucket]) => [key, numberAt(bucket, "doc_count") ?? 0]));
}
