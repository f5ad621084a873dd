// A body as it is put together from pieces. Known lengths get their memory at once, so that a large body is never there twice.
import type { HeaderPairs } from "../../shared/exchange.ts";

const NOTHING = new Uint8Array(0);

export class GatheredBody {
  /** Octets that went by, once known; -1 before. */
  total = -1;
  #bytes: Uint8Array = NOTHING;
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

  add(piece: Uint8Array): void {
    const needed = this.#length + piece.length;
    if (needed > this.#bytes.length) {
      const planned = this.#length === 0 ? Math.min(this.#expected, this.#limit) : this.#bytes.length * 2;
      const roomier = Buffer.allocUnsafeSlow(Math.max(needed, planned));
      roomier.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = roomier;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = needed;
  }

  /** `whole`: the message's end was seen. Otherwise what is here is marked as cut. */
  finish(whole: boolean): { body: Uint8Array; bodyBytes: number; truncated: boolean } {
    const body = this.#length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#length);
    const bodyBytes = this.total < 0 ? this.#length : this.total;
    return { body, bodyBytes, truncated: !whole || bodyBytes > this.#length };
  }
}

function contentLength(headers: HeaderPairs): number {
  for (const [name, value] of headers) if (name.length === 14 && name.toLowerCase() === "content-length") return Number(value) || 0;
  return 0;
}
