// Documents a second by `_bulk`: direct to a real Elasticsearch, through the proxy with the tap alone, and with the mirror on,
// in alternating rounds of one run; and the mirror's own ceiling beside them. Prints the ratios (the median of the rounds' own, since
// what else the machine does changes from one round to the next), how far the mirror is behind during a longer load, and the most
// memory that the engine took. A load of more than 32 MB shows what is left when the mirror may not wait any longer.
//   node test/bench/ingest.ts [--rounds N] [--documents N] [--bulk N] [--connections N] [--sustained N]
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { IndexInfo } from "../../src/shared/contract.ts";
import { startTestElasticsearch } from "../support/elasticsearch_server.ts";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";
import { bulkLoad, ingest } from "./bulk_load.ts";
import { type AnsweredBulk, Ceiling } from "./ceiling.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    documents: { type: "string", default: "24000" },
    bulk: { type: "string", default: "1000" },
    connections: { type: "string", default: "2" },
    // Documents of the load during which the lag is looked at.
    sustained: { type: "string", default: "100000" },
  },
});
const GOALS = { compare: 0.95, elasticsearch: 3, columns: 0.5, megabytes: 400 };
const LAG_EVERY_MS = 1_000;

type Way = "direct" | "tap" | "compare";
const WAYS: readonly Way[] = ["direct", "tap", "compare"];
/** What the last round left behind (refreshes, merges, a deleted index) ends before the next begins. */
const SETTLE_MS = 500;

/** Documents a second of one round: by way, of the mirror by itself, of bare inserts. */
type Rates = Readonly<Record<Way | "mirror" | "columns" | "json", number>>;

const load = bulkLoad(Number(values.documents), Number(values.bulk));
const CONNECTIONS = Number(values.connections);

async function inClickHouse(parallax: ParallaxProcess, index: string): Promise<number> {
  const indices = await parallax.ask<readonly IndexInfo[]>("/api/indices");
  return indices.find(({ name }) => name === index)?.clickhouse.docs ?? 0;
}

async function mirrored(parallax: ParallaxProcess, index: string, documents: number): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < 120_000) {
    if ((await inClickHouse(parallax, index)) >= documents) return (performance.now() - started) / 1000;
    await pause(100);
  }
  throw new Error(`${index} was not mirrored within 120 s`);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** The engine's process: the only child of its launcher. */
function engineOf(launcher: number): number {
  return Number.parseInt(readFileSync(`/proc/${launcher}/task/${launcher}/children`, "utf8"), 10);
}

/** The most memory that a process has had, in MB. */
function peakMegabytes(pid: number): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Math.round(Number(match?.[1] ?? Number.NaN) / 1024);
}

interface Benched {
  readonly elasticsearch: string;
  readonly parallax: ParallaxProcess;
  readonly ceiling: Ceiling;
}

async function oneWay({ elasticsearch, parallax, ceiling }: Benched, way: Way, round: number): Promise<Partial<Rates>> {
  const index = `bench-ingest-${way}-${process.pid}-${round}`;
  if (way !== "direct") await setMode(parallax, way);
  const answered: AnsweredBulk[] = [];
  const rate = await ingest(way === "direct" ? elasticsearch : parallax.proxyUrl, index, load, CONNECTIONS, (bulk) => answered.push(bulk));
  const seconds = way === "compare" ? await mirrored(parallax, index, Number(values.documents)) : null;
  const catchingUp =
    seconds === null ? "" : `, mirrored ${seconds.toFixed(1)} s after (${Math.round(Number(values.documents) / seconds)} documents/s)`;
  console.log(`${String(round).padStart(2)} ${way.padEnd(7)} ${Math.round(rate)} documents/s${catchingUp}`);
  const others = way === "direct" ? await alone(ceiling, answered, index, round) : {};
  await fetch(`${elasticsearch}/${index}`, { method: "DELETE" });
  await pause(SETTLE_MS);
  return { [way]: rate, ...others };
}

async function alone(ceiling: Ceiling, answered: readonly AnsweredBulk[], index: string, round: number): Promise<Partial<Rates>> {
  const mirror = await ceiling.mirrored(answered, index);
  const columns = await ceiling.bare(answered, "columns");
  const json = await ceiling.bare(answered, "json");
  const figures = `the mirror alone ${Math.round(mirror)}, bare inserts ${Math.round(columns)} (columns), ${Math.round(json)} (JSON)`;
  console.log(`${String(round).padStart(2)} ${figures} documents/s`);
  return { mirror, columns, json };
}

