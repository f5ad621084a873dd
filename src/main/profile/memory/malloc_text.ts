// What the allocators hold, for those who look closely: V8's heaps of each thread by space, glibc's arenas, ClickHouse's jemalloc by bin.
import { messageOf } from "../../../shared/thrown.ts";
import type { ClickHouseClient } from "../../clickhouse/client.ts";
import { watcher } from "../watcher.ts";
import type { AskedClickHouse } from "./clickhouse_memory.ts";
import { type Malloc, readMalloc } from "./malloc.ts";
import type { ThreadMemory } from "./thread_memory.ts";

const LIMIT_MS = 5_000;
const BINS =
  "SELECT index, large, size, allocations, deallocations, (allocations - deallocations) * size AS live FROM system.jemalloc_bins " +
  "WHERE allocations > 0 ORDER BY index";

/** Plain text. Never rejects: what can't be had is said in its place. */
export async function mallocText(clickhouse: AskedClickHouse): Promise<string> {
  const [heaps, malloc, bins] = await Promise.all([heapsText(), readMalloc(), binsText(clickhouse)]);
  return `${[heaps, malloc === null ? "malloc: this system's C library does not tell what it holds (glibc does)." : mallocTable(malloc), bins].join("\n\n")}\n`;
}

async function heapsText(): Promise<string> {
  try {
    const threads = await watcher().ask({ kind: "memory" });
    return threads.map(threadText).join("\n\n");
  } catch (error) {
    return `V8: the threads' heaps can't be told: ${messageOf(error)}.`;
  }
}

function threadText({ thread, figures, problem }: ThreadMemory): string {
  if (figures === null) return `V8 heap of ${thread}: can't be told: ${problem}.`;
  const { spaces, heap, code, arrayBuffers, external } = figures;
  const rows = spaces.map((space) => [
    space.space_name,
    space.space_size,
    space.physical_space_size,
    space.space_used_size,
    space.space_available_size,
  ]);
  const sums = [1, 2, 3, 4].map((at) => rows.reduce((sum, row) => sum + Number(row[at]), 0));
  const figure = (name: string, value: number): string => `# ${name.padEnd(36)} = ${grouped(value).padStart(20)}`;
  return [
    `V8 heap of ${thread}`,
    "",
    table(["space", "size", "physical", "used", "available"], [...rows, ["Total", ...sums]]),
    "",
    ...Object.entries({ ...heap, ...code, array_buffers: arrayBuffers, external }).map(([name, value]) => figure(name, Number(value))),
  ].join("\n");
}

function mallocTable({ arenas, mapped }: Malloc): string {
  const rows = arenas.map(({ system, free, freePieces }, nr) => [nr, system, system - free, free, freePieces]);
  const sums = [1, 2, 3, 4].map((at) => rows.reduce((sum, row) => sum + Number(row[at]), 0));
  return [
    "malloc (glibc), by arena",
    "",
    table(["arena", "from system", "in use", "free", "free pieces"], [...rows, ["Total", ...sums]]),
    "",
    `${mapped.count} pieces mapped by themselves = ${grouped(mapped.bytes)} bytes`,
  ].join("\n");
}

async function binsText({ client, backend }: AskedClickHouse): Promise<string> {
  if (client === null || backend.status !== "ok") return `ClickHouse: ${backend.message || "it does not answer yet"}`;
  try {
    return await bins(client);
  } catch (error) {
    return `ClickHouse's jemalloc (${backend.url}): system.jemalloc_bins can't be read: ${messageOf(error)}. The user needs GRANT SELECT ON system.jemalloc_bins, and the server jemalloc (Linux).`;
  }
}

async function bins(client: ClickHouseClient): Promise<string> {
  const { rows } = await client.query({ sql: BINS, params: [] }, { signal: AbortSignal.timeout(LIMIT_MS) });
  const columns = ["index", "large", "size", "allocations", "deallocations", "live"];
  const lines = rows.map((row) => columns.map((name) => Number(row[name])));
  const live = lines.reduce((sum, line) => sum + (line[5] ?? 0), 0);
  return [
    `jemalloc of ClickHouse at ${client.url}, by bin`,
    "",
    table(["bin", "large", "size", "allocations", "deallocations", "live bytes"], [...lines, ["Total", "", "", "", "", live]]),
  ].join("\n");
}

/** Figures to the right, grouped by thousands. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows.map((row) => row.map((cell) => (typeof cell === "number" ? grouped(cell) : cell)))];
  const widths = head.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const print = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  const [first = [], ...rest] = cells;
  return [print(first), widths.map((width) => "-".repeat(width)).join("  "), ...rest.map(print)].join("\n");
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
