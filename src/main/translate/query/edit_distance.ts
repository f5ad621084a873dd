// How many edits lie between two words: characters put in, left out, replaced, and, where asked, two neighbours swapped (the
// restricted distance: no character is edited twice). ClickHouse counts bytes: characters are written as one byte each first.
import { binary, call, type Expr, param } from "../../clickhouse/sql/ast.ts";
import { UnsupportedClause } from "../failure.ts";

/** The edits from `term` to a word, as SQL; `swaps`: two neighbours swapped are one edit. */
export function editDistance(word: Expr, term: string, swaps: boolean, pointer: string): Expr {
  const { from, to, encoded } = bytesOf(term, pointer);
  const known = from === "" ? word : call("translateUTF8", word, param("String", from), param("String", to));
  const bytes = call("replaceRegexpAll", known, param("String", "[^\\x00-\\x7F]"), param("String", OTHER));
  return call(swaps ? "damerauLevenshteinDistance" : "levenshteinDistance", bytes, param("String", encoded));
}

/** True where the lengths alone leave the distance possible: a cheap test to come first. */
export function lengthNear(word: Expr, term: string, edits: number): Expr {
  const length = call("toInt64", call("lengthUTF8", word));
  return binary(call("abs", binary(length, "-", param("Int64", lengthOf(term)))), "<=", param("Int64", edits));
}

/** Characters (code points) of a text. */
export function lengthOf(text: string): number {
  return [...text].length;
}

// Stands for every character that the term does not have.
const OTHER = "\u0001";

// Each of the term's characters past ASCII gets a control character, which stands for OTHER where a word has it itself.
function bytesOf(term: string, pointer: string): { readonly from: string; readonly to: string; readonly encoded: string } {
  const wide = [...new Set(term)].filter((char) => (char.codePointAt(0) ?? 0) > 0x7f);
  const controls = Array.from({ length: 29 }, (_, i) => String.fromCharCode(i + 2));
  if (wide.length > controls.length || [...term].some((char) => char < " ")) {
    throw new UnsupportedClause(pointer, `the characters of [${term}] are too many to tell apart in SQL`);
  }
  const codes = new Map(wide.map((char, i) => [char, controls[i] ?? OTHER]));
  const used = [...codes.values()].join("");
  return {
    from: wide.join("") + used,
    to: used + OTHER.repeat(used.length),
    encoded: [...term].map((char) => codes.get(char) ?? char).join(""),
  };
}

/** True when the word is at most `edits` from the term. */
export function withinEdits(word: string, term: string, edits: number, swaps: boolean): boolean {
  const [left, right] = [[...word], [...term]];
  return Math.abs(left.length - right.length) <= edits && editsBetween(left, right, swaps) <= edits;
}

/** The edits between two words, given letter by letter. */
export function editsBetween(left: readonly string[], right: readonly string[], swaps: boolean): number {
  const rows: number[][] = [right.map((_, j) => j).concat(right.length)];
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) row.push(cell(left, right, rows, row, i, j, swaps));
    rows.push(row);
  }
  return rows[left.length]?.[right.length] ?? 0;
}

function cell(
  left: readonly string[],
  right: readonly string[],
  rows: readonly (readonly number[])[],
  row: readonly number[],
  i: number,
  j: number,
  swaps: boolean,
): number {
  const at = (rowAt: readonly number[] | undefined, k: number): number => rowAt?.[k] ?? Number.POSITIVE_INFINITY;
  const same = left[i - 1] === right[j - 1] ? 0 : 1;
  const least = Math.min(at(rows[i - 1], j) + 1, at(row, j - 1) + 1, at(rows[i - 1], j - 1) + same);
  const swapped = swaps && i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
  return swapped ? Math.min(least, at(rows[i - 2], j - 2) + 1) : least;
}
