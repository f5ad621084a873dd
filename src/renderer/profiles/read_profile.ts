// A kept profile as a flame graph: Chrome's .cpuprofile with one node a thread under its root, and .heapprofile. Pure.
import { type FlameNode, flameOf, shownFrame } from "../../shared/flame.ts";
import type { CallFrame, CpuProfile } from "../../shared/profile.ts";
import { bytes, duration } from "../ui/format.ts";

export interface ShownProfile {
  readonly root: FlameNode;
  /** Each thread's part; none where it is not parted by threads. */
  readonly threads: readonly FlameNode[];
  /** Values with their unit: µs or bytes. */
  readonly format: (value: number) => string;
}

interface HeapNode {
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** Throws SyntaxError where `text` is not JSON, and Error where it is no profile. */
export function readProfile(text: string, title: string): ShownProfile {
  const value: unknown = JSON.parse(text);
  if (isHeapProfile(value)) return { root: heapFlame(value.head, title), threads: [], format: bytes };
  if (!isCpuProfile(value)) throw new Error("It is no profile of Chrome's form.");
  const root = flameOf(value, title);
  return { root, threads: "parallax" in value ? root.children : [], format: (us) => duration(us / 1_000) };
}

function isHeapProfile(value: unknown): value is { readonly head: HeapNode } {
  return typeof value === "object" && value !== null && "head" in value && typeof value.head === "object" && value.head !== null;
}

function isCpuProfile(value: unknown): value is CpuProfile {
  return typeof value === "object" && value !== null && "nodes" in value && Array.isArray(value.nodes) && "samples" in value;
}

function heapFlame(head: HeapNode, title: string): FlameNode {
  return { ...heapNode(head), name: title, where: "", side: "own" };
}

function heapNode({ callFrame, selfSize, children }: HeapNode): FlameNode {
  const under = children
    .map(heapNode)
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value);
  const value = selfSize + under.reduce((sum, node) => sum + node.value, 0);
  return { ...shownFrame(callFrame), value, self: selfSize, children: under };
}
