// A pattern's tree as a regular expression of RE2. A look around that what stands beside it answers anyhow is left out; any other
// is a NoEqual.
import { areDisjoint, areOfWords, type Characters, NONE, union, WORD } from "./characters.ts";
import { joined, type Outer, outer, withNeighbours } from "./edges.ts";
import { type Node, NoEqual } from "./regex.ts";

export interface Written {
  readonly source: string;
  /** Of each group of the source, by number from 1: which capture it is. */
  readonly groups: readonly number[];
}

/** Throws NoEqual. */
export function written(pattern: Node): Written {
  const groups: number[] = [];
  const outside: Outer = { characters: NONE, open: true };
  return { source: write(withNeighbours(pattern), outside, outside, groups), groups };
}

function write(node: Node, before: Outer, after: Outer, groups: number[]): string {
  switch (node.kind) {
    case "set":
      return node.source;
    case "sequence":
      return node.items
        .map((item, i) => {
          const left: Node = { kind: "sequence", items: node.items.slice(0, i) };
          const right: Node = { kind: "sequence", items: node.items.slice(i + 1) };
          return write(item, joined(outer(left, "end"), before), joined(outer(right, "start"), after), groups);
        })
        .join("");
    case "either":
      return `(?:${node.items.map((item) => write(item, before, after, groups)).join("|")})`;
    case "repeat":
      return repeated(node, before, after, groups);
    case "capture":
      groups.push(node.id);
      return `(${write(node.item, before, after, groups)})`;
    case "whole":
      // Less would do for nothing that follows: it begins with none of the characters that were taken.
      if (!areDisjoint(after.characters, charactersOf(node.item))) throw new NoEqual("a group that gives nothing back");
      return `(?:${write(node.item, before, after, groups)})`;
    case "not_behind":
      return answered(before, node.characters, "a look behind");
    case "not_ahead":
      return answered(after, node.characters, "a look ahead");
    case "word_edge":
      if (!after.open && areOfWords(after.characters)) return answered(before, WORD, "an edge of a word");
      if (!before.open && areOfWords(before.characters)) return answered(after, WORD, "an edge of a word");
      throw new NoEqual("an edge of a word between what may be anything");
    case "line_start":
    case "line_end":
      throw new NoEqual("an edge of a line within the pattern");
  }
}

function answered(beside: Outer, without: Characters, what: string): string {
  if (beside.open || !areDisjoint(beside.characters, without))
    throw new NoEqual(`${what} whose answer is not settled by what stands there`);
  return "";
}

function repeated(node: Extract<Node, { kind: "repeat" }>, before: Outer, after: Outer, groups: number[]): string {
  const [first, last] = [outer(node.item, "start"), outer(node.item, "end")];
  const again = node.most > 1;
  const wider = (beside: Outer, own: Outer): Outer =>
    again ? { characters: union(beside.characters, own.characters), open: beside.open } : beside;
  const item = write(node.item, wider(before, last), wider(after, first), groups);
  const one = node.item.kind === "set" || node.item.kind === "capture" || node.item.kind === "either" ? item : `(?:${item})`;
  const { least, most } = node;
  const count =
    most === Number.POSITIVE_INFINITY
      ? least === 0
        ? "*"
        : least === 1
          ? "+"
          : `{${least},}`
      : least === 0 && most === 1
        ? "?"
        : `{${least},${most}}`;
  return `${one}${count}${node.lazy ? "?" : ""}`;
}

function charactersOf(node: Node): Characters {
  switch (node.kind) {
    case "set":
      return node.characters;
    case "sequence":
    case "either":
      return node.items.map(charactersOf).reduce(union, NONE);
    case "repeat":
    case "capture":
    case "whole":
      return charactersOf(node.item);
    default:
      return NONE;
  }
}
