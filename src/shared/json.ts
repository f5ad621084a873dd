// Lossless JSON. Text in, frozen-shaped values out, the same numbers back: a number that a double can't carry
// letter for letter (9007199254740993, 1.0, -0, 1e3, 1.10) stays its own text. Never evaluates, never touches prototypes.
import { messageOf } from "./thrown.ts";

/** A JSON number whose text differs from what JavaScript would print for its double value. `text` is the token as sent. */
export class RawNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The nearest double: for arithmetic and charts, never for comparing or printing. */
  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** For JSON.stringify: the text as it is. */
  toJSON(): unknown {
    return JSON.rawJSON(this.text);
  }
}

declare global {
  interface JSON {
    /** In V8 (JSON.parse source text access), not yet in TypeScript's library: text that JSON.stringify takes over as it is. */
    rawJSON(text: string): unknown;
  }
}

export type JsonNumber = number | RawNumber;
export type JsonValue = null | boolean | JsonNumber | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** What `parseJson` throws: the text is not JSON. `message` is V8's, with the position. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
}

// A number token that JavaScript may print otherwise: 16 or more digits, a fraction that ends in zero, an exponent, a
// negative zero. It looks only where a value may begin, and so passes over most of what strings hold (`Mozilla/5.0`,
// `12:00:00.000Z`, ids): a hit makes parsing twice as dear. A hit inside a string costs time but not truth.
const RISKY_NUMBER = /(?:"\s*:|[,[]|^)\s*(?:-0(?![.0-9])|-?(?:[0-9.]{16}|[0-9]+\.[0-9]*0(?![0-9])|[0-9]+(?:\.[0-9]+)?[eE]|0\.000000))/;

/** Parses JSON text without losing a digit. Own `__proto__` keys stay plain data. Throws JsonSyntaxError. */
export function parseJson(text: string): JsonValue {
  try {
    return RISKY_NUMBER.test(text) ? parseLossless(text) : JSON.parse(text);
  } catch (error) {
    throw new JsonSyntaxError(messageOf(error));
  }
}

/** The object that the text is; null where it is none, or no JSON. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}

/** What a number token looks like that may be risky, outside of strings. */
const RISKY_TOKEN = /[0-9.]{16}|\.[0-9]*0(?![0-9])|[0-9][eE]|-0(?![.0-9])|0\.000000/;
const MARK = "\ue000number:";
/** Text in which a mark might be taken for something else, or an assignment for a prototype. */
const UNUSUAL = /__proto__|\ue000|\\u/;
const NUMBER = /(?<=[:,[]\s*|^\s*)-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?=\s*(?:[,\]}]|$))/g;

/**
 * Numbers that JavaScript would print otherwise are parsed as marked strings, and these replaced by the numbers: less than
 * half of the time of a reviver, which is called for every value (11 µs rather than 27 for a log document of 1 KB).
 */
function parseLossless(text: string): JsonValue {
  const { marked, count } = markNumbers(text);
  if (count === 0) return JSON.parse(text);
  if (!UNUSUAL.test(text)) {
    try {
      const holder = { value: JSON.parse(marked) };
      if (unmark(holder) === count) return holder.value;
    } catch {
      // Not JSON: the message below tells the place in the text as it came.
    }
  }
  return JSON.parse(text, keepNumberText);
}

function markNumbers(text: string): { readonly marked: string; readonly count: number } {
  let marked = "";
  let copied = 0;
  let count = 0;
  const mark = (token: string): string => {
    if (String(Number(token)) === token) return token;
    count += 1;
    return `"${MARK}${token}"`;
  };
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    // Between two strings stands a number, or only punctuation, mostly one character.
    const between = end - at > 1 ? text.slice(at, end) : "";
    if (RISKY_TOKEN.test(between)) {
      marked += text.slice(copied, at) + between.replace(NUMBER, mark);
      copied = end;
    }
    at = quote === -1 ? text.length : endOfString(text, quote);
  }
  return { marked: marked + text.slice(copied), count };
}

function endOfString(text: string, start: number): number {
  for (let close = text.indexOf('"', start + 1); close !== -1; close = text.indexOf('"', close + 1)) {
    let slash = close - 1;
    while (text[slash] === "\\") slash -= 1;
    if ((close - slash) % 2 === 1) return close + 1;
  }
  return text.length;
}

