// `script_fields`: what a script returns for each hit, of whatever type. Each type that it may return has a column, and one
// more says which it is.
import { childPointer, isArray, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../../shared/json.ts";
import { type Column, call, type Expr, literal } from "../../clickhouse/sql/ast.ts";
import { formatDate } from "../../elasticsearch/date/format.ts";
import { instantOfNanos } from "../../elasticsearch/date/instant.ts";
import { doubleJson, floatJson } from "../../elasticsearch/fields/number_text.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { compileValue } from "../painless/compile.ts";
import { readScript } from "../painless/source.ts";
import { enumName } from "../painless/text.ts";
import { type Leaf, SQL_TYPES, type Value } from "../painless/value.ts";
import { parameters } from "../parameters.ts";
import { checkFaultCell, faultCell } from "../script_faults.ts";
import type { Row } from "../types.ts";
import type { ComputedFields } from "./computed_fields.ts";

const MOST = 32;

/** Compiles the option. Throws UnsupportedClause and RejectedRequest. */
export function compileScriptFields(value: JsonValue | undefined, pointer: string, context: Context): ComputedFields {
  const entries = isObject(value) ? Object.entries(value) : [];
  if (entries.length > MOST) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `Trying to retrieve too many script_fields. Must be less than or equal to: [${MOST}] but was [${entries.length}]. This limit can be set by changing the [index.max_script_fields] index level setting.`,
    );
  }
  const parts = entries.map(([name, body], i) => scriptField(name, body, childPointer(pointer, name), `_script${i}`, context));
  return {
    columns: parts.flatMap(({ columns }) => columns),
    shape: (row) => jsonObject(parts.flatMap(({ shape }) => shape(row))),
  };
}

interface Part {
  readonly columns: readonly Column[];
  shape(row: Row): readonly (readonly [string, JsonValue])[];
}

function scriptField(name: string, body: JsonValue, pointer: string, cell: string, context: Context): Part {
  const options = parameters(body, pointer, "script_fields", ["script", "ignore_failure", "lang"]);
  const lenient = member(options, "ignore_failure") === true;
  const { value, faults } = compileValue(readScript(member(options, "script"), pointer), { context, pointer }, (each) => each);
  const alternatives = alternativesOf(value, pointer);
  const which = tagOf(value, alternatives);
  const shards = context.tables.reduce((sum, table) => sum + table.shards, 0);
  const columns: readonly Column[] = [
    ...(alternatives.length > 1 ? [{ expr: which, alias: cell }] : []),
    ...alternatives.map((leaf, k) => ({ expr: cellOf(leaf), alias: `${cell}_${k}` })),
    ...(faults.length === 0 ? [] : [{ expr: faultCell(faults), alias: `${cell}_fault` }]),
  ];
  return {
    columns,
    shape(row) {
      const fault = row[`${cell}_fault`];
      if (lenient && Number(fault ?? 0) === 1) return [];
      checkFaultCell({ pointer, faults }, fault, shards);
      const at = alternatives.length > 1 ? Number(row[cell]) : 0;
      const leaf = alternatives[at];
      const values = leaf === undefined ? [] : printedValues(row[`${cell}_${at}`] ?? null, leaf);
      return values.length === 0 ? [] : [[name, values]];
    },
  };
}

function alternativesOf(value: Value, pointer: string): readonly Leaf[] {
  if (value.kind === "choice") return [...alternativesOf(value.yes, pointer), ...alternativesOf(value.no, pointer)];
  if (value.kind !== "leaf" || value.type === "char" || value.type === "instant") {
    throw new UnsupportedClause(
      pointer,
      `the script returns a ${value.kind === "leaf" ? value.type : value.kind}, which is not printed yet`,
    );
  }
  return [value];
}

// The number of the alternative that holds.
function tagOf(value: Value, all: readonly Leaf[]): Expr {
  if (value.kind === "choice") return call("if", value.test, tagOf(value.yes, all), tagOf(value.no, all));
  return literal(value.kind === "leaf" ? all.indexOf(value) : -1);
}

function cellOf(leaf: Leaf): Expr {
  if (leaf.type === "weekday" || leaf.type === "month") return enumName(leaf);
  return leaf.type === "list" ? leaf.expr : call("CAST", leaf.expr, literal(SQL_TYPES[leaf.type]));
}

// A list is the field's values; an array of Java's (what splitOnToken gives) is one value.
function printedValues(cell: JsonValue, leaf: Leaf): readonly JsonValue[] {
  if (leaf.type !== "list") return [printed(cell, leaf)];
  const item: Leaf = { ...leaf, type: leaf.element ?? "String" };
  const items = (isArray(cell) ? cell : []).map((each) => printed(each, item));
  return leaf.javaArray === true ? [items] : items;
}

function printed(cell: JsonValue, leaf: Leaf): JsonValue {
  switch (leaf.type) {
    case "boolean":
      return Number(cell) !== 0;
    case "double":
      return doubleJson(numberOf(cell));
    case "float":
      return floatJson(Math.fround(numberOf(cell)));
    case "null":
      return null;
    case "date":
      return dateText(cell, leaf);
    case "point":
      return pointJson(cell);
    default:
      return cell;
  }
}

function dateText(cell: JsonValue, { unit, zone }: Leaf): string {
  const value = BigInt(String(cell));
  const { ms, nanos } = unit === "ns" ? instantOfNanos(value) : { ms: Number(value), nanos: 0 };
  return formatDate(ms, unit === "ns" ? "strict_date_optional_time_nanos" : "strict_date_optional_time", zone, nanos);
}

function pointJson(cell: JsonValue): JsonObject {
  const [lat, lon] = isArray(cell) ? cell : [];
  return jsonObject([
    ["lat", doubleJson(Number(lat))],
    ["lon", doubleJson(Number(lon))],
  ]);
}

function numberOf(cell: JsonValue): number {
  if (cell === "inf") return Number.POSITIVE_INFINITY;
  if (cell === "-inf") return Number.NEGATIVE_INFINITY;
  return cell === "nan" ? Number.NaN : Number(cell);
}
