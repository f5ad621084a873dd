// The copying side of the tap, on the proxy's thread: records are written into one scratch buffer and handed over as one
// buffer every 4 ms at most. When too much waits for the engine, whole exchanges are left out and counted, so that the wire
// never waits and memory stays bounded.
import { padded, RECORD, RECORD_HEAD } from "./copy_format.ts";

const SCRATCH_BYTES = 256 * 1024;
const FLUSH_MS = 4;
/** What is copied of a body that is known to pass its limit: enough to look at, since nothing can be done with a part of it. */
const GLIMPSE_BYTES = 1024 * 1024;
/** Endings are recorded even when the queue is full, or announced exchanges would stay open for ever on the other side. */
const ALWAYS = true;

/** What is copied of one exchange. */
export interface Copied {
  readonly id: number;
  readonly time: number;
  /** Port of the client, on this machine; 0 where it is not known. */
  readonly clientPort: number;
  /** False: nothing (more) of it is copied. */
  copying: boolean;
  /** The engine need not know of it before it is asked anything: it can't change an answer. */
  readonly apart: boolean;
  requestBytes: number;
  responseBytes: number;
  /** Octets that the head declares; -1 where it does not. */
  readonly requestExpected: number;
  responseExpected: number;
}

/** What takes the batches. */
export interface CopyQueue {
  /** Whether `size` more octets may wait for the engine. */
  room(size: number): boolean;
  /** Takes a batch; the buffer is given away. */
  post(batch: ArrayBuffer): void;
  /** Called now and then while something is copied. */
  due(): void;
}

/** Octets from the first copy on, modulo 2^32: up to now, and up to the last record that is not `apart`. */
export interface CopyPlace {
  readonly all: number;
  readonly matters: number;
}

export interface CopyOptions {
  readonly queue: CopyQueue;
  readonly requestLimit: number;
  readonly responseLimit: number;
}

export class CopyWriter {
  readonly #options: CopyOptions;
  readonly #scratch = new ArrayBuffer(SCRATCH_BYTES);
  readonly #octets = Buffer.from(this.#scratch);
  readonly #u32 = new Uint32Array(this.#scratch);
  readonly #f64 = new Float64Array(this.#scratch);
  #used = 0;
  #handedOver = 0;
  #matters = 0;
  #missed = 0;
  #scheduled = false;
  readonly #flushLater = (): void => this.flush();

  constructor(options: CopyOptions) {
    this.#options = options;
  }

  requestHead(exchange: Copied, bytes: Buffer, from: number, to: number): void {
    const copied = this.#put(RECORD.requestHead, exchange.id, exchange.time, exchange.clientPort, bytes, from, to);
    if (copied && !exchange.apart) this.#matters = this.place().all;
    if (copied) return;
    exchange.copying = false;
    this.#missed += 1;
    this.#schedule();
  }

