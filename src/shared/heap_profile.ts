// Heap profiles of threads, in the form that V8 gives them. Plain data.
import type { CallFrame } from "./profile.ts";

/** One function, and what it allocated as called by the functions above it. */
export interface HeapNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  /** Bytes, as estimated from the samples. */
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** As of the inspector's `HeapProfiler.getSamplingProfile`. */
export interface HeapProfile {
  /** The root. */
  readonly head: HeapNode;
  /** Sampled objects, each with the bytes that it stands for. */
  readonly samples: readonly { readonly size: number; readonly nodeId: number; readonly ordinal: number }[];
}

export interface ThreadHeap {
  readonly thread: string;
  readonly profile: HeapProfile;
  /** Since when objects were sampled, epoch ms. */
  readonly since: number;
  /** Why the profile is empty, of a thread that did not answer. */
  readonly problem?: string;
}
