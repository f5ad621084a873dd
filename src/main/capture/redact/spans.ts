// JSON text as a tree of places in it, so that a value can be replaced and every other character stays as it was sent.

export type SpanNode = SpanScalar | SpanObject | SpanArray;
interface Place {
  readonly start: number;
  readonly end: number;
}
export interface SpanScalar extends Place {
  readonly kind: "scalar";
  /** A string without its quotes and escapes; any other scalar as it stands there. */
  readonly value: string;
  readonly isString: boolean;
}
export interface SpanMember {
  readonly name: string;
  /** Of the name with its quotes. */
  readonly key: Place;
  readonly value: SpanNode;
}
export interface SpanObject extends Place {
  readonly kind: "object";
  readonly members: readonly SpanMember[];
}
export interface SpanArray extends Place {
  readonly kind: "array";
  readonly items: readonly SpanNode[];
}

class NotJson extends Error {}
const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const OTHER = /-?[0-9][0-9.eE+-]*|true|false|null/y;
/** Deeper documents are refused by Elasticsearch too. */
const DEEPEST = 1_000;

/** The tree of the JSON values in `text`, one after the other as NDJSON has them; null where it is anything else, or cut. */
export function spansOf(text: string): readonly SpanNode[] | null {
  const roots: SpanNode[] = [];
  try {
    for (let at = spaceEnd(text, 0); at < text.length; ) {
      const node = read(text, at, 0);
      roots.push(node);
      at = spaceEnd(text, node.end);
    }
    return roots;
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}

/** The member of that name; undefined where there is none. */
export function memberOf(node: SpanNode | undefined, name: string): SpanNode | undefined {
  return node?.kind === "object" ? node.members.find((member) => member.name === name)?.value : undefined;
}

/** The strings that a node is or lists. */
export function stringsOf(node: SpanNode | undefined): readonly string[] {
  if (node === undefined || node.kind === "object") return [];
  if (node.kind === "scalar") return node.isString ? [node.value] : [];
  return node.items.flatMap((item) => (item.kind === "array" ? [] : stringsOf(item)));
}

function read(text: string, at: number, depth: number): SpanNode {
  if (depth > DEEPEST) throw new NotJson();
  const first = text[at];
  if (first === "{") return readObject(text, at, depth);
  if (first === "[") return readArray(text, at, depth);
  if (first === '"') {
    const end = matched(STRING, text, at);
    return { kind: "scalar", start: at, end, value: unquoted(text.slice(at, end)), isString: true };
  }
  const end = matched(OTHER, text, at);
  return { kind: "scalar", start: at, end, value: text.slice(at, end), isString: false };
}

function readObject(text: string, start: number, depth: number): SpanObject {
  const members: SpanMember[] = [];
  let at = spaceEnd(text, start + 1);
  while (text[at] !== "}") {
    const end = matched(STRING, text, at);
    const key = { start: at, end };
    const colon = spaceEnd(text, end);
    if (text[colon] !== ":") throw new NotJson();
    const value = read(text, spaceEnd(text, colon + 1), depth + 1);
    members.push({ name: unquoted(text.slice(at, end)), key, value });
    at = afterItem(text, value.end, "}");
  }
  return { kind: "object", start, end: at + 1, members };
}

function readArray(text: string, start: number, depth: number): SpanArray {
  const items: SpanNode[] = [];
  let at = spaceEnd(text, start + 1);
  while (text[at] !== "]") {
    const item = read(text, at, depth + 1);
    items.push(item);
    at = afterItem(text, item.end, "]");
  }
  return { kind: "array", start, end: at + 1, items };
}

function afterItem(text: string, end: number, close: string): number {
  const at = spaceEnd(text, end);
  if (text[at] === ",") return spaceEnd(text, at + 1);
  if (text[at] !== close) throw new NotJson();
  return at;
}

function spaceEnd(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(text);
  return SPACE.lastIndex;
}

function matched(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  if (!pattern.test(text)) throw new NotJson();
  return pattern.lastIndex;
}

function unquoted(token: string): string {
  if (!token.includes("\\")) return token.slice(1, -1);
  try {
    // A string's token has no number that could lose a digit.
    const value: unknown = JSON.parse(token);
    return typeof value === "string" ? value : token.slice(1, -1);
  } catch {
    throw new NotJson();
  }
}
