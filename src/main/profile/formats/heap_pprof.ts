// Heap profiles for `go tool pprof`. V8 tells how many bytes its samples stand for, not how many objects: so the first column is the
// number of objects that were sampled, not Go's `inuse_objects`.
import type { HeapNode, ThreadHeap } from "../../../shared/heap_profile.ts";
import { type PprofLine, type PprofSample, writePprof } from "./pprof.ts";
import { tracedOf } from "./tree.ts";

/** What a heap profile tells of: `inuse_space` objects that are alive, `alloc_space` all that were allocated. */
export type HeapMeasure = "inuse_space" | "alloc_space";

export interface HeapPprofOptions {
  readonly measure: HeapMeasure;
  /** The profile from which on the growth is told; none: all is told. */
  readonly before?: readonly ThreadHeap[];
  readonly durationMs?: number;
}

/** Bytes by stack of allocation, threads as the label `thread`. */
export function heapPprof(heaps: readonly ThreadHeap[], { measure, before = [], durationMs = 0 }: HeapPprofOptions): Uint8Array {
  const samples = [...heaps.flatMap((heap) => samplesOf(heap, 1)), ...before.flatMap((heap) => samplesOf(heap, -1))];
  return writePprof({
    measures: [
      { type: "samples", unit: "count" },
      { type: measure, unit: "bytes" },
    ],
    shown: measure,
    period: { type: "space", unit: "bytes", value: 0 },
    samples: before.length === 0 ? samples : added(samples),
    comments: heaps.map(
      ({ thread, since, problem }) => `thread ${thread}: ${problem ?? `of what was allocated since ${new Date(since).toISOString()}`}`,
    ),
    started: Date.now() - durationMs,
    durationMs,
  });
}

function samplesOf({ thread, profile }: ThreadHeap, sign: 1 | -1): readonly PprofSample[] {
  const counts = new Map<number, number>();
  for (const { nodeId } of profile.samples) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  const found: PprofSample[] = [];
  const walk = (node: HeapNode, stack: readonly PprofLine[]): void => {
    if (node.selfSize > 0 && stack.length > 0) {
      found.push({ thread, stack, values: [sign * (counts.get(node.id) ?? 0), sign * Math.round(node.selfSize)] });
    }
    for (const child of node.children) {
      const traced = tracedOf(child.callFrame);
      walk(child, [{ traced, line: traced.line }, ...stack]);
    }
  };
  walk(profile.head, []);
  return found;
}

/** Samples of one stack as one, without those that come to nothing. */
function added(samples: readonly PprofSample[]): readonly PprofSample[] {
  const sums = new Map<string, { readonly sample: PprofSample; readonly values: number[] }>();
  for (const sample of samples) {
    const key = `${sample.thread}\n${sample.stack.map(({ traced: { name, file, line } }) => `${name} ${file} ${line}`).join("\n")}`;
    const sum = sums.get(key) ?? { sample, values: [0, 0] };
    sums.set(key, sum);
    for (const [i, value] of sample.values.entries()) sum.values[i] = (sum.values[i] ?? 0) + value;
  }
  return [...sums.values()]
    .filter(({ values }) => values.some((value) => value !== 0))
    .map(({ sample, values }) => ({ ...sample, values }));
}
