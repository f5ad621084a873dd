// What the memory section of the Status page says.
import type { PartKind } from "../../shared/memory.ts";

const kinds: Readonly<Record<PartKind | "rest", string>> = {
  code: "code and mapped files",
  heap: "V8 heaps",
  buffers: "array buffers",
  free: "free, kept for later",
  other: "stacks and others",
  rest: "not accounted for",
};

export const memory = {
  memory: {
    title: "Memory",
    kinds,
    process: "This process",
    share: (accounted: string) => `${accounted} accounted for`,
    clickhouse: "ClickHouse",
    elsewhere: "a server of yours",
    machine: "Machine",
    machineUsed: (percent: number, total: string) => `${percent} % of ${total} in use`,
    parts: "Parts",
    held: "Held by Parallax, within the above",
    reports: "Reports as text",
    heap: "The heap with its objects by type",
    heapHint: "(Parallax stands still for a moment)",
    quick: "The heap in short",
    malloc: "Allocators",
    unavailable: "What memory is used for can’t be told.",
  },
} as const;
