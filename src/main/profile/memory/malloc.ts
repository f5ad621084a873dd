// glibc's own account of malloc: what its arenas hold, and how much of that is free. Elsewhere there is none.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface MallocArena {
  /** Taken from the system. */
  readonly system: number;
  /** Of it, not in use. */
  readonly free: number;
  readonly freePieces: number;
}

export interface Malloc {
  readonly arenas: readonly MallocArena[];
  /** Pieces that were mapped each by itself, outside of the arenas. */
  readonly mapped: { readonly count: number; readonly bytes: number };
}

const LIBRARY = "libc.so.6";

// Only when it is asked for: nothing else in this process needs calls of C.
async function libc(): Promise<(name: string, returns: "number" | "pointer", ...given: readonly (string | number | object)[]) => unknown> {
  const { DataType, load, open } = await import("ffi-rs");
  open({ library: LIBRARY, path: LIBRARY });
  const typeOf = (value: string | number | object) =>
    typeof value === "string" ? DataType.String : typeof value === "number" ? DataType.I32 : DataType.External;
  return (name, returns, ...given) =>
    load({
      library: LIBRARY,
      funcName: name,
      retType: returns === "number" ? DataType.I32 : DataType.External,
      paramsType: given.map(typeOf),
      paramsValue: [...given],
    });
}

/** null where the C library does not tell: another one than glibc. */
export async function readMalloc(): Promise<Malloc | null> {
  if (process.platform !== "linux") return null;
  const folder = mkdtempSync(join(tmpdir(), "parallax-malloc-"));
  const name = join(folder, "malloc.xml");
  try {
    const call = await libc();
    const file = call("fopen", "pointer", name, "w");
    if (typeof file !== "object" || file === null) return null;
    call("malloc_info", "number", 0, file);
    call("fclose", "number", file);
    return mallocOf(readFileSync(name, "utf8"));
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives what malloc holds free back to the system, where it can. */
export async function trimMalloc(): Promise<void> {
  if (process.platform !== "linux") return;
  try {
    (await libc())("malloc_trim", "number", 0);
  } catch {
    // Another C library: it keeps what it has.
  }
}

/** Reads the document that glibc's `malloc_info` writes. */
export function mallocOf(xml: string): Malloc {
  const [heaps = "", after = ""] = splitAtLast(xml, "</heap>");
  const arenas = heaps
    .split(/<heap nr="\d+">/)
    .slice(1)
    .map((heap): MallocArena => {
      const totals = [...heap.matchAll(/<total type="(?:fast|rest)" count="(\d+)" size="(\d+)"/g)];
      return {
        system: Number(/<system type="current" size="(\d+)"/.exec(heap)?.[1] ?? 0),
        free: totals.reduce((sum, [, , size]) => sum + Number(size), 0),
        freePieces: totals.reduce((sum, [, count]) => sum + Number(count), 0),
      };
    });
  const mapped = /<total type="mmap" count="(\d+)" size="(\d+)"/.exec(after);
  return { arenas, mapped: { count: Number(mapped?.[1] ?? 0), bytes: Number(mapped?.[2] ?? 0) } };
}

function splitAtLast(text: string, mark: string): readonly string[] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at + mark.length), text.slice(at + mark.length)];
}
