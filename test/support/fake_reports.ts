// Memory and telemetry as the window asks for them, without an engine.
import type { Handlers } from "../../src/main/contract/handlers.ts";
import type { MemoryReport } from "../../src/shared/memory.ts";
import type { TimedRequests } from "../../src/shared/telemetry.ts";

const MB = 1_000_000;

const MEMORY: MemoryReport = {
  taken: "2026-01-01T00:00:00.000Z",
  process: { rss: 400 * MB, vms: 3000 * MB, shared: 70 * MB, text: 45 * MB, lib: 0, data: 900 * MB, dirty: 0 },
  parts: [
    { kind: "code", name: "mapped executable and libraries", bytes: 70 * MB, counts: "resident pages of files that are mapped" },
    { kind: "heap", name: "V8 main new space", bytes: 40 * MB, counts: "physical size of this space of the main thread's heap" },
    { kind: "heap", name: "V8 main old space", bytes: 60 * MB, counts: "physical size of this space of the main thread's heap" },
    { kind: "heap", name: "V8 heap of proxy", bytes: 12 * MB, counts: "physical size of all spaces of this thread's heap" },
    { kind: "code", name: "V8 code of all threads", bytes: 6 * MB, counts: "resident pages that are executable and of no file" },
    { kind: "buffers", name: "ArrayBuffers of main", bytes: 80 * MB, counts: "array buffers made in this thread" },
    { kind: "other", name: "stacks of threads", bytes: MB, counts: "the main thread's stack and those behind a guard page" },
    { kind: "free", name: "free in malloc's arenas", bytes: 90 * MB, counts: "in use by nobody now, and used again" },
  ],
  accounted: 359 * MB,
  unaccounted: 41 * MB,
  held: [{ name: "capture queue", bytes: 200_000, counts: "exchanges that wait to be written" }],
  top: [{ title: "indices by mapping and settings (serialised)", sizes: [{ name: "flights", bytes: 2_048 }] }],
  clickhouse: {
    url: "http://127.0.0.1:8123",
    embedded: true,
    rss: 430 * MB,
    parts: [
      { name: "mapped executable and libraries", bytes: 260 * MB, counts: "resident pages of files that are mapped" },
      { name: "jemalloc allocated (stats.allocated)", bytes: 110 * MB, counts: "in use" },
    ],
    figures: [{ name: "MemoryTracking", bytes: 55 * MB }],
    top: [],
    problems: [],
  },
  objects: null,
  problems: [],
};

const TIMED: TimedRequests = Object.freeze({
  count: 12,
  avg_time_sec: 0.004,
  failed: 0,
  over_thresholds: { 1: 0, 5: 0, 10: 0, 30: 0, 60: 0 },
  percentiles: { 5: 0.001, 25: 0.002, 50: 0.003, 75: 0.005, 95: 0.009 },
});

export const fakeReports: Pick<Handlers, "memory.get" | "memory.text" | "memory.malloc" | "telemetry.get"> = {
  "memory.get": () => MEMORY,
  "memory.text": () => "Process memory information: pmem(rss=400000000)\n",
  "memory.malloc": () => "V8 heap of main\n",
  "telemetry.get": () => ({
    report: {
      started_at: 1_767_225_600,
      hostname: "laptop",
      parallax_version: "0.0.0",
      instanceId: "fake",
      clickhouse: {
        status: "ok",
        number_of_rows: 14_725,
        disk_space: 17_047_512,
        open_connection: 2,
        max_open_connection: 0,
        server_version: "26.7.2",
      },
      elasticsearch: { status: "recorded", number_of_docs: 0, size: 0, server_version: "9.4.3" },
      clickhouse_queries: TIMED,
      clickhouse_inserts: TIMED,
      elastic_queries: TIMED,
      top_user_agents: ["Kibana/9.4.3"],
      runtime: { memory_used: 400 * MB, memory_available: 16_000 * MB },
      number_of_panics: 0,
      report_type: "on-demand",
      taken_at: 1_767_225_720,
    },
    file: "/tmp/parallax/logs/telemetry.json",
    url: null,
    intervalSeconds: 3600,
  }),
};
