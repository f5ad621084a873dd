// The engine's end of the handover: takes batches of copies from memory and from files, in the order in which they come, and what else the
// wire's thread says in its place among them.
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { pause } from "../pause.ts";
import { Pace, type PaceOptions } from "./pace.ts";
import type { Spooled } from "./spool_writer.ts";

export interface IntakeOptions extends PaceOptions {
  /** Takes a batch: `[from, to)` of the buffer. */
  readonly take: (batch: ArrayBuffer, from: number, to: number) => void;
  readonly problem: (message: string) => void;
}

interface Batch {
  readonly kind: "batch";
  readonly batch: ArrayBuffer;
  /** Called with its octets when it is taken. */
  readonly taken: (bytes: number) => void;
}

interface InFile {
  readonly kind: "in file";
  readonly spooled: Spooled;
  readonly taken: (bytes: number) => void;
}

interface Call {
  readonly kind: "call";
  readonly call: () => void;
  /** Somebody waits for it: what is before it is taken at full speed. */
  readonly urgent: boolean;
}

export type Item = Batch | InFile | Call;

export class Intake {
  readonly #options: IntakeOptions;
  readonly #pace: Pace;
  #items: Item[] = [];
  #first = 0;
  #urgent = 0;
  #running: Promise<void> | null = null;
  /** No rest any more. */
  #hurried = false;
  #stopped = false;
  #open: { readonly file: string; readonly handle: FileHandle } | null = null;
  #asleep = new AbortController();

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#pace = new Pace(options);
  }

  add(item: Item): void {
    if (item.kind !== "call") this.#pace.came(performance.now());
    if (this.#running === null && item.kind !== "in file" && (item.kind === "call" || this.#rest() === 0)) {
      this.#do(item);
      return;
    }
    this.#items.push(item);
    if (item.kind === "call" && item.urgent) {
      this.#urgent += 1;
      this.#asleep.abort();
    }
    this.#running ??= this.#run();
  }

  /** Takes all that is here, for at most `limitMs`; what is in files by then stays there. */
  async drain(limitMs: number): Promise<void> {
    this.#hurried = true;
    this.#asleep.abort();
    const late = setTimeout(() => {
      this.#stopped = true;
    }, limitMs);
    await this.#running;
    clearTimeout(late);
    this.#hurried = false;
    this.#stopped = false;
  }

  async #run(): Promise<void> {
    while (this.#first < this.#items.length) {
      const rest = this.#rest();
      await (rest > 0 ? this.#sleep(rest) : turn());
      const item = this.#items[this.#first];
      this.#first += 1;
      if (this.#first > 1000) {
        this.#items = this.#items.slice(this.#first);
        this.#first = 0;
      }
      if (item?.kind === "in file") await this.#takeFrom(item);
      else if (item !== undefined) this.#do(item);
      if (item?.kind === "call" && item.urgent) this.#urgent -= 1;
    }
    this.#items = [];
    this.#first = 0;
    this.#running = null;
    await this.#close();
  }

  #do(item: Batch | Call): void {
    if (item.kind === "call") {
      item.call();
      return;
    }
    this.#options.take(item.batch, 0, item.batch.byteLength);
    item.taken(item.batch.byteLength);
  }

  async #takeFrom({ spooled: { file, at, sizes }, taken }: InFile): Promise<void> {
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (this.#stopped) return;
    try {
      const batches = await this.#read(file, at, bytes);
      let from = 0;
      for (const size of sizes) {
        this.#options.take(batches, from, from + size);
        from += size;
        const rest = this.#rest();
        await (rest > 0 ? this.#sleep(rest) : turn());
      }
    } catch (error) {
      this.#options.problem(`Copies that waited in ${file} can't be read: ${String(error)}`);
    }
    taken(bytes);
  }

  async #read(file: string, at: number, bytes: number): Promise<ArrayBuffer> {
    if (this.#open?.file !== file) {
      await this.#close();
      this.#open = { file, handle: await open(file, "r") };
    }
    const octets = new Uint8Array(bytes);
    const { bytesRead } = await this.#open.handle.read(octets, 0, bytes, at);
    if (bytesRead < bytes) throw new Error(`it ends after ${at + bytesRead} bytes`);
    return octets.buffer;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.handle.close();
  }

  #sleep(ms: number): Promise<void> {
    this.#asleep = new AbortController();
    return pause(ms, this.#asleep.signal);
  }

  #rest(): number {
    return this.#hurried || this.#urgent > 0 ? 0 : this.#pace.rest(performance.now(), usedMs());
  }
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
