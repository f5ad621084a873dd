// ClickHouse over HTTP. Commands, inserts and pings go through @clickhouse/client; searches are posted as a multipart form
// of our own, since their parameters are already in ClickHouse's text form (the client would escape them again) and may be
// longer than a URL can be (65,536 terms), and since rows must be read losslessly.
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { ClickHouseLogLevel, createClient, type ClickHouseClient as OfficialClient } from "@clickhouse/client";
import type { SqlParameter } from "../../shared/exchange.ts";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import { addressesOf } from "../proxy/upstream.ts";
import type { Row } from "../translate/types.ts";
import { type Change, CLUSTER_QUERY, type Cluster, type ClusterOptions, readCluster, statementsOf } from "./cluster.ts";
import { ClickHouseAway, ClickHouseRefused, describeFailure, LargeAnswer } from "./failure.ts";
import { formBody, type PostBody, type Posted, Poster } from "./post.ts";
import { quoteString } from "./sql/quote.ts";

export interface Access {
  /** http or https, without credentials. */
  /** URLs of the servers of one cluster, with commas between. */
  readonly url: string;
  /** The cluster that tables are made on; null or left out: the server alone. */
  readonly cluster?: ClusterOptions | null;
  readonly user: string;
  readonly password: string;
  /** A user that may only read, for searches; without one the searches run with `readonly = 2`. */
  readonly reader: { readonly user: string; readonly password: string } | null;
  /** @default SEARCH_LIMITS */
  readonly limits?: SearchLimits;
}

export interface QuerySummary {
  readonly ms: number;
  readonly rows: number;
  readonly readRows: number;
  readonly readBytes: number;
  /** null where the server does not tell. */
  readonly memoryBytes: number | null;
  /** What ClickHouse's own logs call this run; null where the server does not tell. */
  readonly queryId: string | null;
  /** Bodies on the wire. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface QueryResult {
  readonly rows: readonly Row[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly summary: QuerySummary;
}

export interface QueryOptions {
  readonly signal?: AbortSignal;
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Run as the app's own user, who may write. @default false */
  readonly asWriter?: boolean;
  /** The exchange that it is for: its id is part of the query's. */
  readonly exchange?: number;
  /** Octets of the answer, at most: more is LargeAnswer. @default what a string holds */
  readonly mostBytes?: number;
}

/** Bounds of one statement of a search: a runaway one ends in a clear error, never a hang. */
export interface SearchLimits {
  readonly seconds: number;
  readonly memoryBytes: number;
}

export const SEARCH_LIMITS: SearchLimits = Object.freeze({ seconds: 60, memoryBytes: 4 * 1024 ** 3 });
/** A server that does not stop in time, or whose network is gone, is not waited for any longer. */
const GRACE_SECONDS = 10;
const TIMEOUT_EXCEEDED = 159;
/** A connection on which an insert or a command hears nothing for so long is given up; both may be tried again. */
const WRITE_SILENCE_MS = 30_000;

/** Statements name columns: an index with 10,000 fields has 20,000 of them. */
const LONG_STATEMENTS = Object.freeze({
  max_query_size: String(64 * 1024 * 1024),
  max_ast_elements: "2000000",
  max_expanded_ast_elements: "4000000",
});
const SEARCH_SETTINGS: Readonly<Record<string, string | number>> = Object.freeze({
  max_query_size: 64 * 1024 * 1024,
  max_ast_elements: 2_000_000,
  max_expanded_ast_elements: 4_000_000,
  // Buffered to its end, so that an error after the first rows is still an error status and the summary is whole.
  wait_end_of_query: 1,
  cancel_http_readonly_queries_on_client_close: 1,
  // Compiling an expression takes 80 to 400 ms, more than any search of a laptop's data gains by it.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 1,
  output_format_json_quote_decimals: 0,
  enable_extended_results_for_datetime_functions: 1,
});

/**
 * Settings that servers before 26 don't know. The best rows are not guessed while reading: that guess comes before the condition
 * and then reads the words of all texts where their index alone would do (2.8 s in place of 0.3 for ten million).
 */
const NEW_SETTINGS: Readonly<Record<string, string | number>> = Object.freeze({
  use_top_k_dynamic_filtering: 0,
  use_skip_indexes_for_top_k: 0,
});
const UNKNOWN_SETTING = 115;
/** A connection broke, and was tried again, before the server took note: the next try has an id of its own. */
const SAME_QUERY_ID = 216;
const UNKNOWN_CLUSTER = 701;
/** ClickHouse's codes where statements can't be passed on to a cluster's servers: no queue for them is there, or they are forbidden. */
const NOT_QUEUED: ReadonlySet<number> = new Set([139, 392]);

