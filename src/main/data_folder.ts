// The data folder: made where it is missing, and held by one Parallax at a time. Two would write into one session and take
// each other's ids.
import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf } from "../shared/thrown.ts";

const LOCK = "in-use.lock";

/**
 * Takes the folder; returns the way to give it back. The lock is the system's own, through SQLite: it ends with the process,
 * however that ends. Throws in words: the folder can't be written, or another Parallax has it.
 */
export function holdDataFolder(folder: string): () => void {
  try {
    mkdirSync(join(folder, "sessions"), { recursive: true });
    accessSync(join(folder, "sessions"), constants.W_OK);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const why = messageOf(error);
    throw new Error(`The data folder ${folder} can't be written (${why}). Make it writable, or choose another one with --data.`);
  }
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(folder, LOCK), { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock?.close();
    if (!isHeld(error)) return () => undefined; // A file system without locks: nothing to hold it by.
    throw new Error(
      `The data folder ${folder} is in use by another Parallax. Use that one, or give this one a folder of its own with --data.`,
    );
  }
  const held = lock;
  return () => held.close();
}

const BUSY = 5;

function isHeld(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === BUSY;
}
