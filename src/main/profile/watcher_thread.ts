// The watcher's thread: see watcher.ts.
import { parentPort } from "node:worker_threads";
import { messageOf } from "../../shared/thrown.ts";
import { CpuRecordings } from "./cpu_recordings.ts";
import { heapObjects } from "./memory/heap_objects.ts";
import { threadMemory } from "./memory/thread_memory.ts";
import type { WatcherAnswers, WatcherQuestion, WatcherReply } from "./watcher_messages.ts";

const engine = parentPort;
if (engine === null) throw new Error("profile/watcher_thread.ts runs as a worker only: use watcher().");
const recordings = new CpuRecordings();

function answer(question: WatcherQuestion): Promise<WatcherAnswers[keyof WatcherAnswers]> {
  switch (question.kind) {
    case "record":
      return recordings.start(question.intervalUs);
    case "end recording":
      return recordings.stop(question.recording);
    case "write recording":
      return recordings.write(question);
    case "memory":
      return threadMemory();
    case "objects":
      return heapObjects();
  }
}

engine.on("message", ({ reply, question }: { readonly reply: number; readonly question: WatcherQuestion }) => {
  const tell = (message: WatcherReply): void => engine.postMessage(message);
  answer(question).then(
    (found) => tell({ reply, answer: found }),
    (error: unknown) => tell({ reply, error: messageOf(error) }),
  );
});
