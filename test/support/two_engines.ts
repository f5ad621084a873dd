// The same documents in a real Elasticsearch and in ClickHouse, and a comparison of what both answer to a search.
import { createHash } from "node:crypto";
import { ClickHouseClient } from "../../src/main/clickhouse/client.ts";
import { cellWriter, RowBinaryWriter } from "../../src/main/clickhouse/rowbinary.ts";
import { createDatabase, createTable, dropTable, META, tableName } from "../../src/main/clickhouse/schema.ts";
import { print } from "../../src/main/clickhouse/sql/print.ts";
import { quoteName } from "../../src/main/clickhouse/sql/quote.ts";
import { fieldColumns } from "../../src/main/elasticsearch/columns.ts";
import { type Mapping, parseMapping } from "../../src/main/elasticsearch/mapping.ts";
import { type Sharding, shardOf } from "../../src/main/elasticsearch/routing.ts";
import { match } from "../../src/main/matcher/index.ts";
import { readDescriptions } from "../../src/main/mirror/index_description.ts";
import { singleLists } from "../../src/main/mirror/list_sizes.ts";
import { translateSearch } from "../../src/main/translate/search.ts";
import type { Answer, IndexTable, SearchInput, StatementRows, Tolerance, Translation } from "../../src/main/translate/types.ts";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson, printJson } from "../../src/shared/json.ts";
import { recordRequest } from "../coverage/record.ts";
import { fieldCells } from "./field_cells.ts";

export interface Engines {
  readonly elasticsearch: string;
  readonly clickhouse: ClickHouseClient;
  readonly database: string;
}

export interface Loaded {
  readonly engines: Engines;
  readonly table: IndexTable;
}

/** Connects to the engines of the environment; null (with the reason) when one is missing. */
export function connectEngines(database: string, elasticsearch = process.env.PARALLAX_TEST_ELASTICSEARCH): Engines | null {
  const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE;
  if (elasticsearch === undefined || clickhouse === undefined) return null;
  return { elasticsearch, clickhouse: connectClickHouse(clickhouse), database };
}

/** A client for a URL that carries user and password. */
export function connectClickHouse(address: string): ClickHouseClient {
  const url = new URL(address);
  const access = { user: decodeURIComponent(url.username || "default"), password: decodeURIComponent(url.password) };
  return new ClickHouseClient({ url: url.origin, ...access, reader: null });
}

export interface Index {
  readonly name: string;
  /** The value of `mappings`. */
  readonly mappings: JsonObject;
  /** JSON texts. */
  readonly documents: readonly string[];
  /** Their _id. @default "0", "1", … */
  readonly ids?: readonly string[];
  readonly shards?: number;
  /** The `_routing` of documents that have one of their own, by their _id. */
  readonly routing?: ReadonlyMap<string, string>;
  /** The value of `settings.analysis`. */
  readonly analysis?: JsonObject;
  /** Overwrites and deletes, in order, after the documents. */
  readonly changes?: readonly Change[];
}

/** `text` null: the document is deleted. */
export interface Change {
  readonly id: string;
  readonly text: string | null;
}

/** Makes the index in Elasticsearch and the table in ClickHouse. */
export async function load(engines: Engines, index: Index): Promise<Loaded> {
  const shards = index.shards ?? 1;
  await send(engines, "DELETE", `/${index.name}`);
  const analysis = index.analysis === undefined ? {} : { analysis: index.analysis };
  const settings = { number_of_shards: shards, number_of_replicas: 0, refresh_interval: "-1", ...analysis };
  await must(engines, "PUT", `/${index.name}`, printJson({ settings, mappings: index.mappings }));
  const described = readDescriptions(object(await must(engines, "GET", `/${index.name}`, undefined)))[0];
  const sharding: Sharding = described ?? { shards };
  const places: Place[] = [];
  const writes = writesOf(index);
  for (let from = 0; from < writes.length; from += 2000) {
    const answer = await must(
      engines,
      "POST",
      `/${index.name}/_bulk`,
      writes
        .slice(from, from + 2000)
        .map((write) => bulkLines(write, index.routing))
        .join(""),
    );
    places.push(...placesOf(answer, sharding, index.routing));
  }
  await must(engines, "POST", `/${index.name}/_refresh`, "");
  const mapped = await must(engines, "GET", `/${index.name}/_mapping`, undefined);
  const own = isObject(mapped) ? member(mapped, index.name) : undefined;
  const mappings = isObject(own) ? member(own, "mappings") : undefined;
  const mapping = parseMapping(isObject(mappings) ? mappings : {}, index.analysis);
  return { engines, table: await mirror(engines, index, mapping, shards, places) };
}

