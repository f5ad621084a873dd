// What ClickHouse's threads do (`system.stack_trace`, equal stacks once) and what it runs (`system.processes`), as far as the server lets
// the user see it.
import type { JsonValue } from "../../../shared/json.ts";
import { isArray } from "../../../shared/json.ts";
import { messageOf } from "../../../shared/thrown.ts";
import type { Access, ClickHouseClient } from "../../clickhouse/client.ts";
import { ClickHouseRefused } from "../../clickhouse/failure.ts";
import type { QueryResult } from "../../clickhouse/query_result.ts";

export interface ClickHouseThreads {
  readonly threads: number;
  /** What they are called, each name once. */
  readonly names: readonly string[];
  readonly queries: readonly string[];
  /** Innermost first: a function's name, or its address where it has none. */
  readonly frames: readonly string[];
}

export interface RunningQuery {
  readonly id: string;
  readonly user: string;
  readonly seconds: number;
  readonly readRows: number;
  readonly readBytes: number;
  readonly memoryBytes: number;
  readonly threads: number;
  /** Its first 2000 characters. */
  readonly query: string;
}

export interface ClickHouseStacks {
  readonly url: string;
  /** The largest groups first. */
  readonly threads: readonly ClickHouseThreads[];
  readonly running: readonly RunningQuery[];
  /** What is missing and why, in words. */
  readonly missing: readonly string[];
}

const NAMES = "arrayMap(a -> (demangle(addressToSymbol(a)), concat('0x', lower(hex(a)))), trace)";
const ADDRESSES = "arrayMap(a -> ('', concat('0x', lower(hex(a)))), trace)";
/** `frames`: how a trace is shown. Our own statement's thread is not of interest. */
const threadsQuery = (frames: string): string =>
  `SELECT ${frames} AS frames, arraySort(groupUniqArray(20)(thread_name)) AS names, ` +
  "groupUniqArrayIf(20)(query_id, query_id != '') AS queries, count() AS threads " +
  "FROM system.stack_trace WHERE query_id != queryID() GROUP BY trace ORDER BY threads DESC, names LIMIT 500";
const RUNNING =
  "SELECT query_id, user, elapsed, read_rows, read_bytes, memory_usage, length(thread_ids) AS threads, substring(query, 1, 2000) AS query " +
  "FROM system.processes WHERE query_id != queryID() ORDER BY elapsed DESC LIMIT 100";

const UNKNOWN_TABLE = 60;
/** Functions that are switched off, a right that is missing, a setting that may not be changed. */
const FORBIDDEN: ReadonlySet<number> = new Set([446, 497, 452, 164]);

/** Asks the server; answers within `limitMs`. Rejects where it does not answer at all. */
export async function readClickHouse(access: Access, limitMs: number): Promise<ClickHouseStacks> {
  // Loaded when it is asked for: the thread is small without it.
  const { ClickHouseClient } = await import("../../clickhouse/client.ts");
  const client = new ClickHouseClient(access);
  const missing: string[] = [];
  const orNothing = async (what: string, rows: Promise<QueryResult>): Promise<QueryResult["rows"]> => {
    try {
      return (await rows).rows;
    } catch (error) {
      if (!(error instanceof ClickHouseRefused)) throw error;
      missing.push(reason(what, access.user, error));
      return [];
    }
  };
  try {
    const signal = AbortSignal.timeout(limitMs);
    const running = await orNothing("system.processes", ask(client, RUNNING, signal));
    const threads = await orNothing("system.stack_trace", askThreads(client, signal, missing));
    return { url: client.url, threads: threads.map(readGroup), running: running.map(readQuery), missing };
  } finally {
    await client.close();
  }
}

async function askThreads(client: ClickHouseClient, signal: AbortSignal, missing: string[]): Promise<QueryResult> {
  try {
    return await ask(client, threadsQuery(NAMES), signal, { allow_introspection_functions: 1 });
  } catch (error) {
    if (!(error instanceof ClickHouseRefused) || !FORBIDDEN.has(error.code)) throw error;
    const result = await ask(client, threadsQuery(ADDRESSES), signal);
    missing.push(
      `Functions have no names here, since ClickHouse does not let the user look them up (allow_introspection_functions = 1, and GRANT INTROSPECTION): ${messageOf(error)}`,
    );
    return result;
  }
}

function ask(
  client: ClickHouseClient,
  sql: string,
  signal: AbortSignal,
  settings: Readonly<Record<string, number>> = {},
): Promise<QueryResult> {
  return client.query({ sql, params: [] }, { asWriter: true, signal, settings });
}

function reason(what: string, user: string, error: ClickHouseRefused): string {
  if (error.code === UNKNOWN_TABLE) return `This server has no ${what}: it is there on Linux.`;
  if (FORBIDDEN.has(error.code)) return `The user ${user} may not read ${what} (GRANT SELECT ON ${what} TO ${user}): ${error.message}`;
  return `${what} can't be read: ${error.message}`;
}

type Row = QueryResult["rows"][number];

function readGroup(row: Row): ClickHouseThreads {
  const frames = listOf(row.frames).map((frame) => {
    const [name = "", address = ""] = listOf(frame).map(String);
    return name === "" ? address : name;
  });
  return { threads: Number(row.threads), names: listOf(row.names).map(String), queries: listOf(row.queries).map(String), frames };
}

function readQuery(row: Row): RunningQuery {
  return {
    id: String(row.query_id),
    user: String(row.user),
    seconds: Number(row.elapsed),
    readRows: Number(row.read_rows),
    readBytes: Number(row.read_bytes),
    memoryBytes: Number(row.memory_usage),
    threads: Number(row.threads),
    query: String(row.query),
  };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isArray(value) ? value : [];
}