const BY_REPLICA = { prefer_localhost_replica: 0, load_balancing: "in_order" } as const;

/**
 * Over several shards a subquery reads all of them, as the search does. A search is answered by the replica that was written to, and by
 * none that lags.
 */
const CLUSTER_SEARCH: Readonly<Record<string, string | number>> = Object.freeze({
  ...BY_REPLICA,
  distributed_product_mode: "global",
  max_replica_delay_for_distributed_queries: 1,
  fallback_to_stale_replicas_for_distributed_queries: 0,
});
/** An insert is over when every shard has its rows. */
const CLUSTER_INSERT = Object.freeze({ ...BY_REPLICA, insert_distributed_sync: 1 } as const);

interface Server {
  readonly url: string;
  readonly official: OfficialClient;
}

export class ClickHouseClient {
  readonly #access: Access;
  readonly #servers: readonly Server[];
  readonly #poster = new Poster();
  #at = 0;
  #cluster: Promise<Cluster | null> | null = null;
  /** One server passes changes on to all. */
  #queued = true;
  #newSettings = NEW_SETTINGS;

  constructor(access: Access) {
    this.#access = access;
    this.#servers = addressesOf(access.url).map((url) => ({
      url,
      official: createClient({
        url,
        username: access.user,
        password: access.password,
        request_timeout: WRITE_SILENCE_MS,
        compression: { request: false, response: false },
        keep_alive: { enabled: true },
        log: { level: ClickHouseLogLevel.OFF },
      }),
    }));
  }

  /** How it is reached: for a client in another thread. */
  get access(): Access {
    return this.#access;
  }

  /** Of the server that is asked. */
  get url(): string {
    return this.#server.url;
  }

  get #server(): Server {
    const server = this.#servers[this.#at];
    if (server === undefined) throw new ClickHouseAway("No URL of a ClickHouse is given.");
    return server;
  }

  // What failed is tried again by whoever wanted it: the next server is asked then.
  #away(server: Server, error: unknown): ClickHouseAway {
    if (this.#server === server) this.#at = (this.#at + 1) % this.#servers.length;
    return new ClickHouseAway(describeFailure(server.url, error));
  }

  /** Runs a search. Throws ClickHouseRefused (its own error, with code) or ClickHouseAway (no answer); LargeAnswer. */
  async query(
    statement: { readonly sql: string; readonly params: readonly SqlParameter[] },
    options: QueryOptions = {},
  ): Promise<QueryResult> {
    const started = performance.now();
    const writer = options.asWriter === true;
    const { seconds, memoryBytes } = this.#access.limits ?? SEARCH_LIMITS;
    const settings = {
      ...SEARCH_SETTINGS,
      max_execution_time: seconds,
      max_memory_usage: memoryBytes,
      ...this.#newSettings,
      ...(this.#clustered ? CLUSTER_SEARCH : {}),
      ...(writer || this.#access.reader !== null ? {} : { readonly: 2 }),
      ...options.settings,
    };
    const late = AbortSignal.timeout((Number(settings.max_execution_time) + GRACE_SECONDS) * 1000);
    const signal = options.signal === undefined ? late : AbortSignal.any([options.signal, late]);
    const posted = await this.#postAnywhere(settings, statement, options, signal).catch((error: unknown) => {
      if (late.aborted) throw new ClickHouseRefused(TIMEOUT_EXCEEDED, `no answer within ${settings.max_execution_time} s`);
      throw error;
    });
    if (posted.status !== 200) {
      const refused = ClickHouseRefused.fromText(posted.text, headerOf(posted.headers, "x-clickhouse-exception-code"));
      if (refused.code === SAME_QUERY_ID) return await this.query(statement, options);
      if (refused.code !== UNKNOWN_SETTING || !Object.keys(NEW_SETTINGS).some((name) => name in settings)) throw refused;
      this.#newSettings = {};
      return await this.query(statement, options);
    }
    return this.#whole(() => readResult(posted, performance.now() - started));
  }

  // A server that has no room left to buffer an answer ends it in its middle, with status 200.
  #whole(read: () => QueryResult): QueryResult {
    try {
      return read();
    } catch (error) {
      if (error instanceof ClickHouseRefused) throw error;
      throw new ClickHouseAway(`ClickHouse at ${this.url} did not finish its answer: ${messageOf(error)}`);
    }
  }

  /** Posts to the server that is asked; where it is away, to the next. */
  async #postAnywhere(
    settings: Readonly<Record<string, string | number>>,
    statement: { readonly sql: string; readonly params: readonly SqlParameter[] },
    options: QueryOptions,
    signal: AbortSignal,
  ): Promise<Posted> {
    for (let tried = 1; ; tried += 1) {
      const server = this.#server;
      try {
        return await this.#post(new URL(server.url), settings, statement, options, signal);
      } catch (error) {
        if (error instanceof LargeAnswer) throw error;
        const away = this.#away(server, error);
        if (tried >= this.#servers.length || signal.aborted) throw away;
      }
    }
  }

  async #post(
    url: URL,
    settings: Readonly<Record<string, string | number>>,
    statement: { readonly sql: string; readonly params: readonly SqlParameter[] },
    { asWriter, exchange, mostBytes }: QueryOptions,
    signal: AbortSignal,
  ): Promise<Posted> {
    for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, String(value));
    if (exchange !== undefined) url.searchParams.set("query_id", `parallax-${exchange}-${randomUUID()}`);
    const body = bodyOf(statement, url);
    const as = asWriter === true ? this.#access : (this.#access.reader ?? this.#access);
    const headers = { "x-clickhouse-user": as.user, "x-clickhouse-key": as.password };
    return await this.#poster.post(url, body, headers, { signal, mostBytes });
  }

  /** Runs a statement without an answer. Throws like query(). */
  async command(sql: string, settings: Readonly<Record<string, string | number>> = {}): Promise<void> {
    await this.#tell(this.#server, sql, settings);
  }

  /**
   * Changes databases and tables, on every server of the cluster where there is one: by its queue (ON CLUSTER), else each server by its
   * own URL. Throws like query().
   */
  async define(change: Change): Promise<void> {
    const cluster = await this.#known();
    if (cluster === null || this.#queued) {
      try {
        for (const sql of statementsOf(change, cluster)) await this.command(sql);
        return;
      } catch (error) {
        if (cluster === null || !(error instanceof ClickHouseRefused) || !NOT_QUEUED.has(error.code)) throw error;
        if (this.#servers.length < cluster.servers) throw unreached(cluster, error);
        this.#queued = false;
      }
    }
    for (const sql of statementsOf(change, cluster, false)) await Promise.all(this.#servers.map((server) => this.#tell(server, sql)));
  }

  async #tell(server: Server, sql: string, settings: Readonly<Record<string, string | number>> = {}): Promise<void> {
    await this.#guarded(server, () => server.official.command({ query: sql, clickhouse_settings: { ...LONG_STATEMENTS, ...settings } }));
  }

  get #clustered(): boolean {
    return (this.#access.cluster ?? null) !== null;
  }

  #known(): Promise<Cluster | null> {
    const { cluster = null } = this.#access;
    if (cluster === null) return Promise.resolve(null);
    this.#cluster ??= this.#meet(cluster).catch((error: unknown) => {
      this.#cluster = null;
      throw error;
    });
    return this.#cluster;
  }

  async #meet(options: ClusterOptions): Promise<Cluster> {
    const params = [{ name: "name", type: "String", value: options.name }];
    const { rows } = await this.query({ sql: CLUSTER_QUERY, params }, { asWriter: true });
    const cluster = readCluster(options, rows);
    if (cluster === null) throw new ClickHouseRefused(UNKNOWN_CLUSTER, `ClickHouse at ${this.url} knows no cluster ${options.name}`);
    return cluster;
  }

  /** Inserts RowBinary bytes, in one piece or several, as one block. The same `token` inserts once, as far as the table's window reaches. */
  async insertRowBinary(
    table: string,
    columns: readonly string[],
    bytes: Uint8Array | readonly Uint8Array[],
    options: { readonly token: string; readonly rows: number },
  ): Promise<void> {
    const server = this.#server;
    const statement = `INSERT INTO ${table} (${columns.join(", ")}) FORMAT RowBinary`;
    const pieces = bytes instanceof Uint8Array ? [bytes] : bytes;
    // In the URL it would be too long a field: then it goes before the rows. One line break ends it, whatever they begin with.
    const long = Buffer.byteLength(statement) > LONGEST_FIELD;
    await this.#guarded(server, () =>
      server.official.exec({
        query: long ? "" : statement,
        values: Readable.from(long ? [Buffer.from(`${statement}\n`), ...pieces] : pieces, { objectMode: false }),
        clickhouse_settings: {
          ...LONG_STATEMENTS,
          async_insert: 0,
          insert_deduplication_token: options.token,
          // The token holds per block: one block a batch, also on a retry.
          max_insert_block_size: String(Math.max(options.rows, 1_048_576)),
          min_insert_block_size_rows: "0",
          min_insert_block_size_bytes: "0",
          // Versions of one document within a block are left to merges and FINAL: to look for them takes longer than to write the part.
          optimize_on_insert: 0,
          // Documents that are read back may be of any age.
          max_partitions_per_insert_block: "0",
          ...(this.#clustered ? CLUSTER_INSERT : {}),
        },
      }),
    );
  }

  /** True when the server answers. Never throws. */
  async ping(): Promise<boolean> {
    const result = await this.#server.official.ping().catch(() => ({ success: false }));
    return result.success;
  }

  async close(): Promise<void> {
    this.#poster.close();
    await Promise.all(this.#servers.map(({ official }) => official.close()));
  }

  async #guarded(server: Server, run: () => Promise<unknown>): Promise<void> {
    try {
      const result = await run();
      if (hasStream(result)) result.stream.resume();
    } catch (error) {
      throw ClickHouseRefused.fromError(error) ?? this.#away(server, error);
    }
  }
}

