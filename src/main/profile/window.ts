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

/** The threads' profiles from one moment to another, without threads of which there is no sample in between. */
export function cutThreads(threads: readonly ThreadProfile[], window: Window): readonly ThreadProfile[] {
  return threads
    .map(({ thread, profile }) => ({ thread, profile: cut(profile, window) }))
    .filter(({ thread, profile }) => thread === "main" || profile.samples.length > 0);
}

/** The samples from one moment to another, with the functions that they found and those that called them. */
export function cut(profile: CpuProfile, { from, to }: Window): CpuProfile {
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  const start = Math.max(profile.startTime, from);
  let time = profile.startTime;
  let last = start;
  for (const [at, node] of profile.samples.entries()) {
    time += profile.timeDeltas[at] ?? 0;
    if (time > to) break;
    if (time < from) continue;
    samples.push(node);
    timeDeltas.push(time - last);
    last = time;
  }
  return {
    nodes: nodesOf(profile, samples),
    startTime: start,
    endTime: Math.max(start, Math.min(profile.endTime, to)),
    samples,
    timeDeltas,
  };
}

/** The nodes that are sampled and those above them, in their order. */
function nodesOf({ nodes }: CpuProfile, samples: readonly number[]): readonly ProfileNode[] {
  const parents = new Map<number, number>();
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  const hits = new Map<number, number>();
  for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1);
  const kept = new Set<number>(nodes[0] === undefined ? [] : [nodes[0].id]);
  for (const sampled of hits.keys()) {
    for (let id: number | undefined = sampled; id !== undefined && !kept.has(id); id = parents.get(id)) kept.add(id);
  }
  return nodes
    .filter(({ id }) => kept.has(id))
    .map((node) => ({ ...node, hitCount: hits.get(node.id) ?? 0, children: (node.children ?? []).filter((child) => kept.has(child)) }));
}
