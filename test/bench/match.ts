// `npm run bench:match`: what comparing large answers takes, and what others notice of it. Loads documents through Parallax into an
// Elasticsearch and ClickHouse, asks for ever more of them, and prints for each size: the comparison's time, from when it is taken up until
// its verdict, with ClickHouse's part of that; the longest that the engine's main thread kept its interface waiting; and the p99 of small
// requests through the proxy while such searches are compared and while they pass uncompared, in alternating rounds of one run.
//   PARALLAX_TEST_ELASTICSEARCH=URL node test/bench/match.ts [--sizes 1,10,50,100] [--rounds N] [--clickhouse URL]
// Without a URL an Elasticsearch of its own is started.
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { ExchangeDetail } from "../../src/shared/exchange.ts";
import { startTestElasticsearch } from "../support/elasticsearch_server.ts";
import { startParallax, until } from "../support/parallax_process.ts";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1,10,50,100" },
    rounds: { type: "string", default: "3" },
    clickhouse: { type: "string" },
  },
});
const sizes = values.sizes.split(",").map(Number);
const rounds = Number(values.rounds);

const INDEX = "match-bench";
const WORDS = "error warning info request response gateway timeout payment order user session cache memory index shard".split(" ");
const COMPARED_WITHIN_MS = 120_000;
/** What Elasticsearch shows at once. */
const MOST_HITS = 10_000;

/** A document of some 10 KB: Elasticsearch shows 10,000 at once. */
function document(at: number): object {
  const words = Array.from({ length: 1500 }, (_, word) => WORDS[(at * 7 + word * word) % WORDS.length]);
  return {
    time: new Date(1.7e12 + at * 977).toISOString(),
    message: words.join(" "),
    bytes: (at * 7919) % 1_000_000,
    ratio: ((at * 31) % 10_000) / 100,
    host: { name: `web-${at % 50}`, ip: `10.0.${at % 255}.${at % 200}` },
    tags: ["a", "b", `t${at % 7}`],
    url: `/shop/${at % 1000}/item/${at}`,
    ok: at % 3 === 0,
    none: null,
  };
}

const DOCUMENT_BYTES = JSON.stringify({ _index: INDEX, _id: "123456", _score: null, _source: document(1), sort: [1.7e12] }).length + 1;

async function send(url: string, method: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, { method, body, headers: { "content-type": "application/json", ...headers } });
}

async function load(proxy: string, documents: number): Promise<void> {
  const properties = { time: { type: "date" }, message: { type: "keyword", index: false, doc_values: false }, host: { properties: {} } };
  const settings = { number_of_shards: 1, number_of_replicas: 0 };
  await send(`${proxy}/${INDEX}`, "PUT", JSON.stringify({ settings, mappings: { properties } }));
  for (let from = 0; from < documents; from += 500) {
    const lines = Array.from({ length: Math.min(500, documents - from) }, (_, at) => [
      JSON.stringify({ index: { _id: String(from + at) } }),
      JSON.stringify(document(from + at)),
    ]);
    const answer = await send(`${proxy}/${INDEX}/_bulk`, "POST", `${lines.flat().join("\n")}\n`);
    if (!(await answer.text()).includes('"errors":false')) throw new Error("a bulk failed");
  }
  await send(`${proxy}/${INDEX}/_refresh`, "POST", "");
}

function quantile(all: readonly number[], share: number): number {
  return all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Number.NaN;
}

/** How long each of many small requests takes until `signal`, ms. */
async function small(url: string, signal: AbortSignal, everyMs: number): Promise<readonly number[]> {
  const taken: number[] = [];
  while (!signal.aborted) {
    const started = performance.now();
    await fetch(url).then((answer) => answer.arrayBuffer());
    taken.push(performance.now() - started);
    await pause(everyMs);
  }
  return taken;
}

interface Round {
  /** From when it was taken up until its verdict, ms; null where it passed uncompared. */
  readonly compared: number | null;
  readonly clickhouse: number | null;
  readonly verdict: string;
  readonly bytes: number;
  readonly waited: number;
  readonly proxied: readonly number[];
}

const elasticsearch = await startTestElasticsearch();
if (!elasticsearch.ok) throw new Error(elasticsearch.why);
await fetch(`${elasticsearch.url}/${INDEX}`, { method: "DELETE" });
const backends = ["--elasticsearch", elasticsearch.url, ...(values.clickhouse === undefined ? [] : ["--clickhouse", values.clickhouse])];
const parallax = await startParallax([...backends, "--mode", "compare"]);
const proxy = `http://127.0.0.1:${parallax.proxyPort}`;

