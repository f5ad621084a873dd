// The machine's memory, counted as psutil does: by /proc/meminfo on Linux, elsewhere what Node knows.
import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import type { VirtualMemory } from "../../../shared/memory.ts";

const KIB = 1024;

/** Now. */
export function virtualMemory(): VirtualMemory {
  try {
    return virtualMemoryOf(readFileSync("/proc/meminfo", "utf8"));
  } catch {
    const [total, free] = [totalmem(), freemem()];
    const unknown = { active: null, inactive: null, buffers: null, cached: null, shared: null, slab: null };
    return { total, available: free, percent: percentOf(total - free, total), used: total - free, free, ...unknown };
  }
}

/** Reads the text of /proc/meminfo. */
export function virtualMemoryOf(text: string): VirtualMemory {
  const sizes = new Map([...text.matchAll(/^([\w()]+): +(\d+)/gm)].map(([, name = "", kib = ""]) => [name, Number(kib) * KIB]));
  const size = (name: string): number => sizes.get(name) ?? 0;
  const [total, free, buffers] = [size("MemTotal"), size("MemFree"), size("Buffers")];
  const cached = size("Cached") + size("SReclaimable");
  const available = sizes.get("MemAvailable") ?? free + cached;
  const used = total - free - buffers - cached;
  return {
    total,
    available,
    percent: percentOf(total - available, total),
    used: used < 0 ? total - free : used,
    free,
    active: size("Active"),
    inactive: size("Inactive"),
    buffers,
    cached,
    shared: size("Shmem"),
    slab: size("Slab"),
  };
}

function percentOf(part: number, total: number): number {
  return total === 0 ? 0 : Math.round((part / total) * 1000) / 10;
}
