// Chrome's .heapprofile, which DevTools and speedscope open. It has one thread only: each of ours is a node of its name below the root.
import type { HeapNode, ThreadHeap } from "../../../shared/heap_profile.ts";
import type { CallFrame } from "../../../shared/profile.ts";

interface ChromeHeapProfile {
  readonly head: HeapNode;
  readonly samples: readonly { readonly size: number; readonly nodeId: number; readonly ordinal: number }[];
  /** Viewers leave it alone; by it the threads are parted again. */
  readonly parallax?: { readonly threads: readonly { readonly thread: string; readonly since: number; readonly samples: number }[] };
}

const ROOT: CallFrame = Object.freeze({ functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 });

/** JSON. */
export function heapprofile(heaps: readonly ThreadHeap[]): Uint8Array {
  let next = 1;
  const samples: ChromeHeapProfile["samples"][number][] = [];
  const children = heaps.map(({ thread, profile }) => {
    const ids = new Map<number, number>();
    const renumbered = (node: HeapNode): HeapNode => {
      next += 1;
      const id = next;
      ids.set(node.id, id);
      return { ...node, id, children: node.children.map(renumbered) };
    };
    const head = renumbered(profile.head);
    for (const sample of profile.samples) samples.push({ ...sample, nodeId: ids.get(sample.nodeId) ?? head.id });
    return { ...head, callFrame: { ...ROOT, functionName: thread } };
  });
  const threads = heaps.map(({ thread, since, profile }) => ({ thread, since, samples: profile.samples.length }));
  const merged: ChromeHeapProfile = { head: { id: 1, callFrame: ROOT, selfSize: 0, children }, samples, parallax: { threads } };
  return Buffer.from(JSON.stringify(merged));
}

/** Reads what `heapprofile` wrote; what others wrote is the profile of a thread `main`. Throws SyntaxError where it is not JSON. */
export function readHeapprofile(text: string): readonly ThreadHeap[] {
  const merged: ChromeHeapProfile = JSON.parse(text);
  if (merged.parallax === undefined) return [{ thread: "main", since: 0, profile: merged }];
  let sample = 0;
  return merged.parallax.threads.map(({ thread, since, samples }, at) => {
    const head = merged.head.children[at] ?? merged.head;
    const own = merged.samples.slice(sample, sample + samples);
    sample += samples;
    return { thread, since, profile: { head: { ...head, callFrame: ROOT }, samples: own } };
  });
}