function unreached({ name, servers }: Cluster, { code, message }: ClickHouseRefused): ClickHouseRefused {
  const what = `the cluster ${name} takes no statements for all of its ${servers} servers (${message})`;
  return new ClickHouseRefused(code, `${what}: give the URL of each with --clickhouse URL,URL`);
}

/** ClickHouse refuses a form field over 128 KiB (http_max_field_value_size), the statement itself included. */
const LONGEST_FIELD = 100_000;

/** Statement and parameters as a form; a statement too long for that is the body, with its parameters in the URL. */
function bodyOf(statement: { readonly sql: string; readonly params: readonly SqlParameter[] }, url: URL): PostBody {
  const { sql, params } = withoutLongParameters(statement);
  const text = `${sql}\nFORMAT JSONCompact`;
  if (text.length > LONGEST_FIELD) {
    for (const { name, value } of params) url.searchParams.set(`param_${name}`, value);
    return { type: "text/plain;charset=UTF-8", bytes: Buffer.from(text) };
  }
  return formBody([...params.map(({ name, value }) => [`param_${name}`, value] as const), ["query", text]]);
}

// A longer array goes into the statement as a cast of its text: its elements are quoted there, so the text is the same. Text
// by itself is never that long: no request's term is.
function withoutLongParameters({ sql, params }: { readonly sql: string; readonly params: readonly SqlParameter[] }) {
  const long = params.filter(({ value, type }) => value.length > LONGEST_FIELD && type.startsWith("Array("));
  const inlined = long.reduce(
    (text, { name, type, value }) => text.replaceAll(`{${name}:${type}}`, () => `CAST(${quoteString(value)} AS ${type})`),
    sql,
  );
  return { sql: inlined, params: long.length === 0 ? params : params.filter((param) => !long.includes(param)) };
}

