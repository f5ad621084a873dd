// Where a token of the standard tokenizer ends: Lucene's grammar (UAX #29 word breaks, with emoji sequences) over classes of
// code points. Each function takes the classes, a start and a limit, and returns the end of the longest match, or the start
// itself when there is none.
import * as c from "./word_class.ts";
import { extendsWord } from "./word_class.ts";

/** End of the token that begins at `start`; `start` when none does. */
export function matchToken(classes: Uint8Array, start: number, limit: number): number {
  switch (classes[start]) {
    case c.LETTER:
    case c.HANGUL:
    case c.HEBREW:
    case c.DIGIT:
    case c.NUMERIC:
    case c.KATAKANA:
    case c.EXTEND_NUM_LET:
      return matchWord(classes, start, limit);
    case c.LETTER_EMOJI:
      return Math.max(matchWord(classes, start, limit), matchEmoji(classes, start, limit));
    case c.EMOJI:
    case c.SKIN_TONE:
    case c.JOINER:
      return matchEmoji(classes, start, limit);
    case c.KEYCAP_BASE:
      return matchKeycap(classes, start, limit);
    case c.REGIONAL_INDICATOR:
      return matchFlag(classes, start, limit);
    case c.HAN:
    case c.HIRAGANA:
      return skipExtend(classes, start + 1, limit);
    case c.SOUTH_EAST_ASIAN:
    case c.SOUTH_EAST_ASIAN_MARK:
      return matchSouthEastAsian(classes, start, limit);
    default:
      return start;
  }
}

function skipExtend(classes: Uint8Array, start: number, limit: number): number {
  let i = start;
  while (i < limit && extendsWord(classes[i] ?? 0)) i += 1;
  return i;
}

// States of a word: what came last, marks aside.
const ONLY_JOINERS = 0; // `_` so far: no token yet
const AFTER_LETTER = 1;
const AFTER_HEBREW = 2;
const AFTER_NUMBER = 3;
const AFTER_KATAKANA = 4;
const AFTER_JOINER = 5; // `_` behind a word
const AFTER_HEBREW_QUOTE = 6; // a Hebrew letter and `'`: complete, and may go on
const AFTER_HEBREW_PAIR = 7; // the second letter of א"א
const LETTER_WANTED = 8;
const NUMBER_WANTED = 9;
const HEBREW_WANTED = 10;
const DEAD = 11;

function matchWord(classes: Uint8Array, start: number, limit: number): number {
  let state = ONLY_JOINERS;
  let end = start;
  for (let i = start; i < limit; i += 1) {
    const kind = classes[i] ?? c.OTHER;
    if (extendsWord(kind)) {
      if (i === start) return start;
    } else {
      state = nextState(state, kind);
      if (state === DEAD) break;
    }
    if (state >= AFTER_LETTER && state <= AFTER_HEBREW_PAIR) end = i + 1;
  }
  return end;
}

function nextState(state: number, kind: number): number {
  switch (kind) {
    case c.LETTER:
    case c.LETTER_EMOJI:
    case c.HANGUL:
      return state === AFTER_KATAKANA || state === NUMBER_WANTED || state === HEBREW_WANTED ? DEAD : AFTER_LETTER;
    case c.HEBREW:
      if (state === HEBREW_WANTED) return AFTER_HEBREW_PAIR;
      return state === AFTER_KATAKANA || state === NUMBER_WANTED ? DEAD : AFTER_HEBREW;
    case c.DIGIT:
    case c.NUMERIC:
      return state === AFTER_KATAKANA || state === LETTER_WANTED || state === HEBREW_WANTED ? DEAD : AFTER_NUMBER;
    case c.KATAKANA:
      return state === ONLY_JOINERS || state === AFTER_KATAKANA || state === AFTER_JOINER ? AFTER_KATAKANA : DEAD;
    case c.EXTEND_NUM_LET:
      return state === ONLY_JOINERS ? ONLY_JOINERS : state >= LETTER_WANTED ? DEAD : AFTER_JOINER;
    default:
      return afterPunctuation(state, kind);
  }
}

