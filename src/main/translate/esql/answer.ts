// ClickHouse's rows as Elasticsearch's answer: columns with their types, and values printed as each type prints.
import { isArray, isObject, type JsonObject, type JsonValue, parseJson, printJson } from "../../../shared/json.ts";
import { formatDate } from "../../elasticsearch/date/format.ts";
import { MalformedValue } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { doubleJson, integerJson } from "../../elasticsearch/fields/number_text.ts";
import { valuesAt } from "../../elasticsearch/fields/source_values.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { double, integer } from "../aggs/cells.ts";
import type { Answer, Row, TableRows, Tolerance } from "../types.ts";
import type { EsqlType, Noise } from "./value.ts";

/** A column of the answer and the cells that it is made of. */
export interface Output {
  readonly name: string;
  readonly type: EsqlType;
  /** null: nothing but nulls. */
  readonly cell: string | null;
  readonly many: boolean;
  readonly field: Field | undefined;
  readonly noise: { readonly rule: Noise["rule"]; readonly low: string | null; readonly high: string | null } | undefined;
  readonly unordered: boolean;
  readonly originalTypes: readonly string[] | undefined;
}

export interface AnswerPlan {
  readonly outputs: readonly Output[];
  /** Cells of the sort's keys; empty: the order is open. */
  readonly keys: readonly string[];
  readonly limit: number;
  /** `drop_null_columns`. */
  readonly dropNulls: boolean;
}

/** The answer, in rows; `rows` has one more than the limit where there are more. */
export function tableAnswer(plan: AnswerPlan, rows: readonly Row[]): Answer {
  const shown = rows.slice(0, plan.limit);
  const everything = shown.map((row) => plan.outputs.map((output) => cellValue(output, row)));
  const used = plan.outputs.map((_, i) => !plan.dropNulls || everything.some((row) => row[i] !== null));
  const values = everything.map((row) => row.filter((_, i) => used[i]));
  const outputs = plan.outputs.filter((_, i) => used[i]);
  const columns = outputs.map(columnOf);
  const table: TableRows = {
    groups: rankGroups(plan, shown),
    endsAmid: rows.length > plan.limit && sameRank(plan, rows[plan.limit - 1], rows[plan.limit]),
    unordered: outputs.flatMap(({ unordered }, i) => (unordered ? [i] : [])),
    loose: outputs.flatMap(({ noise }, i) => (noise === undefined ? [] : [i])),
  };
  const body = { ...(plan.dropNulls ? { all_columns: plan.outputs.map(columnOf) } : {}), columns, values };
  return { body, tolerances: tolerancesOf(outputs, shown, values), table };
}

function columnOf({ name, type, originalTypes }: Output): JsonObject {
  return { name, type, ...(originalTypes === undefined ? {} : { original_types: originalTypes }) };
}

function rankGroups(plan: AnswerPlan, rows: readonly Row[]): readonly number[] {
  let group = 0;
  return rows.map((row, i) => {
    if (i > 0 && !sameRank(plan, rows[i - 1], row)) group += 1;
    return group;
  });
}

function sameRank({ keys }: AnswerPlan, a: Row | undefined, b: Row | undefined): boolean {
  return keys.every((key) => printJson(a?.[key] ?? null) === printJson(b?.[key] ?? null));
}

function cellValue(output: Output, row: Row): JsonValue {
  if (output.cell === null) return null;
  const cell = row[output.cell] ?? null;
  if (cell === null) return null;
  if (output.type === "geo_point") return points(output.field, cell);
  if (output.type === "_source") return typeof cell === "string" && cell !== "" ? parseJson(cell) : null;
  if (!output.many || !isArray(cell)) return printed(output.type, cell);
  const items = cell.map((item) => printed(output.type, item));
  return items.length === 0 ? null : items.length === 1 ? (items[0] ?? null) : items;
}

function printed(type: EsqlType, cell: JsonValue): JsonValue {
  switch (type) {
    case "boolean":
      return Number(cell) === 1;
    case "integer":
    case "long":
    case "unsigned_long":
      return integerJson(integer(cell));
    case "double":
      return doubleJson(double(cell));
    case "date":
      return formatDate(integer(cell));
    case "date_nanos": {
      const nanos = integer(cell);
      const ms = nanos >= 0n ? nanos / 1_000_000n : (nanos - 999_999n) / 1_000_000n;
      return formatDate(ms, "strict_date_optional_time_nanos", "Z", Number(nanos - ms * 1_000_000n));
    }
    case "ip":
      return String(cell).replace(/^::ffff:(?=[0-9]+\.)/, "");
    default:
      return cell;
  }
}

// Points as the document has them: the mirror's are rounded to Lucene's 32 bits.
function points(field: Field | undefined, cell: JsonValue): JsonValue {
  const source = typeof cell === "string" && cell !== "" ? parseJson(cell) : null;
  const type = field === undefined ? undefined : fieldType(field);
  if (field === undefined || type === undefined || !isObject(source)) return null;
  const texts = valuesAt(source, field.sourcePath, true).flatMap((value) => {
    try {
      const text = value === null ? undefined : type.fetch(field, value, "wkt");
      return text === undefined ? [] : [text];
    } catch (error) {
      if (error instanceof MalformedValue) return [];
      throw error;
    }
  });
  return texts.length === 0 ? null : texts.length === 1 ? (texts[0] ?? null) : texts;
}

/** A share of a value that comes of sums: about what a few roundings make. */
const NOISE_SHARE = 1e-12;
const COUNT_SHARE = 0.06;

function tolerancesOf(outputs: readonly Output[], rows: readonly Row[], values: readonly (readonly JsonValue[])[]): readonly Tolerance[] {
  return outputs.flatMap(({ noise }, i) => {
    if (noise === undefined) return [];
    return rows.flatMap((row, at) => {
      const value = values[at]?.[i] ?? null;
      if (value === null || isArray(value)) return [];
      const number = Number(value);
      const slack = Math.abs(number) * (noise.rule === "hyperloglog" ? COUNT_SHARE : NOISE_SHARE);
      const low = noise.low === null ? number - slack : double(row[noise.low]);
      const high = noise.high === null ? number + slack : double(row[noise.high]);
      if (low === high) return [];
      return [{ pointer: `/values/${at}/${i}`, rule: noise.rule, low, high }];
    });
  });
}
