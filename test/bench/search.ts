// How long ClickHouse's whole answer to a search takes (translate, run, shape, print), beside Elasticsearch's to the same: ten
// typical requests and a dashboard, over the same documents, both servers of our own, in alternating runs of one process. Prints
// medians, their ratio (above 1: ClickHouse is ahead), the spread of it, how many statements, and whether the answers agree; and
// the ratio of what processors did, which other work on the machine changes little: all of Elasticsearch's process, and
// ClickHouse's with our own.
//   node test/bench/search.ts [--documents N] [--shards N] [--rounds N] [--only TEXT] [--keep DIR] [--heap 2g] [--sql]
// --keep leaves the loaded servers' folders in DIR for the next run.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startElasticsearch } from "../../scripts/elasticsearch/server.ts";
import { ClickHouseClient } from "../../src/main/clickhouse/client.ts";
import { startEmbedded } from "../../src/main/clickhouse/embedded.ts";
import { print } from "../../src/main/clickhouse/sql/print.ts";
import { match } from "../../src/main/matcher/index.ts";
import { translateSearch } from "../../src/main/translate/search.ts";
import type { Answer, IndexTable, StatementRows } from "../../src/main/translate/types.ts";
import { isObject, type JsonObject, parseJson, printJson } from "../../src/shared/json.ts";
import { loadBoth } from "./search_load.ts";
import { type BenchRequest, REQUESTS } from "./search_requests.ts";

const { values } = parseArgs({
  options: {
    documents: { type: "string", default: "1000000" },
    shards: { type: "string", default: "1" },
    rounds: { type: "string", default: "7" },
    only: { type: "string", default: "" },
    keep: { type: "string" },
    heap: { type: "string", default: "2g" },
    sql: { type: "boolean", default: false },
  },
});
const documents = Number(values.documents);
const shards = Number(values.shards);
const index = `bench-${documents}-${shards}`;

const say = (line: string): void => console.error(line);

