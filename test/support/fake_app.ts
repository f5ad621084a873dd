// The app of the desktop over a fake Electron and an engine that only remembers what it was asked.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readServeOptions } from "../../src/main/config/options.ts";
import { EventHub } from "../../src/main/contract/events.ts";
import type { Handlers } from "../../src/main/contract/handlers.ts";
import type { Served } from "../../src/main/contract/serve_engine.ts";
import { isRequestName } from "../../src/main/contract/validate.ts";
import { type Desktop, runDesktop } from "../../src/main/desktop/desktop.ts";
import type { ElectronImage, MenuItem } from "../../src/main/desktop/electron.ts";
import type { Events, RequestName, Status, VerdictCounts } from "../../src/shared/contract.ts";
import type { ExchangeSummary } from "../../src/shared/exchange.ts";
import { FakeElectron } from "./fake_electron.ts";

export const COUNTS: VerdictCounts = Object.freeze({ equal: 5, equivalent: 0, different: 0, unsupported: 0, failed: 0, not_compared: 0 });

const BACKEND = { url: "http://127.0.0.1:9200", status: "ok", version: "9.4.3", message: "" } as const;
const MEMORY = { total: 1, available: 1, percent: 1, used: 1, free: 1, active: 1, inactive: 1, buffers: 1, cached: 1, shared: 1, slab: 1 };

/** A search whose answers differ. */
export const EXCHANGE: ExchangeSummary = Object.freeze({
  id: 1,
  time: 0,
  method: "POST",
  path: "/logs/_search?x=1",
  endpoint: "_search",
  index: "logs",
  kind: "search",
  status: 200,
  verdict: "different",
  note: "hits.total",
  elasticsearchMs: 1,
  clickhouseMs: 1,
  requestBytes: 1,
  responseBytes: 1,
  client: "",
  shape: "a",
  pinned: false,
  truncated: false,
});

/** A status in which all is well. */
export function statusOf(part: Partial<Status> = {}): Status {
  return {
    node_id: "fake",
    pid: 1,
    version: "1.0.0",
    started: "2026-01-01T00:00:00.000Z",
    uptime: "1 minute",
    node_version: "1.0.0",
    node_start_time: "2026-01-01T00:00:00Z",
    node_uptime: "0 hours, 1 minutes, 0 seconds",
    virtual_memory: MEMORY,
    running: true,
    mode: "compare",
    session: { name: "Live session", file: "/data/current.parallax", sample: false, readOnly: false, replay: null },
    proxy: { url: "http://127.0.0.1:9280", port: 9280 },
    intercept: { on: false, url: "", port: 9281 },
    interface: { url: "http://127.0.0.1:9999", port: 9999 },
    elasticsearch: BACKEND,
    clickhouse: { ...BACKEND, url: "http://127.0.0.1:8123", version: "26.7", embedded: true, port: 8123, dataFolder: null },
    capture: { exchanges: 5, missed: 0, bytes: 100 },
    journal: { writes: 0, bytes: 0, problem: "" },
    safe_mode: { crashes: 0, offered: false, by: null },
    health: null,
    problems: [],
    ...part,
  };
}

export class FakeEngine {
  status = statusOf();
  counts = COUNTS;
  changed: Events["exchanges"]["changed"] = [];
  readonly asked: (readonly [RequestName, unknown])[] = [];
  settings: Readonly<Record<string, unknown>> = {};
  stops = 0;
  toldEnding = 0;
  stop: () => Promise<void> = async () => {};
  readonly events = new EventHub({
    exchanges: () => ({ changed: this.changed, total: 0 }),
    status: () => this.status,
    verdicts: () => this.counts,
    pipes: () => [],
    rules: () => {
      throw new Error("not asked for");
    },
    kibana: () => {
      throw new Error("not asked for");
    },
    log: () => ({ lines: 0 }),
    profiles: () => {
      throw new Error("not asked for");
    },
  });

  get served(): Served {
    const answers: Partial<Record<RequestName, () => unknown>> = {
      "session.recent": () => [{ file: "/old.parallax", opened: "2026-01-01T00:00:00.000Z" }],
      "settings.get": () => ({ settings: Object.entries(this.settings).map(([key, value]) => ({ key, value })) }),
      "verdicts.get": () => ({ total: 5, counts: this.counts, shapes: [] }),
    };
    const handlers = new Proxy({} as Handlers, {
      get: (_target, name) => async (request: unknown) => {
        if (typeof name !== "string" || !isRequestName(name)) throw new Error(`no request ${String(name)}`);
        this.asked.push([name, request]);
        return (answers[name] ?? (() => this.status))();
      },
    });
    return {
      handlers,
      events: this.events,
      interface: { url: "http://127.0.0.1:9999", port: 9999, stop: async () => {} },
      token: null,
      status: () => this.status,
      ending: () => {
        this.toldEnding += 1;
      },
      stop: async () => {
        this.stops += 1;
        await this.stop();
      },
    };
  }

  /** Requests of this name. */
  askedFor(name: RequestName): readonly unknown[] {
    return this.asked.flatMap(([asked, request]) => (asked === name ? [request] : []));
  }
}

export interface FakeApp {
  readonly electron: FakeElectron;
  readonly engine: FakeEngine;
  readonly data: string;
  readonly desktop: Desktop<MenuItem[], ElectronImage> | null;
}

interface FakeStart {
  readonly args?: readonly string[];
  readonly electron?: FakeElectron;
  readonly engine?: FakeEngine;
  readonly platform?: NodeJS.Platform;
  readonly end?: { readonly drainMs: number; readonly stepMs: number };
}

/** Starts it in a data folder of its own; `after` removes that. */
export async function startFakeApp(after: (clean: () => void) => void, start: FakeStart = {}): Promise<FakeApp> {
  const data = mkdtempSync(join(tmpdir(), "parallax-app-"));
  after(() => rmSync(data, { recursive: true, force: true }));
  const { electron = new FakeElectron(), engine = new FakeEngine(), args = [], platform = "linux", end } = start;
  const desktop = await runDesktop(electron.module, {
    args,
    folder: "/home/me",
    platform,
    env: { XDG_CONFIG_HOME: join(data, "config") },
    execPath: "/opt/Parallax/parallax",
    out: "/app/out",
    version: "1.0.0",
    readOptions: (flags, openStore) => readServeOptions(["--data", data, ...flags], {}, platform, openStore),
    startEngine: async () => engine.served,
    ...(end === undefined ? {} : { end }),
  });
  return { electron, engine, data, desktop };
}
