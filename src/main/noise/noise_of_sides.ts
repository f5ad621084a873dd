// Two sides that were each asked several times: where each disagrees with itself, and whether the sides are further apart there than
// either strays from itself. Pure.
import { type JsonObject, pointerToken } from "../../shared/json.ts";
import type { KnownNoise, NoisyPath, NoisySide } from "../../shared/noise.ts";
import { textOf } from "../matcher/leaves.ts";
import { pathPattern } from "../matcher/path_pattern.ts";
import { stepsOf } from "../matcher/place.ts";
import { isAt, isWithin } from "../matcher/rules/noise.ts";
import { type Alike, disagreements, placeKey, type SelfComparison } from "./self_comparison.ts";
import { numberIn, type Spread, spreadOf, widest } from "./spread.ts";

export interface NoiseOfSides {
  readonly elasticsearch: readonly NoisyPath[];
  readonly clickhouse: readonly NoisyPath[];
  /** Of both, what may be left open from now on. */
  readonly known: readonly KnownNoise[];
}

const MOST_EXAMPLES = 5;

/** What both comparisons found, taken together. */
export function noiseOfSides(request: JsonObject, elasticsearch: SelfComparison, clickhouse: SelfComparison): NoiseOfSides {
  const between = betweenSides(request, elasticsearch, clickhouse);
  const told = (own: SelfComparison, other: SelfComparison, there: NoisySide) =>
    own.found.map((alike) =>
      noisyPath(
        alike,
        isApart(alike, other.found.find(sameAs(alike)), (key) => between.get(key)?.[there]),
      ),
    );
  const [theirs, ours] = [told(elasticsearch, clickhouse, "clickhouse"), told(clickhouse, elasticsearch, "elasticsearch")];
  const known = [...knownOf(theirs, "elasticsearch"), ...knownOf(ours, "clickhouse")];
  return { elasticsearch: theirs, clickhouse: ours, known: known.reduce(joined, []) };
}

/** Every change happens between the same two answers, and stays: something was written meanwhile, more likely than not. The number of the first answer after it, from 1; null: it is noise. */
export function changedOnceAt({ found }: SelfComparison): number | null {
  let at: number | null = null;
  for (const { followed } of found) {
    for (const { values } of followed.values()) {
      const changes = values.flatMap((value, i) => (i > 0 && value !== values[i - 1] ? [i + 1] : []));
      if (changes.length !== 1 || changes[0] === undefined || (at !== null && at !== changes[0])) return null;
      at = changes[0];
    }
  }
  return at;
}

/** True where the noise explains a difference of an exchange, as the rule would. */
export function explains(known: readonly KnownNoise[], { path, kind, elasticsearch, clickhouse }: DifferenceAt): boolean {
  if (kind !== "value" && kind !== "order") return false;
  const steps = pathPattern(path);
  return known.some(
    (one) => one.kind === kind && isAt(pathPattern(one.path), steps) && isWithin(one.spread, numberIn(elasticsearch), numberIn(clickhouse)),
  );
}

interface DifferenceAt {
  readonly path: string;
  readonly kind: string;
  readonly elasticsearch: string | null;
  readonly clickhouse: string | null;
}

/** What stands at a place on each side, in their first answers, as JSON text; only where they disagree. */
type Between = ReadonlyMap<string, Readonly<Record<NoisySide, string | null>>>;

function betweenSides(request: JsonObject, { first: theirs }: SelfComparison, { first: ours }: SelfComparison): Between {
  if (theirs === null || ours === null) return new Map();
  return new Map(
    disagreements(request, theirs, ours)
      .filter(({ kind }) => kind === "value")
      .map(({ place, elasticsearch, clickhouse }) => [
        placeKey(stepsOf(place)),
        { elasticsearch: textOf(elasticsearch), clickhouse: textOf(clickhouse) },
      ]),
  );
}

function sameAs({ kind, steps }: Alike): (other: Alike) => boolean {
  return (other) => other.kind === kind && placeKey(other.steps) === placeKey(steps);
}

// One side's values against the other's: those that it was seen to have, or the one that it has there.
function isApart(own: Alike, other: Alike | undefined, firstThere: (key: string) => string | null | undefined): boolean {
  if (own.kind !== "value") return false;
  const spread = widest(own.spread, other === undefined ? own.spread : other.spread);
  for (const [key, { values }] of own.followed) {
    const first = firstThere(key);
    if (first === undefined) continue;
    const there = other?.followed.get(key)?.values ?? [first];
    if (!meet(values, there, spread)) return true;
  }
  return false;
}

function meet(own: readonly (string | null)[], there: readonly (string | null)[], spread: Spread): boolean {
  if (own.some((value) => there.includes(value))) return true;
  // Another value each time: nothing that it could be held to.
  if (spreadOf([...own, ...there]) === null) return isEachAnother(own) || isEachAnother(there);
  const [a, b] = [rangeOf(own), rangeOf(there)];
  if (a.low <= b.high && b.low <= a.high) return true;
  const [near, far] = a.high < b.low ? [a.high, b.low] : [a.low, b.high];
  // Whole numbers must have been seen to reach each other.
  return !(Number.isInteger(near) && Number.isInteger(far)) && isWithin(spread, near, far);
}

function rangeOf(values: readonly (string | null)[]): { readonly low: number; readonly high: number } {
  const numbers = values.map((value) => Number(value));
  return { low: Math.min(...numbers), high: Math.max(...numbers) };
}

function isEachAnother(values: readonly (string | null)[]): boolean {
  return values.length > 1 && new Set(values).size === values.length;
}

function noisyPath({ kind, steps, places, followed, spread }: Alike, apart: boolean): NoisyPath {
  const [liveliest = []] = [...followed.values()].map(({ values }) => [...new Set(values)]).toSorted((a, b) => b.length - a.length);
  return {
    path: `/${steps.map(pointerToken).join("/")}`,
    kind,
    places: places.size,
    distinct: liveliest.length,
    examples: kind === "presence" ? [] : liveliest.flatMap((value) => value ?? []).slice(0, MOST_EXAMPLES),
    spread: kind === "value" || kind === "order" ? spread : null,
    apart,
  };
}

function knownOf(noisy: readonly NoisyPath[], side: NoisySide): readonly KnownNoise[] {
  return noisy.flatMap(({ path, kind, spread, apart }) =>
    apart || (kind !== "value" && kind !== "order") ? [] : [{ path, kind, spread, sides: [side] }],
  );
}

function joined(all: readonly KnownNoise[], one: KnownNoise): readonly KnownNoise[] {
  const at = all.findIndex(({ path, kind }) => path === one.path && kind === one.kind);
  const before = all[at];
  if (before === undefined) return [...all, one];
  return all.with(at, { ...before, spread: widest(before.spread, one.spread), sides: [...before.sides, ...one.sides] });
}
