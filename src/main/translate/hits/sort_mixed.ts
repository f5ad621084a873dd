// Sorting by a field that the indices searched map in several ways, or that some of them lack: each index has a key of its own, and
// Elasticsearch widens the numbers as it merges: floats and whole numbers become doubles, dates and booleans are whole numbers.
import { childPointer, isNumber, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { call, column, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { doubleJson } from "../../elasticsearch/fields/number_text.ts";
import { type Field, findField } from "../../elasticsearch/mapping.ts";
import { type Context, contextOf } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { INDEX_COLUMN, typedColumn } from "../source.ts";
import type { IndexTable } from "../types.ts";
import type { SortKey, SortPart } from "./sort.ts";
import { numberCell } from "./sort_cell.ts";

/** Indices that read the field alike, and their key. */
interface Group {
  readonly names: readonly string[];
  readonly kind: Kind;
  readonly key: SortKey;
}

type Kind = "whole" | "float" | "double" | "text" | "address";

const KINDS: Readonly<Record<string, Kind>> = {
  ...{ long: "whole", integer: "whole", short: "whole", byte: "whole", date: "whole", date_nanos: "whole", boolean: "whole" },
  ...{ double: "double", float: "float", half_float: "float", keyword: "text", constant_keyword: "text", wildcard: "text", ip: "address" },
};

/** The key in indices that read the field alike. */
type KeyIn = (context: Context, options: JsonObject) => SortKey;

/** The key over several ways; undefined where all indices read the field alike. `keyIn` makes that of one of them. */
export function mixedKey(path: string, options: JsonObject, pointer: string, context: Context, keyIn: KeyIn): SortKey | undefined {
  if (member(options, "nested") !== undefined || context.scope !== undefined || context.runtime?.has(path) === true) return undefined;
  const ways = Map.groupBy(context.tables, ({ mapping }) => wayOf(findField(mapping, path)));
  const fields = context.tables.map(({ mapping }) => findField(mapping, path));
  if (ways.size < 2 || fields.some((field) => field !== undefined && (field.nested !== null || field.key !== undefined))) return undefined;
  if (fields.includes(undefined) && member(options, "unmapped_type") === undefined) return undefined;
  const asked = member(options, "missing");
  if (isNumber(asked ?? null) && !(Number.isInteger(Number(asked)) && Math.abs(Number(asked)) < 2 ** 31)) {
    throw new UnsupportedClause(childPointer(pointer, "missing"), "each index cuts off what its own numbers can't hold");
  }
  const groups = [...ways.values()].map((tables) => groupOf(path, tables, options, pointer, context, keyIn));
  const kinds = new Set(groups.map(({ kind }) => kind));
  const texts = [...kinds].filter((kind) => kind === "text" || kind === "address");
  if (texts.length > 0 && kinds.size > 1) {
    throw new UnsupportedClause(pointer, `[${path}] is sorted by texts in some indices: Elasticsearch fails where others have hits too`);
  }
  return texts.length > 0 ? textKey(groups) : numberKey(groups, kinds, options, pointer);
}

function wayOf(field: Field | undefined): string {
  return field === undefined ? "" : `${field.type} ${String(member(field.params, "format"))}`;
}

function groupOf(path: string, tables: readonly IndexTable[], options: JsonObject, pointer: string, context: Context, keyIn: KeyIn): Group {
  const own = contextOf(tables, context.now);
  const field = findField(own.mapping, path);
  const unmapped = member(options, "unmapped_type") ?? null;
  const type = String(member(options, "numeric_type") ?? field?.type ?? unmapped).toLowerCase();
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) throw new UnsupportedClause(pointer, `[${path}] is mapped in several ways, as ${type} too`);
  if (field === undefined && member(options, "format") !== undefined) {
    throw new UnsupportedClause(
      childPointer(pointer, "format"),
      `[${path}] is not mapped in [${tables[0]?.index}], which may fail on a format`,
    );
  }
  if (field === undefined && type === "date_nanos") {
    throw new UnsupportedClause(
      childPointer(pointer, "numeric_type"),
      `Elasticsearch fails on [${tables[0]?.index}], which does not map [${path}]`,
    );
  }
  const names = tables.map(({ index }) => index);
  const key =
    field === undefined
      ? keyIn({ ...context, ...own }, { ...options, unmapped_type: type })
      : keyIn({ ...context, ...own, mapping: typed(own, field) }, options);
  return { names, kind, key };
}

// The field's column by its type: other indices have another column of its name.
function typed({ mapping }: Context, field: Field): Context["mapping"] {
  const type = `Array(${fieldType(field)?.element})`;
  return { ...mapping, fields: new Map(mapping.fields).set(field.path, { ...field, column: typedColumn(field.column, type) }) };
}

/** In each index what its group says. */
function chosen(groups: readonly Group[], of: (group: Group) => Expr): Expr {
  const [first, ...others] = groups;
  if (first === undefined) throw new Error("no groups");
  if (others.length === 0) return of(first);
  const cases = others.flatMap((group) => [call("has", param("Array(String)", group.names), column(INDEX_COLUMN)), of(group)]);
  return call("multiIf", ...cases, of(first));
}

function textKey(groups: readonly Group[]): SortKey {
  const part = (group: Group, i: number): SortPart => group.key.parts[i] ?? lacking();
  const [first] = groups;
  if (first === undefined) return lacking();
  return {
    kind: "field",
    parts: first.key.parts.map(({ desc }, i) => ({
      expr: chosen(groups, (group) => part(group, i).expr),
      desc,
      after: (value) => chosen(groups, (group) => part(group, i).after(value)),
    })),
    value: chosen(groups, ({ key }) => key.value),
    present: first.key.present,
  };
}

function lacking(): never {
  throw new Error("a key without parts");
}

function numberKey(groups: readonly Group[], kinds: ReadonlySet<Kind>, options: JsonObject, pointer: string): SortKey {
  const [first] = groups;
  const format = member(options, "format");
  if (first === undefined) return lacking();
  if (format !== undefined && (kinds.has("double") || kinds.has("float") || member(options, "numeric_type") === undefined)) {
    throw new UnsupportedClause(
      childPointer(pointer, "format"),
      "indices that map the field in several ways print its values by their own formats",
    );
  }
  const whole = !kinds.has("double") && !kinds.has("float");
  const single = kinds.size === 1 && kinds.has("float");
  const element = whole ? "Int64" : single ? "Float32" : "Float64";
  const as = (expr: Expr): Expr => (whole || single ? expr : call("toFloat64", expr));
  const desc = first.key.parts[0]?.desc === true;
  const bound = (value: JsonValue, group: Group): Expr => param(element, boundOf(value, group.kind, pointer));
  const main: SortPart = {
    expr: chosen(groups, ({ key }) => as(key.parts[0]?.expr ?? lacking())),
    desc,
    after: (value) =>
      chosen(groups, (group) => (format === undefined ? bound(value, group) : (group.key.parts[0]?.after(value) ?? lacking()))),
  };
  // Whole numbers have no -0.0.
  const sign: SortPart = {
    expr: chosen(groups, ({ key }) => key.parts[1]?.expr ?? literal(1)),
    desc,
    after: (value) => chosen(groups, ({ kind }) => literal(kind !== "whole" && Object.is(Number(value), -0) ? 0 : 1)),
  };
  return {
    kind: "field",
    parts: whole ? [main] : [main, sign],
    value: chosen(groups, ({ key }) => as(key.value)),
    present: (cell) => (whole || single ? first.key.present(cell) : doubleJson(numberCell(cell))),
  };
}

// Each index reads it as its own kind of number.
function boundOf(value: JsonValue, kind: Kind, pointer: string): number | bigint {
  if (kind === "whole" && isNumber(value) && Math.abs(Number(value)) <= 2 ** 63) {
    const text = String(value);
    const whole = /^-?\d+$/.test(text) ? BigInt(text) : BigInt(Math.trunc(Number(value)));
    if (BigInt.asIntN(64, whole) === whole) return whole;
  }
  if (kind !== "whole" && (isNumber(value) || value === "Infinity" || value === "-Infinity")) return Number(value);
  throw new UnsupportedClause(pointer, "indices that map the field in several ways read such a value of search_after by their own formats");
}
