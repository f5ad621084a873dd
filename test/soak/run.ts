// `npm run soak -- --minutes N [--seed N]`: generators, a Kibana user and faults against the real Elasticsearch, with Parallax between, for
// so many minutes. Prints once a minute how it is, and at the end what was survived; exits with 1 where something was lost, doubled or
// differs without a cause, where the journal is not empty, or the capture past its cap.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { ExchangePage, Status, Verdicts } from "../../src/shared/contract.ts";
import type { Explanation } from "../../src/shared/explanation.ts";
import type { PipeInfo } from "../../src/shared/pipe.ts";
import { figure, type Rig, startRig } from "../faults/rig.ts";
import { startTestElasticsearch } from "../support/elasticsearch_server.ts";
import { startFaultProxy } from "../support/fault_proxy.ts";
import { until } from "../support/parallax_process.ts";
import { newSeed, seededRandom } from "../support/random.ts";
import { type Links, pickFault } from "./faults.ts";

const CAP_BYTES = 300_000_000;
const SETTLED_MS = 600_000;
const LOOK_MS = 5_000;
const GENERATORS = [
  { kind: "logs", rate: 80, past: 5_000 },
  { kind: "devices", rate: 40, past: 5_000 },
  { kind: "orders", rate: 15, past: 3_000 },
  { kind: "queries", rate: 6 },
];
const INDICES = ["logs-web.shop-default", "metrics-devices.fleet-default", "shop-orders"];
/** Causes that are none of ours to mend. */
const EXPLAINED = new Set(["late mirror", "refresh pending", "changed since", "tie", "precision", "noise"]);

interface Look {
  readonly minute: number;
  readonly rss: number;
}

