// What V8 says of the heap of each thread. Asked in the watcher's thread: each thread answers for itself, also in the middle of a loop.
import type { HeapCodeStatistics, HeapInfo, HeapSpaceInfo } from "node:v8";
import { isRecord } from "../../../shared/record.ts";
import { messageOf } from "../../../shared/thrown.ts";
import { answered } from "../answered.ts";
import { Threads } from "../threads.ts";

export interface HeapFigures {
  readonly heap: HeapInfo;
  readonly spaces: readonly HeapSpaceInfo[];
  readonly code: HeapCodeStatistics;
  /** Made in this thread, wherever they are by now. */
  readonly arrayBuffers: number;
  /** What V8 was told that its objects hold outside of the heap: array buffers included, those made by other threads too. */
  readonly external: number;
}

export interface ThreadMemory {
  /** `main`, `proxy`, … */
  readonly thread: string;
  /** null where it did not answer. */
  readonly figures: HeapFigures | null;
  /** Why not; "" when it did. */
  readonly problem: string;
}

// Runs in any thread by its source alone: it may refer to nothing outside of itself.
function ownFigures(): HeapFigures {
  const v8 = process.getBuiltinModule("node:v8");
  const { arrayBuffers, external } = process.memoryUsage();
  return {
    heap: v8.getHeapStatistics(),
    spaces: v8.getHeapSpaceStatistics(),
    code: v8.getHeapCodeStatistics(),
    arrayBuffers,
    external,
  };
}

/** Of all threads, the watcher's own last. Rejects where the main thread answers no inspector. */
export async function threadMemory(): Promise<readonly ThreadMemory[]> {
  const threads = await answered(Threads.connect());
  try {
    const expression = `(${ownFigures.toString()})()`;
    const others = threads.list.map(async (thread): Promise<ThreadMemory> => {
      try {
        const result = await answered(thread.post("Runtime.evaluate", { expression, returnByValue: true, silent: true }));
        return { thread: thread.label, figures: figuresOf(result), problem: "" };
      } catch (error) {
        return { thread: thread.label, figures: null, problem: `${thread.label}: ${messageOf(error)}` };
      }
    });
    return [...(await Promise.all(others)), { thread: "watcher", figures: ownFigures(), problem: "" }];
  } finally {
    threads.disconnect();
  }
}

function figuresOf(evaluated: unknown): HeapFigures {
  const value = isRecord(evaluated) && isRecord(evaluated.result) ? evaluated.result.value : undefined;
  if (!isFigures(value)) throw new Error("it gave no figures of its heap");
  return value;
}

function isFigures(value: unknown): value is HeapFigures {
  return (
    isRecord(value) && isRecord(value.heap) && Array.isArray(value.spaces) && isRecord(value.code) && typeof value.arrayBuffers === "number"
  );
}
