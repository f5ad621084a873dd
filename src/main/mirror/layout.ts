// How a document of one mapping becomes a row: a tree of the mapping's names, walked along with the document once, and a
// writer for each column. Rebuilt whenever the mapping grows.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { type Cell, cellWriter, RowBinaryWriter, type WriteCell } from "../clickhouse/rowbinary.ts";
import { fieldColumns } from "../clickhouse/schema.ts";
import type { Column, FieldType } from "../elasticsearch/fields/field_type.ts";
import { fieldType } from "../elasticsearch/fields/index.ts";
import { unsupportedReason } from "../elasticsearch/fields/unsupported.ts";
import type { Field } from "../elasticsearch/mapping.ts";
import type { IndexDescription } from "./index_description.ts";

/** A field with columns. */
interface Slot {
  readonly field: Field;
  readonly type: FieldType;
  readonly writers: readonly WriteCell[];
  /** The bytes of its columns for a document without it. */
  readonly absent: Uint8Array;
}

interface Node {
  readonly children: Map<string, Node>;
  /** Slots of the leaf and its multi-fields, by position. */
  readonly slots: number[];
  readonly leaf: boolean;
  /** An array of numbers is one value here. */
  readonly arrayValued: boolean;
  /** Names that are not in the mapping stay unmapped: `dynamic` is false or runtime, or the object is not looked into. */
  readonly closed: boolean;
  /** Nothing below is looked at. */
  readonly opaque: boolean;
  readonly nested: boolean;
}

const ARRAY_VALUED: ReadonlySet<string> = new Set(["geo_point", "point", "dense_vector"]);
const NO_VALUES: readonly JsonValue[] = Object.freeze([]);

export class Layout {
  /** Field columns in the order in which writeFields writes them. */
  readonly columns: readonly Column[];
  readonly #slots: readonly Slot[];
  readonly #root: Node;
  readonly #values: JsonValue[][];