/** Everything that is written, in order: documents, then changes. */
function writesOf(index: Index): readonly Change[] {
  return [...index.documents.map((text, i) => ({ id: index.ids?.[i] ?? String(i), text })), ...(index.changes ?? [])];
}

function bulkLines({ id, text }: Change, routing: Index["routing"]): string {
  const place = { _id: id, routing: routing?.get(id) };
  const action = `{"${text === null ? "delete" : "index"}":${JSON.stringify(place)}}\n`;
  return text === null ? action : `${action}${text}\n`;
}

/** The table alone: what a test without Elasticsearch needs. */
export async function mirror(engines: Engines, index: Index, mapping: Mapping, shards = 1, places?: readonly Place[]): Promise<IndexTable> {
  const { clickhouse, database } = engines;
  await clickhouse.command(createDatabase(database));
  await clickhouse.command(dropTable(database, index.name));
  await clickhouse.command(createTable(database, index.name, mapping));
  const columns = [...META, ...fieldColumns(mapping)];
  const out = new RowBinaryWriter();
  const writers = columns.map((column) => cellWriter(column.type));
  const writes = writesOf(index);
  const several = new Set<string>();
  const lacking = new Set<string>();
  writes.forEach(({ id, text }, i) => {
    const source = parseJson(text ?? "{}");
    const place = places?.[i] ?? { shard: 0, seqNo: i, version: 1 };
    const values = isObject(source) ? fieldCells(source, mapping) : [];
    const cells = [
      id,
      text ?? "{}",
      index.routing?.get(id) ?? "",
      place.shard,
      place.seqNo,
      1,
      place.version,
      text === null ? 1 : 0,
      ...values,
    ];
    writers.forEach((write, k) => {
      const cell = cells[k] ?? 0;
      if (Array.isArray(cell) && cell.length > 1) several.add(columns[k]?.name ?? "");
      if (Array.isArray(cell) && cell.length === 0) lacking.add(columns[k]?.name ?? "");
      write(out, cell);
    });
  });
  const names = columns.map(({ name }) => quoteName(name));
  const token = createHash("sha1").update(out.bytes()).digest("hex");
  if (writes.length > 0) {
    await clickhouse.insertRowBinary(tableName(database, index.name), names, out.bytes(), { token, rows: writes.length });
  }
  return {
    index: index.name,
    database,
    table: index.name,
    mapping,
    shards,
    final: writes.length > index.documents.length,
    single: singleLists(mapping, { several, lacking }),
  };
}

function object(value: JsonValue): JsonObject {
  return isObject(value) ? value : {};
}

interface Place {
  readonly shard: number;
  readonly seqNo: number;
  readonly version: number;
}

function placesOf(answer: JsonValue, sharding: Sharding, routing: Index["routing"]): readonly Place[] {
  const items = isObject(answer) ? member(answer, "items") : undefined;
  return (isArray(items) ? items : []).map((item) => {
    const result = isObject(item) ? (member(item, "index") ?? member(item, "delete")) : undefined;
    if (!isObject(result) || member(result, "error") !== undefined) throw new Error(`not indexed: ${printJson(result ?? null)}`);
    const id = String(member(result, "_id"));
    return {
      shard: shardOf(routing?.get(id) ?? id, sharding),
      seqNo: Number(member(result, "_seq_no")),
      version: Number(member(result, "_version")),
    };
  });
}

export interface Outcome {
  readonly elasticsearch: JsonObject;
  readonly translation: Translation;
  readonly answer: Answer | null;
  readonly statements: readonly string[];
}

/** Runs one search on both engines. */
export async function runBoth(indices: readonly Loaded[], body: JsonObject, now = Date.now()): Promise<Outcome> {
  const [first] = indices;
  if (first === undefined) throw new Error("no index");
  const { engines } = first;
  const names = indices.map(({ table }) => table.index).join(",");
  const elasticsearch = await send(engines, "POST", `/${names}/_search`, printJson(body));
  const tables = indices.map(({ table }) => table).toSorted((a, b) => (a.index < b.index ? -1 : 1));
  const run = await runClickHouse(engines.clickhouse, { endpoint: "search", body, params: new Map(), tables, now });
  const outcome: Outcome = { elasticsearch: isObject(elasticsearch) ? elasticsearch : {}, ...run };
  recordOutcome(engines.elasticsearch, tables, body, outcome);
  return outcome;
}

