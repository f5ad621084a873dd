// What the memory of the process is used for, as the window, the API and the terminal see it. Sizes are octets. Plain data.

export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
  /** What is counted, and by whom. */
  readonly counts: string;
}

/** What a part of this process is: code and files, V8's heaps, array buffers, what is free for later, all other. */
export type PartKind = "code" | "heap" | "buffers" | "free" | "other";

export interface ProcessPart extends MemoryPart {
  readonly kind: PartKind;
}

export interface NamedSize {
  readonly name: string;
  readonly bytes: number;
}

/** The largest first, at most ten. */
export interface TopSizes {
  readonly title: string;
  readonly sizes: readonly NamedSize[];
}

/** null where the platform does not tell. */
export interface ProcessMemory {
  readonly rss: number;
  readonly vms: number | null;
  readonly shared: number | null;
  readonly text: number | null;
  readonly lib: number | null;
  readonly data: number | null;
  readonly dirty: number | null;
}

/** Objects of one type, each without what it refers to. */
export interface ObjectType {
  readonly type: string;
  readonly count: number;
  readonly bytes: number;
}

/** The objects of the main thread's heap. */
export interface HeapObjects {
  /** The largest sum first, at most fifty. */
  readonly types: readonly ObjectType[];
  /** All objects, those of other types included. */
  readonly count: number;
  readonly bytes: number;
  /** How long the main thread stood still for it. */
  readonly ms: number;
}

export interface ClickHouseMemory {
  readonly url: string;
  /** A process of ours; its memory is not in this process's rss. */
  readonly embedded: boolean;
  /** Of the server's process; null where it does not tell. */
  readonly rss: number | null;
  /** Each octet in one line, with `rss` as their bound. */
  readonly parts: readonly MemoryPart[];
  /** Other figures of the server; they are in one another. */
  readonly figures: readonly NamedSize[];
  readonly top: readonly TopSizes[];
  /** What it did not tell and why, in sentences; none when all is well. */
  readonly problems: readonly string[];
}

export interface MemoryReport {
  /** ISO 8601. */
  readonly taken: string;
  readonly process: ProcessMemory;
  /** Each octet in one line only. */
  readonly parts: readonly ProcessPart[];
  /** Sum of `parts`. */
  readonly accounted: number;
  /** rss without it. */
  readonly unaccounted: number;
  /** What Parallax holds; it is in the lines of `parts`. */
  readonly held: readonly MemoryPart[];
  readonly top: readonly TopSizes[];
  readonly clickhouse: ClickHouseMemory;
  /** null where they were not asked for, or could not be had. */
  readonly objects: HeapObjects | null;
  /** What could not be had and why, in sentences; none when all is well. */
  readonly problems: readonly string[];
}

/** The memory of the machine, as psutil names it. null where the platform does not tell. */
export interface VirtualMemory {
  readonly total: number;
  readonly available: number;
  /** Of the total, what is not available. */
  readonly percent: number;
  readonly used: number;
  readonly free: number;
  readonly active: number | null;
  readonly inactive: number | null;
  readonly buffers: number | null;
  readonly cached: number | null;
  readonly shared: number | null;
  readonly slab: number | null;
}
