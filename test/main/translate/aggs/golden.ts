// Golden files of aggregations: reading, running, writing.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { print } from "../../../../src/main/clickhouse/sql/print.ts";
import { translateSearch } from "../../../../src/main/translate/search.ts";
import type { IndexTable, Translation } from "../../../../src/main/translate/types.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, parseJson, printJson } from "../../../../src/shared/json.ts";
import { MAPPING } from "./orders.ts";

/** Midday of 2025-02-01, what `now` is in every golden case. */
export const NOW = 1_738_411_200_000;

export interface Golden {
  /** SQL and parameters of each statement, as lines. */
  readonly statements: JsonValue;
  /** Elasticsearch's `aggregations`. */
  readonly answer: JsonObject;
}

export function tableOf(database: string, name: string): IndexTable {
  return { index: name, database, table: name, mapping: MAPPING, shards: 1, final: false };
}

export function translated(request: JsonObject, table: IndexTable): Extract<Translation, { kind: "translated" }> {
  const body = { size: 0, track_total_hits: false, ...request };
  const translation = translateSearch({ endpoint: "search", body, params: new Map(), tables: [table], now: NOW });
  if (translation.kind !== "translated") throw new Error(JSON.stringify(translation));
  return translation;
}

/** The statements as the golden file has them. */
export function statementsOf(translation: Extract<Translation, { kind: "translated" }>): JsonValue {
  return translation.statements.map(({ name, query }) => {
    const { sql, params } = print(query);
    return { name, sql: sql.split("\n"), params: params.map((param) => `${param.name} ${param.type} = ${param.value}`) };
  });
}

export function readGolden(name: string): Golden | null {
  const file = fileOf(name);
  if (!existsSync(file)) return null;
  const value = parseJson(readFileSync(file, "utf8"));
  const statements = isObject(value) ? member(value, "statements") : undefined;
  const answer = isObject(value) ? member(value, "answer") : undefined;
  if (!isArray(statements) || !isObject(answer)) throw new Error(`${file} is no golden file`);
  return { statements, answer };
}

export function writeGolden(name: string, request: JsonObject, golden: Golden): void {
  writeFileSync(fileOf(name), `${printJson({ request, statements: golden.statements, answer: golden.answer }, 2)}\n`);
}

function fileOf(name: string): string {
  return join(import.meta.dirname, "golden", `${name}.json`);
}
