// What ClickHouse's own logs tell of an exchange's statements, by their query ids: query_log and processors_profile_log. What a server does not
// tell is named, with the setting or right that would give it; the summary that came with each answer stands in for it.
import type { SearchPart, StatementRun } from "../../../shared/exchange.ts";
import type { ClickHouseProfile, ProfilePart, ProfilePhase, StatementProfile } from "../../../shared/exchange_profile.ts";
import { isNumber, isObject, type JsonValue } from "../../../shared/json.ts";
import { messageOf } from "../../../shared/thrown.ts";
import type { ClickHouseClient } from "../../clickhouse/client.ts";
import { ClickHouseRefused } from "../../clickhouse/failure.ts";
import type { Row } from "../../translate/types.ts";
import { micros } from "./phases.ts";
import { readProcessors } from "./processors.ts";

export type Server = Pick<ClickHouseClient, "query" | "command">;

export interface Statement {
  /** Place of its search. */
  readonly search: number;
  readonly run: StatementRun;
}

/** Of an exchange or a run: when it began (epoch ms), and its phases. */
export interface Axis {
  readonly time: number;
  readonly phases: readonly ProfilePhase[];
}

const OF_THE_DAY =
  "event_date BETWEEN toDate(fromUnixTimestamp64Milli({ms:Int64})) - 1 AND toDate(fromUnixTimestamp64Milli({ms:Int64})) + 1";
const QUERY_LOG =
  "SELECT query_id, toUnixTimestamp64Micro(query_start_time_microseconds) AS started, " +
  "toUnixTimestamp64Micro(event_time_microseconds) AS ended, read_rows, read_bytes, result_rows, memory_usage, " +
  "length(thread_ids) AS threads, peak_threads_usage AS peak, ProfileEvents AS events " +
  `FROM system.query_log WHERE ${OF_THE_DAY} AND type != 'QueryStart' AND query_id IN {ids:Array(String)}`;
const PROCESSORS =
  "SELECT query_id, id, parent_ids, name, plan_step_name AS step, elapsed_us, input_wait_elapsed_us, output_wait_elapsed_us, input_rows, output_rows " +
  `FROM system.processors_profile_log WHERE ${OF_THE_DAY} AND query_id IN {ids:Array(String)} LIMIT 50000`;
const SETTINGS = "SELECT name, value FROM system.settings WHERE name IN ('log_queries', 'log_processors_profiles')";
const FLUSH = "SYSTEM FLUSH LOGS";

const NAMELESS = Object.freeze([
  "Its statements have no query ids: it was captured before they were kept, or ClickHouse did not tell them.",
]);
const MOST_EXPLAINED = 16;
const UNKNOWN_TABLE = 60;
const ACCESS_DENIED = 497;

/** All statements of an exchange's searches. */
export function statementsOf(parts: readonly SearchPart[]): readonly Statement[] {
  return parts.flatMap(({ position, statements }) => statements.map((run) => ({ search: position, run })));
}

/** What is known of the statements, or why nothing is. Never rejects. */
export async function clickhousePart(
  server: Server | null,
  statements: readonly Statement[],
  axis: Axis,
): Promise<ProfilePart<ClickHouseProfile>> {
  if (statements.length === 0) return { state: "missing", reason: "ClickHouse ran no statement for it." };
  if (server === null) return { state: "missing", reason: "ClickHouse is not there." };
  try {
    return { state: "there", value: await clickhouseProfile(server, statements, axis) };
  } catch (error) {
    return { state: "missing", reason: messageOf(error) };
  }
}

/** Rejects with ClickHouseAway where the server gives no answer. */
async function clickhouseProfile(server: Server, statements: readonly Statement[], axis: Axis): Promise<ClickHouseProfile> {
  const ids = statements.flatMap(({ run }) => run.queryId ?? []);
  if (ids.length === 0) return { statements: statements.map((one) => profileOf(one, axis, undefined, [])), missing: NAMELESS };
  const missing: string[] = [];
  const asked = (sql: string, table: string) => rowsOf(server, sql, table, ids, axis.time);
  let [log, processors] = [await asked(QUERY_LOG, "query_log"), await asked(PROCESSORS, "processors_profile_log")];
  // What was run just now is not written yet, and a server that has just started has no table before it first writes.
  if (typeof log === "string" || log.length < ids.length || typeof processors === "string" || processors.length === 0) {
    missing.push(...(await flushed(server)));
    [log, processors] = [await asked(QUERY_LOG, "query_log"), await asked(PROCESSORS, "processors_profile_log")];
  }
  missing.push(...[log, processors].filter((rows) => typeof rows === "string"));
  const [logged, worked] = [typeof log === "string" ? [] : log, typeof processors === "string" ? [] : processors];
  if (typeof log !== "string") missing.push(...(await switchedOff(server, logged.length, worked.length)));
  const byId = new Map(logged.map((row) => [String(row.query_id), row]));
  const profiles = statements.map((one) => {
    const id = one.run.queryId ?? "";
    const own = worked.filter((row) => row.query_id === id);
    return { one, profile: profileOf(one, axis, byId.get(id), own) };
  });
  return {
    statements: await Promise.all(profiles.map(({ one, profile }, i) => (i < MOST_EXPLAINED ? explained(server, one, profile) : profile))),
    missing: [...new Set(missing)],
  };
}

