// What the engine says of itself: one object for the API, the page, the tray and the terminal.
import type { Backend, Status } from "../../shared/contract.ts";
import { uptimeInFull, uptimeInWords } from "../../shared/uptime.ts";
import type { Engine } from "../engine.ts";
import { offersSafeMode } from "../last_run.ts";
import { virtualMemory } from "../profile/memory/virtual_memory.ts";

export interface StatusFrame {
  /** The end has begun. */
  readonly ending: boolean;
  readonly nodeId: string;
  readonly version: string;
  readonly interfaceUrl: string;
  readonly interfacePort: number;
}

/** The engine's state now. */
export function statusOf(engine: Engine, frame: StatusFrame): Status {
  const stats = engine.shown?.stats() ?? { exchanges: 0, missed: 0, bytes: 0 };
  const elasticsearch = elasticsearchOf(engine);
  const clickhouse = engine.clickhouse.backend();
  const problem = engine.workspace?.problem;
  return {
    node_id: frame.nodeId,
    pid: engine.health.pid,
    version: frame.version,
    started: engine.started.toISOString(),
    uptime: uptimeInWords(Date.now() - engine.started.getTime()),
    node_version: frame.version,
    node_start_time: engine.started.toISOString().replace(/\.\d+Z$/, "Z"),
    node_uptime: uptimeInFull(Date.now() - engine.started.getTime()),
    virtual_memory: virtualMemory(),
    running: engine.endpoint.proxy !== null,
    mode: engine.mode,
    session: engine.sessionInfo(),
    proxy: { url: `http://127.0.0.1:${engine.endpoint.port}`, port: engine.endpoint.port },
    intercept: engine.interception.status,
    interface: { url: frame.interfaceUrl, port: frame.interfacePort },
    elasticsearch,
    clickhouse,
    capture: stats,
    journal: engine.journal,
    health: engine.health.last,
    welcome: engine.welcome,
    ...(frame.ending ? { ending: true } : {}),
    safe_mode: safeModeOf(engine),
    problems: [
      elasticsearch.message,
      ...nodeProblems(elasticsearch),
      clickhouse.message,
      problem?.message ?? "",
      engine.workspace?.unmirrored ?? "",
      engine.journal.problem,
      engine.intervening.interventions.problem,
      engine.profiler.problem,
      engine.lastFault,
    ].filter((message) => message !== ""),
  };
}

function safeModeOf({ crashes, pipes, options }: Engine): Status["safe_mode"] {
  if (pipes.runsByItself) return { crashes, offered: offersSafeMode(crashes), by: null };
  const { keptBack, flags } = options.given;
  const by = keptBack ? "startup_options.json" : flags.has("task_manager.disable_pump_scheduler") ? "flag" : "setting";
  return { crashes, offered: false, by };
}

/** The sample is a recording. */
export function elasticsearchOf(engine: Engine): Backend {
  const version = engine.sampleVersion;
  if (version !== null) return { url: "recorded Elasticsearch", status: "recorded", version, message: "" };
  return engine.workspace?.backend() ?? { url: "", status: "starting", version: null, message: "" };
}

// Where a node is away, another one answers.
function nodeProblems({ url, message, nodes = [] }: Backend): readonly string[] {
  return message === "" ? nodes.flatMap((node) => (node.message === "" ? [] : [`${node.message} ${url} answers.`])) : [];
}
