// The memory report as text, for the terminal.
import type { ClickHouseMemory, HeapObjects, MemoryPart, MemoryReport, NamedSize, ProcessMemory } from "../../../shared/memory.ts";

interface Line {
  readonly name: string;
  readonly value: string;
}

/** Plain text; ends with a line's end. */
export function memoryText(report: MemoryReport): string {
  const { process, parts, accounted, unaccounted, held, top, clickhouse, objects, problems } = report;
  const blocks = [
    `Process memory information: ${pmem(process)}`,
    block("Memory use summary:", [
      ...parts.map(lineOf),
      { name: "**Total accounted for memory**", value: String(accounted) },
      { name: "**Unaccounted for memory (rss-total_accounted_for)**", value: String(unaccounted) },
    ]),
    block("Held by Parallax (within the lines above, not added):", held.map(lineOf)),
    ...top.map(({ title, sizes }) => block(`Top ${title}:`, sizes.map(lineOf))),
    ...clickHouseBlocks(clickhouse),
    ...(objects === null ? [] : [objectsBlock(objects)]),
    block("What each line of the summary counts:", meanings(parts)),
    block("What each line of Parallax's own counts:", meanings(held)),
    ...(problems.length === 0 ? [] : [["What could not be had:", ...problems.map((problem) => `   ${problem}`)].join("\n")]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function pmem(memory: ProcessMemory): string {
  const members = Object.entries(memory).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
  return `pmem(${members.join(", ")})`;
}

/** A title over aligned lines. */
export function block(title: string, lines: readonly Line[]): string {
  const width = Math.max(0, ...lines.map(({ name }) => name.length));
  const right = Math.max(0, ...lines.map(({ value }) => (/^-?\d+$/.test(value) ? value.length : 0)));
  return [
    title,
    ...lines.map(({ name, value }) => `   ${name.padEnd(width)}: ${/^-?\d+$/.test(value) ? value.padStart(right) : value}`),
  ].join("\n");
}

function lineOf({ name, bytes }: NamedSize): Line {
  return { name, value: String(bytes) };
}

/** What lines count, each meaning once. */
function meanings(parts: readonly MemoryPart[]): readonly Line[] {
  const names = Map.groupBy(parts, ({ counts }) => counts);
  return [...names].map(([counts, [first, ...others]]) => ({
    name: `${first?.name ?? ""}${others.length === 0 ? "" : ", …"}`,
    value: counts,
  }));
}

function clickHouseBlocks({ url, embedded, rss, parts, figures, top, problems }: ClickHouseMemory): readonly string[] {
  const where = embedded ? "a process of its own, not in the rss above" : "another's process";
  const accounted = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const rest = rss === null ? [] : [{ name: "Unaccounted for memory (rss-total_accounted_for)", value: String(rss - accounted) }];
  const title = `ClickHouse memory use summary (${url === "" ? "not there" : `${url}, ${where}`}):`;
  return [
    block(title, [
      ...(rss === null ? [] : [{ name: "rss", value: String(rss) }]),
      ...parts.map(lineOf),
      ...(parts.length === 0 ? [] : [{ name: "Total accounted for memory", value: String(accounted) }, ...rest]),
      ...problems.map((value) => ({ name: "missing", value })),
    ]),
    ...(figures.length === 0 ? [] : [block("ClickHouse caches and tracking (within the lines above, not added):", figures.map(lineOf))]),
    ...top.map(({ title: of, sizes }) => block(`Top ${of}:`, sizes.map(lineOf))),
  ];
}

function objectsBlock({ types, count, bytes, ms }: HeapObjects): string {
  const width = Math.max(45, ...types.map(({ type }) => type.length));
  const row = (type: string, objects: string, size: string): string =>
    `${type.padStart(width)} | ${objects.padStart(11)} | ${size.padStart(12)}`;
  const told = { count: 0, bytes: 0 };
  for (const type of types) {
    told.count += type.count;
    told.bytes += type.bytes;
  }
  return [
    `JavaScript memory summary (the main thread's heap; it stood still for ${(ms / 1000).toFixed(1)} s):`,
    row("types", "# objects", "total size"),
    row("=".repeat(width), "=".repeat(11), "=".repeat(12)),
    ...types.map((type) => row(type.type, String(type.count), sizeInWords(type.bytes))),
    ...(count > told.count ? [row("(all other types)", String(count - told.count), sizeInWords(bytes - told.bytes))] : []),
    row("(all)", String(count), sizeInWords(bytes)),
  ].join("\n");
}

/** `57.27 MB`, `902.88 KB`. */
function sizeInWords(bytes: number): string {
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(2)} KB` : `${(kib / 1024).toFixed(2)} MB`;
}
