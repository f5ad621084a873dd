// Where sentences end, as Java's BreakIterator sees it. `!` and `?` end one wherever they stand (`/a?b` too); a full stop only
// where something that may begin a sentence follows. Found by asking Java 25 about all short texts of a few characters.

type State =
  /** Amid a sentence. */
  | "text"
  /** After a full stop and closing marks. */
  | "stop"
  /** The same, the last mark being a quote, which may open as well. */
  | "quoted"
  /** One space behind a full stop, and more of it. */
  | "space"
  | "wide_space"
  /** In what may open a sentence: brackets, quotes, symbols. */
  | "opening"
  /** The same right behind a quote that may have opened itself. */
  | "opened"
  /** After `!` or `?` and closing marks. */
  | "end"
  | "end_space";

const TERMINATORS = "!?\u3002\uff01\uff1f";
const STOPS = ".\uff0e";
const QUOTES = "\"'";
const PARAGRAPH = "\u2029";
const DANDA = "\u0964\u0965";
const SPACE = /[\t\n\f\r\u2028\p{Zs}]/u;
const IGNORED = /[\p{Mn}\p{Me}\p{Cf}]/u;
const CLOSING = /[\p{Pe}\p{Pf}]/u;
const SPACE_OR_IGNORED = /[\t\n\f\r\u2028\p{Zs}\p{Mn}\p{Me}\p{Cf}]/u;
const OPENING = /[\p{Ps}\p{Pi}"']/u;
const LOWER = /\p{Ll}/u;
const LETTER = /\p{L}/u;
const DIGIT = /\p{N}/u;

/** Offsets of all boundaries of the text, its start and end among them, as they are found from the start on. */
export function sentenceBreaks(text: string): readonly number[] {
  const breaks = [0];
  for (let at = 0; at < text.length; at = breaks.at(-1) ?? text.length) breaks.push(nextBreak(text, at));
  return breaks;
}

/**
 * Java's iterator asked for single boundaries: it goes on from the last one that it gave, or from a place further back that it
 * takes for safe, and what it finds from there may differ from what is found from the start.
 */
export class Sentences {
  readonly #text: string;
  #last = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The boundary before `offset`, which is above 0. */
  preceding(offset: number): number {
    let found = this.#last >= offset || this.#last < 0 ? safePlace(this.#text, offset - 1) : this.#last;
    for (let next = found; next < offset; next = nextBreak(this.#text, next)) {
      found = next;
      if (next >= this.#text.length) break;
    }
    this.#last = found;
    return found;
  }

  /** The boundary behind `offset`, which is below the text's length. */
  following(offset: number): number {
    let found = this.#last >= offset || this.#last < 0 ? safePlace(this.#text, offset) : this.#last;
    while (found <= offset) found = nextBreak(this.#text, found);
    this.#last = found;
    return found;
  }
}

// The nearest full stop before what may begin a sentence without being a letter: `.` in `. --` and `.;`.
function safePlace(text: string, from: number): number {
  for (let at = from; at > 0; at -= 1) {
    if (!beginsBySymbol(text[at] ?? "")) continue;
    let i = at - 1;
    while (i > 0 && OPENING.test(text[i] ?? "")) i -= 1;
    while (i > 0 && SPACE_OR_IGNORED.test(text[i] ?? "")) i -= 1;
    while (i > 0 && closes(text[i] ?? "")) i -= 1;
    if (i > 1 && STOPS.includes(text[i] ?? "")) return i;
  }
  return 0;
}

function beginsBySymbol(char: string): boolean {
  return (
    opens(char) && !QUOTES.includes(char) && !LETTER.test(char) && !OPENING.test(char) && !TERMINATORS.includes(char) && !IGNORED.test(char)
  );
}

const MAY_END: ReadonlySet<State> = new Set<State>(["stop", "quoted", "space", "wide_space"]);

function nextBreak(text: string, from: number): number {
  let state: State = "text";
  let result = from + 1;
  let ahead = 0;
  for (let i = from; i < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(i) ?? 0);
    i += char.length;
    if (char === PARAGRAPH || DANDA.includes(char)) return endOfRun(text, i, char === PARAGRAPH ? IGNORED : SPACE_OR_IGNORED);
    const next: State | "break" | "halt" = IGNORED.test(char) ? state : after(state, char);
    if (next === "break") return ahead;
    if (next === "halt") return result;
    state = next;
    if (MAY_END.has(state)) ahead = i;
    else if (state !== "opening" && state !== "opened") result = i;
  }
  // What may begin a sentence was still open: Java then goes back to before the full stop.
  return ahead === text.length ? ahead : result;
}

function endOfRun(text: string, from: number, of: RegExp): number {
  let at = from;
  while (at < text.length && of.test(text[at] ?? "")) at += 1;
  return at;
}

/** The next state; `break`: the sentence ended before what may begin one; `halt`: where a sentence surely ended last. */
function after(state: State, char: string): State | "break" | "halt" {
  if (state === "end" || state === "end_space") {
    if (SPACE.test(char)) return "end_space";
    return state === "end" && (TERMINATORS.includes(char) || STOPS.includes(char) || closes(char)) ? "end" : "halt";
  }
  if (state === "opened") return LETTER.test(char) ? "break" : opens(char) ? "opening" : "halt";
  if (TERMINATORS.includes(char)) return "end";
  if (STOPS.includes(char)) return "stop";
  if (state === "text" || char === ",") return "text";
  if (SPACE.test(char)) return state === "opening" ? "text" : state === "space" || state === "wide_space" ? "wide_space" : "space";
  if (QUOTES.includes(char)) return state === "stop" || state === "quoted" ? "quoted" : opening(state);
  if (CLOSING.test(char)) return state === "stop" || state === "quoted" ? "stop" : "text";
  if (DIGIT.test(char)) return "text";
  if (!LETTER.test(char)) return opening(state);
  if (state === "opening" || state === "quoted" || state === "wide_space") return "break";
  return state === "space" && !LOWER.test(char) ? "break" : "text";
}

function opening(state: State): State {
  return state === "quoted" || state === "wide_space" ? "opened" : "opening";
}

function opens(char: string): boolean {
  return QUOTES.includes(char) || !(char === "," || SPACE.test(char) || CLOSING.test(char) || DIGIT.test(char) || STOPS.includes(char));
}

function closes(char: string): boolean {
  return QUOTES.includes(char) || CLOSING.test(char);
}
