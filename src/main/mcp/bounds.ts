// How much of an answer is handed out at once: whoever reads it has a window of so many words, and can ask for more.
import { isRecord } from "../../shared/record.ts";

/** Characters of JSON in one answer, at most. */
export const ANSWER_CHARACTERS = 65_536;
/** Items of a list in one answer, at most. */
export const LIST_ITEMS = 200;
/** What of an answer its list may take: beside it stand totals and reasons. */
const LIST_CHARACTERS = 49_152;
/** Objects and lists within each other, at most. */
const DEPTH = 64;

interface Limits {
  readonly members: number;
  readonly text: number;
}

/** From generous to mean: the first that makes an answer fit is taken. */
const LIMITS: readonly Limits[] = [
  { members: LIST_ITEMS, text: 16_384 },
  { members: 60, text: 4_096 },
  { members: 20, text: 1_024 },
  { members: 6, text: 256 },
];

const NONE: Limits = { members: 0, text: 0 };

const ITEM_LIMITS: Limits = { members: LIST_ITEMS, text: 4_096 };

export interface Fitted {
  /** JSON. */
  readonly text: string;
  /** What was left out: a JSON pointer and how much is there in all. */
  readonly cut: readonly string[];
}

/** JSON of `value` that is no longer than ANSWER_CHARACTERS. */
export function fitted(value: unknown): Fitted {
  for (const limits of LIMITS) {
    const cut: string[] = [];
    const text = JSON.stringify(shortened(value, limits, "", cut)) ?? "null";
    if (text.length <= ANSWER_CHARACTERS) return { text, cut };
  }
  const least = JSON.stringify(shortened(value, LIMITS.at(-1) ?? NONE)) ?? "null";
  return { text: least.slice(0, ANSWER_CHARACTERS), cut: ["the whole, which is no JSON any more"] };
}

function shortened(value: unknown, limits: Limits, pointer = "", cut: string[] = [], depth = 0): unknown {
  if (typeof value === "string") {
    if (value.length <= limits.text) return value;
    cut.push(`${pointer}: ${limits.text} of ${value.length} characters`);
    return `${value.slice(0, limits.text)}…`;
  }
  if (depth > DEPTH) {
    cut.push(`${pointer}: what is deeper than ${DEPTH} levels`);
    return null;
  }
  if (Array.isArray(value)) {
    if (value.length > limits.members) cut.push(`${pointer}: ${limits.members} of ${value.length} items`);
    return value.slice(0, limits.members).map((item, i) => shortened(item, limits, `${pointer}/${i}`, cut, depth + 1));
  }
  if (!isRecord(value)) return value;
  const members = Object.entries(value);
  if (members.length > limits.members) cut.push(`${pointer}: ${limits.members} of ${members.length} members`);
  const kept = members.slice(0, limits.members);
  return Object.fromEntries(kept.map(([name, item]) => [name, shortened(item, limits, `${pointer}/${name}`, cut, depth + 1)]));
}

interface FirstItems {
  readonly items: readonly unknown[];
  /** What in them was shortened; absent where nothing was. */
  readonly shortened?: readonly string[];
}

/** The first of `items` that fit into an answer; at least one where there is one. */
export function firstThatFit(items: readonly unknown[]): FirstItems {
  const kept: unknown[] = [];
  const cut: string[] = [];
  let characters = 0;
  for (const [i, item] of items.slice(0, LIST_ITEMS).entries()) {
    const cutHere: string[] = [];
    const short = shortened(item, ITEM_LIMITS, `/${i}`, cutHere);
    characters += (JSON.stringify(short) ?? "").length + 1;
    if (characters > LIST_CHARACTERS && kept.length > 0) break;
    kept.push(short);
    cut.push(...cutHere);
  }
  return { items: kept, ...(cut.length === 0 ? {} : { shortened: cut }) };
}

export interface ListPage extends FirstItems {
  readonly total: number;
  /** The `offset` that goes on from here; null at the end. */
  readonly next: number | null;
}

/** A part of a list that is at hand. */
export function pageOf(items: readonly unknown[], offset: number, limit: number): ListPage {
  const first = firstThatFit(items.slice(offset, offset + limit));
  const end = offset + first.items.length;
  return { ...first, total: items.length, next: end < items.length ? end : null };
}

/** The most of `text` that is no longer than `limit` bytes in UTF-8, in whole characters. */
export function firstBytes(text: string, limit: number): { readonly text: string; readonly bytes: number } {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return { text, bytes: bytes.length };
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { text: bytes.toString("utf8", 0, end), bytes: end };
}
