// The values of one document, slot by slot, gathered in one walk. A slot of a `nested` path gets a list of values for each object.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, jsonObject } from "../../shared/json.ts";
import type { Node } from "./layout_tree.ts";

/** A nested path: the one around it (-1: the document), and the slots that hold values of its objects. */
export interface Scope {
  readonly around: number;
  readonly slots: readonly number[];
}

export class DocumentValues {
  readonly #scopes: readonly Scope[];
  /** By slot: where values go at the moment. */
  readonly #current: JsonValue[][];
  /** By slot: one list an object. */
  readonly #objects: JsonValue[][][];
  /** By scope: the number of the enclosing object, for each object. */
  readonly #enclosing: number[][];

  constructor(slots: number, scopes: readonly Scope[]) {
    this.#scopes = scopes;
    this.#current = Array.from({ length: slots }, () => []);
    this.#objects = Array.from({ length: slots }, () => []);
    this.#enclosing = scopes.map(() => []);
  }

  /** Values of a slot of the document. */
  of(slot: number): readonly JsonValue[] {
    return this.#current[slot] ?? [];
  }

  /** Values of a slot of a nested path, object by object. */
  inObjects(slot: number): readonly (readonly JsonValue[])[] {
    return this.#objects[slot] ?? [];
  }

  /** For each object of a nested path the number, from 1, of the object around it. */
  enclosing(scope: number): readonly number[] {
    return this.#enclosing[scope] ?? [];
  }

  clear(): void {
    for (const values of this.#current) values.length = 0;
    if (this.#scopes.length === 0) return;
    for (const objects of this.#objects) objects.length = 0;
    for (const numbers of this.#enclosing) numbers.length = 0;
  }

  gather(node: Node, object: JsonObject): void {
    for (const name in object) {
      const value = object[name];
      if (value !== undefined) this.#member(node, name, value);
    }
  }

  // A dot in a name is a step into an object of its own: a nested one, where the mapping says so.
  #member(node: Node, name: string, value: JsonValue): void {
    const child = node.children.get(name);
    if (child !== undefined) {
      this.#value(child, value);
      return;
    }
    const dot = name.indexOf(".");
    const first = dot < 0 ? undefined : node.children.get(name.slice(0, dot));
    if (first === undefined || (first.leaf && !first.keyed && !first.mixed)) return;
    if (first.scope >= 0 || first.keyed) this.#value(first, jsonObject([[name.slice(dot + 1), value]]));
    else if (!first.opaque) this.#member(first, name.slice(dot + 1), value);
  }

  #value(node: Node, value: JsonValue): void {
    if (node.opaque) return;
    if (node.mixed) this.#mixed(node, value);
    else if (node.leaf) for (const slot of node.slots) collect(value, node.arrayValued, this.#current[slot] ?? []);
    else this.#descend(node, value);
  }

  /** Objects are steps, whatever else is a value of the leaf. */
  #mixed(node: Node, value: JsonValue): void {
    if (isObject(value)) this.gather(node, value);
    else if (isArray(value)) for (const item of value) this.#mixed(node, item);
    else for (const slot of node.slots) this.#current[slot]?.push(value);
  }

  #descend(node: Node, value: JsonValue): void {
    if (isArray(value)) for (const item of value) this.#descend(node, item);
    else if (isObject(value)) {
      if (node.scope >= 0) this.#open(node.scope);
      this.gather(node, value);
    }
  }

  #open(scope: number): void {
    const { around, slots } = this.#scopes[scope] ?? { around: -1, slots: [] };
    this.#enclosing[scope]?.push(around < 0 ? 1 : (this.#enclosing[around]?.length ?? 1));
    for (const slot of slots) {
      const values: JsonValue[] = [];
      this.#current[slot] = values;
      this.#objects[slot]?.push(values);
    }
  }
}

/** Puts the values of a member into `into`: arrays flattened. */
export function collect(value: JsonValue, arrayValued: boolean, into: JsonValue[]): void {
  if (!isArray(value) || (arrayValued && isNumber(value[0]))) into.push(value);
  else for (const item of value) collect(item, arrayValued, into);
}
