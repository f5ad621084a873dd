// The break iterators by which the unified highlighter cuts a value into passages: asked for the boundary before a match and
// the one behind it, match by match from left to right (Lucene's FieldHighlighter, Elasticsearch's BoundedBreakIteratorScanner).
import { Sentences } from "./sentences.ts";
import { wordBreaks } from "./word_breaks.ts";

export interface BreakIterator {
  /** The boundary before `offset`. Offsets must not fall. */
  preceding(offset: number): number;
  /** The boundary behind `offset`; asked right after `preceding(offset + 1)`. */
  following(offset: number): number;
}

/** The whole text is one passage. */
export function wholeText(text: string): BreakIterator {
  return { preceding: () => 0, following: () => text.length };
}

/** Passages between the boundaries of words. */
export function words(text: string): BreakIterator {
  const breaks = wordBreaks(text);
  return { preceding: (offset) => before(breaks, offset), following: (offset) => behind(breaks, offset) };
}

/** Whole sentences of `most` UTF-16 units together; a longer sentence is cut at words around the match. */
export class BoundedSentences implements BreakIterator {
  readonly #sentences: Sentences;
  readonly #words: readonly number[];
  readonly #length: number;
  readonly #most: number;
  #windowStart = -1;
  #windowEnd = -1;
  #start = -1;
  #end = 0;

  constructor(text: string, most: number) {
    this.#sentences = new Sentences(text);
    this.#words = wordBreaks(text);
    this.#length = text.length;
    this.#most = most;
  }

  preceding(offset: number): number {
    if (offset > this.#windowStart && offset < this.#windowEnd) {
      this.#start = this.#end;
      this.#end = this.#windowEnd;
    } else this.#openWindow(offset);
    if (this.#end - this.#start > this.#most) this.#narrow(offset);
    return this.#start;
  }

  following(): number {
    return this.#end;
  }

  #openWindow(offset: number): void {
    this.#start = this.#sentences.preceding(offset);
    const target = offset + Math.max(0, this.#most - (offset - this.#start));
    this.#end = target + 1 > this.#length ? this.#length : this.#sentences.preceding(target + 1);
    if (this.#start === this.#end) this.#end = target >= this.#length ? this.#length : this.#sentences.following(target);
    this.#windowStart = this.#start;
    this.#windowEnd = this.#end;
  }

  #narrow(offset: number): void {
    if (offset - this.#most > this.#start) this.#start = Math.max(this.#start, before(this.#words, offset - this.#most));
    const remaining = Math.max(0, this.#most - (offset - this.#start));
    if (offset + remaining < this.#windowEnd) this.#end = Math.min(this.#windowEnd, behind(this.#words, offset + remaining));
  }
}

/** The greatest boundary below `offset`; the text's start where there is none. */
function before(breaks: readonly number[], offset: number): number {
  return breaks.findLast((each) => each < offset) ?? 0;
}

/** The least boundary above `offset`; the text's end where there is none. */
function behind(breaks: readonly number[], offset: number): number {
  return breaks.find((each) => each > offset) ?? breaks.at(-1) ?? 0;
}
