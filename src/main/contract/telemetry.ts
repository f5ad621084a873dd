// The telemetry reports of an engine: where their figures come from.
import { join } from "node:path";
import type { Telemetry } from "../../shared/telemetry.ts";
import type { Engine } from "../engine.ts";
import { telemetryReport } from "../report/telemetry.ts";
import { TelemetryReports } from "../report/telemetry_reports.ts";
import { elasticsearchOf, type StatusFrame } from "./status.ts";

/** No session is open. */
const NONE = Object.freeze({ documents: 0, bytes: 0 });
const ROWS = "SELECT sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = {database:String}";
const CONNECTIONS = "SELECT value FROM system.metrics WHERE metric = 'HTTPConnection'";

/** Makes them from now on, by the engine's settings. */
export function telemetryOf(engine: Engine, { nodeId, version }: Pick<StatusFrame, "nodeId" | "version">): TelemetryReports {
  return new TelemetryReports({
    ...engine.options.telemetry,
    file: join(engine.options.data, "logs", "telemetry.json"),
    log: engine.log,
    report: (occasion, limitMs) =>
      telemetryReport(
        {
          started: engine.started,
          version,
          instance: nodeId,
          faults: engine.faults,
          statistics: engine.statistics.read(),
          elasticsearch: elasticsearchOf(engine),
          clickhouse: engine.clickhouse.backend(),
          documents: async (ms) => (await engine.workspace?.primaries(ms)) ?? NONE,
          rows: (ms) => rowsOf(engine, ms),
        },
        occasion,
        limitMs,
      ),
  });
}

/** What the contract tells of them. */
export async function toldOf(reports: TelemetryReports): Promise<Telemetry> {
  const { file, url, intervalMs } = reports;
  return { report: await reports.now(), file, url, intervalSeconds: intervalMs / 1000 };
}

async function rowsOf({ clickhouse, workspace }: Engine, limitMs: number) {
  const { client } = clickhouse;
  if (client === null) throw new Error("ClickHouse has not answered yet");
  const options = { signal: AbortSignal.timeout(limitMs) };
  const database = workspace?.mirror?.database ?? "";
  const [sizes, connections] = await Promise.all([
    client.query({ sql: ROWS, params: [{ name: "database", type: "String", value: database }] }, options),
    client.query({ sql: CONNECTIONS, params: [] }, options),
  ]);
  const [size] = sizes.rows;
  return { rows: Number(size?.rows ?? 0), bytes: Number(size?.bytes ?? 0), connections: Number(connections.rows[0]?.value ?? 0) };
}
