// How a document of one mapping becomes a row: a tree of the mapping's names, walked along with the document once, and a
// writer for each column. Rebuilt whenever the mapping grows.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { type Cell, cellWriter, RowBinaryWriter, type WriteCell } from "../clickhouse/rowbinary.ts";
import { fieldColumns, nestedPaths, type Placed, pathAround, placeColumns, placesOf } from "../elasticsearch/columns.ts";
import type { Column, FieldType } from "../elasticsearch/fields/field_type.ts";
import { fieldType } from "../elasticsearch/fields/index.ts";
import { unsupportedReason } from "../elasticsearch/fields/unsupported.ts";
import { type Mapping, sourcesOf } from "../elasticsearch/mapping.ts";
import type { DateSpan } from "../translate/types.ts";
import { dateColumns, widenSpan } from "./date_spans.ts";
import { type DirectCells, directCells, NOT_USUAL } from "./direct_cells.ts";
import { DocumentScan, type Scanned } from "./document_scan.ts";
import { collect, DocumentValues } from "./document_values.ts";
import type { IndexDescription } from "./index_description.ts";
import { isArrayValued, lacksName, mappingTree, type Node, nodeAt } from "./layout_tree.ts";
import { scannedValue } from "./scanned_value.ts";

/** A field with columns, in one place. */
interface Slot extends Placed {
  readonly type: FieldType;
  /** Writes its usual values from the document's bytes; null where there is no such way. */
  readonly direct: DirectCells | null;
  /** None where the columns stay empty. */
  readonly writers: readonly WriteCell[];
  /** The bytes of its columns for a document without it. */
  readonly absent: Uint8Array;
}

const NO_VALUES: readonly JsonValue[] = Object.freeze([]);
const writeNumbers = cellWriter("Array(UInt32)");

export class Layout {
  /** Field columns in the order in which writeFields writes them. */
  readonly columns: readonly Column[];
  /** Columns of which a document had more than one value, so far. */
  readonly several = new Set<string>();
  /** Columns of which a document had none. */
  readonly lacking = new Set<string>();
  /** Between which moments the dates lay, so far. */
  readonly dates = new Map<string, DateSpan>();
  readonly #dated: ReadonlySet<string>;
  readonly #slots: readonly Slot[];
  readonly #root: Node;
  readonly #paths: readonly string[];
  readonly #values: DocumentValues;
  readonly #scan: DocumentScan;

