// Documents a second by `_bulk`: direct to a real Elasticsearch, through the proxy with the tap alone, and with the mirror on,
// in alternating rounds of one run. Prints the ratios (the median of the rounds' own, since what else the machine does changes
// from one round to the next), how fast the mirror caught up, and the engine's memory. A load of more than 32 MB shows what is
// left when the mirror may not wait any longer: --documents 100000.
//   node test/bench/ingest.ts [--rounds N] [--documents N] [--bulk N] [--connections N]
import { readFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { webAccess } from "../../scripts/sample/documents/web_access.ts";
import { seededRandom } from "../../scripts/sample/random.ts";
import type { IndexInfo } from "../../src/shared/contract.ts";
import { printJson } from "../../src/shared/json.ts";
import { startTestElasticsearch } from "../support/elasticsearch_server.ts";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    documents: { type: "string", default: "24000" },
    bulk: { type: "string", default: "1000" },
    connections: { type: "string", default: "2" },
  },
});
const SEED = 7;
const GOAL = 0.9;

type Way = "direct" | "tap" | "compare";
const WAYS: readonly Way[] = ["direct", "tap", "compare"];
/** What the last round left behind (refreshes, merges, a deleted index) ends before the next begins. */
const SETTLE_MS = 500;

/** Documents a second of one round, by way. */
type Rates = Readonly<Record<Way, number>>;

const source = webAccess(seededRandom(SEED));
const bodies = bulkBodies(Number(values.documents), Number(values.bulk));

function bulkBodies(documents: number, size: number): Buffer[] {
  const texts = source.items.map((item) => printJson(item.document ?? {}));
  return Array.from({ length: Math.ceil(documents / size) }, (_, bulk) => {
    const count = Math.min(size, documents - bulk * size);
    return Buffer.from(
      Array.from({ length: count }, (_unused, at) => `{"index":{}}\n${texts[(bulk * size + at) % texts.length] ?? "{}"}\n`).join(""),
    );
  });
}

async function send(agent: Agent, url: string, method: string, path: string, body: Buffer | string): Promise<string> {
  const { hostname, port } = new URL(url);
  const headers = {
    "content-type": path.endsWith("_bulk") ? "application/x-ndjson" : "application/json",
    "content-length": Buffer.byteLength(body),
  };
  return await new Promise((done, fail) => {
    const asked = httpRequest({ hostname, port, method, path, headers, agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("end", () =>
        response.statusCode === 200 ? done(text) : fail(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`)),
      );
    });
    asked.once("error", fail).end(body);
  });
}

async function ingest(url: string, index: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(values.connections) });
  await send(agent, url, "PUT", `/${index}`, printJson(source.creation ?? {}));
  const waiting = bodies.values();
  const started = performance.now();
  const lane = async (): Promise<void> => {
    for (const body of waiting) {
      const answer = await send(agent, url, "POST", `/${index}/_bulk`, body);
      if (!answer.includes('"errors":false')) throw new Error(`a document was refused: ${answer.slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.connections) }, lane));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return Number(values.documents) / seconds;
}

async function mirrored(parallax: ParallaxProcess, index: string): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < 60_000) {
    const indices = await parallax.ask<readonly IndexInfo[]>("/api/indices");
    if ((indices.find(({ name }) => name === index)?.clickhouse.docs ?? 0) >= Number(values.documents))
      return (performance.now() - started) / 1000;
    await pause(100);
  }
  throw new Error(`${index} was not mirrored within 60 s`);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function residentMegabytes(pid: number): string {
  try {
    const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return match?.[1] === undefined ? "unknown" : `${Math.round(Number(match[1]) / 1024)} MB`;
  } catch {
    return "unknown";
  }
}

async function oneWay(elasticsearch: string, parallax: ParallaxProcess, way: Way, round: number): Promise<number> {
  const index = `bench-ingest-${way}-${process.pid}-${round}`;
  if (way !== "direct") await setMode(parallax, way);
  const rate = await ingest(way === "direct" ? elasticsearch : parallax.proxyUrl, index);
  const seconds = way === "compare" ? await mirrored(parallax, index) : null;
  const catchingUp =
    seconds === null ? "" : `, mirrored ${seconds.toFixed(1)} s after (${Math.round(Number(values.documents) / seconds)} documents/s)`;
  console.log(`${String(round).padStart(2)} ${way.padEnd(7)} ${Math.round(rate)} documents/s${catchingUp}`);
  await fetch(`${elasticsearch}/${index}`, { method: "DELETE" });
  await pause(SETTLE_MS);
  return rate;
}

async function setMode(parallax: ParallaxProcess, mode: Way): Promise<void> {
  const body = JSON.stringify({ mode });
  const answer = await fetch(`${parallax.interfaceUrl}/api/call/proxy.set`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  if (!answer.ok) throw new Error(`mode ${mode}: ${answer.status} ${await answer.text()}`);
}

async function run(elasticsearch: string, parallax: ParallaxProcess): Promise<readonly Rates[]> {
  const rounds: Rates[] = [];
  // The first two warm all ways up and do not count.
  for (let round = -2; round < Number(values.rounds); round += 1) {
    const rates: Record<Way, number> = { direct: 0, tap: 0, compare: 0 };
    // Who goes first changes, so that what one leaves behind weighs on all.
    for (const at of WAYS.keys()) {
      const way = WAYS[(at + round + WAYS.length) % WAYS.length] ?? "direct";
      rates[way] = await oneWay(elasticsearch, parallax, way, round);
    }
    if (round >= 0) rounds.push(rates);
  }
  return rounds;
}

const elasticsearch = await startTestElasticsearch();
if (!elasticsearch.ok) {
  console.log(`ingest: skipped, ${elasticsearch.why}`);
} else {
  const parallax = await startParallax(["--elasticsearch", elasticsearch.url]).catch(async (error: unknown) => {
    await elasticsearch.stop();
    throw error;
  });
  try {
    const rounds = await run(elasticsearch.url, parallax);
    const rateOf = (way: Way): number => Math.round(median(rounds.map((rates) => rates[way])));
    const ratioOf = (way: Way): string => median(rounds.map((rates) => rates[way] / rates.direct)).toFixed(2);
    console.log(`ingest, medians of ${values.rounds} rounds of ${values.documents} documents, ${values.connections} connections:`);
    console.log(`  direct ${rateOf("direct")} documents/s`);
    console.log(`  through the proxy, tap alone ${rateOf("tap")} documents/s, ratio ${ratioOf("tap")}`);
    console.log(`  through the proxy, mirrored  ${rateOf("compare")} documents/s, ratio ${ratioOf("compare")} (goal ${GOAL})`);
    console.log(`  the engine's memory ${residentMegabytes(parallax.pid)}`);
  } finally {
    await parallax.stop();
    await elasticsearch.stop();
  }
}
