// One statement of a search, run: its rows, or what kept ClickHouse from giving them.
import type { StatementRun } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import { ClickHouseAway, ClickHouseRefused, LargeAnswer } from "../clickhouse/failure.ts";
import type { Printed } from "../clickhouse/sql/print.ts";
import type { Row } from "../translate/types.ts";
import type { Running } from "./run_search.ts";

/** ClickHouse's codes for a statement that took too long or too much, and the setting or key whose limit it passed. */
const LIMITS: ReadonlyMap<number, string> = new Map([
  [158, "max_rows_to_read"],
  [159, "max_execution_time (clickhouse.maxSeconds)"],
  [160, "max_execution_time (clickhouse.maxSeconds)"],
  [161, "max_columns_to_read"],
  [167, "max_parser_depth"],
  [168, "max_ast_elements"],
  [241, "max_memory_usage (clickhouse.maxMemoryBytes)"],
  [306, "the depth of a statement"],
  [307, "max_bytes_to_read"],
  [396, "max_result_rows"],
]);

/** Why a statement that broke did, and whether it was for being too large. */
export function refusal({ statement: { name, error }, limit }: StatementRan): { readonly reason: string; readonly tooLarge: boolean } {
  if (limit === undefined) return { reason: `ClickHouse refused statement "${name}": ${error}`, tooLarge: false };
  return { reason: `too large: statement "${name}" passed ClickHouse's limit ${limit}: ${error}`, tooLarge: true };
}

export interface StatementRan {
  readonly statement: StatementRun;
  readonly rows: readonly Row[];
  /** True when ClickHouse gave no answer at all. */
  readonly away: boolean;
  /** The limit of ClickHouse that it passed. */
  readonly limit: string | undefined;
}

/** Runs it; an error of ClickHouse is part of the result. Throws LargeAnswer alone. */
export async function runStatement(running: Pick<Running, "run">, name: string, printed: Printed): Promise<StatementRan> {
  const base = { name, sql: printed.sql, params: printed.params, spans: printed.spans };
  const none = { ms: null, rows: null, readRows: null, readBytes: null, memoryBytes: null };
  try {
    const { rows, summary } = await running.run(printed);
    return { statement: { ...base, ...none, ...summary, error: null }, rows, away: false, limit: undefined };
  } catch (error) {
    if (error instanceof LargeAnswer) throw error;
    const limit = error instanceof ClickHouseRefused ? LIMITS.get(error.code) : undefined;
    return { statement: { ...base, ...none, error: messageOf(error) }, rows: [], away: error instanceof ClickHouseAway, limit };
  }
}