  constructor({ mapping, mappings }: IndexDescription) {
    this.columns = fieldColumns(mapping);
    this.#dated = new Set(dateColumns(mapping));
    this.#root = mappingTree(mappings);
    this.#slots = slotsOf(mapping, (column, time) => this.#met(column, time));
    for (const [i, { field }] of this.#slots.entries()) for (const path of sourcesOf(field)) nodeAt(this.#root, path)?.slots.push(i);
    this.#paths = nestedPaths(mapping);
    for (const [i, path] of this.#paths.entries()) {
      const node = nodeAt(this.#root, path);
      if (node !== undefined) node.scope = i;
    }
    const scopes = this.#paths.map((path) => ({
      around: this.#paths.indexOf(pathAround(mapping, path) ?? ""),
      slots: this.#slots.flatMap(({ scope }, i) => (scope === path ? [i] : [])),
    }));
    this.#values = new DocumentValues(this.#slots.length, scopes);
    this.#scan = new DocumentScan(this.#root, this.#slots.length);
  }

  /** Looks where the values of a document stand: `whole` when writeScanned may write them. */
  scan(source: Uint8Array): Scanned {
    return this.#paths.length > 0 ? "odd" : this.#scan.scan(source);
  }

  /** Writes the cells of all field columns of the document that was scanned. Throws MalformedValue and SyntaxError. */
  writeScanned(out: RowBinaryWriter): void {
    const scan = this.#scan;
    for (let i = 0; i < this.#slots.length; i += 1) {
      const slot = this.#slots[i];
      if (slot === undefined) continue;
      const count = slot.direct === null || scan.counts[i] === 0 ? NOT_USUAL : slot.direct(out, scan, i);
      if (count < 0) this.#writeSlot(out, slot, this.#scanned(i, slot));
      else if (count !== 1) (count > 1 ? this.several : this.lacking).add(slot.field.column);
    }
  }

  #scanned(slot: number, { type }: Slot): readonly JsonValue[] {
    const scan = this.#scan;
    if (scan.counts[slot] === 0) return NO_VALUES;
    const values: JsonValue[] = [];
    const arrayValued = isArrayValued(type.type);
    for (let value = scan.first[slot] ?? -1; value >= 0; value = scan.next[value] ?? -1)
      collect(scannedValue(scan, value), arrayValued, values);
    return values;
  }

  #met(column: string, time: number): void {
    const span = this.dates.get(column);
    if (span === undefined || time < span.least || time > span.greatest) widenSpan(this.dates, column, { least: time, greatest: time });
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
    try {
      this.#values.gather(this.#root, source);
      for (const [i, slot] of this.#slots.entries()) {
        if (slot.scope === null) this.#writeSlot(out, slot, this.#values.of(i));
        else writeObjects(out, slot, this.#values.inObjects(i));
      }
      for (const i of this.#paths.keys()) writeNumbers(out, this.#values.enclosing(i));
    } finally {
      this.#values.clear();
    }
  }

  #writeSlot(out: RowBinaryWriter, slot: Slot, values: readonly JsonValue[]): void {
    if (values.length === 0 || slot.writers.length === 0) {
      this.lacking.add(slot.field.column);
      out.fixed(slot.absent);
      return;
    }
    const cells = slot.type.docValues(slot.field, values);
    const [first] = cells;
    if (Array.isArray(first) && first.length > 1) this.several.add(slot.field.column);
    if (Array.isArray(first) && first.length > 0 && this.#dated.has(slot.field.column)) this.#widen(slot.field.column, first);
    if (!Array.isArray(first) || first.length === 0) this.lacking.add(slot.field.column);
    for (let i = 0; i < slot.writers.length; i += 1) slot.writers[i]?.(out, cells[i] ?? 0);
  }

  // Doc values are sorted.
  #widen(name: string, moments: readonly unknown[]): void {
    widenSpan(this.dates, name, { least: Number(moments[0]), greatest: Number(moments.at(-1)) });
  }

  /** Writes the cells of a document that is gone. */
  writeAbsent(out: RowBinaryWriter): void {
    for (const slot of this.#slots) out.fixed(slot.absent);
    for (const _ of this.#paths) writeNumbers(out, []);
  }
}

type Moment = (column: string, time: number) => void;

function slotsOf(mapping: Mapping, moment: Moment): readonly Slot[] {
  return [...mapping.fields.values()].flatMap((field) => {
    const supported = unsupportedReason(field) === null;
    return placesOf(field).flatMap((place) => slotOf(place, supported, moment));
  });
}

function slotOf(place: Placed, supported: boolean, moment: Moment): readonly Slot[] {
  const type = fieldType(place.field);
  const columns = placeColumns(place);
  if (type === undefined || columns.length === 0) return [];
  const writers = columns.map((column) => cellWriter(column.type));
  const out = new RowBinaryWriter(256);
  // Without support the columns stay empty: the translator refuses to read them, with the same reason.
  const known = supported && place.scope === null;
  const cells: readonly Cell[] = known ? type.docValues(place.field, NO_VALUES) : columns.map(emptyCell);
  for (const [i, write] of writers.entries()) write(out, cells[i] ?? 0);
  const direct = known ? directCells(place.field, (time) => moment(place.field.column, time)) : null;
  return [{ ...place, type, direct, writers: supported ? writers : [], absent: Uint8Array.from(out.bytes()) }];
}

function emptyCell(column: Column): Cell {
  return column.type.startsWith("Array(") ? [] : 0;
}

function writeObjects(out: RowBinaryWriter, slot: Slot, objects: readonly (readonly JsonValue[])[]): void {
  if (objects.length === 0 || slot.writers.length === 0) {
    out.fixed(slot.absent);
    return;
  }
  const cells = objects.map((values) => slot.type.docValues(slot.field, values));
  for (let i = 0; i < slot.writers.length; i += 1)
    slot.writers[i]?.(
      out,
      cells.map((each) => each[i] ?? 0),
    );
}
