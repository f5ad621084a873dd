// The answer to a bulk that went well, read from its bytes in the form that Elasticsearch gives it: without an object for each item and
// all that it says. Any other form is left to the parser.
import type { Operation, Place } from "./bulk.ts";

/** What became of one action. */
export interface BulkItem {
  readonly index: string;
  readonly id: string;
  readonly place: Place;
  readonly result: Operation["result"];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
/** Digits that a double carries whatever they are. */
const SAFE_DIGITS = 15;
/** Where the items begin at the latest: before them stand how long it took, and little else. */
const MOST_BEFORE = 200;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const FINE = ascii('{"errors":false,');
const ITEMS = ascii('"items":[');
const ACTION = ascii('{"');
const INDEX = ascii('":{"_index":"');
const ID = ascii('","_id":"');
const VERSION = ascii('","_version":');
const RESULT = ascii(',"result":"');
const REFRESHED = ascii('","forced_refresh":true,"_shards":{');
const SHARDS = ascii('","_shards":{');
const SEQ_NO = ascii(',"_seq_no":');
const PRIMARY_TERM = ascii(',"_primary_term":');
const STATUS = ascii(',"status":');
const END = ascii("}}");

const RESULTS = (["created", "updated", "deleted", "not_found", "noop"] as const).map((name) => ({ name, bytes: ascii(name) }));

/** The items in order; null where the answer has another form, or one of them was refused. */
export function usualItems(answer: Uint8Array): readonly BulkItem[] | null {
  const begin = stands(FINE, answer, 0) ? endOfItemsName(answer) : -1;
  return begin < 0 ? null : new Items(answer, begin).read();
}

function endOfItemsName(answer: Uint8Array): number {
  for (let at = FINE.length; at < MOST_BEFORE; at += 1) if (stands(ITEMS, answer, at)) return at + ITEMS.length;
  return -1;
}

class Items {
  readonly #bytes: Buffer;
  #at: number;
  #failed = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  read(): readonly BulkItem[] | null {
    const items: BulkItem[] = [];
    let index = "";
    let indexBytes: Uint8Array = ascii("");
    for (;;) {
      this.#pass(ACTION);
      this.#string();
      this.#pass(INDEX);
      // That of the item before, mostly.
      if (stands(indexBytes, this.#bytes, this.#at) && this.#bytes[this.#at + indexBytes.length] === QUOTE) this.#at += indexBytes.length;
      else {
        const from = this.#at;
        index = this.#string();
        indexBytes = this.#bytes.subarray(from, this.#at);
      }
      this.#pass(ID);
      const id = this.#string();
      this.#pass(VERSION);
      const version = this.#number();
      this.#pass(RESULT);
      const result = this.#result();
      if (stands(REFRESHED, this.#bytes, this.#at)) this.#at += REFRESHED.length;
      else this.#pass(SHARDS);
      this.#restOfObject();
      this.#pass(SEQ_NO);
      const seqNo = this.#number();
      this.#pass(PRIMARY_TERM);
      const primaryTerm = this.#number();
      this.#pass(STATUS);
      const status = this.#number();
      this.#pass(END);
      if (this.#failed || result === "" || (status >= 300 && status !== 404)) return null;
      items.push({ index, id, place: { seqNo, primaryTerm, version: version === 1 ? 1n : BigInt(version) }, result });
      const byte = this.#bytes[this.#at];
      this.#at += 1;
      if (byte === COMMA) continue;
      const whole = byte === CLOSE_ARRAY && this.#bytes[this.#at] === CLOSE_OBJECT && this.#at + 1 === this.#bytes.length;
      return whole ? items : null;
    }
  }

  #pass(text: Uint8Array): void {
    if (!stands(text, this.#bytes, this.#at)) this.#failed = true;
    this.#at += text.length;
  }

  /** The inside of a string, up to its closing quote. */
  #string(): string {
    const from = this.#at;
    let plain = true;
    let at = from;
    for (let byte = this.#bytes[at]; byte !== QUOTE; byte = this.#bytes[at]) {
      if (byte === undefined || byte < 0x20 || byte === BACKSLASH) {
        this.#failed = true;
        return "";
      }
      if (byte > 0x7f) plain = false;
      at += 1;
    }
    this.#at = at;
    return this.#bytes.toString(plain ? "latin1" : "utf8", from, at);
  }

  #number(): number {
    const from = this.#at;
    let value = 0;
    for (let digit = (this.#bytes[this.#at] ?? 0) - 0x30; digit >= 0 && digit <= 9; digit = (this.#bytes[this.#at] ?? 0) - 0x30) {
      value = value * 10 + digit;
      this.#at += 1;
    }
    const digits = this.#at - from;
    if (digits === 0 || digits > SAFE_DIGITS) this.#failed = true;
    return value;
  }

  #result(): BulkItem["result"] {
    for (const { name, bytes } of RESULTS) {
      if (!stands(bytes, this.#bytes, this.#at)) continue;
      this.#at += bytes.length;
      return name;
    }
    return "";
  }

  /** Of one that holds numbers. */
  #restOfObject(): void {
    while (this.#at < this.#bytes.length && this.#bytes[this.#at] !== CLOSE_OBJECT) this.#at += 1;
    this.#at += 1;
  }
}

function stands(text: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const { length } = text;
  if (at + length > bytes.length) return false;
  for (let i = 0; i < length; i += 1) if (text[i] !== bytes[at + i]) return false;
  return true;
}
