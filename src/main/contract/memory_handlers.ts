// The contract's handlers for what memory is used for.
import type { Engine } from "../engine.ts";
import type { AskedClickHouse } from "../profile/memory/clickhouse_memory.ts";
import { mallocText } from "../profile/memory/malloc_text.ts";
import { type MemorySources, memoryReport } from "../profile/memory/report.ts";
import { memoryText } from "../profile/memory/report_text.ts";
import type { Handlers } from "./handlers.ts";

/** Handlers for `engine`. */
export function memoryHandlers(engine: Engine): Pick<Handlers, "memory.get" | "memory.text" | "memory.malloc"> {
  return {
    "memory.get": ({ objects }) => memoryReport(sourcesOf(engine), objects ?? false),
    "memory.text": async ({ objects }) => memoryText(await memoryReport(sourcesOf(engine), objects ?? true)),
    "memory.malloc": () => mallocText(clickhouseOf(engine)),
  };
}

function sourcesOf(engine: Engine): MemorySources {
  return {
    clickhouse: clickhouseOf(engine),
    holdings: {
      session: engine.workspace?.session.held() ?? null,
      mirror: engine.workspace?.mirror?.held ?? null,
      journal: engine.journal,
      pipes: engine.pipes.list(),
    },
  };
}

function clickhouseOf({ clickhouse }: Engine): AskedClickHouse {
  return { backend: clickhouse.backend(), client: clickhouse.client, pid: clickhouse.pid };
}
