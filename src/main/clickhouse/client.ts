// ClickHouse over HTTP. Commands, inserts and pings go through @clickhouse/client; searches are posted as a multipart form
// of our own, since their parameters are already in ClickHouse's text form (the client would escape them again) and may be
// longer than a URL can be (65,536 terms), and since rows must be read losslessly.
import { Readable } from "node:stream";
import { ClickHouseLogLevel, createClient, type ClickHouseClient as OfficialClient } from "@clickhouse/client";
import type { SqlParameter } from "../../shared/exchange.ts";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import type { Row } from "../translate/types.ts";
import { ClickHouseAway, ClickHouseRefused, describeFailure } from "./failure.ts";
import { formBody, type PostBody, type Posted, Poster } from "./post.ts";
import { quoteString } from "./sql/quote.ts";

export interface Access {
  /** http or https, without credentials. */
  readonly url: string;
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

export class ClickHouseClient {
  readonly url: string;
  readonly #access: Access;
  readonly #official: OfficialClient;
  readonly #poster = new Poster();
  #newSettings = NEW_SETTINGS;

  constructor(access: Access) {
    this.#access = access;
    this.url = access.url;
    this.#official = createClient({
      url: access.url,
      username: access.user,
      password: access.password,
      request_timeout: WRITE_SILENCE_MS,
      compression: { request: false, response: false },
      keep_alive: { enabled: true },
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  /** Runs a search. Throws ClickHouseRefused (its own error, with code) or ClickHouseAway (no answer). */
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
      ...(writer || this.#access.reader !== null ? {} : { readonly: 2 }),
      ...options.settings,
    };
    const late = AbortSignal.timeout((Number(settings.max_execution_time) + GRACE_SECONDS) * 1000);
    const signal = options.signal === undefined ? late : AbortSignal.any([options.signal, late]);
    const failed = (error: unknown): never => {
      if (late.aborted) throw new ClickHouseRefused(TIMEOUT_EXCEEDED, `no answer within ${settings.max_execution_time} s`);
      throw new ClickHouseAway(describeFailure(this.url, error));
    };
    const { status, headers, text } = await this.#post(settings, statement, writer, signal).catch(failed);
    if (status !== 200) {
      const refused = ClickHouseRefused.fromText(text, headerOf(headers, "x-clickhouse-exception-code"));
      if (refused.code !== UNKNOWN_SETTING || !Object.keys(NEW_SETTINGS).some((name) => name in settings)) throw refused;
      this.#newSettings = {};
      return await this.query(statement, options);
    }
    return readResult(text, headerOf(headers, "x-clickhouse-summary"), performance.now() - started);
  }

  async #post(
    settings: Readonly<Record<string, string | number>>,
    statement: { readonly sql: string; readonly params: readonly SqlParameter[] },
    writer: boolean,
    signal: AbortSignal,
  ): Promise<Posted> {
    const url = new URL(this.#access.url);
    for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, String(value));
    const body = bodyOf(statement, url);
    const as = writer ? this.#access : (this.#access.reader ?? this.#access);
    const headers = { "x-clickhouse-user": as.user, "x-clickhouse-key": as.password };
    return await this.#poster.post(url, body, headers, signal);
  }

  /** Runs a statement without an answer. Throws like query(). */
  async command(sql: string, settings: Readonly<Record<string, string | number>> = {}): Promise<void> {
    await this.#guarded(() => this.#official.command({ query: sql, clickhouse_settings: settings }));
  }

  /** Inserts RowBinary bytes as one block. The same `token` inserts once, as far as the table's window reaches. */
  async insertRowBinary(
    table: string,
    columns: readonly string[],
    bytes: Uint8Array,
    options: { readonly token: string; readonly rows: number },
  ): Promise<void> {
    await this.#guarded(() =>
      this.#official.exec({
        query: `INSERT INTO ${table} (${columns.join(", ")}) FORMAT RowBinary`,
        values: Readable.from([bytes], { objectMode: false }),
        clickhouse_settings: {
          async_insert: 0,
          insert_deduplication_token: options.token,
          // The token holds per block: one block a batch, also on a retry.
          max_insert_block_size: String(Math.max(options.rows, 1_048_576)),
          min_insert_block_size_rows: "0",
          min_insert_block_size_bytes: "0",
          // Documents that are read back may be of any age.
          max_partitions_per_insert_block: "0",
        },
      }),
    );
  }

  /** True when the server answers. Never throws. */
  async ping(): Promise<boolean> {
    const result = await this.#official.ping().catch(() => ({ success: false }));
    return result.success;
  }

  async close(): Promise<void> {
    this.#poster.close();
    await this.#official.close();
  }

  async #guarded(run: () => Promise<unknown>): Promise<void> {
    try {
      const result = await run();
      if (hasStream(result)) result.stream.resume();
    } catch (error) {
      throw ClickHouseRefused.fromError(error) ?? new ClickHouseAway(describeFailure(this.url, error));
    }
  }
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

function readResult(text: string, summaryHeader: string | null, ms: number): QueryResult {
  const answer = parseJson(text);
  const meta = isObject(answer) ? member(answer, "meta") : undefined;
  const data = isObject(answer) ? member(answer, "data") : undefined;
  if (!isArray(meta) || !isArray(data)) throw new ClickHouseRefused(0, "ClickHouse's answer is not the JSONCompact that was asked for");
  const columns = meta
    .filter((column) => isObject(column))
    .map((column) => ({ name: textOf(column, "name"), type: textOf(column, "type") }));
  const names = columns.map((column) => column.name);
  const rows = data.filter((row) => isArray(row)).map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])));
  return { rows, columns, summary: { ms, rows: rows.length, ...readSummary(summaryHeader) } };
}

function readSummary(header: string | null): Omit<QuerySummary, "ms" | "rows"> {
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
