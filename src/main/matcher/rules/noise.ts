import { isNumber } from "../../../shared/json.ts";
import type { KnownNoise } from "../../../shared/noise.ts";
import { relativeDistance } from "../number.ts";
import { pathPattern } from "../path_pattern.ts";
import { stepsOf } from "../place.ts";
import type { SeenNoise } from "../rule_settings.ts";
import { leftOpen, type Rule } from "./rule.ts";

/**
 * What a side was seen to answer otherwise each time it is asked (main/noise): values and order at these very places, no further apart than
 * was seen. Elements that one side lacks, and values of another type, are never noise. Asked after all other rules of ours.
 */
export function noise(seen: readonly SeenNoise[]): readonly Rule[] {
  // A rule for each reason: a use tells one.
  return [...Map.groupBy(seen, ({ reason }) => reason)].map(([reason, alike]) => {
    const places = alike.map((one) => ({ one, pattern: pathPattern(one.path) }));
    return leftOpen("noise", reason, ({ kind, place, elasticsearch, clickhouse }) => {
      if (kind !== "value" && kind !== "order") return false;
      const steps = stepsOf(place);
      const [theirs, ours] = [elasticsearch, clickhouse].map((value) => (isNumber(value) ? Number(value) : null));
      return places.some(
        ({ one, pattern }) => one.kind === kind && isAt(pattern, steps) && isWithin(one.spread, theirs ?? null, ours ?? null),
      );
    });
  });
}

/** The very place: what is inside it, or around it, is not meant. */
export function isAt(pattern: readonly string[], steps: readonly string[]): boolean {
  return pattern.length === steps.length && pattern.every((step, i) => step === "*" || step === steps[i]);
}

/** A few answers don't show how far apart two can be. */
const MARGIN = 3;

/** Whether two numbers, or two positions, are no further apart than noise of this spread makes them; null: it is no number. */
export function isWithin(spread: KnownNoise["spread"], theirs: number | null, ours: number | null): boolean {
  if (theirs === null || ours === null) return spread === null && theirs === ours;
  if (spread === null) return false;
  // Counts are told exactly.
  const margin = Number.isInteger(theirs) && Number.isInteger(ours) ? 1 : MARGIN;
  return Math.abs(theirs - ours) <= margin * spread.distance && relativeDistance(theirs, ours) <= margin * spread.share;
}
