// Reads a heap snapshot (V8's JSON) as it comes, in pieces, and adds its objects up by type: nothing of it is kept but the sums, and the
// names of types.
import type { HeapObjects, ObjectType } from "../../../shared/memory.ts";
import { isRecord } from "../../../shared/record.ts";

/** Nodes whose name is a type's; all others are told of by what kind they are. */
const NAMED: readonly string[] = ["object", "native", "closure"];
const TYPES_TOLD = 50;
/** More kinds of nodes than V8 has. */
const KINDS = 64;
const LONGEST_NAME = 100;
const NODES = ',\n"nodes":[';
const STRINGS = '"strings":[';
const [COMMA, NINE, ZERO, BRACKET, QUOTE, BACKSLASH] = [44, 57, 48, 93, 34, 92];

interface Sum {
  readonly kind: number;
  /** Its place among the strings; -1: the kind alone. */
  readonly name: number;
  count: number;
  bytes: number;
}

interface Layout {
  readonly kinds: readonly string[];
  readonly fields: number;
  readonly kindAt: number;
  readonly nameAt: number;
  readonly sizeAt: number;
}

export class SnapshotTypes {
  #state: "head" | "nodes" | "edges" | "strings" | "end" = "head";
  /** What was read of something that is not whole yet. */
  #rest = "";
  #layout: Layout | null = null;
  readonly #sums = new Map<number, Sum>();
  readonly #names = new Map<number, string>();
  #field = 0;
  #number = 0;
  #kind = 0;
  #name = 0;
  #size = 0;
  #count = 0;
  #bytes = 0;
  #string = 0;
  #inString = false;
  #escaped = false;

  /** The next piece of the snapshot's text. Throws where it is not as V8 writes it. */
  add(piece: string): void {
    switch (this.#state) {
      case "head":
        this.#rest += piece;
        this.#readHead();
        return;
      case "nodes":
        this.#readNodes(piece);
        return;
      case "edges":
        this.#rest += piece;
        this.#skipEdges();
        return;
      case "strings":
        this.#readStrings(piece);
        return;
      case "end":
    }
  }

  /** Once all of it was read. `ms`: as in HeapObjects. Throws where the snapshot has no end. */
  result(ms: number): HeapObjects {
    if (this.#state !== "end") throw new Error("the heap snapshot has no end");
    const types = new Map<string, ObjectType>();
    for (const { kind, name, count, bytes } of this.#sums.values()) {
      const type = this.#typeOf(kind, name);
      const known = types.get(type);
      types.set(type, { type, count: count + (known?.count ?? 0), bytes: bytes + (known?.bytes ?? 0) });
    }
    const sorted = [...types.values()].toSorted((a, b) => b.bytes - a.bytes || b.count - a.count);
    return { types: sorted.slice(0, TYPES_TOLD), count: this.#count, bytes: this.#bytes, ms };
  }

  #typeOf(kind: number, name: number): string {
    const kindName = this.#layout?.kinds[kind] ?? "";
    if (name < 0) return `(${kindName})`;
    const text = this.#names.get(name) ?? "";
    return kindName === "closure" ? `function (${text || "anonymous"})` : text || `(${kindName})`;
  }

  #readHead(): void {
    const at = this.#rest.indexOf(NODES);
    if (at < 0) return;
    const head: unknown = JSON.parse(`${this.#rest.slice(0, at)}}`);
    this.#layout = layoutOf(head);
    const after = this.#rest.slice(at + NODES.length);
    this.#rest = "";
    this.#state = "nodes";
    this.#readNodes(after);
  }

  #readNodes(piece: string): void {
    const layout = this.#layout;
    if (layout === null) return;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code >= ZERO && code <= NINE) {
        this.#number = this.#number * 10 + code - ZERO;
        continue;
      }
      if (code !== COMMA && code !== BRACKET) continue;
      this.#fieldRead(layout);
      if (code === COMMA) continue;
      this.#state = "edges";
      this.#rest = piece.slice(at + 1);
      this.#skipEdges();
      return;
    }
  }

  #fieldRead(layout: Layout): void {
    if (this.#field === layout.kindAt) this.#kind = this.#number;
    else if (this.#field === layout.nameAt) this.#name = this.#number;
    else if (this.#field === layout.sizeAt) this.#size = this.#number;
    this.#number = 0;
    this.#field += 1;
    if (this.#field < layout.fields) return;
    this.#field = 0;
    this.#nodeRead(layout);
  }

  #nodeRead(layout: Layout): void {
    const name = NAMED.includes(layout.kinds[this.#kind] ?? "") ? this.#name : -1;
    const key = (name + 1) * KINDS + this.#kind;
    const sum = this.#sums.get(key) ?? { kind: this.#kind, name, count: 0, bytes: 0 };
    sum.count += 1;
    sum.bytes += this.#size;
    this.#sums.set(key, sum);
    if (name >= 0) this.#names.set(name, "");
    this.#count += 1;
    this.#bytes += this.#size;
  }

  // Nothing but numbers stands between nodes and strings.
  #skipEdges(): void {
    const at = this.#rest.indexOf(STRINGS);
    if (at < 0) {
      this.#rest = this.#rest.slice(-STRINGS.length);
      return;
    }
    const after = this.#rest.slice(at + STRINGS.length);
    this.#rest = "";
    this.#state = "strings";
    this.#readStrings(after);
  }

  #readStrings(piece: string): void {
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (!this.#inString) {
        if (code === BRACKET) {
          this.#state = "end";
          return;
        }
        if (code === QUOTE) [this.#inString, from] = [true, at];
        continue;
      }
      if (this.#escaped) this.#escaped = false;
      else if (code === BACKSLASH) this.#escaped = true;
      else if (code === QUOTE) {
        this.#stringRead(this.#rest + piece.slice(from, at + 1));
        [this.#inString, this.#rest] = [false, ""];
      }
    }
    if (this.#inString) this.#rest += this.#names.has(this.#string) ? piece.slice(from) : "";
  }

  #stringRead(literal: string): void {
    if (this.#names.has(this.#string)) {
      const name: unknown = JSON.parse(literal);
      this.#names.set(this.#string, String(name).slice(0, LONGEST_NAME));
    }
    this.#string += 1;
  }
}

function layoutOf(head: unknown): Layout {
  const snapshot = isRecord(head) ? head.snapshot : undefined;
  const meta = isRecord(snapshot) ? snapshot.meta : undefined;
  const fields = isRecord(meta) && Array.isArray(meta.node_fields) ? meta.node_fields : [];
  const types = isRecord(meta) && Array.isArray(meta.node_types) ? meta.node_types : [];
  const [kindAt, nameAt, sizeAt] = ["type", "name", "self_size"].map((field) => fields.indexOf(field));
  const kinds: unknown = types[kindAt ?? -1];
  if (kindAt === undefined || nameAt === undefined || sizeAt === undefined || nameAt < 0 || sizeAt < 0 || !Array.isArray(kinds)) {
    throw new Error("the heap snapshot has a layout that is not known");
  }
  return { kinds: kinds.map(String), fields: fields.length, kindAt, nameAt, sizeAt };
}
