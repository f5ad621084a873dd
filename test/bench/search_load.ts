// The same documents into Elasticsearch (by bulk) and into ClickHouse (by the mirror's own rows), once: both keep them.
import type { ClickHouseClient } from "../../src/main/clickhouse/client.ts";
import { createDatabase, META } from "../../src/main/clickhouse/schema.ts";
import { quoteName } from "../../src/main/clickhouse/sql/quote.ts";
import { type IndexDescription, readDescriptions } from "../../src/main/mirror/index_description.ts";
import { Layout } from "../../src/main/mirror/layout.ts";
import { readListSizes, singleLists } from "../../src/main/mirror/list_sizes.ts";
import { encodeRows, LACKING, type Row } from "../../src/main/mirror/rows.ts";
import { countDocuments, openTable, quotedTable } from "../../src/main/mirror/table.ts";
import type { IndexTable } from "../../src/main/translate/types.ts";
import { isArray, isObject, type JsonValue, member, parseJson, printJson } from "../../src/shared/json.ts";
import { MAPPINGS, webLogs } from "./search_documents.ts";

export const DATABASE = "bench";
const BULK = 5_000;
/** As many rows as the mirror puts into one insert at most. */
const INSERT = 50_000;

export interface Target {
  readonly elasticsearch: string;
  readonly clickhouse: ClickHouseClient;
  readonly index: string;
  readonly shards: number;
  readonly documents: number;
}

/** The table of the index, loaded unless both engines hold it already. */
export async function loadBoth(target: Target, say: (line: string) => void): Promise<IndexTable> {
  await target.clickhouse.command(createDatabase(DATABASE));
  const known = await describeIndex(target);
  if (known !== undefined && (await holdsAll(target, known))) return await tableOf(target, known);
  await send(target, "DELETE", `/${target.index}?ignore_unavailable=true`);
  const settings = { number_of_shards: target.shards, number_of_replicas: 0, refresh_interval: "30s" };
  await send(target, "PUT", `/${target.index}`, printJson({ settings, mappings: MAPPINGS }));
  const description = await describeIndex(target);
  if (description === undefined) throw new Error("Elasticsearch did not make the index");
  await openTable(target.clickhouse, DATABASE, description);
  await fill(target, description, say);
  await send(target, "POST", `/${target.index}/_refresh`);
  await send(target, "PUT", `/${target.index}/_settings`, '{"refresh_interval":"1h"}');
  return await tableOf(target, description);
}

async function tableOf({ clickhouse, index, shards }: Target, description: IndexDescription): Promise<IndexTable> {
  const { mapping } = description;
  const sizes = await readListSizes(clickhouse, DATABASE, description);
  const single = singleLists(mapping, sizes);
  return { index, database: DATABASE, table: index, mapping, shards, final: false, single, dates: sizes.dates };
}

async function holdsAll(target: Target, description: IndexDescription): Promise<boolean> {
  const answer = await send(target, "GET", `/${target.index}/_count`);
  if (!isObject(answer) || Number(member(answer, "count")) !== target.documents) return false;
  await openTable(target.clickhouse, DATABASE, description);
  return (await countDocuments(target.clickhouse, DATABASE, target.index)) === target.documents;
}

async function describeIndex(target: Target): Promise<IndexDescription | undefined> {
  const answer = await send(target, "GET", `/${target.index}?ignore_unavailable=true`);
  return isObject(answer) ? readDescriptions(answer).find(({ name }) => name === target.index) : undefined;
}

async function fill(target: Target, description: IndexDescription, say: (line: string) => void): Promise<void> {
  const layout = new Layout(description);
  let waiting: Row[] = [];
  let done = 0;
  let inserting: Promise<void> = Promise.resolve();
  const flush = (): void => {
    const rows = waiting;
    waiting = [];
    inserting = inserting.then(() => insert(target, layout, rows));
  };
  const started = performance.now();
  for (const texts of batches(webLogs(target.documents), BULK)) {
    waiting.push(...(await bulk(target, texts)));
    if (waiting.length >= INSERT) {
      await inserting;
      flush();
    }
    done += texts.length;
    if (done % 250_000 === 0) say(`${done} documents, ${Math.round(done / ((performance.now() - started) / 1000))}/s`);
  }
  flush();
  await inserting;
}

async function insert(target: Target, layout: Layout, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const encoded = encodeRows(layout, target, rows, { sizeHint: rows.length * 600, wary: false });
  if (encoded === LACKING) throw new Error("unreachable");
  if (encoded.refused > 0) throw new Error(encoded.reason);
  const columns = [...META, ...layout.columns].map(({ name }) => quoteName(name));
  const options = { token: `${target.index} ${rows[0]?.id ?? ""}`, rows: rows.length };
  await target.clickhouse.insertRowBinary(quotedTable(DATABASE, target.index), columns, encoded.bytes, options);
}

async function bulk(target: Target, texts: readonly string[]): Promise<readonly Row[]> {
  const only = "filter_path=errors,items.*._id,items.*._seq_no,items.*._primary_term,items.*._version";
  const body = texts.map((text) => `{"index":{}}\n${text}\n`).join("");
  const answer = await send(target, "POST", `/${target.index}/_bulk?${only}`, body);
  const items = isObject(answer) && member(answer, "errors") === false ? member(answer, "items") : undefined;
  if (!isArray(items) || items.length !== texts.length) throw new Error(`refused: ${printJson(answer).slice(0, 500)}`);
  return items.map((item, i) => {
    const result = isObject(item) ? member(item, "index") : undefined;
    if (!isObject(result)) throw new Error("a bulk item without a result");
    const place = { seqNo: Number(member(result, "_seq_no")), primaryTerm: Number(member(result, "_primary_term")), version: 1n };
    return { id: String(member(result, "_id")), routing: "", place, source: Buffer.from(texts[i] ?? "") };
  });
}

function* batches(texts: Iterable<string>, size: number): Generator<readonly string[]> {
  let batch: string[] = [];
  for (const text of texts) {
    batch.push(text);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function send({ elasticsearch }: Target, method: string, path: string, body?: string): Promise<JsonValue> {
  const headers = { "content-type": path.includes("_bulk") ? "application/x-ndjson" : "application/json" };
  const response = await fetch(elasticsearch + path, { method, headers, ...(body === undefined ? {} : { body }) });
  return parseJson(await response.text());
}
