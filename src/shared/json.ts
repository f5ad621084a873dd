// Lossless JSON. Text in, frozen-shaped values out, the same numbers back: a number that a double can't carry
// letter for letter (9007199254740993, 1.0, -0, 1e3, 1.10) stays its own text. Never evaluates, never touches prototypes.

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
// negative zero. It looks inside strings too, where a hit costs time but not truth.
const RISKY_NUMBER = /[0-9]{16}|\.[0-9]*0(?![0-9])|[0-9][eE]|-0(?![.0-9])|0\.000000/;

/** Parses JSON text without losing a digit. Own `__proto__` keys stay plain data. Throws JsonSyntaxError. */
export function parseJson(text: string): JsonValue {
  try {
    return RISKY_NUMBER.test(text) ? JSON.parse(text, keepNumberText) : JSON.parse(text);
  } catch (error) {
    throw new JsonSyntaxError(error instanceof Error ? error.message : String(error));
  }
}

// The third argument is in V8 (JSON.parse source text access), not yet in TypeScript's library.
function keepNumberText(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && String(value) !== source ? new RawNumber(source) : value;
}

/** JSON text of a value; `indent` as in JSON.stringify. Numbers come out as they came in; `-0` prints as `-0.0`. */
export function printJson(value: JsonValue, indent = 0): string {
  return print(value, indent, "\n");
}

function print(value: JsonValue, indent: number, newline: string): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  if (value instanceof RawNumber) return value.text;
  const inner = newline + " ".repeat(indent);
  const open = indent > 0 ? inner : "";
  const separator = indent > 0 ? `,${inner}` : ",";
  const close = indent > 0 ? newline : "";
  if (isArray(value)) {
    return value.length === 0 ? "[]" : `[${open}${value.map((item) => print(item, indent, inner)).join(separator)}${close}]`;
  }
  const members = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}:${indent > 0 ? " " : ""}${print(item, indent, inner)}`,
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
