// Finds the next head in a stream of chunks. A head that lies whole in one chunk, as nearly all do, is parsed where it lies;
// one that comes in pieces is gathered, at most `limit` bytes of it.
import { BAD, type HeadFacts, INCOMPLETE, type ParseHead } from "./head.ts";
import { CR, LF, octetAt } from "./octets.ts";

const NOTHING = Buffer.alloc(0);
const END_OF_HEAD = Buffer.from("\r\n\r\n", "latin1");

/** The head is longer than the limit. */
export const TOO_LONG = -3;

export class HeadReader {
  /** Where the head lies once `read` has returned its end: `bytes[from, to)`. */
  bytes: Buffer = NOTHING;
  from = 0;
  to = 0;
  readonly #parse: ParseHead;
  readonly #limit: number;
  #kept: Buffer = NOTHING;
  #length = 0;

  constructor(parse: ParseHead, limit: number) {
    this.#parse = parse;
    this.#limit = limit;
  }

  /** True while a head has begun and not ended. */
  get begun(): boolean {
    return this.#length > 0;
  }

  /** Reads on from `chunk[at]`. Returns the offset in `chunk` after the head, INCOMPLETE, BAD or TOO_LONG. */
  read(chunk: Buffer, at: number, facts: HeadFacts): number {
    if (this.#length > 0) return this.#readOn(chunk, at, facts);
    const end = this.#parse(chunk, at, facts);
    if (end >= 0) {
      if (end - at > this.#limit) return TOO_LONG;
      this.bytes = chunk;
      this.from = at;
      this.to = end;
    } else if (end === INCOMPLETE) {
      if (chunk.length - at > this.#limit) return TOO_LONG;
      this.#keep(chunk, at, chunk.length);
    }
    return end;
  }

  #readOn(chunk: Buffer, at: number, facts: HeadFacts): number {
    const before = this.#length;
    const taken = Math.min(chunk.length, at + this.#limit - before + 1);
    this.#keep(chunk, at, taken);
    const kept = this.#kept.subarray(0, this.#length);
    const from = Math.max(0, before - (END_OF_HEAD.length - 1));
    const found = kept.indexOf(END_OF_HEAD, from);
    if (found < 0) {
      if (hasBareLineFeed(kept, Math.max(0, before - 1))) {
        facts.problem = "A line of the head ends without carriage return and line feed, or holds a control character.";
        return BAD;
      }
      return this.#length > this.#limit ? TOO_LONG : INCOMPLETE;
    }
    const whole = found + END_OF_HEAD.length;
    // The gathered bytes are handed out and forwarded: the next head gathers into memory of its own.
    this.#kept = NOTHING;
    this.#length = 0;
    this.bytes = kept.subarray(0, whole);
    this.from = 0;
    this.to = whole;
    const end = this.#parse(this.bytes, 0, facts);
    if (end === whole) return at + whole - before;
    if (facts.problem === "") facts.problem = "The head is malformed.";
    return BAD;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    const needed = this.#length + to - from;
    if (needed > this.#kept.length) {
      const roomier = Buffer.allocUnsafeSlow(Math.max(1024, needed * 2));
      this.#kept.copy(roomier, 0, 0, this.#length);
      this.#kept = roomier;
    }
    chunk.copy(this.#kept, this.#length, from, to);
    this.#length = needed;
  }
}

function hasBareLineFeed(bytes: Buffer, from: number): boolean {
  for (let index = from; index < bytes.length; index += 1) {
    if (octetAt(bytes, index) === LF && (index === 0 || octetAt(bytes, index - 1) !== CR)) return true;
  }
  return false;
}
