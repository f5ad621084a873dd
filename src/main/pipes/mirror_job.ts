// The mirror as a pipe: while it runs, writes go to ClickHouse and what waits in the journal is handed over; while it is stopped, all
// writes wait in the journal.
import type { KeptWrites } from "../exchange/kept_writes.ts";
import type { Job } from "./job.ts";

/** `kept` is null where writes are not journalled: then it can't be stopped. */
export function mirrorJob(kept: Pick<KeptWrites, "hold" | "release" | "kick" | "progress"> | null): Job {
  return {
    id: "mirror",
    kind: "mirror",
    title: "Writes what Elasticsearch acknowledged to ClickHouse",
    index: null,
    kick: () => kept?.kick(),
    needed: () => (kept === null ? "The mirror can't be stopped here: these writes are kept in no journal and would be lost." : ""),
    progress: () => {
      const progress = kept?.progress;
      if (progress === undefined) return null;
      const { mirrored, waiting } = progress;
      return { done: mirrored, total: mirrored + waiting, unit: "writes", bytes: null, secondsLeft: null, pass: null };
    },
    run: async ({ signal }) => {
      kept?.release();
      const stopped = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => stopped.resolve());
      await stopped.promise;
      kept?.hold();
      return { sentence: "Stopped: writes wait in the journal.", report: null };
    },
  };
}
