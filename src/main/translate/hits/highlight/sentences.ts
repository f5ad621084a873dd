// Where a sentence begins, as Java's BreakIterator sees it: `!` and `?` end one wherever they stand (`/a?b` too), a full
// stop only before a space and what may begin a sentence.

const ALWAYS = "!?\u3002\uff01\uff1f";
const STOP = ".\uff0e";
const SPACE = /[\t\n\v\f\r\u2028\p{Zs}]/u;
const CLOSING = /["'\p{Pe}\p{Pf}]/u;

/** The start of the sentence that the character at `offset` is in. */
export function sentenceStart(text: string, offset: number): number {
  let start = 0;
  for (let i = 0; i < offset; i += 1) {
    const char = text[i] ?? "";
    if (char === "\u2029") {
      start = i + 1;
    } else if (ALWAYS.includes(char) || STOP.includes(char)) {
      const end = endOf(text, i);
      if (end === undefined || end > offset) continue;
      start = end;
      i = Math.max(i, end - 1);
    }
  }
  return start;
}

// The end of the sentence that a terminator at `at` closes; undefined where it closes none.
function endOf(text: string, at: number): number | undefined {
  let i = at;
  let always = false;
  for (; i < text.length; i += 1) {
    const char = text[i] ?? "";
    if (ALWAYS.includes(char)) always = true;
    else if (!STOP.includes(char) && (!CLOSING.test(char) || (!always && startsQuote(text, i)))) break;
  }
  const afterMarks = i;
  while (i < text.length && SPACE.test(text[i] ?? "")) i += 1;
  if (text[i] === "\u2029") return i + 1;
  if (always) return i;
  const closed = /["']/.test(text[afterMarks - 1] ?? "");
  return (i > afterMarks || closed) && beginsSentence(text, i) ? i : undefined;
}

// A quote right before a lower-case letter is none that closes.
function startsQuote(text: string, at: number): boolean {
  return /["']/.test(text[at] ?? "") && /\p{Ll}/u.test(text[at + 1] ?? "");
}

const NOT_FIRST = /[\p{Ll}\p{Nd}\p{Pe}\p{Mn}]/u;

function beginsSentence(text: string, at: number): boolean {
  const char = text[at];
  if (char === undefined || NOT_FIRST.test(char)) return false;
  const next = text[at + 1] ?? "";
  return /\p{L}/u.test(char) || !(/\p{Nd}/u.test(next) || SPACE.test(next));
}
