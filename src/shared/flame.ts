// Flame graphs as data: what a CPU profile of V8's becomes, for graphs, tables and time lines. Pure.
import type { CallFrame, CpuProfile } from "./profile.ts";

/** Whose work a frame is: ours, Node's and libraries', the collector's, or what Elasticsearch (`es`) and ClickHouse (`ch`) did. */
export type FlameSide = "own" | "library" | "gc" | "es" | "ch";

/** One frame of a flame graph, its callees under it. Values are of one unit: µs of a CPU profile, bytes of a heap profile. */
export interface FlameNode {
  readonly name: string;
  /** With all under it. */
  readonly value: number;
  readonly self: number;
  readonly children: readonly FlameNode[];
  /** `src/main/matcher/match.ts:41`; "" where there is none. */
  readonly where: string;
  readonly side: FlameSide;
}

/** A frame from one time to another, on the lane of a thread or server. */
export interface LaneFrame {
  readonly name: string;
  readonly where: string;
  readonly side: FlameSide;
  /** 0 is the outermost. */
  readonly depth: number;
  /** µs since the axis begins. */
  readonly from: number;
  readonly to: number;
}

const ROOT = "(root)";
const IDLE = "(idle)";
const COLLECTOR = "(garbage collector)";

/** The profile as one tree under `name`, the widest frames first; the time in which the thread had nothing to do is left out. */
export function flameOf(profile: CpuProfile, name: string): FlameNode {
  const self = selfTimes(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const grown = (id: number): FlameNode | null => {
    const node = nodes.get(id);
    if (node === undefined || node.callFrame.functionName === IDLE) return null;
    const children = (node.children ?? []).flatMap((child) => grown(child) ?? []).toSorted((a, b) => b.value - a.value);
    const own = self.get(id) ?? 0;
    const value = own + sumOf(children);
    return value === 0 ? null : { ...shownFrame(node.callFrame), value, self: own, children };
  };
  const root = profile.nodes.find(({ callFrame }) => callFrame.functionName === ROOT) ?? profile.nodes[0];
  const whole = root === undefined ? null : grown(root.id);
  return { name, where: "", side: "own", value: whole?.value ?? 0, self: 0, children: whole?.children ?? [] };
}

/** Several trees side by side under one. */
export function flameOfAll(name: string, children: readonly FlameNode[]): FlameNode {
  return { name, where: "", side: "own", value: sumOf(children), self: 0, children };
}

function sumOf(nodes: readonly FlameNode[]): number {
  return nodes.reduce((sum, { value }) => sum + value, 0);
}

/** The profile in the order of time. `origin`: V8's time at which the axis begins. What was sampled in one stack one after the other is one frame. */
export function framesOf(profile: CpuProfile, origin: number): readonly LaneFrame[] {
  const stackOf = stacks(profile);
  const frames: LaneFrame[] = [];
  let open: { readonly node: number; readonly from: number }[] = [];
  const callFrames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const close = (depth: number, at: number): void => {
    for (const [i, { node, from }] of open.entries()) {
      const frame = callFrames.get(node);
      if (i >= depth && frame !== undefined && at > from)
        frames.push({ ...shownFrame(frame), depth: i, from: from - origin, to: at - origin });
    }
    open = open.slice(0, depth);
  };
  for (const { node, from } of spans(profile)) {
    const stack = stackOf(node);
    let same = 0;
    while (same < open.length && open[same]?.node === stack[same]) same += 1;
    close(same, from);
    open = [...open, ...stack.slice(same).map((id) => ({ node: id, from }))];
  }
  close(0, profile.endTime);
  return frames.toSorted((a, b) => a.from - b.from || a.depth - b.depth);
}

/** Ids of a sample's frames, the outermost first; none while the thread was idle. */
function stacks({ nodes }: CpuProfile): (id: number) => readonly number[] {
  const parents = new Map(nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id] as const)));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
  const known = new Map<number, readonly number[]>();
  const stackOf = (id: number): readonly number[] => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const name = names.get(id);
    const parent = parents.get(id);
    const above = parent === undefined ? [] : stackOf(parent);
    const stack = name === ROOT || name === IDLE || name === undefined ? above : [...above, id];
    known.set(id, stack);
    return stack;
  };
  return stackOf;
}

/** From when to when each sample stands: until the next one. */
function spans({ samples, timeDeltas, startTime, endTime }: CpuProfile): readonly { node: number; from: number; to: number }[] {
  let at = startTime;
  const times = timeDeltas.map((delta) => {
    at += delta;
    return at;
  });
  return samples.map((node, i) => {
    const from = times[i] ?? endTime;
    return { node, from, to: Math.max(from, times[i + 1] ?? endTime) };
  });
}

function selfTimes(profile: CpuProfile): ReadonlyMap<number, number> {
  const self = new Map<number, number>();
  for (const { node, from, to } of spans(profile)) self.set(node, (self.get(node) ?? 0) + to - from);
  return self;
}

/** What a flame graph shows of a function. */
export function shownFrame({ functionName, url, lineNumber }: CallFrame): Pick<FlameNode, "name" | "where" | "side"> {
  const where = url === "" ? "" : `${url}:${lineNumber + 1}`;
  return { name: functionName === "" ? "(anonymous)" : functionName, where, side: sideOf(functionName, url) };
}

function sideOf(name: string, url: string): FlameSide {
  if (name === COLLECTOR) return "gc";
  return url === "" || url.startsWith("node:") || url.includes("node_modules/") ? "library" : "own";
}

/** One function over all of a tree. */
export interface FunctionTotal {
  readonly name: string;
  readonly where: string;
  readonly side: FlameSide;
  readonly self: number;
  /** With what it called; what it called of itself counts once. */
  readonly total: number;
}

/** All functions under the root, the costliest by themselves first. */
export function functionsOf(root: FlameNode): readonly FunctionTotal[] {
  const totals = new Map<string, FunctionTotal>();
  const add = (node: FlameNode, above: ReadonlySet<string>): void => {
    const key = `${node.name} ${node.where}`;
    const before = totals.get(key) ?? { name: node.name, where: node.where, side: node.side, self: 0, total: 0 };
    const total = before.total + (above.has(key) ? 0 : node.value);
    totals.set(key, { ...before, self: before.self + node.self, total });
    const within = new Set(above).add(key);
    for (const child of node.children) add(child, within);
  };
  for (const child of root.children) add(child, new Set());
  return [...totals.values()].toSorted((a, b) => b.self - a.self || b.total - a.total);
}
