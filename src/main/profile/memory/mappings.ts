// What the mappings of a process are, by /proc/PID/smaps: resident octets of each kind, and each mapping in exactly one kind.

export interface Mappings {
  /** All of them: the resident set. */
  readonly resident: number;
  /** Executable and libraries: code and constants. */
  readonly files: number;
  /** Shared files of open databases: the index of SQLite's log. */
  readonly databases: number;
  /** The main thread's stack, and those behind a guard page. */
  readonly stacks: number;
  /** The heaps of malloc: `[heap]`, and the arenas that other threads have. */
  readonly arenas: number;
  /** Anonymous and executable: code that V8 made, and its copy of the built-in functions. */
  readonly code: number;
  /** All other anonymous memory: V8's heaps, and what malloc mapped by itself. */
  readonly anonymous: number;
}

interface Mapping {
  readonly from: number;
  readonly to: number;
  readonly rights: string;
  readonly name: string;
}

const HEAD = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/;
const RSS = /^Rss: +(\d+) kB$/;
/** glibc puts the heaps of its arenas at multiples of this. */
const ARENA = 64 * 1024 * 1024;
/** Stacks are no longer than this; other mappings lie behind a guard page too. */
const LONGEST_STACK = 16 * 1024 * 1024;
const LONGEST_GUARD = 64 * 1024;

/** Reads the text of /proc/PID/smaps. */
export function readMappings(text: string): Mappings {
  const kinds = { resident: 0, files: 0, databases: 0, stacks: 0, arenas: 0, code: 0, anonymous: 0 };
  let current: Mapping | null = null;
  let before: Mapping | null = null;
  for (const line of text.split("\n")) {
    const head = HEAD.exec(line);
    if (head !== null) {
      before = current;
      const [, from = "", to = "", rights = "", name = ""] = head;
      current = { from: Number.parseInt(from, 16), to: Number.parseInt(to, 16), rights, name };
      continue;
    }
    const resident = RSS.exec(line);
    if (resident === null || current === null) continue;
    const bytes = Number(resident[1]) * 1024;
    kinds[kindOf(current, before)] += bytes;
    kinds.resident += bytes;
  }
  return kinds;
}

function kindOf(mapping: Mapping, before: Mapping | null): Exclude<keyof Mappings, "resident"> {
  const { name, rights, from } = mapping;
  if (name === "[heap]") return "arenas";
  if (name === "[stack]") return "stacks";
  if (name.endsWith("-shm")) return "databases";
  if (name !== "" && !name.startsWith("[anon")) return "files";
  if (rights.includes("x")) return "code";
  if (from % ARENA === 0) return "arenas";
  return isGuarded(mapping, before) ? "stacks" : "anonymous";
}

function isGuarded({ from, to }: Mapping, before: Mapping | null): boolean {
  if (before === null || before.to !== from || to - from > LONGEST_STACK) return false;
  return before.rights.startsWith("---") && before.to - before.from <= LONGEST_GUARD;
}
