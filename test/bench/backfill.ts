// Documents a second of a backfill: an index that a real Elasticsearch has, copied whole to ClickHouse, beside Elasticsearch's own
// `_reindex` of it and a plain scroll that throws the documents away, in alternating rounds of one run. And how long the comparison
// takes that finds both sides equal, by counts and by every document's name.
//   node test/bench/backfill.ts [--rounds N] [--documents N] [--shards N]
import { parseArgs } from "node:util";
import { webAccess } from "../../scripts/sample/documents/web_access.ts";
import { seededRandom } from "../../scripts/sample/random.ts";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { Mirror } from "../../src/main/mirror/mirror.ts";
import { isArray, isObject, member, printJson } from "../../src/shared/json.ts";
import { startTestClickHouse } from "../support/clickhouse_server.ts";
import { startTestElasticsearch } from "../support/elasticsearch_server.ts";
import { connectClickHouse } from "../support/two_engines.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    documents: { type: "string", default: "50000" },
    shards: { type: "string", default: "1" },
  },
});
const DOCUMENTS = Number(values.documents);
const INDEX = `bench-backfill-${process.pid}`;
const BULK = 1000;
const SCROLL_PAGE = 1000;

const source = webAccess(seededRandom(7));

async function makeIndex(elasticsearch: ElasticsearchClient): Promise<void> {
  const settings = { number_of_shards: Number(values.shards), number_of_replicas: 0 };
  await elasticsearch.json("PUT", `/${INDEX}`, printJson({ ...source.creation, settings }));
  const texts = source.items.map((item) => printJson(item.document ?? {}));
  for (let from = 0; from < DOCUMENTS; from += BULK) {
    const count = Math.min(BULK, DOCUMENTS - from);
    const lines = Array.from({ length: count }, (_, i) => `{"index":{}}\n${texts[(from + i) % texts.length] ?? "{}"}\n`).join("");
    const answer = await elasticsearch.request("POST", `/${INDEX}/_bulk`, lines, { type: "application/x-ndjson" });
    if (answer.status !== 200) throw new Error(`_bulk gave ${answer.status}`);
  }
  await elasticsearch.json("POST", `/${INDEX}/_forcemerge?max_num_segments=1`, undefined, { timeoutMs: 300_000 });
  await elasticsearch.json("POST", `/${INDEX}/_refresh`);
}

async function reindex(elasticsearch: ElasticsearchClient): Promise<void> {
  const dest = `${INDEX}-copy`;
  const settings = { number_of_shards: Number(values.shards), number_of_replicas: 0 };
  await elasticsearch.json("PUT", `/${dest}`, printJson({ ...source.creation, settings }));
  const body = printJson({ source: { index: INDEX }, dest: { index: dest } });
  await elasticsearch.json("POST", "/_reindex?refresh=true", body, { timeoutMs: 600_000 });
}

async function scroll(elasticsearch: ElasticsearchClient): Promise<void> {
  let answer = await elasticsearch.json("POST", `/${INDEX}/_search?scroll=1m`, printJson({ size: SCROLL_PAGE, sort: ["_doc"] }));
  let id = member(answer, "_scroll_id") ?? "";
  for (;;) {
    const hits = member(answer, "hits");
    const page = isObject(hits) ? member(hits, "hits") : undefined;
    if (!isArray(page) || page.length === 0) break;
    answer = await elasticsearch.json("POST", "/_search/scroll", printJson({ scroll: "1m", scroll_id: id }));
    id = member(answer, "_scroll_id") ?? id;
  }
  await elasticsearch.request("DELETE", "/_search/scroll", printJson({ scroll_id: id }));
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

interface Round {
  readonly reindex: number;
  readonly scroll: number;
  readonly backfill: number;
  readonly counted: number;
  readonly named: number;
}

async function round(elasticsearch: ElasticsearchClient, clickhouseUrl: string): Promise<Round> {
  const clickhouse = connectClickHouse(clickhouseUrl);
  const database = `bench_backfill_${process.pid}`;
  const log = { write: () => {}, flushed: async () => {} };
  const mirror = new Mirror({ clickhouse, elasticsearch, database, log });
  const equal = async (exact: boolean): Promise<void> => {
    const result = await mirror.reconcile(INDEX, { exact });
    if (result.kind !== "equal") throw new Error(printJson({ kind: result.kind, reason: "reason" in result ? result.reason : "" }));
  };
  const took = {
    reindex: await seconds(() => reindex(elasticsearch)),
    scroll: await seconds(() => scroll(elasticsearch)),
    backfill: await seconds(() => equal(false)),
    counted: await seconds(() => equal(false)),
    named: await seconds(() => equal(true)),
  };
  await elasticsearch.request("DELETE", `/${INDEX}-copy`);
  await clickhouse.command(`DROP DATABASE ${database} SYNC`);
  await mirror.close();
  await clickhouse.close();
  return took;
}

const server = await startTestElasticsearch();
if (!server.ok) {
  console.log(`backfill: skipped, ${server.why}`);
} else {
  const elasticsearch = new ElasticsearchClient(server.url);
  const own = process.env.PARALLAX_TEST_CLICKHOUSE === undefined ? await startTestClickHouse() : null;
  const clickhouseUrl = own?.url ?? process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
  try {
    await makeIndex(elasticsearch);
    // The first warms all ways up and does not count.
    await round(elasticsearch, clickhouseUrl);
    const rounds: Round[] = [];
    for (let i = 0; i < Number(values.rounds); i += 1) rounds.push(await round(elasticsearch, clickhouseUrl));
    const rate = (way: keyof Round): number => Math.round(DOCUMENTS / median(rounds.map((took) => took[way])));
    const ratio = (way: keyof Round): string => median(rounds.map((took) => took[way] / took.backfill)).toFixed(2);
    console.log(`backfill, medians of ${values.rounds} rounds of ${DOCUMENTS} documents, ${values.shards} shards:`);
    console.log(`  _reindex  ${rate("reindex")} documents/s`);
    console.log(`  scroll    ${rate("scroll")} documents/s`);
    console.log(`  backfill  ${rate("backfill")} documents/s, ${ratio("reindex")} of _reindex, ${ratio("scroll")} of the scroll`);
    console.log(`  compared  ${rate("counted")} documents/s by counts, ${rate("named")} by names`);
  } finally {
    await elasticsearch.request("DELETE", `/${INDEX}*`);
    elasticsearch.close();
    await own?.stop();
    await server.stop();
  }
}