/** Replaces marked strings in place: the value was made just now and nobody else has it. Returns how many there were. */
function unmark(container: unknown): number {
  if (typeof container !== "object" || container === null) return 0;
  const members: Record<string, unknown> = Object(container);
  let count = 0;
  for (const name of Object.keys(members)) {
    const item = members[name];
    if (typeof item === "object") count += unmark(item);
    else if (typeof item === "string" && item.startsWith(MARK)) {
      members[name] = new RawNumber(item.slice(MARK.length));
      count += 1;
    }
  }
  return count;
}

// The third argument is in V8 (JSON.parse source text access), not yet in TypeScript's library.
function keepNumberText(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && String(value) !== source ? new RawNumber(source) : value;
}

/** JSON text of a value; `indent` as in JSON.stringify. Numbers come out as they came in; `-0` prints as `-0.0`. */
export function printJson(value: JsonValue, indent = 0): string {
  return indent === 0 ? printCompact(value) : print(value, indent, "\n");
}

// Whole answers are printed so: V8 takes a fifth of the time that appending does.
function printCompact(value: JsonValue): string {
  return isPlain(value) ? JSON.stringify(value) : print(value, 0, "\n");
}

/** False where something in it is a number that JSON.stringify prints otherwise (-0, NaN) or, against its type, no JSON value. */
function isPlain(value: JsonValue | undefined): boolean {
  if (typeof value === "number") return value === 0 ? !Object.is(value, -0) : Number.isFinite(value);
  if (typeof value !== "object" || value === null || value instanceof RawNumber) return value !== undefined;
  if (isArray(value)) {
    for (const item of value) if (!isPlain(item)) return false;
    return true;
  }
  for (const name of Object.keys(value)) if (!isPlain(value[name])) return false;
  return true;
}

function printScalar(value: JsonValue): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  return value instanceof RawNumber ? value.text : "";
}

function print(value: JsonValue, indent: number, newline: string): string {
  if (typeof value !== "object" || value === null || value instanceof RawNumber) return printScalar(value);
  const inner = newline + " ".repeat(indent);
  const open = indent > 0 ? inner : "";
  const separator = indent > 0 ? `,${inner}` : ",";
  const close = indent > 0 ? newline : "";
  if (isArray(value)) {
    return value.length === 0 ? "[]" : `[${open}${value.map((item) => print(item, indent, inner)).join(separator)}${close}]`;
  }
  const members = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}:${indent > 0 ? " " : ""}${print(item ?? null, indent, inner)}`,
  );
  return members.length === 0 ? "{}" : `{${open}${members.join(separator)}${close}}`;
}

/** True for an array value; `Array.isArray` does not narrow readonly arrays. */
export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** True for an object value: not null, not an array, not a RawNumber. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof RawNumber);
}

/** True for a number of either form. */
export function isNumber(value: JsonValue | undefined): value is JsonNumber {
  return typeof value === "number" || value instanceof RawNumber;
}

/** An object's own member, or undefined: never something inherited, whatever the name. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

const NO_MEMBERS: JsonObject = Object.freeze({});

/** A value's member that is an object; an empty one where there is none. */
export function objectAt(value: JsonValue | undefined, name: string): JsonObject {
  const own = isObject(value) ? member(value, name) : undefined;
  return isObject(own) ? own : NO_MEMBERS;
}

/** An object's member that is a number, as JavaScript has it; null where it is none. */
export function numberAt(object: JsonObject, name: string): number | null {
  const value = member(object, name);
  return isNumber(value) ? Number(value) : null;
}

/** An object from members, in order; safe for any name (`__proto__` too). */
export function jsonObject(members: Iterable<readonly [string, JsonValue]>): JsonObject {
  return Object.fromEntries(members);
}

/** Escapes one name for a JSON pointer (RFC 6901). */
export function pointerToken(name: string | number): string {
  return String(name).replaceAll("~", "~0").replaceAll("/", "~1");
}

/** `pointer` one level deeper. */
export function childPointer(pointer: string, name: string | number): string {
  return `${pointer}/${pointerToken(name)}`;
}
