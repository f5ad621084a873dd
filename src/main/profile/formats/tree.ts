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
  selfUs: number;
  samples: number;
  calls: number;
  /** The sample that found it last. */
  seen: number;
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

function measure(profile: CpuProfile, nodes: ReadonlyMap<number, ProfileNode>): ReadonlyMap<number, Measured> {
  const measured = new Map([...nodes.keys()].map((id): [number, Measured] => [id, { selfUs: 0, samples: 0, calls: 0, seen: -1 }]));
  const parents = new Map([...nodes.values()].flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  let time = profile.startTime;
  for (const [i, id] of profile.samples.entries()) {
    time += profile.timeDeltas[i] ?? 0;
    // A sample stands for the time until the next one.
    const lasted = profile.timeDeltas[i + 1] ?? profile.endTime - time;
    const found = measured.get(id);
    if (found === undefined) continue;
    found.samples += 1;
    found.selfUs += Math.max(lasted, 0);
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const above = measured.get(at);
      if (above === undefined) break;
      if (above.seen !== i - 1 || i === 0) above.calls += 1;
      above.seen = i;
    }
  }
  return measured;
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
