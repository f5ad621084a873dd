// What ClickHouse uses memory for, as far as the server lets the user see it: its process, jemalloc, caches, and the tables that take most.
// An embedded server is a process of ours, whose mappings are read too; elsewhere `system.asynchronous_metrics` tells.
import { readFileSync } from "node:fs";
import type { ClickHouseBackend } from "../../../shared/contract.ts";
import type { ClickHouseMemory, MemoryPart, NamedSize, TopSizes } from "../../../shared/memory.ts";
import { messageOf } from "../../../shared/thrown.ts";
import type { ClickHouseClient } from "../../clickhouse/client.ts";
import { ClickHouseAway } from "../../clickhouse/failure.ts";
import type { QueryResult } from "../../clickhouse/query_result.ts";
import { type Mappings, readMappings } from "./mappings.ts";

export interface AskedClickHouse {
  readonly backend: ClickHouseBackend;
  /** null until it has answered once. */
  readonly client: ClickHouseClient | null;
  /** Of an embedded server's process; null: none, or elsewhere. */
  readonly pid: number | null;
}

type Rows = QueryResult["rows"];

const LIMIT_MS = 5_000;
const TOP = 10;
const PROCESS =
  "SELECT metric, value FROM system.asynchronous_metrics WHERE metric IN ('MemoryResident', 'MemoryVirtual') OR startsWith(metric, 'jemalloc.')";
const JEMALLOC =
  "SELECT toUInt64OrZero(extract(stats, 'Allocated: (\\\\d+)')) AS allocated, toUInt64OrZero(extract(stats, 'active: (\\\\d+)')) AS active, " +
  "toUInt64OrZero(extract(stats, 'resident: (\\\\d+)')) AS resident FROM system.jemalloc_stats";
const FIGURES =
  "SELECT metric, value FROM system.metrics WHERE metric IN ('MemoryTracking', 'MergesMutationsMemoryTracking') " +
  "OR (value > 0 AND endsWith(metric, 'CacheBytes')) OR metric IN ('MarkCacheBytes', 'UncompressedCacheBytes', 'PrimaryIndexCacheBytes') ORDER BY value DESC, metric";
const TABLES =
  "SELECT concat(database, '.', table) AS name, sum(bytes_on_disk) AS disk, sum(primary_key_bytes_in_memory_allocated) AS keys, " +
  "sum(marks_bytes) AS marks FROM system.parts WHERE active GROUP BY name";
/** ClickHouse's code of a table that is not there. */
const UNKNOWN_TABLE = 60;

/** Never rejects: what can't be had is a sentence of `problems`. */
export async function clickHouseMemory({ backend, client, pid }: AskedClickHouse): Promise<ClickHouseMemory> {
  const { url, embedded, status, message } = backend;
  if (client === null || status !== "ok") {
    const mappings = mappingsOf(pid);
    const why = message || (status === "absent" ? "There is no ClickHouse." : "ClickHouse does not answer yet.");
    return { url, embedded, rss: mappings?.resident ?? null, parts: mappedParts(mappings), figures: [], top: [], problems: [why] };
  }
  const problems: string[] = [];
  const signal = AbortSignal.timeout(LIMIT_MS);
  const ask = (sql: string, what: string, optional = false): Promise<Rows> =>
    client.query({ sql, params: [] }, { signal }).then(
      ({ rows }) => rows,
      (error: unknown) => {
        if (!(optional && isUnknownTable(error))) problems.push(`${what} can't be told: ${messageOf(error)}`);
        return [];
      },
    );
  const [process, jemalloc, figures, tables] = await Promise.all([
    ask(PROCESS, "The process's memory (system.asynchronous_metrics)", pid !== null),
    ask(JEMALLOC, "jemalloc's figures (system.jemalloc_stats)", true),
    ask(FIGURES, "Caches and what queries take (system.metrics)"),
    ask(TABLES, "The tables' sizes (system.parts)"),
  ]);
  // Once it has answered: a server at work takes and gives back memory from one moment to the next.
  const mappings = mappingsOf(pid);
  const metrics = new Map(process.map(({ metric, value }) => [String(metric), Number(value)]));
  const rss = mappings?.resident ?? metrics.get("MemoryResident") ?? null;
  return {
    url,
    embedded,
    rss,
    parts: [...mappedParts(mappings), ...jemallocParts(jemallocOf(jemalloc, metrics), mappings)],
    figures: figures.map(({ metric, value }) => ({ name: String(metric), bytes: Number(value) })),
    top: [
      top("ClickHouse tables by bytes on disk", tables, "disk"),
      top("ClickHouse tables by primary key in memory", tables, "keys"),
      top("ClickHouse tables by marks (on disk; the mark cache holds those in use)", tables, "marks"),
    ].filter(({ sizes }) => sizes.length > 0),
    problems: [...new Set(problems)],
  };
}

function isUnknownTable(error: unknown): boolean {
  return error instanceof Error && !(error instanceof ClickHouseAway) && "code" in error && error.code === UNKNOWN_TABLE;
}

function mappingsOf(pid: number | null): Mappings | null {
  if (pid === null) return null;
  try {
    return readMappings(readFileSync(`/proc/${pid}/smaps`, "utf8"));
  } catch {
    return null;
  }
}

function mappedParts(mappings: Mappings | null): readonly MemoryPart[] {
  if (mappings === null) return [];
  return [
    { name: "mapped executable and libraries", bytes: mappings.files, counts: "resident pages of files that are mapped (/proc/PID/smaps)" },
    { name: "stacks of threads", bytes: mappings.stacks, counts: "the main thread's stack and those behind a guard page" },
  ];
}

interface Jemalloc {
  readonly allocated: number;
  readonly active: number;
  readonly resident: number;
}

function jemallocOf([row]: Rows, metrics: ReadonlyMap<string, number>): Jemalloc {
  const figure = (name: keyof Jemalloc): number => (row === undefined ? (metrics.get(`jemalloc.${name}`) ?? 0) : Number(row[name]));
  return { allocated: figure("allocated"), active: figure("active"), resident: figure("resident") };
}

function jemallocParts({ allocated, active, resident }: Jemalloc, mappings: Mappings | null): readonly MemoryPart[] {
  if (resident === 0) return [];
  // jemalloc counts what it has given out and what it keeps, also pages that nobody has touched yet, or the system took back.
  let left = mappings === null ? resident : mappings.anonymous + mappings.arenas;
  const part = (name: string, bytes: number, counts: string): MemoryPart => {
    const there = Math.min(left, Math.max(0, bytes));
    left -= there;
    return { name, bytes: there, counts: `${counts}, as far as it is resident` };
  };
  return [
    part("jemalloc allocated (stats.allocated)", allocated, "in use: tables, caches, queries, merges"),
    part("jemalloc fragmentation (stats.active-stats.allocated)", active - allocated, "of pages that are in use, what is not"),
    part(
      "jemalloc cached bytes and metadata (stats.resident-stats.active)",
      resident - active,
      "pages that are kept for later, and jemalloc's own",
    ),
  ];
}

function top(title: string, rows: Rows, column: "disk" | "keys" | "marks"): TopSizes {
  const sizes: readonly NamedSize[] = rows.map((row) => ({ name: String(row.name), bytes: Number(row[column]) }));
  return { title, sizes: largest(sizes) };
}

/** The ten largest that have a size, the largest first. */
export function largest(sizes: readonly NamedSize[]): readonly NamedSize[] {
  return sizes
    .filter(({ bytes }) => bytes > 0)
    .toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
    .slice(0, TOP);
}
