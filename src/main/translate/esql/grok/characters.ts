// Sets of characters, as far as it must be known whether two have one in common: each character of ASCII by itself, of the others
// only whether they are of a word.

export interface Characters {
  /** Bit n: the character n. */
  readonly ascii: bigint;
  /** Maybe characters of words beyond ASCII. */
  readonly letters: boolean;
  /** Maybe others beyond ASCII. */
  readonly others: boolean;
}

export const NONE: Characters = Object.freeze({ ascii: 0n, letters: false, others: false });
export const ALL: Characters = Object.freeze({ ascii: (1n << 128n) - 1n, letters: true, others: true });
/** What a word's edge tells apart: beyond ASCII too. */
export const WORD: Characters = Object.freeze({
  ...inRanges([
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ]),
  letters: true,
});
export const SPACE: Characters = inRanges([
  [9, 13],
  [32, 32],
]);
export const DIGIT: Characters = inRanges([[48, 57]]);

/** Characters between two code points, both included. */
export function inRanges(ranges: readonly (readonly [number, number])[]): Characters {
  let ascii = 0n;
  let beyond = false;
  for (const [from, to] of ranges) {
    for (let code = from; code <= Math.min(to, 127); code += 1) ascii |= 1n << BigInt(code);
    beyond ||= to > 127;
  }
  return { ascii, letters: beyond, others: beyond };
}

export function union(a: Characters, b: Characters): Characters {
  return { ascii: a.ascii | b.ascii, letters: a.letters || b.letters, others: a.others || b.others };
}

/** All but those; what is beyond ASCII is left out only where all of it is in the set. */
export function allBut(set: Characters): Characters {
  return { ascii: ALL.ascii & ~set.ascii, letters: true, others: true };
}

export function areDisjoint(a: Characters, b: Characters): boolean {
  return (a.ascii & b.ascii) === 0n && !(a.letters && b.letters) && !(a.others && b.others);
}

/** True: every one of `a` is of a word, as `\b` sees it. */
export function areOfWords(a: Characters): boolean {
  return (a.ascii & ~WORD.ascii) === 0n && !a.others;
}

/** RE2's class of all characters but these and the one that stands at both ends of a text. */
export function classOfOthers(set: Characters, end: string): string {
  let inside = "";
  for (let code = 0; code < 128; code += 1) if (set.ascii & (1n << BigInt(code))) inside += `\\x${code.toString(16).padStart(2, "0")}`;
  return `[^${inside}${set.letters ? "\\pL\\pM\\pN\\p{Pc}" : ""}${end}]`;
}