const { values } = parseArgs({ options: { minutes: { type: "string", default: "20" }, seed: { type: "string" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes is "${values.minutes}"; it must be a number above 0.`);
const random = seededRandom(Number(values.seed ?? newSeed()));
figure("seed", random.seed);

const elasticsearch = await startTestElasticsearch();
if (!elasticsearch.ok) throw new Error(`A soak needs a real Elasticsearch: ${elasticsearch.why}`);
const links: { elasticsearch?: Links["elasticsearch"]; clickhouse?: Links["clickhouse"] } = {};
await removeIndices(elasticsearch.url);
const rig = await startRig({
  elasticsearch: elasticsearch.url,
  flags: ["--capture-cap", String(CAP_BYTES)],
  through: async (clickhousePort) => {
    links.clickhouse = await startFaultProxy(clickhousePort);
    links.elasticsearch = await startFaultProxy(Number(new URL(elasticsearch.url).port));
    return { clickhousePort: links.clickhouse.port, elasticsearch: `http://127.0.0.1:${links.elasticsearch.port}` };
  },
});

let failed = 0;
try {
  failed = await soak(rig, whole(links));
} finally {
  await links.elasticsearch?.stop();
  await links.clickhouse?.stop();
  await removeIndices(elasticsearch.url);
  await rig.stop();
  await elasticsearch.stop();
}
process.exitCode = failed === 0 ? 0 : 1;

function whole({ elasticsearch: one, clickhouse: other }: typeof links): Links {
  if (one === undefined || other === undefined) throw new Error("The links are not there.");
  return { elasticsearch: one, clickhouse: other };
}

async function soak(rig: Rig, links: Links): Promise<number> {
  for (const generator of GENERATORS) await begun(rig, generator);
  const end = performance.now() + minutes * 60_000;
  const looks: Look[] = [];
  const faults = new Map<string, number>();
  const looking = lookOften(rig, looks, () => performance.now() >= end);
  while (performance.now() < end) {
    await pause(10_000 + random.below(20_000));
    if (performance.now() >= end) break;
    const fault = pickFault(random, rig, links);
    faults.set(fault.name, (faults.get(fault.name) ?? 0) + 1);
    process.stdout.write(`${clock(end)}  ${fault.name}\n`);
    await fault.run();
  }
  await looking;
  links.elasticsearch.fault = null;
  links.clickhouse.fault = null;
  return report(rig, looks, faults);
}

async function begun(rig: Rig, { kind, ...options }: (typeof GENERATORS)[number]): Promise<void> {
  // The queries need documents to ask.
  const start = (): Promise<PipeInfo | null> => rig.parallax.call<PipeInfo>("generator.begin", { kind, ...options }).catch(() => null);
  const pipe = await until(start, (made) => made !== null, 60_000);
  if (pipe === null) throw new Error(`generate-${kind} did not start.`);
  await pause(3_000);
}

/** One line a minute; what was looked at more often is kept. */
async function lookOften(rig: Rig, looks: Look[], over: () => boolean): Promise<void> {
  const started = performance.now();
  let said = -1;
  while (!over()) {
    await pause(LOOK_MS);
    const minute = (performance.now() - started) / 60_000;
    const rss = rssOf(rig.parallax.pid);
    if (rss !== null) looks.push({ minute, rss });
    if (Math.floor(minute) === said) continue;
    said = Math.floor(minute);
    const status = await rig.parallax.ask<Status>("/api/status").catch(() => null);
    const counts = await countsOf(rig);
    const written =
      status === null ? "Parallax is away" : `journal ${status.journal.writes}, capture ${megabytes(status.capture.bytes)} MB`;
    process.stdout.write(`${minute.toFixed(0).padStart(3)} min  ${megabytes(rss ?? 0)} MB, ${written}, ${JSON.stringify(counts)}\n`);
  }
}

async function report(rig: Rig, looks: readonly Look[], faults: ReadonlyMap<string, number>): Promise<number> {
  const wrong: string[] = [];
  for (const { id, state, lastError } of await rig.parallax.ask<readonly PipeInfo[]>("/api/pipes")) {
    if (!id.startsWith("generate-")) continue;
    if (state === "running") await rig.parallax.call("pipe.pump", { pipe: id, operation: "stop" });
    else wrong.push(`${id} did not run to the end: ${state} ${lastError}`);
  }
  for (const [name, times] of faults) figure(`survived: ${name}`, times);
  for (const index of INDICES) {
    const { documents, ...unlike } = await rig.settled(index, SETTLED_MS);
    figure(`${index}: documents`, documents);
    for (const [name, value] of Object.entries(unlike)) {
      figure(`${index}: ${name}`, value);
      if (value > 0) wrong.push(`${index} ${name}`);
    }
  }
  const { journal, capture } = await rig.parallax.ask<Status>("/api/status");
  figure("journal at the end", journal.writes);
  if (journal.writes > 0) wrong.push("journal");
  figure("capture, MB", `${megabytes(capture.bytes)} of at most ${megabytes(CAP_BYTES)}`);
  if (capture.bytes > CAP_BYTES * 1.1) wrong.push("capture past its cap");
  const thirds = Math.ceil(looks.length / 3);
  figure("memory, median MB of the first and last third", `${median(looks.slice(0, thirds))} ${median(looks.slice(-thirds))}`);
  figure("memory, most MB", megabytes(Math.max(...looks.map(({ rss }) => rss))));
  figure("verdicts", JSON.stringify(await countsOf(rig)));
  const unexplained = await explained(rig);
  figure("differences without a cause of the moment", unexplained);
  if (unexplained > 0) wrong.push("unexplained differences");
  process.stdout.write(wrong.length === 0 ? "Nothing lost.\n" : `NOT IN ORDER: ${wrong.join(", ")}\n`);
  return wrong.length;
}

/** Asks why each search that differs does; how many have no cause but Parallax. */
async function explained(rig: Rig): Promise<number> {
  const page = await rig.parallax.ask<ExchangePage>(
    `/api/exchanges?limit=200&filter=${encodeURIComponent("~verdict different | ~verdict failed | ~verdict unsupported")}`,
  );
  let unexplained = 0;
  for (const { id, path, verdict, note } of page.exchanges) {
    if (verdict === "unsupported") {
      figure(`exchange ${id} ${path.slice(0, 60)}`, `${verdict}: ${note}`);
      continue;
    }
    const told = verdict === "failed" ? null : await rig.parallax.ask<Explanation>(`/api/exchanges/${id}/explain`).catch(() => null);
    const cause = told?.cause ?? "none";
    figure(`exchange ${id} ${path.slice(0, 60)}`, `${verdict}, ${cause}: ${told?.sentence ?? note}`);
    if (!EXPLAINED.has(cause)) unexplained += 1;
  }
  return unexplained;
}

async function countsOf(rig: Rig): Promise<Verdicts["counts"] | null> {
  return await rig.parallax.ask<Verdicts>("/api/verdicts").then(
    ({ counts }) => counts,
    () => null,
  );
}

function rssOf(pid: number): number | null {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    // It is being started anew.
    return null;
  }
}

function median(looks: readonly Look[]): string {
  const sorted = looks.map(({ rss }) => rss).toSorted((a, b) => a - b);
  return megabytes(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function clock(end: number): string {
  return `${((end - performance.now()) / 60_000).toFixed(1).padStart(5)} min left`;
}

async function removeIndices(url: string): Promise<void> {
  for (const index of INDICES) await fetch(`${url}/${index}`, { method: "DELETE" });
}