/** One longer load, and how many acknowledged documents ClickHouse lacks meanwhile. */
async function sustained({ elasticsearch, parallax }: Benched): Promise<void> {
  const index = `bench-ingest-sustained-${process.pid}`;
  await setMode(parallax, "compare");
  const bulks = Array.from({ length: Math.ceil(Number(values.sustained) / Number(values.documents)) }, () => load.bodies).flat();
  let acknowledged = 0;
  let over = false;
  const lags: string[] = [];
  const looking = (async () => {
    while (!over) {
      await pause(LAG_EVERY_MS);
      lags.push(String(acknowledged - (await inClickHouse(parallax, index))));
    }
  })();
  const rate = await ingest(
    parallax.proxyUrl,
    index,
    { ...load, bodies: bulks },
    CONNECTIONS,
    ({ documents }) => (acknowledged += documents),
  );
  const left = acknowledged - (await inClickHouse(parallax, index));
  over = true;
  await looking;
  const seconds = await mirrored(parallax, index, acknowledged);
  console.log(`a load of ${acknowledged} documents, ${Math.round(rate)} documents/s; documents that ClickHouse lacked, each second:`);
  console.log(`  ${lags.join(" ")}; at the end ${left}, none ${seconds.toFixed(1)} s later`);
  await fetch(`${elasticsearch}/${index}`, { method: "DELETE" });
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

async function run(benched: Benched): Promise<readonly Rates[]> {
  const rounds: Rates[] = [];
  // The first two warm all ways up and do not count.
  for (let round = -2; round < Number(values.rounds); round += 1) {
    const rates = { direct: 0, tap: 0, compare: 0, mirror: 0, columns: 0, json: 0 };
    // Who goes first changes, so that what one leaves behind weighs on all.
    for (const at of WAYS.keys()) {
      const way = WAYS[(at + round + WAYS.length) % WAYS.length] ?? "direct";
      Object.assign(rates, await oneWay(benched, way, round));
    }
    if (round >= 0) rounds.push(rates);
  }
  return rounds;
}

function report(rounds: readonly Rates[], megabytes: number): void {
  const rateOf = (of: keyof Rates): string => `${Math.round(median(rounds.map((rates) => rates[of])))} documents/s`;
  const ratio = (of: keyof Rates, to: keyof Rates): string => median(rounds.map((rates) => rates[of] / rates[to])).toFixed(2);
  console.log(`ingest, medians of ${values.rounds} rounds of ${values.documents} documents, ${values.connections} connections:`);
  console.log(`  direct ${rateOf("direct")}`);
  console.log(`  through the proxy, tap alone ${rateOf("tap")}, ratio ${ratio("tap", "direct")}`);
  console.log(`  through the proxy, mirrored  ${rateOf("compare")}, ratio ${ratio("compare", "direct")} (goal ${GOALS.compare})`);
  console.log(`  the mirror alone ${rateOf("mirror")}, ${ratio("mirror", "direct")} of Elasticsearch (goal ${GOALS.elasticsearch})`);
  console.log(`    ${ratio("mirror", "columns")} of a bare INSERT into columns at ${rateOf("columns")} (goal ${GOALS.columns})`);
  console.log(`    ${ratio("mirror", "json")} of a bare INSERT into JSON at ${rateOf("json")}`);
  console.log(`  the engine's memory at its most ${megabytes} MB (goal below ${GOALS.megabytes})`);
}

const elasticsearch = await startTestElasticsearch();
if (!elasticsearch.ok) {
  console.log(`ingest: skipped, ${elasticsearch.why}`);
} else {
  // As people start it: the launcher bounds the engine's memory.
  const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { launcher: true }).catch(async (error: unknown) => {
    await elasticsearch.stop();
    throw error;
  });
  const ceiling = await Ceiling.start(elasticsearch.url);
  const benched = { elasticsearch: elasticsearch.url, parallax, ceiling };
  try {
    const rounds = await run(benched);
    await sustained(benched);
    report(rounds, peakMegabytes(engineOf(parallax.pid)));
  } finally {
    await ceiling.stop();
    await parallax.stop();
    await elasticsearch.stop();
  }
}
