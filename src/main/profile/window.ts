// A part of a profile: what was sampled between two moments.
import type { CpuProfile, ProfileNode, ThreadProfile } from "../../shared/profile.ts";

/** A stretch of time: microseconds of the profiles' clock. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Now, by the clock of the profiles. */
export function profileNow(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** The threads' profiles from one moment to another, without threads of which there is no sample in between. The main thread is always there. */
export function cutThreads(threads: readonly ThreadProfile[], window: Window): readonly ThreadProfile[] {
  return cutting(threads)(window);
}

/** The same for many windows of the same profiles. */
export function cutting(threads: readonly ThreadProfile[]): (window: Window) => readonly ThreadProfile[] {
  const ready = threads.map(({ thread, profile }) => ({ thread, cut: cutter(profile) }));
  return (window) =>
    ready
      .map(({ thread, cut }) => ({ thread, profile: cut(window) }))
      .filter(({ thread, profile }) => thread === "main" || profile.samples.length > 0);
}

/** Gives the samples from one moment to another, with the functions that they found and those that called them. */
export function cutter(profile: CpuProfile): (window: Window) => CpuProfile {
  const { nodes, samples, timeDeltas, startTime, endTime } = profile;
  let time = startTime;
  const times = timeDeltas.map((delta) => (time += delta));
  const places = new Map(nodes.map(({ id }, place) => [id, place]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  return ({ from, to }) => {
    const first = firstFrom(times, from);
    const last = firstFrom(times, to + 1);
    const found = samples.slice(first, last);
    const start = Math.max(startTime, from);
    const deltas = found.map((_sample, at) => (times[first + at] ?? start) - (at === 0 ? start : (times[first + at - 1] ?? start)));
    const end = Math.max(start, Math.min(endTime, to));
    return { nodes: nodesOf(found, { nodes, places, parents }), startTime: start, endTime: end, samples: found, timeDeltas: deltas };
  };
}

/** The first place whose time is not before `from`. */
function firstFrom(times: readonly number[], from: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Tree {
  readonly nodes: readonly ProfileNode[];
  readonly places: ReadonlyMap<number, number>;
  readonly parents: ReadonlyMap<number, number>;
}

/** The nodes that are sampled and those above them, in their order. */
function nodesOf(samples: readonly number[], { nodes, places, parents }: Tree): readonly ProfileNode[] {
  const hits = new Map<number, number>();
  for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1);
  const kept = new Set<number>(nodes[0] === undefined ? [] : [nodes[0].id]);
  for (const sampled of hits.keys()) {
    for (let id: number | undefined = sampled; id !== undefined && !kept.has(id); id = parents.get(id)) kept.add(id);
  }
  const order = [...kept].flatMap((id) => places.get(id) ?? []).toSorted((a, b) => a - b);
  return order.flatMap((place) => {
    const node = nodes[place];
    if (node === undefined) return [];
    return [{ ...node, hitCount: hits.get(node.id) ?? 0, children: (node.children ?? []).filter((child) => kept.has(child)) }];
  });
}
