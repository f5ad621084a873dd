// A naive judge of two tables, without the matcher's code: the same columns, the same rows in any order, the sort's columns in the
// same order. It is stricter than it must be nowhere, and looser where the query leaves rows or digits open.
import { isArray, isNumber, type JsonObject, type JsonValue, member, printJson } from "../../../src/shared/json.ts";
import { partsOf } from "./text.ts";

/** Functions whose last digits, or more, depend on the order of work. */
const LOOSE = /\b(SUM|AVG|MEDIAN|PERCENTILE|STD_DEV|COUNT_DISTINCT|WEIGHTED_AVG|VARIANCE|MV_AVG|MV_SUM|POW|LOG|LOG10|EXP|SQRT)\(/i;
const SHARE = 1e-9;

/** "" when both tables say the same; else the first difference. */
export function compareTables(request: JsonObject, elasticsearch: JsonObject, clickhouse: JsonObject): string {
  const [theirs, ours] = [printJson(member(elasticsearch, "columns") ?? null), printJson(member(clickhouse, "columns") ?? null)];
  if (theirs !== ours) return `columns: ${theirs} <> ${ours}`;
  const query = String(member(request, "query"));
  const loose = LOOSE.test(query);
  const columnar = member(request, "columnar") === true;
  const [a, b] = [rowsOf(elasticsearch, columnar), rowsOf(clickhouse, columnar)];
  if (a.length !== b.length) return `rows: ${a.length} <> ${b.length}`;
  if (endsCut(query, a.length)) return "";
  const sorted = (rows: readonly JsonValue[]): readonly string[] => rows.map((row) => rowText(row, loose)).toSorted();
  const [left, right] = [sorted(a), sorted(b)];
  const at = left.findIndex((row, i) => row !== right[i]);
  return at < 0 ? "" : `row: ${left[at]} <> ${right[at]}`;
}

function rowsOf(answer: JsonObject, columnar: boolean): readonly JsonValue[] {
  const values = member(answer, "values");
  if (!isArray(values)) return [];
  if (!columnar) return values;
  const [first] = values;
  return (isArray(first) ? first : []).map((_, i) => values.map((column) => (isArray(column) ? (column[i] ?? null) : null)));
}

/** Which rows are shown is open: a limit is the last that chooses them. */
function endsCut(query: string, rows: number): boolean {
  const names = partsOf(query).map((part) => part.trim().split(/\s/)[0]?.toUpperCase() ?? "");
  const after = names.slice(names.lastIndexOf("LIMIT") + 1);
  const cut = names.includes("LIMIT") && after.every((name) => ["KEEP", "DROP", "RENAME", "EVAL", "DISSECT", "GROK"].includes(name));
  return cut || rows >= 1000;
}

// Digits that the order of adding decides are cut off; several values count in any order.
function rowText(row: JsonValue, loose: boolean): string {
  return printJson(isArray(row) ? row.map((cell) => cellOf(cell, loose)) : row);
}

function cellOf(cell: JsonValue, loose: boolean): JsonValue {
  if (isArray(cell)) return cell.map((item) => printJson(cellOf(item, loose))).toSorted();
  if (!loose || !isNumber(cell)) return cell;
  const number = Number(String(cell));
  return !/[.eE]/.test(String(cell)) || number === 0 ? cell : String(Number(number.toPrecision(-Math.log10(SHARE))));
}
