// Which columns a mirror table has for a mapping. A field of a `nested` path holds one entry for each object, all objects of a
// document in one list in document order; a path's `#up` says, for each object, which one of the path around encloses it.
import { columnName } from "./column_name.ts";
import type { Column } from "./fields/field_type.ts";
import { fieldType } from "./fields/index.ts";
import type { Field, Mapping } from "./mapping.ts";

/** A field where its values stand: in documents (`scope` null) or in the objects of a nested path. */
export interface Placed {
  /** Its `column` is that of this place. */
  readonly field: Field;
  readonly scope: string | null;
}

/** Everywhere that values of the field stand, its own place first. */
export function placesOf(field: Field): readonly Placed[] {
  const others = (field.included ?? []).map((scope) => ({ field: includedField(field, scope), scope }));
  return [{ field, scope: field.nested }, ...others];
}

/** The field as it stands in the documents, or in the objects of a path; undefined where it does not. */
export function placedIn(field: Field, scope: string | null): Field | undefined {
  if (field.nested === scope) return field;
  return field.included?.includes(scope) === true ? includedField(field, scope) : undefined;
}

function includedField(field: Field, scope: string | null): Field {
  return { ...field, column: `${field.column}#in${scope === null ? "" : ` ${columnName(scope)}`}` };
}

/** Paths of the nested objects, outer ones first. */
export function nestedPaths(mapping: Mapping): readonly string[] {
  return [...mapping.objects].flatMap(([path, kind]) => (kind === "nested" ? [path] : []));
}

/** The nested path around another; null where that is the document. */
export function pathAround(mapping: Mapping, path: string): string | null {
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    const above = path.slice(0, dot);
    if (mapping.objects.get(above) === "nested") return above;
  }
  return null;
}

/** `Array(UInt32)`: the number, from 1, of the enclosing object of each; 1 where the document encloses it. */
export function upColumn(path: string): string {
  return `${columnName(path)}#up`;
}

/** The columns of a field in one place. */
export function placeColumns({ field, scope }: Placed): readonly Column[] {
  const columns = fieldType(field)?.columns(field) ?? [];
  return scope === null ? columns : columns.map(({ name, type }) => ({ name, type: `Array(${type})` }));
}

/** Columns of the fields that a table can hold, in the mapping's order; those of nested paths come last. */
export function fieldColumns(mapping: Mapping): readonly Column[] {
  return [
    ...[...mapping.fields.values()].flatMap(placesOf).flatMap(placeColumns),
    ...nestedPaths(mapping).map((path) => ({ name: upColumn(path), type: "Array(UInt32)" })),
  ];
}

/** A column that ClickHouse itself makes of another, so that searches need not read that one. */
export interface MadeColumn extends Column {
  /** The list that it is made of. */
  readonly of: string;
  /** `first`: its first value, read without offsets where lists hold no more than one. `repeats`: its values without the first of each. */
  readonly made: "first" | "repeats";
}

/**
 * Each column that is made of another costs, when a table is made or widened, the more the more fields there are; an index with
 * the square of that. A mapping of so many fields has them for all; one of more for its first fields, and for fewer of them the more there are. The
 * lists of the others are read as lists.
 */
const MOST_WITH_ALL = 250;
const MOST_PRODUCT = 200_000;
const MOST_SQUARES = 10_000_000;

/** Which columns of a mapping a table has indices of. */
export function indexedColumns(mapping: Mapping): (name: string) => boolean {
  if (mapping.fields.size <= MOST_WITH_ALL) return () => true;
  const first = new Set([...mapping.fields.values().take(Math.floor(MOST_SQUARES / mapping.fields.size ** 2))].map(({ column }) => column));
  return (name) => first.has(name.replace(/#(?:tok|one)$/, ""));
}

/** The fields that columns are made for. */
function madeFields({ fields }: Mapping): readonly Field[] {
  return [...fields.values().take(Math.min(MOST_WITH_ALL, Math.ceil(MOST_PRODUCT / Math.max(1, fields.size))))];
}

const PLAIN_LIST = /^Array\(((?:U?Int|Float)\d+|String|IPv6)\)$/;

/** The name of the column with the first value of a list. */
export function firstColumn(name: string): string {
  return `${name}#one`;
}

/** The first values of fields of the documents whose columns are lists of plain values. */
export function firstColumns(mapping: Mapping): readonly MadeColumn[] {
  return madeFields(mapping).flatMap((field) => {
    if (field.nested !== null) return [];
    const own = (fieldType(field)?.columns(field) ?? []).find(({ name }) => name === field.column);
    const element = own === undefined ? undefined : PLAIN_LIST.exec(own.type)?.[1];
    return element === undefined ? [] : [{ name: firstColumn(field.column), type: element, of: field.column, made: "first" as const }];
  });
}

/** The words that a text of the documents repeats, beyond the first time: what is to be read to count a word in it, where the table has it. */
export function repeatsColumn(field: Field): MadeColumn | undefined {
  if (field.nested !== null) return undefined;
  const words = (fieldType(field)?.columns(field) ?? []).find(({ name }) => name === `${field.column}#tok`);
  return words === undefined ? undefined : { name: `${field.column}#rep`, type: words.type, of: words.name, made: "repeats" };
}

/** All columns that ClickHouse itself makes. */
export function madeColumns(mapping: Mapping): readonly MadeColumn[] {
  return [...firstColumns(mapping), ...madeFields(mapping).flatMap((field) => repeatsColumn(field) ?? [])];
}
