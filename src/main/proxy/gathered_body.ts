// A body as it is put together from pieces. Known lengths get their memory at once, so that a large body is never there twice.
import type { HeaderPairs } from "../../shared/exchange.ts";

const NOTHING = Buffer.alloc(0);

export class GatheredBody {
  /** Octets that went by, once known; -1 before. */
  total = -1;
  #bytes: Buffer = NOTHING;
  #length = 0;
  #expected: number;
  readonly #limit: number;

  constructor(headers: HeaderPairs, limit: number) {
    this.#limit = limit;
    this.#expected = contentLength(headers);
  }

  expect(headers: HeaderPairs): void {
    this.#expected = contentLength(headers);
  }

  /** Takes `source[from, to)`. */
  add(source: Buffer, from: number, to: number): void {
    const needed = this.#length + to - from;
    if (needed > this.#bytes.length) {
      // One that is known to pass the limit is not copied up to it.
      const expected = this.#expected > this.#limit ? 0 : this.#expected;
      const planned = this.#length === 0 ? expected : this.#bytes.length * 2;
      const roomier = room(Math.max(needed, planned));
      this.#bytes.copy(roomier, 0, 0, this.#length);
      this.#bytes = roomier;
    }
    source.copy(this.#bytes, this.#length, from, to);
    this.#length = needed;
  }

  /** What is here of the body. */
  get bytes(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#length);
  }

  /** Octets of the body on the wire, as far as is known. */
  get wireBytes(): number {
    return this.total < 0 ? this.#length : this.total;
  }

  /** Whether octets of the body are missing here. */
  get cut(): boolean {
    return this.total !== this.#length;
  }
}

/** Octets from which a body's memory may be read in other threads without a copy. */
const SHARED_BYTES = 256 * 1024;

function room(bytes: number): Buffer {
  return bytes < SHARED_BYTES ? Buffer.allocUnsafe(bytes) : Buffer.from(new SharedArrayBuffer(bytes));
}

function contentLength(headers: HeaderPairs): number {
  for (const [name, value] of headers) if (name.length === 14 && name.toLowerCase() === "content-length") return Number(value) || 0;
  return 0;
}