// For the coverage page: what this request used, and whether the answers agree.
function recordOutcome(
  server: string,
  tables: readonly IndexTable[],
  body: JsonObject,
  { elasticsearch, translation, answer }: Outcome,
): void {
  const refused = member(elasticsearch, "error") !== undefined;
  const clickhouse = answer?.body ?? null;
  const verdict =
    translation.kind === "unsupported"
      ? "unsupported"
      : translation.kind === "rejected" || clickhouse === null || answer === null
        ? refused === (translation.kind === "rejected")
          ? "equal"
          : "different"
        : match({ endpoint: "search", request: body, elasticsearch, clickhouse, tolerances: answer.tolerances }).verdict;
  recordRequest({
    server,
    endpoint: "_search",
    body,
    mappings: tables.map(({ mapping }) => mapping),
    verdict,
    unsupported: translation.kind === "unsupported" ? translation.unsupported.map(({ pointer }) => pointer) : [],
    refused,
  });
}

/** Runs one search on ClickHouse alone. */
export async function runClickHouse(clickhouse: ClickHouseClient, input: SearchInput): Promise<Omit<Outcome, "elasticsearch">> {
  const translation = translateSearch(input);
  if (translation.kind !== "translated") return { translation, answer: null, statements: [] };
  const printed = translation.statements.map(({ name, query }) => ({ name, ...print(query) }));
  const rows: StatementRows = new Map(
    await Promise.all(
      printed.map(async (statement) => {
        const result = await clickhouse.query(statement).catch((error: unknown) => {
          throw new Error(`${String(error)}\n${statement.name}: ${statement.sql}\n${JSON.stringify(statement.params)}`);
        });
        return [statement.name, result.rows] as const;
      }),
    ),
  );
  return { translation, answer: translation.shape(rows), statements: printed.map(({ sql }) => sql) };
}

/** The type of the error that Elasticsearch answered with; undefined where it answered. */
export function errorTypeOf(answer: JsonObject): string | undefined {
  const error = member(answer, "error");
  const causes = isObject(error) ? member(error, "root_cause") : undefined;
  const [first] = isArray(causes) ? causes : [];
  return isObject(first) ? String(member(first, "type")) : undefined;
}

/** Where two answers differ, tolerances considered; one line each, `path: elasticsearch <> clickhouse`. */
export function differences(
  elasticsearch: JsonValue | undefined,
  clickhouse: JsonValue | undefined,
  tolerances: readonly Tolerance[] = [],
  path = "",
): readonly string[] {
  if (elasticsearch === undefined || clickhouse === undefined) {
    return elasticsearch === clickhouse ? [] : [line(path, elasticsearch, clickhouse)];
  }
  if (isArray(elasticsearch) && isArray(clickhouse)) {
    const length = Math.max(elasticsearch.length, clickhouse.length);
    return Array.from({ length }, (_, i) => differences(elasticsearch[i], clickhouse[i], tolerances, `${path}/${i}`)).flat();
  }
  if (isObject(elasticsearch) && isObject(clickhouse)) {
    const names = new Set([...Object.keys(elasticsearch), ...Object.keys(clickhouse)]);
    return [...names].flatMap((name) =>
      differences(
        member(elasticsearch, name),
        member(clickhouse, name),
        tolerances,
        `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      ),
    );
  }
  if (printJson(elasticsearch) === printJson(clickhouse)) return [];
  const tolerance = tolerances.find((each) => each.pointer === path);
  if (tolerance !== undefined && isNumber(elasticsearch)) {
    const value = Number(elasticsearch);
    if (value >= tolerance.low && value <= tolerance.high) return [];
  }
  return [line(path, elasticsearch, clickhouse)];
}

function line(path: string, elasticsearch: JsonValue | undefined, clickhouse: JsonValue | undefined): string {
  const text = (value: JsonValue | undefined) => (value === undefined ? "(none)" : printJson(value).slice(0, 200));
  return `${path}: ${text(elasticsearch)} <> ${text(clickhouse)}`;
}

/** Sends a request to Elasticsearch; its answer whatever the status. */
export async function send(engines: Engines, method: string, path: string, body?: string): Promise<JsonValue> {
  const contentType = path.endsWith("_bulk") ? "application/x-ndjson" : "application/json";
  const response = await fetch(engines.elasticsearch + path, {
    method,
    headers: { "content-type": contentType },
    ...(body === undefined || body === "" ? {} : { body }),
  });
  return parseJson(await response.text());
}

async function must(engines: Engines, method: string, path: string, body: string | undefined): Promise<JsonValue> {
  const answer = await send(engines, method, path, body);
  const error = isObject(answer) ? member(answer, "error") : undefined;
  if (error !== undefined) throw new Error(`${method} ${path}: ${printJson(error)}`);
  return answer;
}
