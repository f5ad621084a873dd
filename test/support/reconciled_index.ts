// An index that a real Elasticsearch had before Parallax: documents updated and deleted, with nested objects and custom routing.
// And what both sides hold of it.
import type { ClickHouseClient } from "../../src/main/clickhouse/client.ts";
import type { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { rawItems, rawMember, textOf } from "../../src/main/elasticsearch/raw_json.ts";
import type { Random } from "./random.ts";

const NOTHING = new Uint8Array(0);
const MAPPINGS = {
  properties: {
    n: { type: "integer" },
    when: { type: "date" },
    parts: { type: "nested", properties: { name: { type: "keyword" }, size: { type: "long" } } },
  },
};

/** The text of a document, with spaces and numbers that only verbatim bytes keep. */
export function documentText(random: Random, i: number): string {
  const parts = Array.from({ length: random.below(4) }, (_, k) => `{"name":"p${k}","size":${random.below(1000)}}`);
  return `{ "n" : ${i}, "t":"Text ${random.below(50)} \\u00e9 😀", "d":${random.below(9)}.10, "big":9007199254740993, "when":"2024-11-0${1 + random.below(9)}", "parts":[${parts.join(",")}] }`;
}

/** Bulk actions on ids below `ids`: most index, some update, some delete; one of twenty with a routing of its own. */
export function bulkLines(random: Random, actions: number, ids: number): string {
  return Array.from({ length: actions }, () => {
    const id = random.below(ids);
    const meta = `{"_id":"d${id}"${id % 20 === 7 ? `,"routing":"r${id % 5}"` : ""}}`;
    const kind = random.below(10);
    if (kind === 0) return `{"delete":${meta}}\n`;
    if (kind < 3) return `{"update":${meta}}\n{"doc":{"n":${random.below(1000)}},"doc_as_upsert":true}\n`;
    return `{"index":${meta}}\n${documentText(random, id)}\n`;
  }).join("");
}

/** Makes the index with `documents` documents behind Parallax's back, then changes a tenth of them. */
export async function makeIndex(
  elasticsearch: ElasticsearchClient,
  index: string,
  shards: number,
  documents: number,
  random: Random,
): Promise<void> {
  await elasticsearch.request("DELETE", `/${index}`);
  const settings = { number_of_shards: shards, number_of_replicas: 0 };
  await elasticsearch.json("PUT", `/${index}`, JSON.stringify({ settings, mappings: MAPPINGS }));
  for (let from = 0; from < documents; from += 2000) {
    const lines = Array.from({ length: Math.min(2000, documents - from) }, (_, i) => {
      const id = from + i;
      return `{"index":{"_id":"d${id}"${id % 20 === 7 ? `,"routing":"r${id % 5}"` : ""}}}\n${documentText(random, id)}\n`;
    });
    await bulk(elasticsearch, index, lines.join(""));
  }
  await bulk(elasticsearch, index, bulkLines(random, documents / 10, documents));
}

export async function bulk(elasticsearch: ElasticsearchClient, index: string, lines: string): Promise<void> {
  const answer = await elasticsearch.request("POST", `/${index}/_bulk`, Buffer.from(lines), { type: "application/x-ndjson" });
  if (answer.status !== 200) throw new Error(textOf(answer.body).slice(0, 500));
}

/** Elasticsearch's documents: `id routing` → `seq_no/term/version/source`. */
export async function theirDocuments(elasticsearch: ElasticsearchClient, index: string): Promise<Map<string, string>> {
  await elasticsearch.json("POST", `/${index}/_refresh`);
  const documents = new Map<string, string>();
  let after = "";
  for (;;) {
    const page = { size: 5000, version: true, seq_no_primary_term: true, sort: [{ _seq_no: "asc" }, { _shard_doc: "asc" }] };
    const pit = after === "" ? await elasticsearch.json("POST", `/${index}/_pit?keep_alive=1m`) : null;
    if (pit !== null) after = `"pit":${JSON.stringify({ id: pit.id, keep_alive: "1m" })}`;
    const body = `{${JSON.stringify(page).slice(1, -1)},${after}}`;
    const answer = await elasticsearch.request("POST", "/_search", body);
    const hits = rawItems(rawMember(rawMember(answer.body, "hits") ?? NOTHING, "hits") ?? NOTHING);
    const part = (hit: Uint8Array, name: string) => textOf(rawMember(hit, name) ?? NOTHING);
    for (const hit of hits) {
      const [id, routing] = [JSON.parse(part(hit, "_id")), JSON.parse(part(hit, "_routing") || '""')];
      const numbers = [part(hit, "_seq_no"), part(hit, "_primary_term"), part(hit, "_version")];
      documents.set(`${id} ${routing}`, [...numbers, part(hit, "_source")].join("/"));
    }
    const last = hits.at(-1);
    if (last === undefined) return documents;
    after = `${after.split(',"search_after"')[0]},"search_after":${part(last, "sort")}`;
  }
}

/** ClickHouse's, the same way; and how many rows a search would read. */
export async function ourDocuments(
  clickhouse: ClickHouseClient,
  database: string,
  table: string,
): Promise<{ readonly documents: Map<string, string>; readonly rows: number }> {
  const sql = `SELECT _id, _routing, _seq_no, _primary_term, _version, _source FROM \`${database}\`.\`${table}\` FINAL`;
  const { rows } = await clickhouse.query({ sql, params: [] });
  const text = (row: (typeof rows)[number]) => [row._seq_no, row._primary_term, row._version, row._source].map(String).join("/");
  return { documents: new Map(rows.map((row) => [`${row._id} ${row._routing}`, text(row)])), rows: rows.length };
}
