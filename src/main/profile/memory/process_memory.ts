// The process as the system sees it: /proc/self/statm, in the words of psutil's `pmem`. Elsewhere only its resident set is known.
import { readFileSync } from "node:fs";
import type { ProcessMemory } from "../../../shared/memory.ts";
import { type Mappings, readMappings } from "./mappings.ts";

const PAGE = 4096;
const UNTOLD = Object.freeze({ vms: null, shared: null, text: null, lib: null, data: null, dirty: null });

export interface SeenProcess {
  readonly memory: ProcessMemory;
  /** null where the platform does not tell. */
  readonly mappings: Mappings | null;
}

/** Now. */
export function seenProcess(): SeenProcess {
  try {
    // One after the other and nothing between: the two tell of one moment.
    const mappings = readMappings(readFileSync("/proc/self/smaps", "utf8"));
    return { memory: processMemoryOf(readFileSync("/proc/self/statm", "utf8"), mappings.resident), mappings };
  } catch {
    return { memory: { rss: process.memoryUsage.rss(), ...UNTOLD }, mappings: null };
  }
}

/** `statm`: the text of /proc/PID/statm. Its count of resident pages lags; `rss` is the sum over all mappings. */
export function processMemoryOf(statm: string, rss: number): ProcessMemory {
  const [vms = 0, , shared = 0, text = 0, lib = 0, data = 0, dirty = 0] = statm
    .trim()
    .split(" ")
    .map((pages) => Number(pages) * PAGE);
  return { rss, vms, shared, text, lib, data, dirty };
}
