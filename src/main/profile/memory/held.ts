// What Parallax holds, by its own counters: in V8's heap and array buffers, so none of it is a part of its own.
import { serialize } from "node:v8";
import type { MemoryPart, NamedSize, TopSizes } from "../../../shared/memory.ts";
import type { PipeInfo } from "../../../shared/pipe.ts";
import { largest } from "./clickhouse_memory.ts";

export interface Holdings {
  /** null without a session. */
  readonly session: { readonly waitingBytes: number; readonly cacheBytes: number } | null;
  /** null where nothing is mirrored. */
  readonly mirror: { readonly waitingBytes: number; readonly indices: ReadonlyMap<string, HeldIndex> } | null;
  readonly journal: { readonly writes: number; readonly bytes: number };
  readonly pipes: readonly PipeInfo[];
}

export interface HeldIndex {
  /** Rows that wait, encoded. */
  readonly waitingBytes: number;
  readonly description: { readonly raw: object };
}

/** Lines for the report. */
export function heldParts({ session, mirror, journal }: Holdings): readonly MemoryPart[] {
  const indices = [...(mirror?.indices.values() ?? [])];
  return [
    {
      name: "capture queue",
      bytes: session?.waitingBytes ?? 0,
      counts: "exchanges that wait to be written into the session file, with their bodies; roughly",
    },
    {
      name: "SQLite page cache of the session, at most",
      bytes: session?.cacheBytes ?? 0,
      counts: "its limit, or the file where that is smaller; Node does not tell what SQLite has of it",
    },
    {
      name: "mirror: documents",
      bytes: mirror?.waitingBytes ?? 0,
      counts: "bulk requests and their answers that are being mirrored, as they came",
    },
    {
      name: "mirror: rows",
      bytes: indices.reduce((sum, { waitingBytes }) => sum + waitingBytes, 0),
      counts: "encoded rows that wait for the insert before them",
    },
    {
      name: "mappings",
      bytes: indices.reduce((sum, index) => sum + descriptionBytes(index), 0),
      counts: "what Elasticsearch said of each mirrored index, serialised",
    },
    {
      name: "journal, in its file",
      bytes: journal.bytes,
      counts: `${journal.writes} writes that ClickHouse has not; on disk, not in memory`,
    },
  ];
}

/** The largest indices and pipes. */
export function heldTop({ mirror, pipes }: Holdings): readonly TopSizes[] {
  const indices = [...(mirror?.indices ?? [])];
  const sized = (size: (index: HeldIndex) => number): readonly NamedSize[] =>
    largest(indices.map(([name, index]) => ({ name, bytes: size(index) })));
  return [
    { title: "indices by rows that wait for ClickHouse", sizes: sized(({ waitingBytes }) => waitingBytes) },
    { title: "indices by mapping and settings (serialised)", sizes: sized(descriptionBytes) },
    {
      title: "pipes by their state (serialised)",
      sizes: largest(pipes.map((pipe) => ({ name: pipe.id, bytes: serialize(pipe).byteLength }))),
    },
  ].filter(({ sizes }) => sizes.length > 0);
}

function descriptionBytes({ description }: HeldIndex): number {
  return serialize(description.raw).byteLength;
}
