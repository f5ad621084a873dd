// Both sides of a mirrored index, compared by a way of the tests' own: every document by its number, version and the octets of its
// `_source`, and every row that is there twice.
import { createHash } from "node:crypto";
import type { ClickHouseClient } from "../../src/main/clickhouse/client.ts";
import { quoteName, quoteString } from "../../src/main/clickhouse/sql/quote.ts";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { rawItems, rawMember, textOf } from "../../src/main/elasticsearch/raw_json.ts";
import { member, parseJson } from "../../src/shared/json.ts";

export interface Sides {
  readonly documents: number;
  /** Documents that Elasticsearch has and ClickHouse has not, or under another number, version or routing. */
  readonly onlyElasticsearch: number;
  readonly onlyClickHouse: number;
  /** Rows, as they lie there, that have the number of another. A delete may have that of the document: a reconciliation found it gone. */
  readonly twice: number;
  /** Documents whose `_source` is not the same octets. */
  readonly otherSource: number;
}

const NOTHING = new Uint8Array(0);
const PAGE = 10_000;
/** Millions of rows are read, on a machine that does other work. */
const WHOLE_TABLE = { asWriter: true, settings: { max_execution_time: 1_800 } };

/** The table of an index in whichever database of ours, quoted; null when there is none. */
export async function tableOf(clickhouse: ClickHouseClient, index: string): Promise<string | null> {
  const sql = `SELECT database FROM system.tables WHERE startsWith(database, 'parallax_') AND name = ${quoteString(index)}`;
  const [row] = (await clickhouse.query({ sql, params: [] }, WHOLE_TABLE)).rows;
  return row === undefined ? null : `${quoteName(String(row.database))}.${quoteName(index)}`;
}

/** Compares all documents. */
export async function compareSides(elasticsearchUrl: string, clickhouse: ClickHouseClient, index: string): Promise<Sides> {
  const elasticsearch = new ElasticsearchClient(elasticsearchUrl);
  try {
    await elasticsearch.json("POST", `/${index}/_refresh`);
    const table = await tableOf(clickhouse, index);
    const counted = await shardsOf(elasticsearch, index);
    let sides: Sides = { documents: 0, onlyElasticsearch: 0, onlyClickHouse: 0, twice: await twice(clickhouse, table), otherSource: 0 };
    for (let shard = 0; shard < counted; shard += 1) {
      const [theirs, ours] = await Promise.all([theirShard(elasticsearch, index, shard), ourShard(clickhouse, table, shard)]);
      const add = (name: keyof Sides, more: number): Sides => ({ ...sides, [name]: sides[name] + more });
      for (const [id, { place, source }] of theirs) {
        const own = ours.get(id);
        ours.delete(id);
        sides = add("documents", 1);
        if (own?.place !== place) sides = add("onlyElasticsearch", 1);
        else if (own.source !== source) sides = add("otherSource", 1);
      }
      sides = add("onlyClickHouse", ours.size);
    }
    return sides;
  } finally {
    elasticsearch.close();
  }
}

interface Stored {
  /** `_seq_no/_primary_term/_version/routing`. */
  readonly place: string;
  /** MD5 of the octets. */
  readonly source: string;
}

async function shardsOf(elasticsearch: ElasticsearchClient, index: string): Promise<number> {
  const settings = await elasticsearch.json("GET", `/${index}/_settings?flat_settings=true`);
  return Number(/"index.number_of_shards":"(\d+)"/.exec(JSON.stringify(settings))?.[1] ?? 1);
}

async function theirShard(elasticsearch: ElasticsearchClient, index: string, shard: number): Promise<Map<string, Stored>> {
  const opened = await elasticsearch.json("POST", `/${index}/_pit?keep_alive=2m&preference=_shards:${shard}`);
  const pit = { id: String(member(opened, "id")), keep_alive: "2m" };
  const documents = new Map<string, Stored>();
  for (let after: string | null = null; ; ) {
    const page = { size: PAGE, version: true, seq_no_primary_term: true, sort: [{ _seq_no: "asc" }], track_total_hits: false, pit };
    const rest: string = after === null ? "" : `,"search_after":${after}`;
    const answer = await elasticsearch.request("POST", "/_search", `${JSON.stringify(page).slice(0, -1)}${rest}}`);
    const hits = rawItems(rawMember(rawMember(answer.body, "hits") ?? NOTHING, "hits") ?? NOTHING);
    for (const hit of hits) {
      const part = (name: string): string => textOf(rawMember(hit, name) ?? NOTHING);
      const routing = part("_routing");
      const place = [part("_seq_no"), part("_primary_term"), part("_version"), routing === "" ? "" : String(parseJson(routing))].join("/");
      const source = createHash("md5")
        .update(rawMember(hit, "_source") ?? NOTHING)
        .digest("hex");
      documents.set(String(parseJson(part("_id"))), { place, source });
    }
    const last = hits.at(-1);
    if (last === undefined) break;
    after = textOf(rawMember(last, "sort") ?? NOTHING);
  }
  await elasticsearch.json("DELETE", "/_pit", JSON.stringify({ id: pit.id }));
  return documents;
}

async function ourShard(clickhouse: ClickHouseClient, table: string | null, shard: number): Promise<Map<string, Stored>> {
  if (table === null) return new Map();
  const place = "concat(toString(_seq_no), '/', toString(_primary_term), '/', toString(_version), '/', _routing)";
  const sql = `SELECT _id, ${place} AS place, lower(hex(MD5(_source))) AS source FROM ${table} FINAL WHERE _shard = ${shard} AND _deleted = 0`;
  const { rows } = await clickhouse.query({ sql, params: [] }, WHOLE_TABLE);
  return new Map(rows.map((row) => [String(row._id), { place: String(row.place), source: String(row.source) }]));
}

async function twice(clickhouse: ClickHouseClient, table: string | null): Promise<number> {
  if (table === null) return 0;
  const sql = `SELECT toInt64(count()) - toInt64(uniqExact(_shard, _seq_no, _deleted)) AS twice FROM ${table}`;
  const [row] = (await clickhouse.query({ sql, params: [] }, WHOLE_TABLE)).rows;
  return Number(row?.twice);
}
