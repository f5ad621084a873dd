// Moves what was committed from the journal's log (WAL) to its file, on a thread of its own: SQLite would do that within the commit
// that makes the log long, and the writes of that moment, and those after it, would wait for the disk (40 to 120 ms in place of less
// than one). What this thread can't do, the commits do.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

const EVERY_MS = 500;

const engine = parentPort;
if (engine === null) throw new Error("journal/checkpoint_thread.ts runs as a worker only: use Journal.start.");
const file: string = workerData;
const db = new DatabaseSync(file);
const move = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");

function moveAll(): void {
  try {
    // Twice: what was committed meanwhile is little, and when nothing is left the log begins anew.
    for (let i = 0; i < 2; i += 1) move.get();
  } catch {
    // The disk is full, or another one does it: later.
  }
}

const timer = setInterval(moveAll, EVERY_MS);
// Any message is the end.
engine.once("message", () => {
  clearInterval(timer);
  db.close();
});
