// How the runs before this one ended, in a file of the data folder: each says at its start that it runs, and at its end that it ended in
// order. Two in a row that did not are a reason to offer a start without pipes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonValue, member, parseJson } from "../shared/json.ts";
import { replaceFile } from "./replace_file.ts";

const FILE = "last_run.json";
const OFFERED_AFTER = 2;

/** Runs in a row that did not end in order, up to now; 0 where nothing is known. */
export function crashesBefore(dataFolder: string): number {
  let value: JsonValue;
  try {
    value = parseJson(readFileSync(join(dataFolder, FILE), "utf8"));
  } catch {
    return 0; // None yet, or a file that the crash itself spoilt: nothing follows from it.
  }
  const crashes = isObject(value) ? member(value, "crashes") : undefined;
  const earlier = typeof crashes === "number" && Number.isSafeInteger(crashes) && crashes >= 0 ? crashes : 0;
  return isObject(value) && member(value, "ended") === null ? earlier + 1 : 0;
}

/** True where a start without pipes is worth asking for. */
export function offersSafeMode(crashes: number): boolean {
  return crashes >= OFFERED_AFTER;
}

/** Says that a run has begun; returns the way to say that it ended in order. A folder that can't be written remembers nothing. */
export function beginRun(dataFolder: string, crashes: number): () => void {
  const file = join(dataFolder, FILE);
  const started = new Date().toISOString();
  const write = (ended: string | null): void => {
    try {
      replaceFile(file, JSON.stringify({ started, ended, crashes }));
    } catch {
      // A full disk must not keep Parallax from starting or ending.
    }
  };
  write(null);
  return () => write(new Date().toISOString());
}
