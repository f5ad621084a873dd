// Runtime fields in `fields` and `docvalue_fields`: read from the hit's row, where other fields are read from its source.
import { isArray, type JsonObject, type JsonValue, type RawNumber } from "../../../shared/json.ts";
import type { Column } from "../../clickhouse/sql/ast.ts";
import type { DocValue, FieldType } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { doubleJson } from "../../elasticsearch/fields/number_text.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, faultsOf } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { fieldColumn, isComputed } from "../field_column.ts";
import { checkFaultCell, faultCell } from "../script_faults.ts";
import type { Row } from "../types.ts";
import { type FieldSpec, matchingFields } from "./field_patterns.ts";

export interface ComputedFields {
  readonly columns: readonly Column[];
  /** The fields of a hit. Throws where the script fails on it. */
  shape(row: Row): JsonObject;
}

/** The runtime fields that the specs name. `prefix` begins the names of their columns. */
export function compileComputedFields(specs: readonly FieldSpec[], prefix: "_field" | "_docvalue", context: Context): ComputedFields {
  const asSource = prefix === "_field";
  const wanted = new Map<string, { readonly field: Field; readonly spec: FieldSpec }>();
  for (const spec of specs) {
    for (const [name, field] of matchingFields(context.mapping, spec.pattern)) if (isComputed(field)) wanted.set(name, { field, spec });
  }
  const shards = context.tables.reduce((sum, table) => sum + table.shards, 0);
  const parts = [...wanted].map(([name, { field, spec }], i) => {
    const type = fieldType(field);
    if (type === undefined) throw new UnsupportedClause(spec.pointer, `values of [${name}] (${field.type}) are not read yet`);
    const faults = faultsOf(context, field.path, spec.pointer);
    return { name, field, spec, type, faults, cell: `${prefix}${i}`, fault: `${prefix}${i}_fault` };
  });
  return {
    columns: parts.flatMap(({ field, faults, cell, fault }) => [
      { expr: fieldColumn(field), alias: cell },
      ...(faults.length === 0 ? [] : [{ expr: faultCell(faults), alias: fault }]),
    ]),
    shape(row) {
      const shown: Record<string, JsonValue> = {};
      for (const { name, field, spec, type, faults, cell, fault } of parts) {
        checkFaultCell({ pointer: spec.pointer, faults }, row[fault], shards);
        const values = row[cell];
        const texts = (isArray(values) ? values : []).map((value) => printed(value, field, type, spec.format, asSource));
        if (texts.length > 0) shown[name] = texts;
      }
      return shown;
    },
  };
}

function printed(cell: JsonValue, field: Field, type: FieldType, format: string | undefined, asSource: boolean): JsonValue {
  const value = docValueOf(cell, type);
  // `fields` shows places as GeoJSON, `docvalue_fields` as text.
  if (isPlace(value) && asSource) return type.fetch(field, [doubleJson(value[1]), doubleJson(value[0])], format) ?? null;
  return format === undefined || format === "use_field_mapping" ? type.format(field, value) : type.format(field, value, format);
}

function isPlace(value: DocValue): value is readonly [number, number] {
  return typeof value === "object";
}

/** A cell of a row as the doc value that it is. */
function docValueOf(cell: JsonValue, type: FieldType): DocValue {
  if (isArray(cell)) return [Number(cell[0]), Number(cell[1])];
  if (type.element === "Int64") return BigInt(String(cell));
  if (cell === "inf" || cell === "-inf") return cell === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (type.family === "ip") return String(cell).replace(/^::ffff:(?=\d+\.)/, "");
  return typeof cell === "string" ? cell : Number(cell as RawNumber | number);
}