function headerOf(headers: Posted["headers"], name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}

function hasStream(value: unknown): value is { readonly stream: Readable } {
  return typeof value === "object" && value !== null && "stream" in value && value.stream instanceof Readable;
}

function readResult({ text, headers, sentBytes, receivedBytes }: Posted, ms: number): QueryResult {
  const answer = parseJson(text);
  const meta = isObject(answer) ? member(answer, "meta") : undefined;
  const data = isObject(answer) ? member(answer, "data") : undefined;
  if (!isArray(meta) || !isArray(data)) throw new ClickHouseRefused(0, "ClickHouse's answer is not the JSONCompact that was asked for");
  const columns = meta
    .filter((column) => isObject(column))
    .map((column) => ({ name: textOf(column, "name"), type: textOf(column, "type") }));
  const names = columns.map((column) => column.name);
  const rows = data.filter((row) => isArray(row)).map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])));
  const wire = { queryId: headerOf(headers, "x-clickhouse-query-id"), sentBytes, receivedBytes };
  return { rows, columns, summary: { ms, rows: rows.length, ...readSummary(headerOf(headers, "x-clickhouse-summary")), ...wire } };
}

function readSummary(header: string | null): Pick<QuerySummary, "readRows" | "readBytes" | "memoryBytes"> {
  const value: JsonValue = header === null ? {} : parseJson(header);
  const summary: JsonObject = isObject(value) ? value : {};
  const number = (name: string): number | null => {
    const own = member(summary, name);
    return typeof own === "string" || isNumber(own) ? Number(own) : null;
  };
  return { readRows: number("read_rows") ?? 0, readBytes: number("read_bytes") ?? 0, memoryBytes: number("memory_usage") };
}

function textOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === "string" ? value : "";
}