async function newest(after: number): Promise<ExchangeDetail | null> {
  const { exchanges } = await parallax.ask<{ exchanges: readonly { id: number; path: string; verdict: string | null }[] }>(
    `/api/exchanges?limit=5&filter=${encodeURIComponent("~u request_cache")}`,
  );
  const found = exchanges.find(({ id, path, verdict }) => id > after && path.includes("/_search?request_cache=false") && verdict !== null);
  return found === undefined ? null : await parallax.ask<ExchangeDetail>(`/api/exchanges/${found.id}`);
}

let seen = 0;

async function round(hits: number, compared: boolean): Promise<Round> {
  const over = new AbortController();
  const proxied = Promise.all([1, 2, 3, 4].map(() => small(proxy, over.signal, 2)));
  const interfaced = small(`${parallax.interfaceUrl}/api/status`, over.signal, 2);
  await pause(500);
  const body = JSON.stringify({ size: hits, sort: [{ time: "asc" }], track_total_hits: true });
  const headers: Readonly<Record<string, string>> = compared ? {} : { "x-parallax-backend": "elasticsearch" };
  const answer = await send(`${proxy}/${INDEX}/_search?request_cache=false`, "POST", body, headers);
  const bytes = (await answer.arrayBuffer()).byteLength;
  const detail = await until(
    () => newest(seen),
    (found) => found !== null,
    COMPARED_WITHIN_MS,
  );
  // For what is still packed and written.
  await pause(1500);
  over.abort();
  if (detail === null) throw new Error("it was never compared");
  seen = detail.id;
  const { taken, matched, translated, clickhouseDone } = detail.timings;
  const waited = Math.max(...(await interfaced));
  return {
    compared: taken === undefined || matched === undefined ? null : matched - taken,
    clickhouse: translated === undefined || clickhouseDone === undefined ? null : clickhouseDone - translated,
    verdict: `${detail.verdict} ${detail.verdict === "equal" || !compared ? "" : detail.note}`,
    bytes,
    waited,
    proxied: (await proxied).flat(),
  };
}

function row(size: number, pairs: readonly { readonly with: Round; readonly without: Round }[]): string {
  const middle = (of: (round: Round) => number, which: "with" | "without"): number =>
    quantile(
      pairs.map((pair) => of(pair[which])),
      0.5,
    );
  const p99 = (which: "with" | "without"): number =>
    quantile(
      pairs.flatMap((pair) => pair[which].proxied),
      0.99,
    );
  const [first] = pairs;
  const cells = [
    `${size} MB`.padEnd(8),
    ((first?.with.bytes ?? 0) / 1e6).toFixed(1).padStart(9),
    middle(({ compared }) => compared ?? Number.NaN, "with")
      .toFixed(0)
      .padStart(11),
    middle(({ clickhouse }) => clickhouse ?? Number.NaN, "with")
      .toFixed(0)
      .padStart(13),
    middle(({ waited }) => waited, "with")
      .toFixed(0)
      .padStart(13),
    middle(({ waited }) => waited, "without")
      .toFixed(0)
      .padStart(13),
    p99("with").toFixed(1).padStart(10),
    p99("without").toFixed(1).padStart(13),
    (p99("with") / p99("without")).toFixed(2).padStart(8),
    `   ${[...new Set(pairs.map((pair) => pair.with.verdict))].join("; ")}`,
  ];
  return cells.join("");
}

try {
  await load(proxy, Math.ceil((Math.max(...sizes) * 1e6) / DOCUMENT_BYTES));
  console.log("size     answer MB compare ms of ClickHouse longest wait without it      p99 ms  p99 without   ratio   verdict");
  for (const size of sizes) {
    const hits = Math.min(MOST_HITS, Math.floor((size * 1e6) / DOCUMENT_BYTES));
    await round(hits, true);
    const pairs = [];
    for (let turn = 0; turn < rounds; turn += 1) pairs.push({ without: await round(hits, false), with: await round(hits, true) });
    console.log(row(size, pairs));
  }
} finally {
  await parallax.stop();
  await fetch(`${elasticsearch.url}/${INDEX}`, { method: "DELETE" }).catch(() => undefined);
  await elasticsearch.stop();
}
