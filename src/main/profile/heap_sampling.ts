// What the threads' heaps are made of, by V8's own sampling: on average one of every 512 KiB that are allocated is remembered with its stack
// until it is collected. It goes on from the start of the engine, so that it can be asked at any time. It costs the threads < 1 % of CPU
// (docs/profiles.md); octets outside of the heap (Buffers) are not seen by it.
import type { HeapNode, HeapProfile, ThreadHeap } from "../../shared/heap_profile.ts";
import { isRecord } from "../../shared/record.ts";
import { messageOf } from "../../shared/thrown.ts";
import { pause } from "../pause.ts";
import { answered } from "./answered.ts";
import { ProfilerRefusal } from "./refusal.ts";
import { nameFrame } from "./source_names.ts";
import { type InspectedThread, Threads } from "./threads.ts";

const NOTHING: HeapProfile = Object.freeze({
  head: { id: 0, callFrame: { functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 }, selfSize: 0, children: [] },
  samples: [],
});
const INTERVAL_BYTES = 512 * 1024;
/** Of allocations: those of a few seconds are fewer. */
const ALLOCATIONS_INTERVAL_BYTES = 32 * 1024;

/** `live`: objects are forgotten when they are collected. `all`: none is. */
type Kept = "live" | "all";

export class HeapSampling {
  readonly #threads: Threads;
  /** Since when each thread is sampled, epoch ms. */
  readonly #since: WeakMap<InspectedThread, number>;
  #allocations = false;

  private constructor(threads: Threads, since: WeakMap<InspectedThread, number>) {
    this.#threads = threads;
    this.#since = since;
  }

  /** Samples all threads, and those that start later. To be called in the main thread. Throws where the inspector can't be had. */
  static async start(): Promise<HeapSampling> {
    const since = new WeakMap<InspectedThread, number>();
    const begun: Promise<void>[] = [];
    // One that ends at once is not sampled.
    const threads = await Threads.connect((thread) => void begun.push(sample(thread, "live", since).catch(() => {})));
    await Promise.all(begun);
    return new HeapSampling(threads, since);
  }

  /** Labels of the threads that run, main first. */
  get threads(): readonly string[] {
    return this.#threads.list.map(({ label }) => label);
  }

  /** What is alive, of all that was allocated since the sampling began; `collected`: after a garbage collection. Throws while allocations are recorded. */
  async live(collected = false): Promise<readonly ThreadHeap[]> {
    if (this.#allocations) throw new ProfilerRefusal("busy", "Allocations are being recorded: what is alive is not told apart meanwhile.");
    return this.#each(async (thread) => {
      if (collected) await thread.post("HeapProfiler.collectGarbage");
      return thread.post("HeapProfiler.getSamplingProfile");
    });
  }

  /** All that is allocated in so many ms, or until `gone`. What was allocated before is not in `live` from then on. */
  async allocated(ms: number, gone: AbortSignal): Promise<readonly ThreadHeap[]> {
    this.#allocations = true;
    try {
      await this.#stop();
      await this.#sample("all");
      await pause(ms, gone);
      const heaps = await this.#stop();
      await this.#sample("live");
      return heaps;
    } finally {
      this.#allocations = false;
    }
  }

  stop(): void {
    this.#threads.disconnect();
  }

  async #each(ask: (thread: InspectedThread) => Promise<unknown>): Promise<readonly ThreadHeap[]> {
    const heaps = await Promise.all(
      this.#threads.list.map(async (thread) => {
        const since = this.#since.get(thread);
        if (since === undefined) return [];
        const heap = { thread: thread.label, since };
        return answered(ask(thread)).then(
          (answer) => [{ ...heap, profile: profileOf(answer) }],
          (error: unknown) => [{ ...heap, profile: NOTHING, problem: messageOf(error) }],
        );
      }),
    );
    return heaps.flat();
  }

  #stop(): Promise<readonly ThreadHeap[]> {
    return this.#each((thread) => thread.post("HeapProfiler.stopSampling"));
  }

  async #sample(kept: Kept): Promise<void> {
    await Promise.allSettled(this.#threads.list.map((thread) => sample(thread, kept, this.#since)));
  }
}

async function sample(thread: InspectedThread, kept: Kept, since: WeakMap<InspectedThread, number>): Promise<void> {
  const all = kept === "all";
  since.delete(thread);
  await answered(
    thread.post("HeapProfiler.startSampling", {
      samplingInterval: all ? ALLOCATIONS_INTERVAL_BYTES : INTERVAL_BYTES,
      includeObjectsCollectedByMajorGC: all,
      includeObjectsCollectedByMinorGC: all,
    }),
  );
  since.set(thread, Date.now());
}

function profileOf(answer: unknown): HeapProfile {
  if (!isRecord(answer) || !isHeapProfile(answer.profile)) throw new Error("V8 gave no heap profile");
  return { head: named(answer.profile.head), samples: answer.profile.samples };
}

function isHeapProfile(value: unknown): value is HeapProfile {
  return isRecord(value) && isRecord(value.head) && Array.isArray(value.samples);
}

function named(node: HeapNode): HeapNode {
  return { ...node, callFrame: nameFrame(node.callFrame), children: node.children.map(named) };
}
