// ClickHouse over HTTP. Commands, inserts and pings go through @clickhouse/client; searches are posted as a multipart form
// of our own, since their parameters are already in ClickHouse's text form (the client would escape them again) and may be
// longer than a URL can be (65,536 terms), and since rows must be read losslessly.
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { ClickHouseLogLevel, createClient, type ClickHouseClient as OfficialClient } from "@clickhouse/client";
import { messageOf } from "../../shared/thrown.ts";
import { addressesOf } from "../proxy/upstream.ts";
import { type Change, CLUSTER_QUERY, type Cluster, type ClusterOptions, readCluster, statementsOf } from "./cluster.ts";
import { ClickHouseAway, ClickHouseRefused, describeFailure, LargeAnswer } from "./failure.ts";
import { type Posted, Poster } from "./post.ts";
import { headerOf, type QueryResult, readResult } from "./query_result.ts";
import {
  CLUSTER_INSERT,
  CLUSTER_SEARCH,
  LONG_STATEMENTS,
  NEW_SETTINGS,
  SEARCH_LIMITS,
  SEARCH_SETTINGS,
  type SearchLimits,
} from "./search_settings.ts";
import { bodyOf, LONGEST_FIELD, type Statement } from "./statement_body.ts";

export interface Access {
  /** URLs of the servers of one cluster, with commas between: http or https, without credentials. */
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

/** A server that does not stop in time, or whose network is gone, is not waited for any longer. */
const GRACE_SECONDS = 10;
const TIMEOUT_EXCEEDED = 159;
/** A connection on which an insert or a command hears nothing for so long is given up; both may be tried again. */
const WRITE_SILENCE_MS = 30_000;

const UNKNOWN_SETTING = 115;
/** A connection broke, and was tried again, before the server took note: the next try has an id of its own. */
const SAME_QUERY_ID = 216;
const UNKNOWN_CLUSTER = 701;
/** ClickHouse's codes where statements can't be passed on to a cluster's servers: no queue for them is there, or they are forbidden. */
const NOT_QUEUED: ReadonlySet<number> = new Set([139, 392]);

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
  async query(statement: Statement, options: QueryOptions = {}): Promise<QueryResult> {
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
    statement: Statement,
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
    statement: Statement,
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

function hasStream(value: unknown): value is { readonly stream: Readable } {
  return typeof value === "object" && value !== null && "stream" in value && value.stream instanceof Readable;
}