/** With its pipeline, where no processors were logged. */
async function explained(server: Server, { run }: Statement, profile: StatementProfile): Promise<StatementProfile> {
  if (profile.processors.length > 0 || run.error !== null) return profile;
  try {
    const { rows } = await server.query({ sql: `EXPLAIN PIPELINE ${run.sql}`, params: run.params });
    return { ...profile, pipeline: rows.flatMap((row) => Object.values(row).map(String)) };
  } catch {
    return profile; // its tables may be gone by now: what is missing of its logs is told already
  }
}

/** In words, why the table can't be read. */
async function rowsOf(server: Server, sql: string, table: string, ids: readonly string[], time: number) {
  const params = [
    { name: "ms", type: "Int64", value: String(Math.floor(time)) },
    { name: "ids", type: "Array(String)", value: `[${ids.map((id) => `'${id.replaceAll(/[\\']/g, "\\$&")}'`).join(",")}]` },
  ];
  try {
    return (await server.query({ sql, params })).rows;
  } catch (error) {
    if (!(error instanceof ClickHouseRefused)) throw error;
    return whyNot(table, error);
  }
}

function whyNot(table: string, { code, message }: ClickHouseRefused): string {
  if (code === UNKNOWN_TABLE) return `This ClickHouse has no system.${table}: its configuration must have a <${table}> section.`;
  if (code === ACCESS_DENIED) return `system.${table} may not be read: GRANT SELECT ON system.${table} to the user of --clickhouse.`;
  return `system.${table} could not be read: ${message}`;
}

/** Logs are written every few seconds by themselves. */
async function flushed(server: Server): Promise<readonly string[]> {
  try {
    await server.command(FLUSH);
    return [];
  } catch (error) {
    if (!(error instanceof ClickHouseRefused)) throw error;
    const how = error.code === ACCESS_DENIED ? "GRANT SYSTEM FLUSH LOGS ON *.* gives them at once" : messageOf(error);
    return [`ClickHouse may not have written its logs yet, and they could not be flushed: ask again in some seconds; ${how}.`];
  }
}

/** Which settings keep the logs empty. */
async function switchedOff(server: Server, logged: number, processors: number): Promise<readonly string[]> {
  if (logged > 0 && processors > 0) return [];
  const { rows } = await server.query({ sql: SETTINGS, params: [] });
  const off = (name: string): boolean => rows.some((row) => row.name === name && row.value === "0");
  if (logged === 0)
    return [
      off("log_queries")
        ? "The setting log_queries is 0: nothing is logged."
        : "ClickHouse's query_log has none of its statements (any more).",
    ];
  return off("log_processors_profiles") ? ["The setting log_processors_profiles is 0: processors are not logged."] : [];
}

function profileOf({ search, run }: Statement, axis: Axis, logged: Row | undefined, processors: readonly Row[]): StatementProfile {
  const base = {
    search,
    name: run.name,
    queryId: run.queryId ?? null,
    waitedUs: run.ms === null ? null : micros(run.ms),
    error: run.error,
    processors: readProcessors(processors),
    pipeline: [],
  };
  if (logged === undefined) {
    const unknown = { from: null, to: null, threads: null, peakThreads: null, events: {} };
    const { rows: resultRows, readRows, readBytes, memoryBytes } = run;
    return { ...base, ...unknown, source: "summary", resultRows, readRows, readBytes, memoryBytes };
  }
  return {
    ...base,
    ...placed(logged, axis, search),
    source: "query_log",
    resultRows: Number(logged.result_rows),
    readRows: Number(logged.read_rows),
    readBytes: Number(logged.read_bytes),
    memoryBytes: Number(logged.memory_usage),
    threads: Number(logged.threads),
    peakThreads: Number(logged.peak),
    events: eventsOf(logged.events),
  };
}

/** A server's clock may be another: what does not lie where we waited for it is laid into the middle of that. */
function placed({ started, ended }: Row, { time, phases }: Axis, search: number): { readonly from: number; readonly to: number } {
  const own = phases.filter((phase) => phase.search === null || phase.search === search);
  const first = Math.min(...own.filter(({ name }) => name === "translate" || name === "run").map(({ from }) => from));
  const last = Math.max(...own.filter(({ name }) => name === "run").map(({ to }) => to));
  const from = Math.round(Number(started) - time * 1000);
  const took = Math.max(0, Number(ended) - Number(started));
  const within = from >= first && from + took <= last;
  if (within || !Number.isFinite(first) || !Number.isFinite(last)) return { from, to: from + took };
  const shifted = Math.round((first + last - took) / 2);
  return { from: shifted, to: shifted + took };
}

function eventsOf(events: JsonValue | undefined): Readonly<Record<string, number>> {
  if (!isObject(events)) return {};
  return Object.fromEntries(Object.entries(events).flatMap(([name, value]) => (isNumber(value) ? [[name, Number(value)]] : [])));
}
