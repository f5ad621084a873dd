// The memory report: the process, its parts, what Parallax holds of them, ClickHouse, and the objects of the main thread's heap.
import type { HeapObjects, MemoryReport } from "../../../shared/memory.ts";
import { messageOf } from "../../../shared/thrown.ts";
import { watcher } from "../watcher.ts";
import { type AskedClickHouse, clickHouseMemory } from "./clickhouse_memory.ts";
import { type Holdings, heldParts, heldTop } from "./held.ts";
import { readMalloc, trimMalloc } from "./malloc.ts";
import { leastOf, partsOf, serves, uncounted } from "./parts.ts";
import { seenProcess } from "./process_memory.ts";
import type { ThreadMemory } from "./thread_memory.ts";

export interface MemorySources {
  readonly clickhouse: AskedClickHouse;
  readonly holdings: Holdings;
}

/** Never rejects: what can't be had is a sentence of `problems`. With `objects` the main thread stands still for a while. */
export async function memoryReport({ clickhouse, holdings }: MemorySources, objects: boolean): Promise<MemoryReport> {
  const problems: string[] = [];
  const asked = await clickHouseMemory(clickhouse);
  const before = await threadsOrProblem(problems);
  const told = await readMalloc();
  const malloc = told !== null && serves(told, before) ? told : null;
  const { memory, mappings } = seenProcess();
  const after = before.length === 0 ? [] : await threadsOrProblem([]);
  const accounts = { threads: leastOf(before, after), mappings, malloc };
  const parts = partsOf(accounts);
  const accounted = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const left = uncounted(accounts);
  if (mappings === null)
    problems.push("This system does not tell what a process's mappings are: its executable, libraries and stacks are not counted.");
  if (malloc === null) problems.push("This system's malloc does not tell what it holds: what is free there is not counted.");
  const native = {
    name: "malloc, in use without a counter",
    bytes: left ?? 0,
    counts: "SQLite's caches and statements, OpenSSL, libuv, objects of Node's own; unaccounted above",
  };
  return {
    taken: new Date().toISOString(),
    process: memory,
    parts,
    accounted,
    unaccounted: memory.rss - accounted,
    held: [...heldParts(holdings), ...(left === null ? [] : [native])],
    top: heldTop(holdings),
    clickhouse: asked,
    // Last: the snapshot takes memory itself.
    objects: objects ? await objectsOrProblem(problems) : null,
    problems,
  };
}

async function threadsOrProblem(problems: string[]): Promise<readonly ThreadMemory[]> {
  try {
    const threads = await watcher().ask({ kind: "memory" });
    problems.push(...threads.flatMap(({ problem }) => (problem === "" ? [] : [`The heap of a thread can't be told: ${problem}.`])));
    return threads;
  } catch (error) {
    problems.push(`The heaps of the threads can't be told: ${messageOf(error)}.`);
    return [];
  }
}

let snapshot: Promise<HeapObjects> | null = null;

// Two who ask at once get the same one.
async function objectsOrProblem(problems: string[]): Promise<HeapObjects | null> {
  try {
    snapshot ??= watcher()
      .ask({ kind: "objects" })
      .finally(() => {
        snapshot = null;
        void trimMalloc();
      });
    return await snapshot;
  } catch (error) {
    problems.push(`The objects of the heap can't be told: ${messageOf(error)}.`);
    return null;
  }
}
