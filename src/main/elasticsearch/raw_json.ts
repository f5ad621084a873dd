// Slices of JSON bytes: where each member or item stands, so that a document can be cut out of an answer byte for byte.
// Expects JSON that a server wrote; on anything else it throws JsonSyntaxError rather than guess.
import { JsonSyntaxError } from "../../shared/json.ts";

export interface RawMember {
  readonly name: string;
  /** The value's bytes, without space around. */
  readonly value: Uint8Array;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/** The members of the object that `bytes` is, in order. */
export function rawMembers(bytes: Uint8Array): readonly RawMember[] {
  const members: RawMember[] = [];
  let at = expect(bytes, skipSpace(bytes, 0), OPEN_OBJECT);
  at = skipSpace(bytes, at);
  if (bytes[at] === CLOSE_OBJECT) return members;
  for (;;) {
    const nameEnd = endOfValue(bytes, at);
    const name: unknown = JSON.parse(textOf(bytes.subarray(at, nameEnd)));
    const start = skipSpace(bytes, expect(bytes, skipSpace(bytes, nameEnd), COLON));
    const end = endOfValue(bytes, start);
    members.push({ name: String(name), value: bytes.subarray(start, end) });
    at = skipSpace(bytes, end);
    if (bytes[at] === CLOSE_OBJECT) return members;
    at = skipSpace(bytes, expect(bytes, at, COMMA));
  }
}

/** One member's bytes; undefined when the object has none of that name. */
export function rawMember(bytes: Uint8Array, name: string): Uint8Array | undefined {
  return rawMembers(bytes).find((member) => member.name === name)?.value;
}

/** The items of the array that `bytes` is, in order. */
export function rawItems(bytes: Uint8Array): readonly Uint8Array[] {
  const items: Uint8Array[] = [];
  let at = skipSpace(bytes, expect(bytes, skipSpace(bytes, 0), OPEN_ARRAY));
  if (bytes[at] === CLOSE_ARRAY) return items;
  for (;;) {
    const end = endOfValue(bytes, at);
    items.push(bytes.subarray(at, end));
    at = skipSpace(bytes, end);
    if (bytes[at] === CLOSE_ARRAY) return items;
    at = skipSpace(bytes, expect(bytes, at, COMMA));
  }
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

function endOfValue(bytes: Uint8Array, from: number): number {
  // A document may begin with the mark that may stand before any text in UTF-8.
  const start = bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf ? skipSpace(bytes, from + 3) : from;
  const first = bytes[start];
  if (first === QUOTE) return endOfString(bytes, start);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return endOfNested(bytes, start);
  let at = start;
  while (at < bytes.length && !endsScalar(bytes[at])) at += 1;
  if (at === start) throw new JsonSyntaxError(`no JSON value at byte ${start}`);
  return at;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === COLON || isSpace(byte);
}

function endOfNested(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  throw new JsonSyntaxError(`the JSON value at byte ${start} does not end`);
}

function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) return at + 1;
  }
  throw new JsonSyntaxError(`the string at byte ${start} does not end`);
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function expect(bytes: Uint8Array, at: number, byte: number): number {
  if (bytes[at] !== byte) throw new JsonSyntaxError(`expected ${String.fromCharCode(byte)} at byte ${at}`);
  return at + 1;
}
