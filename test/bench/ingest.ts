// Documents a second by `_bulk`: direct to a real Elasticsearch, and through the proxy with the mirror on, in alternating
// rounds of one run. Prints one table with the ratio, the mirror's catching up and the engine's memory.
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
    rounds: { type: "string", default: "4" },
    documents: { type: "string", default: "24000" },
    bulk: { type: "string", default: "1000" },
    connections: { type: "string", default: "2" },
  },
});
const SEED = 7;
const GOAL = 0.9;

interface Round {
  readonly way: "direct" | "proxy";
  readonly rate: number;
  /** Seconds until ClickHouse held all documents; null for direct rounds. */
  readonly caughtUp: number | null;
}

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

async function run(elasticsearch: string, parallax: ParallaxProcess): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  // The first two warm both ways up and do not count.
  for (let round = -1; round < Number(values.rounds); round += 1) {
    // Who goes first changes, so that what one leaves behind weighs on both.
    for (const way of round % 2 === 0 ? (["direct", "proxy"] as const) : (["proxy", "direct"] as const)) {
      const index = `bench-ingest-${way}-${round + 1}`;
      const rate = await ingest(way === "direct" ? elasticsearch : parallax.proxyUrl, index);
      const caughtUp = way === "proxy" ? await mirrored(parallax, index) : null;
      if (round >= 0) {
        rounds.push({ way, rate, caughtUp });
        console.log(
          `${way.padEnd(7)} ${Math.round(rate)} documents/s${caughtUp === null ? "" : `, mirrored ${caughtUp.toFixed(1)} s after`}`,
        );
      }
      await fetch(`${elasticsearch}/${index}`, { method: "DELETE" });
    }
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
    const rateOf = (way: Round["way"]): number => median(rounds.flatMap((round) => (round.way === way ? [round.rate] : [])));
    const ratio = rateOf("proxy") / rateOf("direct");
    console.log(`ingest, median of ${values.rounds} rounds of ${values.documents} documents, ${values.connections} connections:`);
    console.log(
      `  direct ${Math.round(rateOf("direct"))} documents/s, through the proxy ${Math.round(rateOf("proxy"))} documents/s, ratio ${ratio.toFixed(2)} (goal ${GOAL})`,
    );
    console.log(`  the engine's memory ${residentMegabytes(parallax.pid)}`);
  } finally {
    await parallax.stop();
    await elasticsearch.stop();
  }
}
