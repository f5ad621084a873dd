// The class of a code point to the standard tokenizer, as a small number.
import { WORD_CLASS_RUNS } from "./word_class_data.ts";

/** Letters of the classes in the data, in the order of their numbers. */
const LETTERS = ".\"#',;d:a_ExhnsSgzkAHKivVRMtT";

export const OTHER = 0;
/** `"`: joins two Hebrew letters. */
export const DOUBLE_QUOTE = 1;
/** `#` and `*`: may carry a keycap. */
export const KEYCAP_BASE = 2;
/** `'`: joins letters, or digits; ends a Hebrew word. */
export const SINGLE_QUOTE = 3;
/** Joins digits: `,`. */
export const MID_NUM = 4;
/** Joins letters, or digits: `.`, `’`. */
export const MID_NUM_LET = 5;
export const DIGIT = 6;
/** Joins letters: `:`, `·`. */
export const MID_LETTER = 7;
export const LETTER = 8;
/** Joins anything: `_`. */
export const EXTEND_NUM_LET = 9;
export const EMOJI = 10;
/** Combining marks and format characters: belong to what precedes them. */
const EXTEND = 11;
export const HEBREW = 12;
export const NUMERIC = 13;
/** Thai, Lao, Khmer, Myanmar: runs of them are one token. */
export const SOUTH_EAST_ASIAN = 14;
export const SOUTH_EAST_ASIAN_MARK = 15;
export const HANGUL = 16;
export const JOINER = 17;
export const KEYCAP = 18;
/** A letter that is an emoji too: ℹ. */
export const LETTER_EMOJI = 19;
export const HAN = 20;
export const KATAKANA = 21;
export const HIRAGANA = 22;
export const TEXT_PRESENTATION = 23;
export const EMOJI_PRESENTATION = 24;
export const REGIONAL_INDICATOR = 25;
export const SKIN_TONE = 26;
export const TAG = 27;
export const TAG_END = 28;

const table = readRuns();

function readRuns(): Uint8Array {
  const classes = new Uint8Array(0x110000);
  let at = 0;
  for (const [, letter = ".", length = "1"] of WORD_CLASS_RUNS.matchAll(/(\D)(\d*)/g)) {
    const end = at + Number(length || "1");
    classes.fill(LETTERS.indexOf(letter), at, end);
    at = end;
  }
  return classes;
}

/** The class of a code point. */
export function wordClass(codePoint: number): number {
  return table[codePoint] ?? OTHER;
}

/** True for what belongs to the character before it. */
export function extendsWord(kind: number): boolean {
  return (
    kind === EXTEND ||
    kind === SOUTH_EAST_ASIAN_MARK ||
    kind === JOINER ||
    kind === KEYCAP ||
    kind === TEXT_PRESENTATION ||
    kind === EMOJI_PRESENTATION ||
    kind === SKIN_TONE ||
    kind === TAG ||
    kind === TAG_END
  );
}