  requestBody(exchange: Copied, bytes: Buffer, from: number, to: number): void {
    const before = exchange.requestBytes;
    exchange.requestBytes += to - from;
    if (!exchange.copying) return;
    const kept = keptOf(exchange.requestExpected, this.#options.requestLimit);
    this.#body(RECORD.requestBody, exchange, bytes, from, to, kept - before);
  }

  requestEnd(exchange: Copied, now: number): void {
    if (exchange.copying) this.#end(RECORD.requestEnd, exchange, now, exchange.requestBytes);
  }

  responseHead(exchange: Copied, now: number, bytes: Buffer, from: number, to: number): void {
    if (exchange.copying && !this.#put(RECORD.responseHead, exchange.id, now - exchange.time, 0, bytes, from, to)) this.#drop(exchange);
  }

  responseBody(exchange: Copied, bytes: Buffer, from: number, to: number): void {
    const before = exchange.responseBytes;
    exchange.responseBytes += to - from;
    if (!exchange.copying) return;
    const kept = keptOf(exchange.responseExpected, this.#options.responseLimit);
    this.#body(RECORD.responseBody, exchange, bytes, from, to, kept - before);
  }

  responseEnd(exchange: Copied, now: number): void {
    if (exchange.copying) this.#end(RECORD.responseEnd, exchange, now, exchange.responseBytes);
  }

  /** The exchange is over, incomplete. */
  broken(exchange: Copied, now: number, why: string): void {
    if (!exchange.copying) return;
    exchange.copying = false;
    const text = Buffer.from(why, "utf8");
    this.#put(RECORD.broken, exchange.id, now - exchange.time, 0, text, 0, text.length, ALWAYS);
    if (!exchange.apart) this.#matters = this.place().all;
  }

  /** How far the copies have come. */
  place(): CopyPlace {
    return { all: (this.#handedOver + this.#used) | 0, matters: this.#matters };
  }

  /** Posts what is there. Called by itself, too. */
  flush(): void {
    this.#scheduled = false;
    this.#options.queue.due();
    if (this.#missed > 0 && this.#room(RECORD_HEAD)) {
      const count = this.#missed;
      this.#missed = 0;
      this.#write(RECORD.missed, 0, count, 0, null, 0, 0);
    }
    if (this.#used > 0) this.#post();
  }

  #body(kind: number, exchange: Copied, bytes: Buffer, from: number, to: number, left: number): void {
    const end = Math.min(to, from + Math.max(0, left));
    const most = SCRATCH_BYTES - RECORD_HEAD;
    for (let at = from; at < end; at += most) {
      if (!this.#put(kind, exchange.id, 0, 0, bytes, at, Math.min(end, at + most))) {
        this.#drop(exchange);
        return;
      }
    }
  }

  #end(kind: number, exchange: Copied, now: number, total: number): void {
    this.#reserve(RECORD_HEAD);
    this.#write(kind, exchange.id, now - exchange.time, total, null, 0, 0);
    if (!exchange.apart) this.#matters = this.place().all;
  }

  #drop(exchange: Copied): void {
    exchange.copying = false;
    this.#put(RECORD.dropped, exchange.id, 0, 0, this.#octets, 0, 0, ALWAYS);
    if (!exchange.apart) this.#matters = this.place().all;
  }

  #put(kind: number, id: number, number: number, total: number, bytes: Buffer, from: number, to: number, always = false): boolean {
    const size = RECORD_HEAD + padded(to - from);
    if (size > SCRATCH_BYTES || (!always && !this.#room(size))) return false;
    this.#reserve(size);
    this.#write(kind, id, number, total, bytes, from, to);
    return true;
  }

  #room(size: number): boolean {
    return this.#options.queue.room(this.#used + size);
  }

  #reserve(size: number): void {
    if (this.#used + size > SCRATCH_BYTES) this.#post();
  }

  #write(kind: number, id: number, number: number, total: number, bytes: Buffer | null, from: number, to: number): void {
    const at = this.#used;
    const length = to - from;
    this.#u32[at >> 2] = kind;
    this.#u32[(at >> 2) + 1] = length;
    this.#f64[(at >> 3) + 1] = id;
    this.#f64[(at >> 3) + 2] = number;
    this.#f64[(at >> 3) + 3] = total;
    if (bytes !== null) bytes.copy(this.#octets, at + RECORD_HEAD, from, to);
    this.#used = at + RECORD_HEAD + padded(length);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Waking the engine costs both threads more than the copy does: not every turn.
    setTimeout(this.#flushLater, FLUSH_MS);
  }

  #post(): void {
    const batch = this.#scratch.slice(0, this.#used);
    this.#handedOver = (this.#handedOver + this.#used) | 0;
    this.#used = 0;
    this.#options.queue.post(batch);
  }
}

function keptOf(expected: number, limit: number): number {
  return expected > limit ? Math.min(limit, GLIMPSE_BYTES) : limit;
}
