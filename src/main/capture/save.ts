// Save a session as another file: complete, compact, without a log beside it.
import { randomBytes } from "node:crypto";
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf } from "../../shared/thrown.ts";

/** Writes what is committed in session `from` to `to`, replacing what is there only once the copy is whole. */
export async function saveSession(from: string, to: string): Promise<{ readonly file: string; readonly bytes: number }> {
  const target = resolve(to);
  if (target === resolve(from)) throw new Error(`${to} is the open session itself. Choose another name.`);
  // A folder is not made for a name that was mistyped.
  if (!existsSync(dirname(target))) throw new Error(`There is no folder ${dirname(target)} to save the session in. Choose another place.`);
  const part = `${target}.${randomBytes(4).toString("hex")}.part`;
  try {
    await copy(resolve(from), part);
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    const what = messageOf(error);
    throw new Error(`The session could not be saved as ${target}: ${what}`, { cause: error });
  }
  return { file: target, bytes: statSync(target).size };
}

function copy(from: string, to: string): Promise<void> {
  const worker = new Worker(new URL("./save_worker.ts", import.meta.url), { name: "save", workerData: { from, to } });
  return new Promise((done, fail) => {
    worker.once("message", () => done());
    worker.once("error", fail);
    worker.once("exit", (code) => fail(new Error(`the copying thread ended with code ${code}`)));
  });
}
