// Recordings that somebody asks for: so many seconds of CPU, or what the heap is made of after so many; kept as files.
import { pause } from "../pause.ts";
import { heapprofile } from "./formats/heapprofile.ts";
import { FORMAT_FILES, recordingName } from "./names.ts";
import type { Profiler } from "./profiler.ts";
import { startRecording } from "./recording.ts";
import { ProfilerRefusal } from "./refusal.ts";

const INTERVAL_US = 1_000;

export class ByHand {
  readonly #profiler: Profiler;
  #running: { readonly end: AbortController; readonly kept: () => Promise<string> } | null = null;

  constructor(profiler: Profiler) {
    this.#profiler = profiler;
  }

  /** The name of its files, once they are kept. Throws ProfilerRefusal; rejects where they can't be written. */
  async record(kind: "cpu" | "heap", seconds: number): Promise<string> {
    const end = new AbortController();
    const begun = new Date();
    const until = new Date(begun.getTime() + 1000 * seconds).toISOString();
    const title = `${kind === "cpu" ? "CPU" : "Heap"}, ${seconds} s`;
    const kept = this.#profiler.alone({ kind, title, until }, async () => {
      // From here on nobody else records.
      this.#running = { end, kept: () => kept };
      try {
        const content = await (kind === "cpu" ? cpu(seconds, end.signal) : this.#heap(seconds, end.signal));
        const id = recordingName(kind, begun, Math.round((Date.now() - begun.getTime()) / 1000));
        await this.#profiler.kept.keep(id, { [FORMAT_FILES[kind === "cpu" ? "cpuprofile" : "heapprofile"].ending]: content });
        return id;
      } finally {
        this.#running = null;
      }
    });
    return kept;
  }

  /** Ends the one that runs; null where none does. */
  async stop(): Promise<string | null> {
    this.#running?.end.abort();
    return (await this.#running?.kept()) ?? null;
  }

  async #heap(seconds: number, gone: AbortSignal): Promise<Uint8Array> {
    const sampling = this.#profiler.heap;
    if (sampling === null) throw new ProfilerRefusal("unable", "The threads' heaps are not sampled: V8's inspector can't be had here.");
    await pause(seconds * 1000, gone);
    return heapprofile(await sampling.live(false));
  }
}

async function cpu(seconds: number, gone: AbortSignal): Promise<Uint8Array> {
  const recording = await startRecording({ intervalUs: INTERVAL_US });
  await pause(seconds * 1000, gone);
  return recording.write("cpuprofile");
}
