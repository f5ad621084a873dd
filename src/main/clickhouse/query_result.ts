// ClickHouse's answer to a search: rows in JSONCompact, read losslessly, and what its headers say of the run.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import type { Row } from "../translate/types.ts";
import { ClickHouseRefused } from "./failure.ts";
import type { Posted } from "./post.ts";

export interface QuerySummary {
  readonly ms: number;
  readonly rows: number;
  readonly readRows: number;
  readonly readBytes: number;
  /** null where the server does not tell. */
  readonly memoryBytes: number | null;
  /** What ClickHouse's own logs call this run; null where the server does not tell. */
  readonly queryId: string | null;
  /** Bodies on the wire. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface QueryResult {
  readonly rows: readonly Row[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly summary: QuerySummary;
}

/** A header of the answer; null without it. */
export function headerOf(headers: Posted["headers"], name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}

/** Reads a whole answer with status 200, which took `ms`. Throws ClickHouseRefused, and JsonSyntaxError where it ends in its middle. */
export function readResult({ text, headers, sentBytes, receivedBytes }: Posted, ms: number): QueryResult {
  const answer = parseJson(text);
  const meta = isObject(answer) ? member(answer, "meta") : undefined;
  const data = isObject(answer) ? member(answer, "data") : undefined;
  if (!isArray(meta) || !isArray(data)) throw new ClickHouseRefused(0, "ClickHouse's answer is not the JSONCompact that was asked for");
  const columns = meta
    .filter((column) => isObject(column))
    .map((column) => ({ name: textOf(column, "name"), type: textOf(column, "type") }));
  const names = columns.map((column) => column.name);
  const rows = data.filter((row) => isArray(row)).map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])));
  const wire = { queryId: headerOf(headers, "x-clickhouse-query-id"), sentBytes, receivedBytes };
  return { rows, columns, summary: { ms, rows: rows.length, ...readSummary(headerOf(headers, "x-clickhouse-summary")), ...wire } };
}

function readSummary(header: string | null): Pick<QuerySummary, "readRows" | "readBytes" | "memoryBytes"> {
  const value: JsonValue = header === null ? {} : parseJson(header);
  const summary: JsonObject = isObject(value) ? value : {};
  const number = (name: string): number | null => {
    const own = member(summary, name);
    return typeof own === "string" || isNumber(own) ? Number(own) : null;
  };
  return { readRows: number("read_rows") ?? 0, readBytes: number("read_bytes") ?? 0, memoryBytes: number("memory_usage") };
}

function textOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === "string" ? value : "";
}
