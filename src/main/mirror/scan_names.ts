// What stands behind a name of a document, at one node of the mapping: found by the bytes of the name, without a string.
import { isBelowLeaf, type Node, nodeAt } from "./layout_tree.ts";

/** What a member of a document is to the layout. */
export const MEMBER = {
  /** Its values are some fields'. */
  leaf: 0,
  /** An object of the mapping. */
  object: 1,
  /** Nothing reads it. */
  skipped: 2,
  /** The mapping lacks it: Elasticsearch would have made a field of it, if it holds a value. */
  unknown: 3,
  /** Its parsed form has to be asked. */
  odd: 4,
} as const;

/** What names of objects come after: a member, or the beginning. */
export interface Follower {
  /** The name that stood here in the last document; null before there was one. */
  follower: Member | null;
}

export interface Member extends Follower {
  readonly kind: (typeof MEMBER)[keyof typeof MEMBER];
  readonly name: Uint8Array;
  /** As it mostly stands in a document: the name in quotes, and a colon. */
  readonly head: Uint8Array;
  readonly node: Node;
  /** Members below, for `object`. */
  readonly below: Names;
}

const BUCKETS = 64;
/** Names of documents that are remembered at one node; a mapping with `dynamic: false` may meet any number. */
const MOST_NAMES = 10_000;

export class Names implements Follower {
  follower: Member | null = null;
  readonly #node: Node;
  readonly #buckets: Member[][] = Array.from({ length: BUCKETS }, () => []);
  #count = 0;

  constructor(node: Node) {
    this.#node = node;
  }

  /** The member with the name bytes[from, to), which are ASCII without escapes. */
  find(bytes: Uint8Array, from: number, to: number): Member {
    const length = to - from;
    const hash = (length ^ ((bytes[from] ?? 0) << 1) ^ ((bytes[to - 1] ?? 0) << 3) ^ (bytes[from + (length >> 1)] ?? 0)) & (BUCKETS - 1);
    const bucket = this.#buckets[hash] ?? [];
    for (const member of bucket) if (isNamed(member.name, bytes, from, length)) return member;
    const met = memberOf(this.#node, bytes.slice(from, to));
    if (this.#count < MOST_NAMES) {
      this.#count += 1;
      bucket.push(met);
    }
    return met;
  }
}

function isNamed(name: Uint8Array, bytes: Uint8Array, from: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i += 1) if (name[i] !== bytes[from + i]) return false;
  return true;
}

/** Whether bytes has `text` at `at`. */
export function standsAt(text: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const { length } = text;
  if (at + length > bytes.length) return false;
  for (let i = 0; i < length; i += 1) if (text[i] !== bytes[at + i]) return false;
  return true;
}

function memberOf(node: Node, name: Uint8Array): Member {
  const text = new TextDecoder().decode(name);
  const named = { name, head: new TextEncoder().encode(`"${text}":`), follower: null };
  const child = node.children.get(text);
  if (child !== undefined) return { ...named, kind: kindOf(child), node: child, below: new Names(child) };
  const odd = { ...named, kind: MEMBER.odd, node, below: new Names(node) };
  if (!text.includes(".")) return { ...odd, kind: node.closed ? MEMBER.skipped : MEMBER.unknown };
  const meant = nodeAt(node, text);
  const first = node.children.get(text.slice(0, text.indexOf(".")));
  if (meant === undefined) {
    if (first !== undefined) return odd;
    return { ...odd, kind: node.closed || isBelowLeaf(node, text) ? MEMBER.skipped : MEMBER.unknown };
  }
  return isPlainPath(node, text) ? { ...named, kind: kindOf(meant), node: meant, below: new Names(meant) } : odd;
}

function kindOf({ opaque, leaf, mixed, scope }: Node): Member["kind"] {
  if (opaque) return MEMBER.skipped;
  if (mixed) return MEMBER.odd;
  if (leaf) return MEMBER.leaf;
  return scope >= 0 ? MEMBER.odd : MEMBER.object;
}

/** True where each dot is a step into a plain object. */
function isPlainPath(node: Node, path: string): boolean {
  const steps = path.split(".");
  let at: Node | undefined = node;
  for (const step of steps.slice(0, -1)) {
    at = at?.children.get(step);
    if (at === undefined || kindOf(at) !== MEMBER.object) return false;
  }
  return true;
}
