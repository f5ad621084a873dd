// The resident set in parts, each octet in one part only. Mappings tell of files, stacks and code by themselves; anonymous memory is
// told apart by those who took it: V8 for its heaps, malloc for what is free in its arenas, and of what is in use there the array buffers
// and what V8 itself holds. What is left has no counter: SQLite, OpenSSL, libuv and Node's own objects.
import type { ProcessPart } from "../../../shared/memory.ts";
import type { Malloc } from "./malloc.ts";
import type { Mappings } from "./mappings.ts";
import type { HeapFigures, ThreadMemory } from "./thread_memory.ts";

export interface Accounts {
  readonly threads: readonly ThreadMemory[];
  readonly mappings: Mappings | null;
  readonly malloc: Malloc | null;
}

/** Where the mappings tell of code, these are in them. */
const CODE_SPACES: readonly string[] = ["code_space", "code_large_object_space"];

/** The parts that have any size. */
export function partsOf({ threads, mappings, malloc }: Accounts): readonly ProcessPart[] {
  const answering = threads.filter(isAnswering);
  const parts = [
    ...(mappings === null ? [] : mappedParts(mappings)),
    ...answering.flatMap(({ thread, figures }) =>
      thread === "main" ? mainHeap(figures, mappings !== null) : [threadHeap(thread, figures, mappings !== null)],
    ),
    ...answering.map(({ thread, figures }) => ({
      kind: "buffers" as const,
      name: `ArrayBuffers of ${thread}`,
      bytes: figures.arrayBuffers,
      counts: `array buffers made in this thread, wherever they are by now (process.memoryUsage().arrayBuffers there)`,
    })),
    {
      kind: "other" as const,
      name: "V8 outside of its heaps",
      // It compiles in such memory, and gives it back a moment later: no more than malloc has in use by now.
      bytes: Math.min(ownOf(answering), Math.max(0, inUse(malloc) - buffersOf(answering))),
      counts: "what V8 took from malloc for itself, all threads (malloced_memory)",
    },
    ...(malloc === null ? [] : [freeInArenas(malloc, mappings)]),
  ];
  return parts.filter(({ bytes }) => bytes > 0);
}

function mappedParts({ files, databases, stacks, code }: Mappings): readonly ProcessPart[] {
  return [
    {
      kind: "code",
      name: "mapped executable and libraries",
      bytes: files,
      counts: "resident pages of files that are mapped (/proc/self/smaps)",
    },
    {
      kind: "other",
      name: "mapped files of session and journal",
      bytes: databases,
      counts: "resident pages of SQLite's shared index of its log",
    },
    { kind: "other", name: "stacks of threads", bytes: stacks, counts: "the main thread's stack and those behind a guard page" },
    {
      kind: "code",
      name: "V8 code of all threads",
      bytes: code,
      counts: "resident pages that are executable and of no file: compiled functions, and V8's copy of its built-in ones",
    },
  ];
}

function mainHeap(figures: HeapFigures, codeIsMapped: boolean): readonly ProcessPart[] {
  return spacesOf(figures, codeIsMapped).map(({ space_name, physical_space_size }) => ({
    kind: "heap",
    name: `V8 main ${space_name.replaceAll("_", " ")}`,
    bytes: physical_space_size,
    counts: "physical size of this space of the main thread's heap",
  }));
}

function threadHeap(thread: string, figures: HeapFigures, codeIsMapped: boolean): ProcessPart {
  return {
    kind: "heap",
    name: `V8 heap of ${thread}`,
    bytes: spacesOf(figures, codeIsMapped).reduce((sum, { physical_space_size }) => sum + physical_space_size, 0),
    counts: "physical size of all spaces of this thread's heap",
  };
}

function spacesOf({ spaces }: HeapFigures, codeIsMapped: boolean): HeapFigures["spaces"] {
  return spaces.filter(({ space_name }) => !codeIsMapped || !CODE_SPACES.includes(space_name));
}

function freeInArenas({ arenas }: Malloc, mappings: Mappings | null): ProcessPart {
  const system = arenas.reduce((sum, arena) => sum + arena.system, 0);
  const free = arenas.reduce((sum, arena) => sum + arena.free, 0);
  // Of an arena's pages some were never written to, or given back: they are free, and not resident.
  const absent = mappings === null ? 0 : Math.max(0, system - mappings.arenas);
  return {
    kind: "free",
    name: "free in malloc's arenas",
    bytes: Math.max(0, free - absent),
    counts: "taken from the system, in use by nobody now, and used again (malloc_info)",
  };
}

/**
 * The figures of `before` with the least of both that V8 has of malloc. What is freed between the two is free there by the time malloc is
 * asked, and must not count twice.
 */
export function leastOf(before: readonly ThreadMemory[], after: readonly ThreadMemory[]): readonly ThreadMemory[] {
  return before.map((thread) => {
    const later = after.find((other) => other.thread === thread.thread)?.figures ?? null;
    if (thread.figures === null || later === null) return thread;
    const { heap, arrayBuffers } = thread.figures;
    return {
      ...thread,
      figures: {
        ...thread.figures,
        heap: { ...heap, malloced_memory: Math.min(heap.malloced_memory, later.heap.malloced_memory) },
        arrayBuffers: Math.min(arrayBuffers, later.arrayBuffers),
      },
    };
  });
}

/** False where malloc knows nothing of what the threads have: another allocator stands in its place, as in Electron. */
export function serves(malloc: Malloc, threads: readonly ThreadMemory[]): boolean {
  return inUse(malloc) >= buffersOf(threads.filter(isAnswering)) / 2;
}

/** Of what is in use of malloc, what has no counter of its own; null where malloc does not tell. */
export function uncounted({ threads, malloc }: Accounts): number | null {
  if (malloc === null) return null;
  const answering = threads.filter(isAnswering);
  return Math.max(0, inUse(malloc) - buffersOf(answering) - ownOf(answering));
}

interface Answering {
  readonly thread: string;
  readonly figures: HeapFigures;
}

function isAnswering(thread: ThreadMemory): thread is ThreadMemory & Answering {
  return thread.figures !== null;
}

function buffersOf(threads: readonly Answering[]): number {
  return threads.reduce((sum, { figures }) => sum + figures.arrayBuffers, 0);
}

function ownOf(threads: readonly Answering[]): number {
  return threads.reduce((sum, { figures }) => sum + figures.heap.malloced_memory, 0);
}

function inUse(malloc: Malloc | null): number {
  if (malloc === null) return Number.POSITIVE_INFINITY;
  return malloc.arenas.reduce((sum, { system, free }) => sum + system - free, malloc.mapped.bytes);
}
