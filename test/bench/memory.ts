// How much of the resident set /api/status/heap accounts for, before and after so many documents were mirrored through the proxy, and how
// long the main thread stands still for the table of objects. Needs an Elasticsearch (PARALLAX_TEST_ELASTICSEARCH, else one of its own).
//   node test/bench/memory.ts [--documents N] [--bulk N] [--connections N]
import { parseArgs } from "node:util";
import type { IndexInfo } from "../../src/shared/contract.ts";
import type { MemoryReport } from "../../src/shared/memory.ts";
import { startTestElasticsearch } from "../support/elasticsearch_server.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";
import { bulkLoad, ingest } from "./bulk_load.ts";

const { values } = parseArgs({
  options: {
    documents: { type: "string", default: "200000" },
    bulk: { type: "string", default: "1000" },
    connections: { type: "string", default: "2" },
  },
});
const GOAL = 0.8;
/** Bodies that are sent again and again, so that they take no memory of this process's worth naming. */
const BODIES = 24;
const MIRRORED_MS = 600_000;
const INDEX = `bench-memory-${process.pid}`;
const MB = 1_000_000;

function print(when: string, { process: seen, parts, accounted, clickhouse, objects, problems }: MemoryReport): number {
  const share = accounted / seen.rss;
  console.log(`${when}: rss ${(seen.rss / MB).toFixed(1)} MB, accounted for ${(100 * share).toFixed(1)} %`);
  for (const { name, bytes } of parts.toSorted((a, b) => b.bytes - a.bytes).slice(0, 8)) {
    console.log(`  ${(bytes / MB).toFixed(1).padStart(7)} MB ${name}`);
  }
  const theirs = clickhouse.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (clickhouse.rss !== null) {
    console.log(
      `  ClickHouse: rss ${(clickhouse.rss / MB).toFixed(1)} MB, accounted for ${((100 * theirs) / clickhouse.rss).toFixed(1)} %`,
    );
  }
  if (objects !== null) {
    console.log(
      `  ${objects.count} objects, ${(objects.bytes / MB).toFixed(1)} MB: the main thread stood still for ${objects.ms.toFixed(0)} ms`,
    );
  }
  for (const problem of problems) console.log(`  ${problem}`);
  return share;
}

async function load(parallax: ParallaxProcess): Promise<void> {
  const size = Number(values.bulk);
  const { creation, bodies: few } = bulkLoad(BODIES * size, size);
  const bodies = Array.from({ length: Math.ceil(Number(values.documents) / size) }, (_, at) => few[at % BODIES] ?? Buffer.alloc(0));
  let documents = 0;
  const rate = await ingest(parallax.proxyUrl, INDEX, { creation, bodies }, Number(values.connections), (bulk) => {
    documents += bulk.documents;
  });
  console.log(`${documents} documents, ${Math.round(rate)} a second`);
  print("at the end of the load", await parallax.ask<MemoryReport>("/api/memory"));
  const inClickHouse = async (): Promise<number> =>
    (await parallax.ask<readonly IndexInfo[]>("/api/indices")).find(({ name }) => name === INDEX)?.clickhouse.docs ?? 0;
  const mirrored = await until(inClickHouse, (found) => found >= documents, MIRRORED_MS);
  if (mirrored < documents) throw new Error(`only ${mirrored} of ${documents} documents were mirrored`);
}

const elasticsearch = await startTestElasticsearch();
if (!elasticsearch.ok) {
  console.log(`memory: skipped, ${elasticsearch.why}`);
} else {
  const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { launcher: true }).catch(async (error: unknown) => {
    await elasticsearch.stop();
    throw error;
  });
  try {
    print("before", await parallax.ask<MemoryReport>("/api/memory"));
    await load(parallax);
    const share = print("all mirrored", await parallax.ask<MemoryReport>("/api/memory?objects=true"));
    console.log(`accounted for ${(100 * share).toFixed(1)} % of rss (goal ${100 * GOAL} %)`);
    if (share < GOAL) process.exitCode = 1;
  } finally {
    await fetch(`${elasticsearch.url}/${INDEX}`, { method: "DELETE" });
    await parallax.stop();
    await elasticsearch.stop();
  }
}
