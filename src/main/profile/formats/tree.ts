// A thread's samples as a tree of functions with their costs, which all formats but Chrome's are made of. Pure.
import type { CallFrame, CpuProfile, ProfileNode } from "../../../shared/profile.ts";

export interface TracedFunction {
  /** `startRecording`; `(anonymous:12)` for one without a name, by its line. */
  readonly name: string;
  /** `src/main/profile/recording.ts`; "" for V8's own. */
  readonly file: string;
  /** From 1; 0 for none. */
  readonly line: number;
}

/** One function as called by the functions above it. Times are microseconds. */
export interface TreeNode {
  readonly traced: TracedFunction;
  readonly samples: number;
  readonly selfUs: number;
  /** With all that it called. */
  readonly totalUs: number;
  /** How often samples found it where the sample before had not: no less were made. */
  readonly calls: number;
  /** `selfUs` by line (from 1). */
  readonly lines: ReadonlyMap<number, number>;
  readonly children: readonly TreeNode[];
}

interface Measured {
  readonly selfUs: number;
  readonly samples: number;
  readonly calls: number;
}

const IDLE = "(idle)";

/** What the thread's root called; the time in which it had nothing to do is left out. */
export function treeOf(profile: CpuProfile): readonly TreeNode[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const measured = measure(profile, nodes);
  const grow = (node: ProfileNode): TreeNode => {
    const { selfUs = 0, samples = 0, calls = 0 } = measured.get(node.id) ?? {};
    const children = childrenOf(node, nodes).map(grow);
    const totalUs = children.reduce((sum, child) => sum + child.totalUs, selfUs);
    return { traced: tracedOf(node.callFrame), samples, selfUs, totalUs, calls, lines: linesOf(node, selfUs), children };
  };
  const [root] = profile.nodes;
  if (root === undefined) return [];
  return childrenOf(root, nodes)
    .filter(({ callFrame }) => !isIdle(callFrame))
    .map(grow)
    .filter(({ totalUs }) => totalUs > 0);
}

function childrenOf({ children = [] }: ProfileNode, nodes: ReadonlyMap<number, ProfileNode>): readonly ProfileNode[] {
  return children.flatMap((id) => nodes.get(id) ?? []);
}

function isIdle({ functionName, url }: CallFrame): boolean {
  return functionName === IDLE && url === "";
}

/** The function that a frame is of. */
export function tracedOf({ functionName, url, lineNumber }: CallFrame): TracedFunction {
  const line = Math.max(lineNumber + 1, 0);
  return { name: functionName === "" ? `(anonymous:${line})` : functionName, file: url, line };
}

// Minutes of many threads are millions of samples: hence arrays, and one walk up the stack for all samples in a row that found the same.
function measure(profile: CpuProfile, nodes: ReadonlyMap<number, ProfileNode>): ReadonlyMap<number, Measured> {
  const ids = [...nodes.keys()];
  const places = new Map(ids.map((id, place) => [id, place]));
  const parents = new Int32Array(ids.length).fill(-1);
  for (const [place, { children = [] }] of [...nodes.values()].entries()) {
    for (const child of children) parents[places.get(child) ?? -1] = place;
  }
  const [selfUs, samples, calls] = [new Float64Array(ids.length), new Uint32Array(ids.length), new Uint32Array(ids.length)];
  /** The run of equal samples that found it last. */
  const seen = new Int32Array(ids.length).fill(-2);
  let time = profile.startTime;
  let run = -1;
  let last = -1;
  for (const [i, id] of profile.samples.entries()) {
    time += profile.timeDeltas[i] ?? 0;
    const place = places.get(id) ?? -1;
    if (place !== last) {
      run += 1;
      last = place;
      for (let at = place; at >= 0; at = parents[at] ?? -1) {
        if (seen[at] !== run - 1) calls[at] = (calls[at] ?? 0) + 1;
        seen[at] = run;
      }
    }
    if (place < 0) continue;
    samples[place] = (samples[place] ?? 0) + 1;
    // A sample stands for the time until the next one.
    selfUs[place] = (selfUs[place] ?? 0) + Math.max(profile.timeDeltas[i + 1] ?? profile.endTime - time, 0);
  }
  const of = (place: number): Measured => ({ selfUs: selfUs[place] ?? 0, samples: samples[place] ?? 0, calls: calls[place] ?? 0 });
  return new Map(ids.map((id, place) => [id, of(place)]));
}

/** The self time shared among the lines as their samples are. */
function linesOf({ callFrame, positionTicks = [] }: ProfileNode, selfUs: number): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  const all = positionTicks.reduce((sum, { ticks }) => sum + ticks, 0);
  let left = selfUs;
  for (const { line, ticks } of positionTicks) {
    const share = Math.floor((selfUs * ticks) / all);
    lines.set(line, (lines.get(line) ?? 0) + share);
    left -= share;
  }
  const [first = Math.max(callFrame.lineNumber + 1, 0)] = lines.keys();
  if (left > 0) lines.set(first, (lines.get(first) ?? 0) + left);
  return lines;
}
