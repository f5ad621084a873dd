// GROK's patterns with their names put in: which captures they have, and whether each can be told to have taken part.
import { LIBRARY, WITHOUT_SQL } from "./library.ts";
import { type Node, NoEqual, parseRegex } from "./regex.ts";

export interface Capture {
  /** "": no column, it only tells whether another took part. */
  readonly name: string;
  readonly type: string;
  /** What it is of: the same name twice is the same capture, in Elasticsearch, where this is the same too. */
  readonly of: string;
}

/** A name that no library of Elasticsearch's has. */
export class UnknownPattern extends Error {}

const REFERENCE = /%\{([A-Za-z0-9_]+)(?::([A-Za-z0-9@[\]_:.-]+?))?(?::(int|integer|long|float|double|boolean|string))?\}/g;

/** The tree of a pattern and its captures, by number. */
export function readPattern(pattern: string): {
  readonly tree: Node;
  readonly captures: readonly Capture[];
  readonly used: ReadonlySet<string>;
} {
  if (pattern.includes("(?#")) throw new NoEqual("a comment");
  const captures: Capture[] = [];
  const used = new Set<string>();
  const source = expanded(pattern, captures, used, 0);
  const tree = parseRegex(source, (name) => {
    const known = /^ ([0-9]+)$/.exec(name);
    return known === null ? captures.push({ name, type: "string", of: "" }) - 1 : Number(known[1]);
  });
  return { tree: withWaysCaptured(tree, () => captures.push({ name: "", type: "string", of: "" }) - 1), captures, used };
}

function expanded(pattern: string, captures: Capture[], used: Set<string>, depth: number): string {
  if (/%\{[^}]*=/.test(pattern) || depth > 20) throw new NoEqual("a pattern that is defined in place");
  return pattern.replace(REFERENCE, (_, name: string, field: string | undefined, type: string | undefined) => {
    const known = Object.hasOwn(LIBRARY, name) ? LIBRARY[name] : undefined;
    if (known === undefined && WITHOUT_SQL.test(name)) throw new NoEqual(`the pattern ${name}`);
    if (known === undefined) throw new UnknownPattern(name);
    used.add(name);
    if (field === undefined) return `(?:${expanded(known, captures, used, depth + 1)})`;
    const id = captures.push({ name: field, type: type ?? "string", of: name }) - 1;
    return `(?< ${id}>${expanded(known, captures, used, depth + 1)})`;
  });
}

/**
 * How to tell that a capture took part: it always does; it is never empty when it does; or it is the one of several ways that may be
 * empty, so that the capture around these ways, by its number, tells. `null`: not at all.
 */
export function presenceOf(tree: Node, id: number): "always" | "not_empty" | number | null {
  const found = placesOf(tree, id, false);
  if (found.every(({ maybe }) => !maybe)) return "always";
  if (found.every(({ node }) => !mayBeEmpty(node))) return "not_empty";
  const around = waysAround(tree, id);
  return around !== null && placesOf(tree, around, false).every(({ maybe }) => !maybe) ? around : null;
}

/** The tree with a capture more around each choice one way of which is a capture that may be empty. */
function withWaysCaptured(node: Node, next: () => number): Node {
  const inner = (item: Node): Node => withWaysCaptured(item, next);
  switch (node.kind) {
    case "either": {
      const items = node.items.map(inner);
      const empty = items.filter(mayBeEmpty);
      const choice: Node = { ...node, items };
      return empty.length === 1 && empty[0]?.kind === "capture" ? { kind: "capture", item: choice, id: next() } : choice;
    }
    case "sequence":
      return { ...node, items: node.items.map(inner) };
    case "repeat":
    case "capture":
    case "whole":
      return { ...node, item: inner(node.item) };
    default:
      return node;
  }
}

function waysAround(node: Node, id: number): number | null {
  switch (node.kind) {
    case "capture":
      if (node.item.kind === "either" && node.item.items.some((item) => item.kind === "capture" && item.id === id)) return node.id;
      return waysAround(node.item, id);
    case "whole":
    case "repeat":
      return waysAround(node.item, id);
    case "sequence":
    case "either":
      return node.items.map((item) => waysAround(item, id)).find((found) => found !== null) ?? null;
    default:
      return null;
  }
}

function placesOf(node: Node, id: number, maybe: boolean): readonly { readonly node: Node; readonly maybe: boolean }[] {
  switch (node.kind) {
    case "capture":
      return node.id === id ? [{ node: node.item, maybe }] : placesOf(node.item, id, maybe);
    case "whole":
      return placesOf(node.item, id, maybe);
    case "repeat":
      return placesOf(node.item, id, maybe || node.least === 0);
    case "sequence":
      return node.items.flatMap((item) => placesOf(item, id, maybe));
    case "either":
      return node.items.flatMap((item) => placesOf(item, id, true));
    default:
      return [];
  }
}

function mayBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case "set":
      return false;
    case "sequence":
      return node.items.every(mayBeEmpty);
    case "either":
      return node.items.some(mayBeEmpty);
    case "repeat":
      return node.least === 0 || mayBeEmpty(node.item);
    case "capture":
    case "whole":
      return mayBeEmpty(node.item);
    default:
      return true;
  }
}
