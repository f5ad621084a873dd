// Words of ASCII text, nearly all text that there is, as the standard tokenizer cuts them: from a string, or from the bytes of a
// document without a string between. Pure.

const BREAK = 0;
const LETTER = 1;
const DIGIT = 2;
const UNDERSCORE = 3;
const JOINS_LETTERS = 4; // :
const JOINS_DIGITS = 5; // , ;
const JOINS_BOTH = 6; // . '

const ASCII = new Uint8Array(128);
for (const [characters, kind] of [
  ["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTER],
  ["0123456789", DIGIT],
  ["_", UNDERSCORE],
  [":", JOINS_LETTERS],
  [",;", JOINS_DIGITS],
  [".'", JOINS_BOTH],
] as const) {
  for (const character of characters) ASCII[character.charCodeAt(0)] = kind;
}

/** What the last call found: word `i` is [bounds[2i], bounds[2i + 1]), counted from the beginning of its text. One for all calls. */
export const found: { bounds: Int32Array } = { bounds: new Int32Array(512) };
let kinds = new Uint8Array(4096);

/** How many words a text has, with their bounds in `found`; longer ones than `most` are cut. -1 where it is not all ASCII. */
export function wordsOfText(text: string, most: number): number {
  const { length } = text;
  reserve(length);
  for (let i = 0; i < length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return -1;
    kinds[i] = ASCII[unit] ?? BREAK;
  }
  return cut(length, most);
}

/** The same for bytes[from, to). */
export function wordsOfBytes(bytes: Uint8Array, from: number, to: number, most: number): number {
  reserve(to - from);
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte > 0x7f) return -1;
    kinds[i - from] = ASCII[byte] ?? BREAK;
  }
  return cut(to - from, most);
}

function reserve(length: number): void {
  if (length > kinds.length) kinds = new Uint8Array(length * 2);
}

function cut(length: number, most: number): number {
  let count = 0;
  let start = 0;
  while (start < length) {
    const kind = kinds[start] ?? BREAK;
    const end = kind === BREAK || kind > UNDERSCORE ? start : endOfWord(start, Math.min(length, start + most));
    if (end > start) {
      keep(count, start, end);
      count += 1;
      start = end;
    } else start += 1;
  }
  return count;
}

function keep(count: number, start: number, end: number): void {
  if (count * 2 + 2 > found.bounds.length) {
    const longer = new Int32Array(found.bounds.length * 2);
    longer.set(found.bounds);
    found.bounds = longer;
  }
  found.bounds[count * 2] = start;
  found.bounds[count * 2 + 1] = end;
}

/** End of the word that begins at `start`; `start` when it is only underscores. */
function endOfWord(start: number, limit: number): number {
  let last = BREAK; // the last letter, digit or underscore
  let wanted = BREAK; // what must follow a joining character
  let end = start;
  for (let i = start; i < limit; i += 1) {
    const kind = kinds[i] ?? BREAK;
    if (kind === LETTER || kind === DIGIT) {
      if (wanted !== BREAK && wanted !== kind) return end;
      wanted = BREAK;
      last = kind;
      end = i + 1;
    } else if (kind === UNDERSCORE) {
      if (wanted !== BREAK) return end;
      if (end > start) end = i + 1;
      last = UNDERSCORE;
    } else {
      const joins =
        wanted === BREAK &&
        (kind === JOINS_BOTH || (kind === JOINS_LETTERS && last === LETTER) || (kind === JOINS_DIGITS && last === DIGIT));
      if (!joins || (last !== LETTER && last !== DIGIT)) return end;
      wanted = last;
    }
  }
  return end;
}
