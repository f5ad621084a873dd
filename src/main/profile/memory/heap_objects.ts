// The objects of the main thread's heap by type. Asked in the watcher's thread: V8 has the main thread itself write the snapshot, which
// stands still meanwhile, but its text comes here and is read here.
import { Session } from "node:inspector";
import type { HeapObjects } from "../../../shared/memory.ts";
import { isRecord } from "../../../shared/record.ts";
import { SnapshotTypes } from "./snapshot_types.ts";

/** Rejects with what the inspector or the snapshot says. */
export async function heapObjects(): Promise<HeapObjects> {
  const session = new Session();
  session.connectToMainThread();
  const types = new SnapshotTypes();
  let problem: unknown = null;
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ params }: { readonly params: unknown }) => {
    try {
      if (problem === null && isRecord(params)) types.add(String(params.chunk));
    } catch (error) {
      problem = error;
    }
  });
  try {
    const started = performance.now();
    await new Promise<void>((resolve, reject) => {
      session.post("HeapProfiler.takeHeapSnapshot", { reportProgress: false }, (error) => (error === null ? resolve() : reject(error)));
    });
    if (problem !== null) throw problem;
    return types.result(performance.now() - started);
  } finally {
    session.disconnect();
  }
}
