// What a pattern asks of the characters just before and behind it. A text is searched with END at both its ends, so there is always
// one: at the pattern's own ends a look around becomes a character that is taken. It must stand outside of captures, and each way to
// begin must take exactly one, or the first place that fits would be another.
import { areOfWords, type Characters, classOfOthers, NONE, union, WORD } from "./characters.ts";
import { END_SOURCE, type Node, NoEqual } from "./regex.ts";

export type Side = "start" | "end";

/** One way to begin (or to end): what it asks of its neighbour, and the rest. */
interface Way {
  readonly without: Characters;
  readonly line: boolean;
  readonly node: Node;
  /** The node has its neighbour. */
  readonly done: boolean;
}

const EMPTY: Node = Object.freeze({ kind: "sequence", items: [] });

/** Characters that a node may begin (or end) with; `open`: it may be empty up to what follows it. */
export interface Outer {
  readonly characters: Characters;
  readonly open: boolean;
}
const NOTHING_YET: Outer = Object.freeze({ characters: NONE, open: true });

export function outer(node: Node, side: Side): Outer {
  switch (node.kind) {
    case "set":
      return { characters: node.characters, open: false };
    case "sequence":
      return (side === "start" ? node.items : node.items.toReversed()).reduce<Outer>(
        (found, item) => (found.open ? joined(found, outer(item, side)) : found),
        NOTHING_YET,
      );
    case "either":
      return node.items
        .map((item) => outer(item, side))
        .reduce((a, b) => ({ characters: union(a.characters, b.characters), open: a.open || b.open }));
    case "repeat": {
      const item = outer(node.item, side);
      return node.least === 0 ? { ...item, open: true } : item;
    }
    case "capture":
    case "whole":
      return outer(node.item, side);
    case "not_behind":
    case "not_ahead":
    case "word_edge":
    case "line_start":
    case "line_end":
      return NOTHING_YET;
  }
}

/** What comes first of two, the second where the first is empty. */
export function joined(first: Outer, second: Outer): Outer {
  return first.open ? { characters: union(first.characters, second.characters), open: second.open } : first;
}

/** The pattern with a character before (or behind) each of its ways that asks for one. */
export function withNeighbours(node: Node): Node {
  const started = either(ways(node, "start", false).map((way) => settled(way, "start")));
  return either(ways(started, "end", false).map((way) => settled(way, "end")));
}

// Every way begins with a neighbour; only one that asks for it ends with one.
function settled(way: Way, side: Side): Node {
  if (way.done || (side === "end" && way.without === NONE && !way.line)) return way.node;
  return inOrder(side, neighbour(way, side), way.node);
}

function either(items: readonly Node[]): Node {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: "either", items };
}

/** Node and neighbour as one, from left to right. */
function inOrder(side: Side, edge: Node, rest: Node): Node {
  return { kind: "sequence", items: side === "start" ? [edge, rest] : [rest, edge] };
}

function neighbour({ without, line }: Way, side: Side): Node {
  if (line) return { kind: "set", source: side === "start" ? `(?:\\A${END_SOURCE}|\\n)` : `(?:${END_SOURCE}\\z|\\n)`, characters: NONE };
  const source = without === NONE ? "(?s:.)" : classOfOthers(without, "");
  return { kind: "set", source, characters: { ascii: ((1n << 128n) - 1n) & ~without.ascii, letters: !without.letters, others: true } };
}

function ways(node: Node, side: Side, captured: boolean): readonly Way[] {
  switch (node.kind) {
    case "sequence":
      return waysOfSequence(side === "start" ? node.items : node.items.toReversed(), side, captured);
    case "either": {
      const found = node.items.flatMap((item) => ways(item, side, captured));
      const [first] = found;
      const alike =
        first !== undefined && !first.line && found.every((way) => way.without === first.without && !way.line && way.done === first.done);
      return alike ? [{ ...first, node: either(found.map((way) => way.node)) }] : found;
    }
    case "capture":
    case "whole": {
      const found = ways(node.item, side, true);
      if (node.kind === "whole" && found.length > 1) return [plain(node)];
      return found.map((way) => ({ ...way, node: { ...node, item: way.node } }));
    }
    case "repeat": {
      if (node.least !== 0 || node.most !== 1) return [plain(node)];
      const found = ways(node.item, side, captured);
      if (found.every((way) => way.without === NONE && !way.line)) return [plain(node)];
      return node.lazy ? [plain(EMPTY), ...found] : [...found, plain(EMPTY)];
    }
    case "not_behind":
      return [side === "start" ? { ...plain(EMPTY), without: node.characters } : plain(node)];
    case "not_ahead":
      return [side === "end" ? { ...plain(EMPTY), without: node.characters } : plain(node)];
    case "line_start":
      return [side === "start" ? { ...plain(EMPTY), line: true } : plain(node)];
    case "line_end":
      return [side === "end" ? { ...plain(EMPTY), line: true } : plain(node)];
    case "word_edge":
    case "set":
      return [plain(node)];
  }
}

function plain(node: Node): Way {
  return { without: NONE, line: false, node, done: false };
}

// `items` from the side on.
function waysOfSequence(items: readonly Node[], side: Side, captured: boolean): readonly Way[] {
  const [first, ...rest] = items;
  if (first === undefined) return [plain(EMPTY)];
  const behind = (node: Node): Node => ({ kind: "sequence", items: side === "start" ? [node, ...rest] : [...rest.toReversed(), node] });
  if (first.kind === "word_edge") {
    const next = outer({ kind: "sequence", items: side === "start" ? rest : rest.toReversed() }, side);
    if (next.open || !areOfWords(next.characters)) throw new NoEqual("an edge of a word beside what may be none");
    return waysOfSequence(rest, side, true).map((way) => ({ ...way, without: union(way.without, WORD) }));
  }
  const own = ways(first, side, captured);
  // What follows several ways is written once.
  if (!captured && own.length > 1 && !own.some(({ node }) => isEmpty(node)))
    return [{ ...plain(behind(either(own.map((way) => settled(way, side))))), done: true }];
  return own.flatMap((way): readonly Way[] => {
    if (!isEmpty(way.node)) return [{ ...way, node: behind(way.node) }];
    return waysOfSequence(rest, side, true).map((next) => ({
      done: false,
      without: way.without === NONE ? next.without : union(way.without, next.without),
      line: way.line || next.line,
      node: next.node,
    }));
  });
}

function isEmpty(node: Node): boolean {
  return node.kind === "sequence" && node.items.every(isEmpty);
}
