// Variances and bounds of extended stats, from a count, a sum and a sum of squares, by Elasticsearch's formulas.
import { type JsonValue, jsonObject } from "../../../shared/json.ts";
import { doubleOrNull } from "./cells.ts";
import type { Member } from "./types.ts";

export interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
  readonly sigma: number;
}

const AS_STRING = [
  "sum_of_squares",
  "variance",
  "variance_population",
  "variance_sampling",
  "std_deviation",
  "std_deviation_population",
  "std_deviation_sampling",
];

/** Every member that extended stats add to stats. */
export function extendedMembers(moments: Moments, text: (value: number) => string | undefined): readonly Member[] {
  const numbers = spread(moments);
  // Of one value there is no sample variance: NaN is printed as it is, null stands for no values at all.
  const json = (value: number): JsonValue => (moments.count > 0 && !Number.isFinite(value) ? String(value) : doubleOrNull(value));
  const bounds = jsonObject(Object.entries(numbers.bounds).map(([name, value]) => [name, json(value)]));
  const plain = Object.entries(numbers.values).map(([name, value]): Member => [name, json(value)]);
  const members: readonly Member[] = [...plain, ["std_deviation_bounds", bounds]];
  if (moments.count === 0 || text(0) === undefined) return members;
  const texts = AS_STRING.map((name): Member => [`${name}_as_string`, printed(numbers.values[name] ?? Number.NaN, text)]);
  const boundTexts = jsonObject(Object.entries(numbers.bounds).map(([name, value]) => [name, printed(value, text)]));
  return [...members, ...texts, ["std_deviation_bounds_as_string", boundTexts]];
}

/** The numbers themselves; NaN where there is none. */
export function spread({ count, sum, squares, sigma }: Moments): {
  readonly values: Readonly<Record<string, number>>;
  readonly bounds: Readonly<Record<string, number>>;
} {
  const none = count === 0;
  const average = sum / count;
  const population = none ? Number.NaN : Math.max(0, (squares - (sum * sum) / count) / count);
  const sampling = count < 2 ? Number.NaN : Math.max(0, (squares - (sum * sum) / count) / (count - 1));
  const [deviation, samplingDeviation] = [Math.sqrt(population), Math.sqrt(sampling)];
  return {
    values: {
      sum_of_squares: none ? Number.NaN : squares,
      variance: population,
      variance_population: population,
      variance_sampling: sampling,
      std_deviation: deviation,
      std_deviation_population: deviation,
      std_deviation_sampling: samplingDeviation,
    },
    bounds: {
      upper: average + sigma * deviation,
      lower: average - sigma * deviation,
      upper_population: average + sigma * deviation,
      lower_population: average - sigma * deviation,
      upper_sampling: average + sigma * samplingDeviation,
      lower_sampling: average - sigma * samplingDeviation,
    },
  };
}

function printed(value: number, text: (value: number) => string | undefined): string | null {
  return Number.isNaN(value) || Math.abs(value) < 2 ** 63 ? (text(value) ?? null) : null;
}
