// Joins an engine and the contract: handlers, events and the HTTP interface. Electron's shell adds IPC to the same handlers.
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Status, VerdictCounts } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";
import type { Engine } from "../engine.ts";
import { Shares } from "../share/shares.ts";
import { harOf } from "./capture_handlers.ts";
import { engineHandlers } from "./engine_handlers.ts";
import { EventHub } from "./events.ts";
import type { Handlers } from "./handlers.ts";
import { type Interface, startInterface } from "./http_server.ts";
import { kibanaState } from "./kibana_handlers.ts";
import { rawOf } from "./raw.ts";
import { sharedFile } from "./share_handlers.ts";
import { statusOf } from "./status.ts";
import { telemetryOf, toldOf } from "./telemetry.ts";

export interface Served {
  readonly handlers: Handlers;
  readonly events: EventHub;
  readonly interface: Interface;
  /** null: no token is asked for. */
  readonly token: string | null;
  status(): Status;
  /** Tells the window that the end has begun. */
  ending(): void;
  stop(): Promise<void>;
}

const CHANGED_AT_MOST = 200;
const NO_COUNTS: VerdictCounts = Object.freeze({ equal: 0, equivalent: 0, different: 0, unsupported: 0, failed: 0, not_compared: 0 });

/** Starts the interface, then the engine; `quit` ends the process where others may ask for it. Throws when a port given by flag is taken. */
export async function serveEngine(engine: Engine, page: string, version: string, quit?: () => void): Promise<Served> {
  const token = engine.options.token ? randomBytes(24).toString("base64url") : null;
  const frame = {
    nodeId: randomUUID(),
    version,
    interfaceUrl: "",
    interfacePort: 0,
    ending: false,
  };
  const status = (): Status => statusOf(engine, frame);
  const changed = new Set<number>();
  const events = new EventHub({
    exchanges: () => ({ changed: takeChanged(engine, changed), total: engine.shown?.stats().exchanges ?? 0 }),
    status,
    verdicts: () => engine.shown?.verdictCounts() ?? NO_COUNTS,
    pipes: () => engine.pipes.list(),
    rules: () => engine.intervening.interventions.state,
    kibana: () => kibanaState(engine),
    log: () => ({ lines: engine.log.lines }),
    profiles: () => engine.profiler.activity,
  });
  engine.log.onLine = () => events.touch("log");
  engine.kibana.changed = () => events.touch("kibana");
  const shares = new Shares(engine.options.data);
  const telemetry = telemetryOf(engine, frame);
  const handlers = engineHandlers(engine, {
    status,
    telemetry: () => toldOf(telemetry),
    share: { page, version, shares },
    ...(quit === undefined ? {} : { quit }),
  });
  const { port, exact } = engine.options.uiPort;
  const served = await startInterface({
    handlers,
    events,
    har: (query) => harOf(engine, query, version),
    calls: engine.calls,
    profiler: engine.profiler,
    raw: (raw, request) => (raw === "share" ? sharedFile(shares) : rawOf(engine, raw, request)),
    uploads: { folder: join(engine.options.data, "uploads"), capBytes: engine.options.captureCapBytes },
    page,
    token,
    authRequired: engine.options.authRequired,
    version,
    port,
    exactPort: exact,
  });
  frame.interfaceUrl = served.url;
  frame.interfacePort = served.port;
  engine.interception.interfacePort = served.port;
  const stop = async (): Promise<void> => {
    await telemetry.stop();
    await shares.close();
    await engine.stop();
    await served.stop();
  };
  try {
    await engine.start(
      {
        exchangesChanged: (ids) => {
          for (const id of ids) changed.add(id);
          events.touch("exchanges");
          events.touch("verdicts");
        },
        statusChanged: () => events.touch("status"),
        pipesChanged: () => events.touch("pipes"),
        rulesChanged: () => events.touch("rules"),
        profilesChanged: () => events.touch("profiles"),
      },
      { interface: { url: served.url, token }, nodeId: frame.nodeId, version },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const ending = (): void => {
    frame.ending = true;
    events.touch("status");
  };
  return { handlers, events, interface: served, token, status, ending, stop };
}

// The newest ones: whoever misses older ones asks for the list.
function takeChanged(engine: Engine, changed: Set<number>): readonly ExchangeSummary[] {
  const ids = [...changed].toSorted((a, b) => a - b).slice(-CHANGED_AT_MOST);
  changed.clear();
  return ids.flatMap((id) => engine.shown?.summary(id) ?? []);
}
