// Elasticsearch's MovingFunctions over a window of values: the same operations in the same order.

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
