// Elasticsearch's MovingFunctions over a window of values: the same operations in the same order.
import { RejectedRequest } from "../../failure.ts";

type Window = readonly number[];

export const MOVING_FUNCTIONS: Readonly<Record<string, (values: Window, ...args: readonly number[]) => number>> = {
  max: (values) => (values.length === 0 ? Number.NaN : Math.max(...values)),
  min: (values) => (values.length === 0 ? Number.NaN : Math.min(...values)),
  sum: compensatedSum,
  stdDev(values, average = Number.NaN) {
    if (values.length === 0 || Number.isNaN(average)) return Number.NaN;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length);
  },
  unweightedAvg: (values) => (values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length),
  linearWeightedAvg(values) {
    if (values.length === 0) return Number.NaN;
    let total = 0;
    const sum = values.reduce((all, value, i) => {
      total += i + 1;
      return all + value * (i + 1);
    }, 0);
    return sum / total;
  },
  ewma(values, alpha = Number.NaN) {
    const [first, ...rest] = values;
    if (first === undefined) return Number.NaN;
    return rest.reduce((average, value) => value * alpha + average * (1 - alpha), first);
  },
  holtWinters: (values, alpha = Number.NaN, beta = Number.NaN, gamma = Number.NaN, period = Number.NaN, multiplicative = 0) =>
    holtWinters(values, { alpha, beta, gamma, period: Math.trunc(period), multiplicative: multiplicative !== 0 }),
  holt: (values, alpha = Number.NaN, beta = Number.NaN) => holt(values, alpha, beta),
};

// Java's DoubleStream.sum().
function compensatedSum(values: Window): number {
  let [sum, error] = [0, 0];
  for (const value of values) {
    const rest = value - error;
    const next = sum + rest;
    error = next - sum - rest;
    sum = next;
  }
  return sum - error;
}

function holt(values: Window, alpha: number, beta: number): number {
  if (values.length === 0) return Number.NaN;
  let [s, b, lastS, lastB] = [0, 0, 0, 0];
  values.forEach((value, i) => {
    if (i === 0) {
      s = value;
      b = 0;
    } else {
      s = alpha * value + (1 - alpha) * (lastS + lastB);
      b = beta * (s - lastS) + (1 - beta) * lastB;
    }
    [lastS, lastB] = [s, b];
  });
  return s;
}

interface Seasons {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly period: number;
  readonly multiplicative: boolean;
}

function holtWinters(values: Window, { alpha, beta, gamma, period, multiplicative }: Seasons): number {
  if (values.length === 0) return Number.NaN;
  if (values.length < 2 * period) {
    const reason = `Holt-Winters aggregation requires at least (2 * period == 2 * ${period} == ${2 * period}) data-points to function.  Only [${values.length}] were provided.`;
    throw new RejectedRequest("script_exception", reason);
  }
  const padded = multiplicative ? values.map((value) => value + 1e-10) : values;
  const at = (list: Window, i: number): number => list[i] ?? 0;
  let [s, b] = [0, 0];
  for (let i = 0; i < period; i += 1) {
    s += at(padded, i);
    b += (at(padded, i + period) - at(padded, i)) / period;
  }
  s /= period;
  b /= period;
  const level = s;
  const seasonal = padded.slice(0, period).map((value) => (level === 0 ? 0 : value / level));
  let [lastS, lastB] = [s, 0];
  for (let i = period; i < padded.length; i += 1) {
    const [value, season] = [at(padded, i), at(seasonal, i - period)];
    s = alpha * (multiplicative ? value / season : value - season) + (1 - alpha) * (lastS + lastB);
    b = beta * (s - lastS) + (1 - beta) * lastB;
    const again = multiplicative ? value / (lastS + lastB) : value - (lastS - lastB);
    seasonal.push(gamma * again + (1 - gamma) * season);
    [lastS, lastB] = [s, b];
  }
  const season = at(seasonal, values.length - period);
  return multiplicative ? (s + b) * season : s + b + season;
}
