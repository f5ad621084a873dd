// The faults of a soak: each is bounded, and over when its promise resolves.
import { setTimeout as pause } from "node:timers/promises";
import type { Rig } from "../faults/rig.ts";
import type { Fault, FaultProxy } from "../support/fault_proxy.ts";
import type { Random } from "../support/random.ts";

export interface SoakFault {
  readonly name: string;
  run(): Promise<void>;
}

export interface Links {
  readonly elasticsearch: FaultProxy;
  readonly clickhouse: FaultProxy;
}

const PAUSE_MS = 8_000;
const NETWORK_MS = 6_000;

const NETWORK: readonly [Fault, ...Fault[]] = [
  { kind: "latency", ms: 300 },
  { kind: "bandwidth", bytesPerSecond: 200_000 },
  { kind: "timeout", ms: 2_000 },
  { kind: "reset_peer", ms: 50 },
  { kind: "slicer", bytes: 700 },
  { kind: "limit_data", bytes: 20_000 },
  { kind: "down" },
];

/** One of them by chance. */
export function pickFault(random: Random, rig: Rig, links: Links): SoakFault {
  return random.pick([
    () => clickhouseKilled(rig),
    () => clickhousePaused(rig),
    () => parallaxKilled(rig),
    () => networkFault("Elasticsearch", links.elasticsearch, random.pick(NETWORK)),
    () => networkFault("ClickHouse", links.clickhouse, random.pick(NETWORK)),
  ])();
}

function clickhouseKilled(rig: Rig): SoakFault {
  return { name: "ClickHouse killed", run: async () => void signal(rig.clickhouse.pid, "SIGKILL") };
}

function clickhousePaused(rig: Rig): SoakFault {
  const run = async (): Promise<void> => {
    const { pid } = rig.clickhouse;
    signal(pid, "SIGSTOP");
    await pause(PAUSE_MS);
    signal(pid, "SIGCONT");
  };
  return { name: `ClickHouse paused for ${PAUSE_MS / 1000} s`, run };
}

function parallaxKilled(rig: Rig): SoakFault {
  return { name: "Parallax killed and started again", run: () => rig.restart() };
}

function networkFault(server: string, link: FaultProxy, fault: Fault): SoakFault {
  const run = async (): Promise<void> => {
    link.fault = fault;
    await pause(NETWORK_MS);
    link.fault = null;
  };
  return { name: `${fault.kind} before ${server} for ${NETWORK_MS / 1000} s`, run };
}

function signal(pid: number | null, name: NodeJS.Signals): void {
  if (pid === null) return;
  try {
    process.kill(pid, name);
  } catch {
    // It is being started anew.
  }
}
