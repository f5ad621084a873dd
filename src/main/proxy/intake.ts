// The engine's end of the handover: takes batches of copies from memory and from files, in the order in which they come, and lets wait what
// is to be heard after some of them.
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

/** What follows are copies of another thread. */
interface End {
  readonly kind: "end";
  readonly call: () => void;
}

export type Item = Batch | InFile | End;

interface Call {
  readonly call: () => void;
  /** Octets, from the thread's first copy on, that are to be taken before, modulo 2^32. */
  readonly after: number;
}

export class Intake {
  readonly #options: IntakeOptions;
  readonly #pace: Pace;
  #items: Item[] = [];
  #first = 0;
  /** Octets that this thread's copies had so far, modulo 2^32. */
  #taken = 0;
  /** Who waits for copies to be taken, which are taken at full speed meanwhile. */
  #calls: Call[] = [];
  /** The same, of threads whose end is still to come. */
  readonly #lastCalls: (readonly Call[])[] = [];
  #running: Promise<void> | null = null;
  /** No rest any more. */
  #hurried = false;
  #stopped = false;
  #open: { readonly file: string; readonly handle: FileHandle } | null = null;
  /** While it rests. */
  #asleep: AbortController | null = null;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#pace = new Pace(options);
  }

  add(item: Item): void {
    if (item.kind === "end") this.#end();
    else this.#pace.came(performance.now());
    if (this.#running === null && item.kind !== "in file" && (item.kind === "end" || this.#rest() === 0)) {
      this.#do(item);
      return;
    }
    this.#items.push(item);
    this.#running ??= this.#run();
  }

  // Whoever waits for copies of a thread that is gone hears at its end at the latest.
  #end(): void {
    const calls = this.#calls;
    this.#calls = [];
    this.#lastCalls.push(calls);
  }

  /** Calls once the copies up to `after` are taken; null: after the calls before it. */
  call(call: () => void, after: number | null): void {
    const last = this.#calls.at(-1);
    const from = after ?? last?.after ?? this.#taken;
    if (last === undefined && this.#isTaken(from)) {
      call();
      return;
    }
    this.#calls.push({ call, after: from });
    this.#asleep?.abort();
  }

  /** Takes all that is here, for at most `limitMs`; what is in files by then stays there. */
  async drain(limitMs: number): Promise<void> {
    this.#hurried = true;
    this.#asleep?.abort();
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
    }
    this.#items = [];
    this.#first = 0;
    this.#running = null;
    await this.#close();
  }

  #do(item: Batch | End): void {
    if (item.kind === "end") {
      for (const { call } of this.#lastCalls.shift() ?? []) call();
      item.call();
      this.#taken = 0;
      this.#go();
      return;
    }
    this.#take(item.batch, 0, item.batch.byteLength);
    item.taken(item.batch.byteLength);
  }

  #take(batches: ArrayBuffer, from: number, to: number): void {
    this.#options.take(batches, from, to);
    this.#taken = (this.#taken + to - from) | 0;
    this.#go();
  }

  #isTaken(after: number): boolean {
    return this.#lastCalls.length === 0 && ((this.#taken - after) | 0) >= 0;
  }

  #go(): void {
    for (let [first] = this.#calls; first !== undefined && this.#isTaken(first.after); [first] = this.#calls) {
      this.#calls.shift();
      first.call();
    }
  }

  async #takeFrom({ spooled: { file, at, sizes }, taken }: InFile): Promise<void> {
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (this.#stopped) return;
    let from = 0;
    try {
      const batches = await this.#read(file, at, bytes);
      for (const size of sizes) {
        this.#take(batches, from, from + size);
        from += size;
        const rest = this.#rest();
        await (rest > 0 ? this.#sleep(rest) : turn());
      }
    } catch (error) {
      this.#options.problem(`Copies that waited in ${file} can't be read: ${String(error)}`);
      this.#taken = (this.#taken + bytes - from) | 0;
      this.#go();
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

  async #sleep(ms: number): Promise<void> {
    this.#asleep = new AbortController();
    await pause(ms, this.#asleep.signal);
    this.#asleep = null;
  }

  #rest(): number {
    return this.#hurried || this.#calls.length > 0 ? 0 : this.#pace.rest(performance.now(), usedMs());
  }
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
