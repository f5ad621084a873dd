// What runs between tokenizer and tokens, as Lucene's token streams do: each token says how far it stands behind the one before,
// so that a filter which drops tokens decides itself whether their places stay empty.
import type { Token } from "./token.ts";

export interface Part {
  readonly term: string;
  /** Positions behind the token before; 0 for another form of the same. */
  readonly step: number;
  /** UTF-16 offsets in the text that the tokenizer sees. */
  readonly start: number;
  readonly end: number;
  /** Stemmers leave it as it is. */
  readonly kept?: boolean;
}

export interface Stream {
  readonly parts: readonly Part[];
  /** Positions that dropped tokens took behind the last one. */
  readonly trailing: number;
}

/** Text → tokens. */
export type Tokenizer = (text: string) => readonly Part[];

/** Tokens → tokens. */
export type TokenFilter = (stream: Stream) => Stream;

/** The tokens at their positions, from 0. */
export function placed({ parts }: Stream): readonly Token[] {
  let position = -1;
  return parts.map(({ term, step, start, end }) => {
    position += step;
    return { term, position, start, end };
  });
}

/** A filter that changes each term. */
export function changing(change: (term: string, part: Part) => string): TokenFilter {
  return ({ parts, trailing }) => ({ parts: parts.map((part) => ({ ...part, term: change(part.term, part) })), trailing });
}

/** A filter that drops tokens and leaves their places empty. */
export function keeping(keeps: (part: Part) => boolean): TokenFilter {
  return ({ parts, trailing }) => {
    const left: Part[] = [];
    let skipped = 0;
    for (const part of parts) {
      if (keeps(part)) {
        left.push(skipped === 0 ? part : { ...part, step: part.step + skipped });
        skipped = 0;
      } else skipped += part.step;
    }
    return { parts: left, trailing: trailing + skipped };
  };
}
