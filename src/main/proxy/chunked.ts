// Follows a chunked body (RFC 9112 section 7.1) through any splitting of it. Hands on the data without the coding; refuses
// every size line and line end that readers are known to disagree about.
import { HeadFacts, INCOMPLETE, parseFields } from "./head.ts";
import { CR, HEX_VALUE, IS_VALUE, LF, octetAt } from "./octets.ts";

export type BodySink = (bytes: Buffer, from: number, to: number) => void;

const SIZE = 0;
const EXTENSION = 1;
const SIZE_END = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const TRAILERS = 6;
const SEMICOLON = 0x3b;
/** More is no extension or trailer that anyone sends, but a way to make us work. */
const LIMIT = 16 * 1024;

const trailerFacts = new HeadFacts();

export class ChunkedBody {
  done = false;
  /** "" while all is well; else why the body is refused. */
  problem = "";
  #state = SIZE;
  #size = 0;
  #digits = 0;
  #extension = 0;
  #trailers: Buffer = Buffer.alloc(0);

  begin(): void {
    this.done = false;
    this.problem = "";
    this.#state = SIZE;
    this.#size = 0;
    this.#digits = 0;
  }

  /** Reads on from `at`; returns the offset after what belongs to the body. */
  read(chunk: Buffer, at: number, sink: BodySink): number {
    let index = at;
    while (index < chunk.length && !this.done && this.problem === "") {
      if (this.#state === DATA) {
        const end = Math.min(chunk.length, index + this.#size);
        sink(chunk, index, end);
        this.#size -= end - index;
        index = end;
        if (this.#size === 0) this.#state = DATA_CR;
      } else if (this.#state === TRAILERS) {
        index = this.#readTrailers(chunk, index);
      } else {
        this.#readOctet(octetAt(chunk, index));
        index += 1;
      }
    }
    return index;
  }

  #readOctet(octet: number): void {
    switch (this.#state) {
      case SIZE:
        this.#readSize(octet);
        return;
      case EXTENSION:
        this.#extension += 1;
        if (octet === CR) this.#state = SIZE_END;
        else if (octetAt(IS_VALUE, octet) === 0 || this.#extension > LIMIT) this.problem = "A chunk's extension is malformed or too long.";
        return;
      case SIZE_END:
        if (octet !== LF) this.problem = "A chunk's size line does not end with carriage return and line feed.";
        this.#state = this.#size > 0 ? DATA : TRAILERS;
        return;
      case DATA_CR:
        if (octet !== CR) this.problem = "A chunk is longer than its size says.";
        this.#state = DATA_LF;
        return;
      default:
        if (octet !== LF) this.problem = "A chunk does not end with carriage return and line feed.";
        this.#state = SIZE;
        this.#size = 0;
        this.#digits = 0;
    }
  }

  #readSize(octet: number): void {
    const digit = octetAt(HEX_VALUE, octet);
    if (digit < 16) {
      this.#size = this.#size * 16 + digit;
      this.#digits += 1;
      // 12 hexadecimal digits are 256 TiB; more would lose digits in a double or overflow elsewhere.
      if (this.#digits > 12) this.problem = "A chunk's size has too many digits.";
    } else if (this.#digits === 0) {
      this.problem = "A chunk's size is not a hexadecimal number.";
    } else if (octet === CR) {
      this.#state = SIZE_END;
    } else if (octet === SEMICOLON) {
      this.#state = EXTENSION;
      this.#extension = 0;
    } else {
      this.problem = "A chunk's size is not a hexadecimal number.";
    }
  }

  #readTrailers(chunk: Buffer, at: number): number {
    const before = this.#trailers.length;
    const section = before === 0 ? chunk : Buffer.concat([this.#trailers, chunk.subarray(at)]);
    const start = before === 0 ? at : 0;
    trailerFacts.reset(start);
    const end = parseFields(section, start, trailerFacts);
    if (end === INCOMPLETE) {
      this.#trailers = Buffer.from(section.subarray(start));
      if (this.#trailers.length > LIMIT) this.problem = "The trailers are too long.";
      return chunk.length;
    }
    this.#trailers = Buffer.alloc(0);
    if (end < 0) this.problem = `A trailer is refused. ${trailerFacts.problem}`;
    else if (trailerFacts.contentLength >= 0 || trailerFacts.chunked || trailerFacts.otherCoding || trailerFacts.hosts > 0) {
      this.problem = "A trailer speaks of the message's framing or routing.";
    } else this.done = true;
    return end < 0 ? chunk.length : at + end - start - before;
  }
}
