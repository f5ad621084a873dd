// Where words end, as Java's BreakIterator sees it: runs of letters and digits with single punctuation inside, runs of space
// with the line break behind them, runs of one East Asian script; every other character stands alone.

const IGNORED = String.raw`\p{Mn}\p{Me}\p{Cf}`;
const KANJI = String.raw`\u3005\u4e00-\u9fa5\uf900-\ufa2d`;
const KATAKANA = String.raw`\u30a1-\u30fa`;
const HIRAGANA = String.raw`\u3041-\u3094`;
const DIACRITIC = String.raw`\u3099-\u309c\u30fb-\u30fe`;

const LETTER = String.raw`(?:(?![${KANJI}${KATAKANA}${HIRAGANA}${DIACRITIC}])[\p{L}\p{Mc}][${IGNORED}]*)`;
const DIGIT = String.raw`(?:\p{Nd}[${IGNORED}]*)`;
const MID_WORD = String.raw`(?:[\p{Pd}\p{Pc}\u00ad\u2027"'.][${IGNORED}]*)`;
const MID_NUMBER = String.raw`(?:["',\u066b.][${IGNORED}]*)`;
const BEFORE_NUMBER = String.raw`(?:(?!\u00a2)[\p{Sc}#.][${IGNORED}]*)`;
const AFTER_NUMBER = String.raw`(?:[\u00a2%\u066a\u2030\u2031&][${IGNORED}]*)`;

const WORD = String.raw`(?:${LETTER}+(?:${MID_WORD}${LETTER}+)*[\u0964\u0965]?)`;
const NUMBER = String.raw`(?:${DIGIT}+(?:${MID_NUMBER}${DIGIT}+)*)`;

const PIECE = new RegExp(
  `\\p{Cf}*(?:${[
    String.raw`${WORD}(?:${NUMBER}${WORD})*(?:${NUMBER}${AFTER_NUMBER}?)?`,
    String.raw`${BEFORE_NUMBER}?(?:${NUMBER}${WORD})+(?:${NUMBER}${AFTER_NUMBER}?)?`,
    String.raw`${BEFORE_NUMBER}?${NUMBER}${AFTER_NUMBER}?`,
    String.raw`[\p{Zs}\t${IGNORED}]*\r?[\n\f\u2028\u2029]\p{Cf}*`,
    String.raw`[\p{Zs}\t${IGNORED}]+\r?`,
    String.raw`[${DIACRITIC}${IGNORED}]+(?:[${KATAKANA}][${KATAKANA}${DIACRITIC}${IGNORED}]*|[${HIRAGANA}][${HIRAGANA}${DIACRITIC}${IGNORED}]*)?`,
    String.raw`[${KATAKANA}][${KATAKANA}${DIACRITIC}${IGNORED}]*`,
    String.raw`[${HIRAGANA}][${HIRAGANA}${DIACRITIC}${IGNORED}]*`,
    String.raw`[${KANJI}][${KANJI}${IGNORED}]*`,
    String.raw`\p{Cc}`,
    String.raw`[^][${IGNORED}]*`,
  ].join("|")})`,
  "uy",
);

/** Offsets of all boundaries of the text, its start and end among them. */
export function wordBreaks(text: string): readonly number[] {
  const breaks = [0];
  for (let at = 0; at < text.length; at = breaks.at(-1) ?? text.length) {
    PIECE.lastIndex = at;
    breaks.push(at + Math.max(1, PIECE.exec(text)?.[0].length ?? 1));
  }
  return breaks;
}