  constructor({ mapping, mappings }: IndexDescription) {
    this.columns = fieldColumns(mapping);
    const slots: Slot[] = [];
    this.#root = newNode(mappings, false, false);
    addProperties(this.#root, mappings, false);
    for (const field of mapping.fields.values()) {
      if (field.nested !== null) continue;
      const slot = slotOf(field, unsupportedReason(field, mapping) === null);
      if (slot === null) continue;
      find(this.#root, field.sourcePath)?.slots.push(slots.length);
      slots.push(slot);
    }
    this.#slots = slots;
    this.#values = slots.map(() => []);
  }

  /** True when the document has a name that the mapping lacks although Elasticsearch would have mapped it. */
  lacks(source: JsonObject): boolean {
    try {
      return lacksName(this.#root, source);
    } catch (error) {
      // Deeper than our stack is deeper than any mapping.
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  /** Writes the cells of all field columns. Throws MalformedValue. */
  writeFields(out: RowBinaryWriter, source: JsonObject): void {
    collect(this.#root, source, this.#values);
    try {
      for (const [i, slot] of this.#slots.entries()) writeSlot(out, slot, this.#values[i] ?? []);
    } finally {
      for (const values of this.#values) values.length = 0;
    }
  }

  /** Writes the cells of a document that is gone. */
  writeAbsent(out: RowBinaryWriter): void {
    for (const slot of this.#slots) out.fixed(slot.absent);
  }
}

function slotOf(field: Field, supported: boolean): Slot | null {
  const type = fieldType(field);
  const writers = type?.columns(field).map((column) => cellWriter(column.type)) ?? [];
  if (type === undefined || writers.length === 0) return null;
  // Without support the columns stay empty: the translator refuses to read them, with the same reason.
  const usable = supported ? field : null;
  const out = new RowBinaryWriter(256);
  const cells: readonly Cell[] = usable === null ? type.columns(field).map(emptyCell) : type.docValues(field, NO_VALUES);
  for (const [i, write] of writers.entries()) write(out, cells[i] ?? 0);
  const absent = Uint8Array.from(out.bytes());
  return { field, type, writers: usable === null ? [] : writers, absent };
}

function emptyCell(column: Column): Cell {
  return column.type.startsWith("Array(") ? [] : 0;
}

function writeSlot(out: RowBinaryWriter, slot: Slot, values: readonly JsonValue[]): void {
  if (values.length === 0 || slot.writers.length === 0) {
    out.fixed(slot.absent);
    return;
  }
  const cells = slot.type.docValues(slot.field, values);
  for (let i = 0; i < slot.writers.length; i += 1) slot.writers[i]?.(out, cells[i] ?? 0);
}

function newNode(definition: JsonObject, closedAbove: boolean, leaf: boolean): Node {
  const dynamic = member(definition, "dynamic");
  const type = member(definition, "type");
  const ownClosed = dynamic === undefined ? closedAbove : String(dynamic) !== "true";
  return {
    children: new Map(),
    slots: [],
    leaf,
    arrayValued: typeof type === "string" && ARRAY_VALUED.has(type),
    closed: ownClosed,
    opaque: member(definition, "enabled") === false,
    nested: type === "nested",
  };
}

function addProperties(node: Node, definition: JsonObject, closedAbove: boolean): void {
  const properties = member(definition, "properties");
  if (!isObject(properties)) return;
  for (const [name, child] of Object.entries(properties)) {
    if (!isObject(child)) continue;
    const type = member(child, "type");
    const leaf = typeof type === "string" && type !== "object" && type !== "nested";
    // `subobjects: false` keeps dotted names whole: they are steps here all the same.
    const steps = name.split(".");
    const parent = steps.slice(0, -1).reduce((above, step) => childOf(above, step), node);
    const made = newNode(child, node.closed || closedAbove, leaf);
    parent.children.set(steps.at(-1) ?? name, made);
    addProperties(made, child, made.closed);
  }
}

function childOf(node: Node, name: string): Node {
  const known = node.children.get(name);
  if (known !== undefined) return known;
  const made: Node = { children: new Map(), slots: [], leaf: false, arrayValued: false, closed: node.closed, opaque: false, nested: false };
  node.children.set(name, made);
  return made;
}

function find(root: Node, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path.split(".")) node = node?.children.get(step);
  return node;
}

/** The node that a member's name leads to, dots being steps. */
function step(node: Node, name: string): Node | undefined {
  return node.children.get(name) ?? (name.includes(".") ? find(node, name) : undefined);
}

function collect(node: Node, object: JsonObject, values: JsonValue[][]): void {
  for (const name in object) {
    const child = step(node, name);
    if (child === undefined || child.opaque || child.nested) continue;
    const value = object[name];
    if (value === undefined) continue;
    if (child.leaf) for (const slot of child.slots) collectLeaf(value, child.arrayValued, values[slot] ?? []);
    else descend(child, value, values);
  }
}

function descend(node: Node, value: JsonValue, values: JsonValue[][]): void {
  if (isArray(value)) for (const item of value) descend(node, item, values);
  else if (isObject(value)) collect(node, value, values);
}

function collectLeaf(value: JsonValue, arrayValued: boolean, into: JsonValue[]): void {
  if (!isArray(value) || (arrayValued && isNumber(value[0]))) into.push(value);
  else for (const item of value) collectLeaf(item, arrayValued, into);
}

function lacksName(node: Node, object: JsonObject): boolean {
  for (const name in object) {
    const child = step(node, name);
    const value = object[name];
    if (child?.leaf === true || child?.opaque === true || value === undefined) continue;
    if (child === undefined) {
      if (!node.closed && makesField(value)) return true;
    } else if (lacksBelow(child, value)) return true;
  }
  return false;
}

function lacksBelow(node: Node, value: JsonValue): boolean {
  if (isArray(value)) return value.some((item) => lacksBelow(node, item));
  return isObject(value) && lacksName(node, value);
}

/** False for what dynamic mapping makes no field of: null, [], and objects of those. */
function makesField(value: JsonValue): boolean {
  if (value === null) return false;
  if (isArray(value)) return value.some(makesField);
  return isObject(value) ? Object.values(value).some(makesField) : true;
}
