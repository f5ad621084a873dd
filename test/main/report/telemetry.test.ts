import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Statistics } from "../../../src/main/report/statistics.ts";
import { type TelemetrySources, telemetryReport } from "../../../src/main/report/telemetry.ts";
import { TelemetryReports } from "../../../src/main/report/telemetry_reports.ts";
import type { TelemetryOccasion, TelemetryReport } from "../../../src/shared/telemetry.ts";
import { until } from "../../support/parallax_process.ts";

const LATER_MS = 86_400_000;
/** However slow this machine is. */
const PATIENT = { endLimitMs: 60_000 } as const;

function sourcesOf(part: Partial<TelemetrySources> = {}): TelemetrySources {
  const statistics = new Statistics();
  statistics.searched(2_000, false);
  statistics.searched(10, true);
  return {
    started: new Date("2026-01-01T00:00:00.900Z"),
    version: "0.1.0",
    instance: "438c42a6",
    faults: 3,
    statistics: statistics.read(),
    elasticsearch: { url: "http://localhost:9200", status: "ok", version: "9.4.3", message: "" },
    clickhouse: { url: "http://localhost:8123", status: "away", version: "26.7", message: "It is away." },
    documents: async () => ({ documents: 12, bytes: 747 }),
    rows: async () => Promise.reject(new Error("away")),
    ...part,
  };
}

const SHAPE = [
  "started_at hostname parallax_version instanceId clickhouse elasticsearch clickhouse_queries clickhouse_inserts elastic_queries",
  "top_user_agents runtime number_of_panics report_type taken_at",
].join(" ");

describe("the telemetry report", () => {
  test("has the members of the manual, in seconds, and 0 where a server is away", async () => {
    const report = await telemetryReport(sourcesOf(), "on-demand", 1_000);
    assert.equal(Object.keys(report).join(" "), SHAPE);
    assert.equal(report.started_at, 1_767_225_600);
    assert.deepEqual(report.elasticsearch, { status: "ok", number_of_docs: 12, size: 747, server_version: "9.4.3" });
    assert.deepEqual(report.clickhouse, {
      status: "away",
      number_of_rows: 0,
      disk_space: 0,
      open_connection: 0,
      max_open_connection: 0,
      server_version: "26.7",
    });
    const { percentiles, ...queries } = report.clickhouse_queries;
    assert.deepEqual(queries, { count: 2, avg_time_sec: 1.005, failed: 1, over_thresholds: { 1: 1, 5: 0, 10: 0, 30: 0, 60: 0 } });
    assert.equal(percentiles[5], 0.01);
    assert.deepEqual(report.clickhouse_inserts, {
      count: 0,
      avg_time_sec: 0,
      failed: 0,
      over_thresholds: { 1: 0, 5: 0, 10: 0, 30: 0, 60: 0 },
      percentiles: { 5: 0, 25: 0, 50: 0, 75: 0, 95: 0 },
    });
    assert.equal(report.number_of_panics, 3);
    assert.equal(report.report_type, "on-demand");
    assert.ok(report.runtime.memory_used > 0 && report.runtime.memory_available > report.runtime.memory_used);
  });
});

describe("telemetry reports", () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-telemetry-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const warnings: string[] = [];
  const log = { write: (_level: string, message: string) => void warnings.push(message) };
  const report = (occasion: TelemetryOccasion): Promise<TelemetryReport> => telemetryReport(sourcesOf(), occasion, 100);
  const read = (file: string): TelemetryReport => JSON.parse(readFileSync(file, "utf8"));

  test("are written on schedule and at the end, the newest under its name", async () => {
    const file = join(folder, "a", "telemetry.json");
    const reports = new TelemetryReports({ file, url: null, intervalMs: 1, log, report, ...PATIENT });
    await until(
      () => existsSync(`${file}.1`),
      (there) => there,
      60_000,
    );
    await reports.stop();
    assert.equal(read(file).report_type, "on-shutdown");
    assert.equal(read(`${file}.1`).report_type, "on-schedule");
    assert.equal((await reports.now()).report_type, "on-demand");
    assert.equal(read(file).report_type, "on-shutdown", "one that was asked for is not written");
  });

  test("are posted once where a URL is given, with its password as a header", async () => {
    const got: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request.setEncoding("utf8")) body += piece;
      got.push({ headers: request.headers, body });
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const file = join(folder, "b", "telemetry.json");
    warnings.length = 0;
    const reports = new TelemetryReports({
      file,
      url: `http://me:s3cret@127.0.0.1:${port}/in`,
      intervalMs: LATER_MS,
      log,
      report,
      ...PATIENT,
    });
    assert.equal(reports.url, `http://127.0.0.1:${port}/in`);
    await reports.stop();
    server.closeAllConnections();
    server.close();
    assert.equal(got.length, 1, "a receiver that fails is not asked again");
    assert.equal(got[0]?.headers.authorization, `Basic ${Buffer.from("me:s3cret").toString("base64")}`);
    assert.equal(JSON.parse(got[0]?.body ?? "").report_type, "on-shutdown");
    assert.match(warnings.join("\n"), /could not be sent to http:\/\/127\.0\.0\.1:\d+\/in: it answered 500/);
    assert.doesNotMatch(warnings.join("\n") + got[0]?.body, /s3cret/);
  });

  test("that nobody takes, or that can't be written, are a line of the log and nothing else", async () => {
    const file = join(folder, "c", "telemetry.json");
    warnings.length = 0;
    await new TelemetryReports({ file, url: "http://127.0.0.1:9/", intervalMs: LATER_MS, log, report, ...PATIENT }).stop();
    await new TelemetryReports({ file: join(file, "below"), url: null, intervalMs: LATER_MS, log, report, ...PATIENT }).stop();
    assert.match(warnings[0] ?? "", /could not be sent to/);
    assert.match(warnings[1] ?? "", /could not be made/);
    assert.equal(read(file).report_type, "on-shutdown");
  });
});
