// The threads of this process as Linux has them: those of V8, libuv and TLS beside ours, and what processor time each takes.
import { readdir, readFile } from "node:fs/promises";

export interface SystemThread {
  readonly id: number;
  readonly name: string;
  /** Linux's letter: R runs, S sleeps, D waits for a disk. */
  readonly state: string;
  /** Processor time since its start; seconds. */
  readonly seconds: number;
}

const FOLDER = "/proc/self/task";
/** The kernel counts in hundredths for every process, whatever its own clock. */
const TICKS_PER_SECOND = 100;

/** Those that there are now; null where the system does not tell. */
export async function readSystemThreads(): Promise<readonly SystemThread[] | null> {
  const ids = await readdir(FOLDER).catch(() => null);
  if (ids === null) return null;
  const read = await Promise.all(ids.map((id) => readFile(`${FOLDER}/${id}/stat`, "utf8").catch(() => "")));
  return read.flatMap((text) => readStat(text) ?? []);
}

/** `4711 (V8Worker) S 1 …`: the name may hold anything, brackets and spaces included. Null where it ended meanwhile. */
export function readStat(text: string): SystemThread | null {
  const [begin, end] = [text.indexOf("("), text.lastIndexOf(")")];
  if (begin < 0 || end < begin) return null;
  // From the state on, which is the third field: utime is the 14th, stime the 15th.
  const fields = text.slice(end + 2).split(" ");
  return {
    id: Number.parseInt(text, 10),
    name: text.slice(begin + 1, end),
    state: fields[0] ?? "?",
    seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}
