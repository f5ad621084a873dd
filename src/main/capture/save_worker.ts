// Copies a session into one compact file, in a thread of its own: a large session takes seconds.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

const { from, to }: { readonly from: string; readonly to: string } = workerData;
const db = new DatabaseSync(from, { readOnly: true, timeout: 5000 });
try {
  db.prepare("VACUUM INTO ?").run(to);
} finally {
  db.close();
}
parentPort?.postMessage("saved");
