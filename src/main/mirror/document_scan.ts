// Where the values of one document stand in its bytes, field by field: for documents as nearly all are, without a string, an array
// or an object made of them. What is out of the ordinary is left to the parser.
import { isUtf8 } from "node:buffer";
import type { Node } from "./layout_tree.ts";
import { type Follower, MEMBER, type Member, Names, standsAt } from "./scan_names.ts";

/** What a value is. */
export const VALUE = {
  /** A string, ASCII without escapes; its range is without the quotes. */
  ascii: 0,
  /** Any other string without escapes, UTF-8; its range is without the quotes. */
  utf8: 8,
  /** Any other string, with its quotes. */
  string: 1,
  /** A string, ASCII with escapes; its range is without the quotes. */
  escaped: 7,
  number: 2,
  true: 3,
  false: 4,
  null: 5,
  /** An object, or an array that is one value. */
  compound: 6,
} as const;

/** How a scan ended: `odd`: the document has to be parsed; `lacking`: it has a name that the mapping lacks. */
export type Scanned = "whole" | "odd" | "lacking";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NONE = -1;
/** Deeper documents are parsed. */
const DEEPEST = 60;
/** 1 for the bytes of a string that mean themselves: ASCII but for controls, quotes and backslashes. */
const ORDINARY = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte <= 0x7f && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const TRUE = Uint8Array.from([0x74, 0x72, 0x75, 0x65]);
const FALSE = Uint8Array.from([0x66, 0x61, 0x6c, 0x73, 0x65]);
const NULL = Uint8Array.from([0x6e, 0x75, 0x6c, 0x6c]);

export class DocumentScan {
  /** The document that was scanned last. */
  bytes: Uint8Array = new Uint8Array();
  /** By slot: its first value, and how many there are. */
  readonly first: Int32Array;
  readonly counts: Int32Array;
  /** By value: where it stands, what it is, and the next one of the same slot (-1: none). */
  from = new Int32Array(256);
  to = new Int32Array(256);
  kinds = new Uint8Array(256);
  next = new Int32Array(256);
  readonly #last: Int32Array;
  readonly #names: Names;
  #values = 0;
  #at = 0;
  /** What the value just read is. */
  #kind = 0;
  #start = 0;
  #end = 0;
  #lacking = false;
  /** The name just read is ASCII without escapes. */
  #plainName = false;
  /** All of its strings are. */
  #ascii = true;

  constructor(root: Node, slots: number) {
    this.#names = new Names(root);
    this.first = new Int32Array(slots);
    this.counts = new Int32Array(slots);
    this.#last = new Int32Array(slots);
  }