function afterPunctuation(state: number, kind: number): number {
  const joinsBoth = kind === c.MID_NUM_LET || kind === c.SINGLE_QUOTE;
  if (state === AFTER_HEBREW && kind === c.SINGLE_QUOTE) return AFTER_HEBREW_QUOTE;
  if (state === AFTER_HEBREW && kind === c.DOUBLE_QUOTE) return HEBREW_WANTED;
  if (state === AFTER_LETTER || state === AFTER_HEBREW) return joinsBoth || kind === c.MID_LETTER ? LETTER_WANTED : DEAD;
  if (state === AFTER_NUMBER) return joinsBoth || kind === c.MID_NUM ? NUMBER_WANTED : DEAD;
  return DEAD;
}

/** Marks that an emoji may carry before its presentation selector. */
function extendsEmoji(kind: number): boolean {
  return extendsWord(kind) && kind !== c.TEXT_PRESENTATION && kind !== c.EMOJI_PRESENTATION;
}

function isEmoji(kind: number): boolean {
  return kind === c.EMOJI || kind === c.LETTER_EMOJI;
}

// An emoji with its marks, then more of them, each behind a joiner; or a flag's tags.
function matchEmoji(classes: Uint8Array, start: number, limit: number): number {
  let i = start;
  while (i < limit && classes[i] === c.JOINER) i += 1;
  const first = i < limit ? (classes[i] ?? 0) : 0;
  if (!isEmoji(first) && !(first === c.SKIN_TONE && i === start)) return start;
  let end = i + 1;
  // A skin tone by itself takes no presentation selector.
  let selectable = isEmoji(first);
  for (i += 1; i < limit; i += 1) {
    const kind = classes[i] ?? 0;
    if (kind === c.EMOJI_PRESENTATION && selectable) {
      const next = afterPresentation(classes, i + 1, limit);
      end = next.end;
      if (!next.emoji) return end;
      i = next.end - 1;
      selectable = isEmoji(classes[i] ?? 0);
    } else if (!extendsEmoji(kind) && !(isEmoji(kind) && classes[i - 1] === c.JOINER)) return end;
    else if (isEmoji(kind)) selectable = true;
    end = i + 1;
  }
  return end;
}

// Behind a presentation selector only a joined emoji or a tag sequence goes on.
function afterPresentation(classes: Uint8Array, start: number, limit: number): { readonly end: number; readonly emoji: boolean } {
  let i = start;
  while (i < limit && classes[i] === c.JOINER) i += 1;
  if (i > start && i < limit) {
    const kind = classes[i] ?? 0;
    if (isEmoji(kind) || (kind === c.SKIN_TONE && i === start + 1)) return { end: i + 1, emoji: true };
    return { end: start, emoji: false };
  }
  while (i < limit && classes[i] === c.TAG) i += 1;
  return { end: i > start && i < limit && classes[i] === c.TAG_END ? i + 1 : start, emoji: false };
}

function matchKeycap(classes: Uint8Array, start: number, limit: number): number {
  let end = start;
  let i = start + 1;
  for (; i < limit && extendsEmoji(classes[i] ?? 0); i += 1) if (end > start || classes[i] === c.KEYCAP) end = i + 1;
  if (i + 1 >= limit || classes[i] !== c.EMOJI_PRESENTATION || classes[i + 1] !== c.KEYCAP) return end;
  for (i += 2; i < limit && extendsEmoji(classes[i] ?? 0); i += 1);
  return i;
}

function matchFlag(classes: Uint8Array, start: number, limit: number): number {
  const second = skipExtend(classes, start + 1, limit);
  return second < limit && classes[second] === c.REGIONAL_INDICATOR ? skipExtend(classes, second + 1, limit) : start;
}

function matchSouthEastAsian(classes: Uint8Array, start: number, limit: number): number {
  let i = start + 1;
  while (i < limit && (classes[i] === c.SOUTH_EAST_ASIAN || extendsWord(classes[i] ?? 0))) i += 1;
  return i;
}
