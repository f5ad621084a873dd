// A thread that is busy, for profiles to be made of.
import { isMainThread, workerData } from "node:worker_threads";

/** Returns once the first of `flags` is 1; counts its rounds in the second. */
export function spinUntilTold(flags: Int32Array): void {
  while (Atomics.load(flags, 0) === 0) spinOnce(flags);
}

function spinOnce(flags: Int32Array): void {
  let sum = 0;
  for (let i = 0; i < 10_000; i += 1) sum += Math.sqrt(i);
  if (sum > 0) Atomics.add(flags, 1, 1);
}

if (!isMainThread && workerData instanceof Int32Array) spinUntilTold(workerData);