  scan(bytes: Uint8Array): Scanned {
    this.bytes = bytes;
    this.#ascii = true;
    this.counts.fill(0);
    this.first.fill(NONE);
    this.#values = 0;
    this.#at = 0;
    this.#lacking = false;
    this.#space();
    if (bytes[this.#at] !== OPEN_OBJECT || !this.#object(this.#names, 0)) return "odd";
    this.#space();
    // Bytes that are no UTF-8 are read with the document around them.
    if (this.#at < bytes.length || !(this.#ascii || isUtf8(bytes))) return "odd";
    return this.#lacking ? "lacking" : "whole";
  }

  // Each of these begins at what it reads and ends behind it; false: the document has to be parsed.

  #object(names: Names, depth: number): boolean {
    const { bytes } = this;
    if (depth > DEEPEST) return false;
    if (this.#opens(CLOSE_OBJECT)) return true;
    let before: Follower = names;
    for (;;) {
      // Documents of an index have their names in one order, mostly.
      let member = before.follower;
      if (member !== null && standsAt(member.head, bytes, this.#at)) {
        this.#at += member.head.length;
        this.#space();
      } else {
        // A name with escapes, or of more than ASCII.
        if (!this.#name() || !this.#plainName) return false;
        member = names.find(bytes, this.#start, this.#end);
        before.follower = member;
      }
      before = member;
      if (!this.#member(member, depth)) return false;
      if (!this.#goesOn()) return bytes[this.#at - 1] === CLOSE_OBJECT;
    }
  }

  /** An object that nothing reads. */
  #skipObject(depth: number): boolean {
    if (depth > DEEPEST) return false;
    if (this.#opens(CLOSE_OBJECT)) return true;
    do {
      if (!this.#name() || !this.#skip(depth)) return false;
    } while (this.#goesOn());
    return this.bytes[this.#at - 1] === CLOSE_OBJECT;
  }

  /** Steps into an object or an array; true when it is empty, and that was all of it. */
  #opens(close: number): boolean {
    this.#at += 1;
    this.#space();
    if (this.bytes[this.#at] !== close) return false;
    this.#at += 1;
    return true;
  }

  /** Steps over the comma to the next member or item; false: over what stands in its place. */
  #goesOn(): boolean {
    this.#space();
    this.#at += 1;
    if (this.bytes[this.#at - 1] !== COMMA) return false;
    this.#space();
    return true;
  }

  /** A name and its colon: ends where its value begins. */
  #name(): boolean {
    const { bytes } = this;
    if (bytes[this.#at] !== QUOTE || !this.#string()) return false;
    this.#plainName = this.#kind === VALUE.ascii;
    this.#space();
    if (bytes[this.#at] !== COLON) return false;
    this.#at += 1;
    this.#space();
    return true;
  }

  #member(member: Member, depth: number): boolean {
    switch (member.kind) {
      case MEMBER.leaf:
        return this.#leaf(member.node, depth);
      case MEMBER.object:
        return this.#inner(member.below, depth);
      case MEMBER.skipped:
        return this.#skip(depth);
      case MEMBER.unknown:
        if (this.#isCompound() || !this.#scalar()) return false;
        if (this.#kind !== VALUE.null) this.#lacking = true;
        return true;
      default:
        return false;
    }
  }

  #inner(below: Names, depth: number): boolean {
    const byte = this.bytes[this.#at];
    if (byte === OPEN_OBJECT) return this.#object(below, depth + 1);
    return byte === OPEN_ARRAY ? this.#array(() => this.#inner(below, depth + 1), depth) : this.#scalar();
  }

  #leaf(node: Node, depth: number): boolean {
    const byte = this.bytes[this.#at];
    if (byte !== OPEN_OBJECT && byte !== OPEN_ARRAY) {
      if (!this.#scalar()) return false;
    } else if (byte === OPEN_ARRAY && !(node.arrayValued && this.#beginsWithNumber())) {
      return this.#array(() => this.#leaf(node, depth + 1), depth);
    } else {
      const start = this.#at;
      if (!this.#skip(depth)) return false;
      this.#kind = VALUE.compound;
      this.#start = start;
      this.#end = this.#at;
    }
    const { slots } = node;
    for (let i = 0; i < slots.length; i += 1) this.#keep(slots[i] ?? 0);
    return true;
  }

  #keep(slot: number): void {
    if (this.#values === this.kinds.length) this.#grow();
    const value = this.#values;
    this.#values += 1;
    this.from[value] = this.#start;
    this.to[value] = this.#end;
    this.kinds[value] = this.#kind;
    this.next[value] = NONE;
    if (this.counts[slot] === 0) this.first[slot] = value;
    else this.next[this.#last[slot] ?? 0] = value;
    this.#last[slot] = value;
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
  }

  #grow(): void {
    const size = this.kinds.length * 2;
    const longer = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(size);
      grown.set(old);
      return grown;
    };
    [this.from, this.to, this.next] = [longer(this.from), longer(this.to), longer(this.next)];
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
  }

  #array(item: () => boolean, depth: number): boolean {
    if (depth > DEEPEST) return false;
    if (this.#opens(CLOSE_ARRAY)) return true;
    do {
      if (!item()) return false;
    } while (this.#goesOn());
    return this.bytes[this.#at - 1] === CLOSE_ARRAY;
  }

  #skip(depth: number): boolean {
    const byte = this.bytes[this.#at];
    if (byte === OPEN_OBJECT) return this.#skipObject(depth + 1);
    return byte === OPEN_ARRAY ? this.#array(() => this.#skip(depth + 1), depth) : this.#scalar();
  }

  #isCompound(): boolean {
    const byte = this.bytes[this.#at];
    return byte === OPEN_OBJECT || byte === OPEN_ARRAY;
  }

  #beginsWithNumber(): boolean {
    const begin = this.#at;
    this.#at += 1;
    this.#space();
    const byte = this.bytes[this.#at] ?? 0;
    this.#at = begin;
    return byte === MINUS || isDigit(byte);
  }

  #scalar(): boolean {
    switch (this.bytes[this.#at]) {
      case QUOTE:
        return this.#string();
      case 0x74:
        return this.#word(TRUE, VALUE.true);
      case 0x66:
        return this.#word(FALSE, VALUE.false);
      case 0x6e:
        return this.#word(NULL, VALUE.null);
      default:
        return this.#number();
    }
  }

  #word(word: Uint8Array, kind: number): boolean {
    for (let i = 0; i < word.length; i += 1) if (this.bytes[this.#at + i] !== word[i]) return false;
    return this.#told(kind, this.#at, this.#at + word.length);
  }

  #told(kind: number, start: number, end: number): true {
    this.#kind = kind;
    this.#start = start;
    this.#end = end;
    this.#at = end;
    return true;
  }

  #string(): boolean {
    const { bytes } = this;
    const start = this.#at;
    const { length } = bytes;
    let escapes = false;
    let plain = true;
    let at = start + 1;
    for (;;) {
      while (at < length && ORDINARY[bytes[at] ?? 0] === 1) at += 1;
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined || byte < 0x20) return false;
      if (byte === BACKSLASH) {
        escapes = true;
        at += 1;
      } else plain = false;
      at += 1;
    }
    if (!plain) this.#ascii = false;
    if (plain) this.#told(escapes ? VALUE.escaped : VALUE.ascii, start + 1, at);
    else if (escapes) this.#told(VALUE.string, start, at + 1);
    else this.#told(VALUE.utf8, start + 1, at);
    this.#at = at + 1;
    return true;
  }

  // -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
  #number(): boolean {
    const { bytes } = this;
    const start = this.#at;
    const whole = bytes[start] === MINUS ? start + 1 : start;
    let at = this.#digits(whole);
    if (at === whole || (bytes[whole] === ZERO && at > whole + 1)) return false;
    if (bytes[at] === POINT) {
      const fraction = at + 1;
      at = this.#digits(fraction);
      if (at === fraction) return false;
    }
    if (((bytes[at] ?? 0) | 0x20) === 0x65) {
      const sign = bytes[at + 1] === MINUS || bytes[at + 1] === PLUS ? at + 2 : at + 1;
      at = this.#digits(sign);
      if (at === sign) return false;
    }
    return this.#told(VALUE.number, start, at);
  }

  #digits(from: number): number {
    let at = from;
    while (isDigit(this.bytes[at] ?? 0)) at += 1;
    return at;
  }

  #space(): void {
    const { bytes } = this;
    // Mostly there is none: above all others.
    if ((bytes[this.#at] ?? 0x21) > 0x20) return;
    let at = this.#at;
    for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[at]) at += 1;
    this.#at = at;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
