// Chrome's .cpuprofile, which DevTools, VS Code and speedscope open. It has one thread only. We put the threads one after another, the
// main thread first, each under a node of its name: so every viewer shows each thread's time line whole, and adds up all of them.
// Mixed by time, as the samples of several threads came, no stack would last longer than one sample.
import type { CallFrame, CpuProfile, ProfileNode, ThreadProfile } from "../../../shared/profile.ts";

/** What is known of a thread beside its nodes and samples. */
interface ThreadPart {
  readonly thread: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly nodes: number;
  readonly samples: number;
  readonly problem?: string;
}

interface ChromeProfile extends CpuProfile {
  /** Viewers leave it alone; by it the threads are parted again. */
  readonly parallax?: { readonly threads: readonly ThreadPart[] };
}

const ROOT: CallFrame = Object.freeze({ functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 });
const ROOT_ID = 1;

/** JSON. */
export function cpuprofile(profiles: readonly ThreadProfile[]): Uint8Array {
  const startTime = profiles[0]?.profile.startTime ?? 0;
  const nodes: ProfileNode[] = [];
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  const tops: number[] = [];
  const threads: ThreadPart[] = [];
  let endTime = startTime;
  let sampled = startTime;
  for (const { thread, profile, problem } of profiles) {
    const own = renumbered(profile.nodes, ROOT_ID + 1 + nodes.length, thread);
    nodes.push(...own.nodes);
    tops.push(own.top);
    let time = endTime;
    for (const [i, sample] of profile.samples.entries()) {
      time += profile.timeDeltas[i] ?? 0;
      samples.push(own.ids.get(sample) ?? own.top);
      timeDeltas.push(time - sampled);
      sampled = time;
    }
    endTime += profile.endTime - profile.startTime;
    const part = {
      thread,
      startTime: profile.startTime,
      endTime: profile.endTime,
      nodes: own.nodes.length,
      samples: profile.samples.length,
    };
    threads.push(problem === undefined ? part : { ...part, problem });
  }
  const all = [{ id: ROOT_ID, callFrame: ROOT, hitCount: 0, children: tops }, ...nodes];
  const merged: ChromeProfile = { nodes: all, startTime, endTime, samples, timeDeltas, parallax: { threads } };
  return Buffer.from(JSON.stringify(merged));
}

/** Nodes with ids from `first` on, their root called as the thread. */
function renumbered(nodes: readonly ProfileNode[], first: number, thread: string) {
  const ids = new Map(nodes.map(({ id }, i) => [id, first + i]));
  const callFrame = { ...ROOT, functionName: thread };
  if (nodes.length === 0) return { top: first, ids, nodes: [{ id: first, callFrame, hitCount: 0 }] };
  const renamed = nodes.map((node, i): ProfileNode => {
    const numbered = { ...node, id: first + i, callFrame: i === 0 ? callFrame : node.callFrame };
    return node.children === undefined ? numbered : { ...numbered, children: node.children.flatMap((id) => ids.get(id) ?? []) };
  });
  return { top: first, ids, nodes: renamed };
}

/** Reads what `cpuprofile` wrote; what others wrote is the profile of a thread `main`. Throws SyntaxError where it is not JSON. */
export function readCpuprofile(text: string): readonly ThreadProfile[] {
  const merged: ChromeProfile = JSON.parse(text);
  if (merged.parallax === undefined) return [{ thread: "main", profile: merged }];
  let [node, sample] = [1, 0];
  let start = merged.startTime;
  let sampled = merged.startTime;
  return merged.parallax.threads.map(({ thread, startTime, endTime, nodes, samples, problem }) => {
    const timeDeltas = merged.timeDeltas.slice(sample, sample + samples);
    const [first = 0] = timeDeltas;
    const sinceLast = start - sampled;
    sampled += timeDeltas.reduce((sum, delta) => sum + delta, 0);
    if (samples > 0) timeDeltas[0] = first - sinceLast;
    const [top, ...below] = merged.nodes.slice(node, node + nodes);
    const profile: CpuProfile = {
      nodes: top === undefined ? [] : [{ ...top, callFrame: ROOT }, ...below],
      startTime,
      endTime,
      samples: merged.samples.slice(sample, sample + samples),
      timeDeltas,
    };
    node += nodes;
    sample += samples;
    start += endTime - startTime;
    return problem === undefined ? { thread, profile } : { thread, profile, problem };
  });
}
