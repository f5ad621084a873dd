// Batches of copies in files, for an engine that is behind: appended in order, at most `limitBytes` of them, and deleted when the engine has
// taken them. What is left when Parallax ends is taken at its next start (left_copies.ts).
import { type FileHandle, mkdir, open, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../shared/thrown.ts";

const SEGMENT_BYTES = 16 * 1024 * 1024;
const WRITTEN_AT_ONCE = 16;
/** How often it is looked which files have been taken. */
const LOOK_MS = 1000;
/** After a failure: when it is tried again. */
const RETRY_MS = 10_000;

export interface SpoolPlace {
  readonly folder: string;
  /** Begins the names of files of one thread; names of later ones are greater. */
  readonly prefix: string;
  readonly limitBytes: number;
}

/** Whole batches, one after the other in a file. */
export interface Spooled {
  readonly file: string;
  readonly at: number;
  /** Octets of each. */
  readonly sizes: readonly number[];
}

export interface SpoolWriterOptions {
  readonly place: SpoolPlace;
  readonly spooled: (spooled: Spooled) => void;
  /** Octets that were spooled and that the engine has taken, modulo 2^32. */
  readonly taken: () => number;
  /** These could not be written. */
  readonly failed: (batches: readonly ArrayBuffer[], why: string) => void;
}

interface Segment {
  readonly file: string;
  readonly handle: FileHandle;
  /** Octets in it. */
  bytes: number;
  /** Octets that are spooled with it, from the beginning, modulo 2^32. */
  end: number;
}

export class SpoolWriter {
  readonly #options: SpoolWriterOptions;
  #waiting: ArrayBuffer[] = [];
  #unwritten = 0;
  /** Octets that were ever appended, modulo 2^32. */
  #appended = 0;
  /** Oldest first; the last one is written to. */
  readonly #segments: Segment[] = [];
  #nextSegment = 0;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #usableFrom = 0;

  constructor(options: SpoolWriterOptions) {
    this.#options = options;
  }

  get usable(): boolean {
    return this.#usableFrom === 0 || performance.now() >= this.#usableFrom;
  }

  /** Batches are here that the engine has not taken: what follows them comes here too. */
  get begun(): boolean {
    return this.#untaken !== 0;
  }

  /** Octets that are in memory still. */
  get unwrittenBytes(): number {
    return this.#unwritten;
  }

  full(size: number): boolean {
    return this.#untaken + size > this.#options.place.limitBytes;
  }

  get #untaken(): number {
    return (this.#appended - this.#options.taken()) | 0;
  }

  append(batch: ArrayBuffer): void {
    this.#appended = (this.#appended + batch.byteLength) | 0;
    this.#unwritten += batch.byteLength;
    this.#waiting.push(batch);
    this.#writing ??= this.#write();
  }

  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batches = this.#waiting.splice(0, WRITTEN_AT_ONCE);
      try {
        await this.#writeSome(batches);
      } catch (error) {
        this.#giveUp([...batches, ...this.#waiting.splice(0)], messageOf(error));
      }
    }
    this.#writing = null;
  }

  async #writeSome(batches: readonly ArrayBuffer[]): Promise<void> {
    const segment = await this.#segment();
    const sizes = batches.map((batch) => batch.byteLength);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const { bytesWritten } = await segment.handle.writev(
      batches.map((batch) => new Uint8Array(batch)),
      segment.bytes,
    );
    if (bytesWritten < bytes) throw new Error(`${bytesWritten} of ${bytes} bytes were written`);
    const at = segment.bytes;
    segment.bytes += bytes;
    segment.end = (segment.end + bytes) | 0;
    this.#unwritten -= bytes;
    this.#options.spooled({ file: segment.file, at, sizes });
  }

  async #segment(): Promise<Segment> {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.bytes < SEGMENT_BYTES) return last;
    const { folder, prefix } = this.#options.place;
    const file = join(folder, `${prefix}-${String(this.#nextSegment).padStart(6, "0")}`);
    await mkdir(folder, { recursive: true });
    const handle = await open(file, "wx", 0o600);
    this.#nextSegment += 1;
    const segment = { file, handle, bytes: 0, end: last?.end ?? (this.#appended - this.#unwritten) | 0 };
    this.#segments.push(segment);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref();
    return segment;
  }

  #giveUp(batches: readonly ArrayBuffer[], why: string): void {
    const bytes = batches.reduce((sum, batch) => sum + batch.byteLength, 0);
    this.#appended = (this.#appended - bytes) | 0;
    this.#unwritten -= bytes;
    this.#usableFrom = performance.now() + RETRY_MS;
    // What was written of them is not to be found by whoever takes what is left.
    const last = this.#segments.at(-1);
    if (last !== undefined) {
      last.handle.truncate(last.bytes).catch(() => undefined);
      last.bytes = Math.max(last.bytes, SEGMENT_BYTES);
    }
    this.#options.failed(batches, why);
  }

  /** Deletes the files that have been taken. */
  async #look(): Promise<void> {
    if (this.#writing !== null) return;
    const taken = this.#options.taken();
    const done = this.#segments.findIndex(({ end }) => ((end - taken) | 0) > 0);
    const gone = this.#segments.splice(0, done < 0 ? this.#segments.length : done);
    if (this.#segments.length === 0 && this.#timer !== null) clearInterval(this.#timer);
    if (this.#segments.length === 0) this.#timer = null;
    for (const { handle, file } of gone) {
      await handle.close().catch(() => undefined);
      await rm(file, { force: true }).catch(() => undefined);
    }
  }
}

/** Deletes what one thread wrote. */
export async function removeSpooled({ folder, prefix }: SpoolPlace): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (name.startsWith(prefix)) await rm(join(folder, name), { force: true });
  await rmdir(folder).catch(() => undefined);
}
