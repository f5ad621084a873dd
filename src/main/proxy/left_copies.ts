// Copies that waited in files when Parallax ended: they are taken at its next start, in the background, and the files go. A file that ends
// amid a record, as after a crash, is taken as far as it goes.
import { type FileHandle, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { createAssembler } from "./assemble.ts";
import { padded, RECORD, RECORD_HEAD } from "./copy_format.ts";
import { COPY_LIMITS } from "./proxy_options.ts";
import type { Tap } from "./tap.ts";

/** Several times a batch, which is what a record fits in. */
const WINDOW_BYTES = 1024 * 1024;
const LAST_KIND = Math.max(...Object.values(RECORD));
const LOST = "Parallax ended before the rest of it was copied.";

/** Looks into a folder that may not be there. */
export async function findLeftCopies(folder: string): Promise<LeftCopies> {
  const names = await readdir(folder).catch(() => []);
  const files = names.toSorted().map((name) => join(folder, name));
  let lastId = 0;
  for (const file of files) {
    await eachWindow(file, (window, to) => {
      for (const id of idsIn(window, to)) lastId = Math.max(lastId, id);
    });
  }
  return new LeftCopies(files, lastId);
}

export class LeftCopies {
  /** The greatest id of their exchanges; 0 without any. */
  readonly lastId: number;
  readonly #files: readonly string[];
  #stopped = false;

  constructor(files: readonly string[], lastId: number) {
    this.#files = files;
    this.lastId = lastId;
  }

  /** Tells the tap of them; others get a turn between pieces. */
  async take(tap: Tap): Promise<void> {
    const assembler = createAssembler(tap, { request: COPY_LIMITS.requestLimit, response: COPY_LIMITS.responseLimit });
    for (const file of this.#files) {
      await eachWindow(file, async (window, to) => {
        if (!this.#stopped) assembler.take(window, 0, to);
        await turn();
      });
    }
    if (this.#stopped) return;
    assembler.end(LOST);
    for (const file of this.#files) await rm(file, { force: true });
  }

  /** What is left is left for the next start. */
  stop(): void {
    this.#stopped = true;
  }
}

/** Calls `use` with pieces of whole records, `[0, to)` of a buffer, from the first to the last. */
async function eachWindow(file: string, use: (window: ArrayBuffer, to: number) => void | Promise<void>): Promise<void> {
  const handle = await open(file, "r");
  try {
    for (let at = 0; ; ) {
      const { window, to } = await readWindow(handle, at);
      if (to === 0) return;
      await use(window, to);
      at += to;
    }
  } finally {
    await handle.close();
  }
}

async function readWindow(handle: FileHandle, at: number): Promise<{ readonly window: ArrayBuffer; readonly to: number }> {
  const octets = new Uint8Array(WINDOW_BYTES);
  const { bytesRead } = await handle.read(octets, 0, WINDOW_BYTES, at);
  const window = octets.buffer;
  const u32 = new Uint32Array(window);
  let to = 0;
  while (to + RECORD_HEAD <= bytesRead) {
    const kind = u32[to >> 2] ?? 0;
    const end = to + RECORD_HEAD + padded(u32[(to >> 2) + 1] ?? 0);
    if (kind < 1 || kind > LAST_KIND || end > bytesRead) break;
    to = end;
  }
  return { window, to };
}

function* idsIn(window: ArrayBuffer, to: number): Generator<number> {
  const u32 = new Uint32Array(window);
  const f64 = new Float64Array(window);
  for (let at = 0; at < to; at += RECORD_HEAD + padded(u32[(at >> 2) + 1] ?? 0)) yield f64[(at >> 3) + 1] ?? 0;
}