async function askElasticsearch(url: string, bodies: readonly JsonObject[]): Promise<readonly string[]> {
  return await Promise.all(
    bodies.map(async (body) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/${index}/_search?request_cache=false`, { method: "POST", headers, body: printJson(body) });
      return await answer.text();
    }),
  );
}

interface Answered {
  readonly answer: Answer;
  readonly text: string;
  readonly statements: number;
}

async function askClickHouse(clickhouse: ClickHouseClient, table: IndexTable, bodies: readonly JsonObject[]): Promise<readonly Answered[]> {
  return await Promise.all(
    bodies.map(async (body) => {
      const translation = translateSearch({ endpoint: "search", body, params: new Map(), tables: [table], now: Date.now() });
      if (translation.kind !== "translated") throw new Error(JSON.stringify(translation));
      const run = async (statement: (typeof translation.statements)[number]) => {
        const printed = print(statement.query);
        const { rows, summary } = await clickhouse.query(printed);
        if (values.sql) console.log(`-- ${statement.name}: ${summary.ms.toFixed(1)} ms, ${rows.length} rows\n${printed.sql}\n`);
        return [statement.name, rows] as const;
      };
      const rows: StatementRows = new Map(await Promise.all(translation.statements.map(run)));
      const answer = translation.shape(rows);
      return { answer, text: printJson(answer.body), statements: translation.statements.length };
    }),
  );
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** Elasticsearch looks at its own figures once a second. */
const LOOK_MS = 1_100;
const CPU_RUNS = 3;

/** What processors did for a run, in ms; `cpu` tells what they have done so far. */
async function worked(run: () => Promise<unknown>, cpu: () => Promise<number>): Promise<number> {
  await pause(LOOK_MS);
  const before = await cpu();
  for (let i = 0; i < CPU_RUNS; i += 1) await run();
  await pause(LOOK_MS);
  return ((await cpu()) - before) / CPU_RUNS;
}

async function elasticsearchCpu(url: string): Promise<number> {
  const only = "filter_path=nodes.*.process.cpu.total_in_millis";
  const [found] = /\d+(?=\})/.exec(await (await fetch(`${url}/_nodes/stats/process?${only}`)).text()) ?? [];
  return Number(found);
}

async function clickhouseCpu(clickhouse: ClickHouseClient): Promise<number> {
  const sql = "SELECT value FROM system.events WHERE event = 'OSCPUVirtualTimeMicroseconds'";
  const { rows } = await clickhouse.query({ sql, params: [] }, { asWriter: true });
  const { user, system } = process.cpuUsage();
  return (Number(rows[0]?.value) + user + system) / 1000;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

async function verdictOf(url: string, clickhouse: ClickHouseClient, table: IndexTable, request: BenchRequest): Promise<string> {
  const [theirs, ours] = [await askElasticsearch(url, request.bodies), await askClickHouse(clickhouse, table, request.bodies)];
  const verdicts = request.bodies.map((body, i) => {
    const elasticsearch = parseJson(theirs[i] ?? "null");
    const answer = ours[i]?.answer;
    if (!isObject(elasticsearch) || answer === undefined) return "no answer";
    const result = match({ endpoint: "search", request: body, elasticsearch, clickhouse: answer.body, tolerances: answer.tolerances });
    return result.verdict === "different" ? `different: ${result.reason}` : result.verdict;
  });
  const statements = ours.reduce((sum, each) => sum + each.statements, 0);
  return `${String(statements).padStart(3)} ${[...new Set(verdicts)].join(", ")}`;
}

async function measure(url: string, clickhouse: ClickHouseClient, table: IndexTable, request: BenchRequest): Promise<void> {
  const elasticsearch: number[] = [];
  const ours: number[] = [];
  const verdict = await verdictOf(url, clickhouse, table, request);
  if (values.sql) return console.log(`-- ${request.name}: ${verdict}`);
  // The first two warm both up and do not count.
  for (let round = -2; round < Number(values.rounds); round += 1) {
    const theirs = await timed(() => askElasticsearch(url, request.bodies));
    const own = await timed(() => askClickHouse(clickhouse, table, request.bodies));
    if (round < 0) continue;
    elasticsearch.push(theirs);
    ours.push(own);
  }
  const ratios = elasticsearch.map((ms, i) => ms / (ours[i] ?? Number.NaN)).toSorted((a, b) => a - b);
  const theirWork = await worked(
    () => askElasticsearch(url, request.bodies),
    () => elasticsearchCpu(url),
  );
  const ourWork = await worked(
    () => askClickHouse(clickhouse, table, request.bodies),
    () => clickhouseCpu(clickhouse),
  );
  const cells = [
    request.name.padEnd(42),
    median(elasticsearch).toFixed(1).padStart(10),
    median(ours).toFixed(1).padStart(10),
    median(ratios).toFixed(2).padStart(8),
    `${ratios[0]?.toFixed(2)}–${ratios.at(-1)?.toFixed(2)}`.padStart(14),
    `${theirWork.toFixed(0)}/${ourWork.toFixed(0)}`.padStart(11),
    (theirWork / ourWork).toFixed(2).padStart(5),
    verdict,
  ];
  console.log(cells.join(" "));
}

async function main(): Promise<number> {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), "search-bench-"));
  const own = join(folder, index);
  mkdirSync(own, { recursive: true });
  const started = await startElasticsearch({ port: 0, heap: values.heap, dataFolder: join(own, "elasticsearch"), say });
  if (!started.ok) {
    console.log(`search: skipped, ${started.why}`);
    return 0;
  }
  const server = await startEmbedded({ dataFolder: join(own, "clickhouse"), port: 0 });
  const clickhouse = new ClickHouseClient({ url: server.url, ...server.app, reader: server.search });
  try {
    const table = await loadBoth({ elasticsearch: started.server.url, clickhouse, index, shards, documents }, say);
    console.log(`${documents} documents, ${shards} shard(s), medians of ${values.rounds} alternating runs`);
    console.log(`${"".padEnd(42)} Elastic ms   Click ms    ratio         spread      cpu ms ratio statements, verdict`);
    for (const request of REQUESTS.filter(({ name }) => name.includes(values.only))) {
      await measure(started.server.url, clickhouse, table, request);
    }
  } finally {
    await clickhouse.close();
    await server.stop();
    await started.server.stop();
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

process.exitCode = await main();
