// How fast the mirror is by itself: writes that Elasticsearch acknowledged before are journalled, read, encoded and inserted with
// nothing else to wait for; and how fast ClickHouse takes the same documents when nobody makes anything of them.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessagePort } from "node:worker_threads";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { route } from "../../src/main/elasticsearch/route.ts";
import { Journal } from "../../src/main/journal/journal.ts";
import { Mirror } from "../../src/main/mirror/mirror.ts";
import type { FromJournal, ToJournal } from "../../src/main/proxy/journal_entry.ts";
import { startTestClickHouse } from "../support/clickhouse_server.ts";
import { connectClickHouse } from "../support/two_engines.ts";

/** A bulk as it was sent and answered. */
export interface AnsweredBulk {
  readonly body: Buffer;
  readonly answer: Buffer;
  readonly documents: number;
}

/** Bulks under way at once: bare inserts, which a server of few cores takes no more of. */
const LANES = 8;
/** Bulks that the mirror has in its hands at once: clients wait for none of it, so it has what they sent while one insert runs. */
const MIRROR_LANES = 24;
const DATABASE = "bench_ceiling";
const HEAD = Buffer.from("POST /_bulk HTTP/1.1\r\n\r\n");
const ANSWER_HEAD = Buffer.from("HTTP/1.1 200 OK\r\n\r\n");

/** Columns as one would choose them for web accesses (scripts/sample), and as one chooses them who does not want to choose. */
const BARE = {
  columns: `"@timestamp" DateTime64(3), message String, tags String,
    event Tuple(dataset String, duration Int64, sequence Int64, outcome String), service Tuple(name String),
    url Tuple(original String, path String, query String), http Tuple(version String, request Tuple(method String, referrer String),
    response Tuple(status_code Int64, body Tuple(bytes Int64))),
    source Tuple(ip String, geo Tuple(city_name String, country_iso_code String, continent_name String, location String)),
    user_agent Tuple(name String, version String, original String, os Tuple(name String)), response_time Float64,
    tls Tuple(established Bool), host Tuple(name String), user Tuple(name String), error Tuple(message String, code String)`,
  json: `"@timestamp" String, message String, tags Dynamic, event JSON, service JSON, url JSON, http JSON, source JSON, user_agent JSON,
    response_time Float64, tls JSON, host JSON, user JSON, error JSON`,
} as const;
const BARE_SETTINGS = {
  async_insert: "0",
  input_format_skip_unknown_fields: "1",
  date_time_input_format: "best_effort",
  input_format_json_read_arrays_as_strings: "1",
  input_format_json_read_objects_as_strings: "1",
  input_format_json_defaults_for_missing_elements_in_named_tuple: "1",
  input_format_null_as_default: "1",
};

export class Ceiling {
  readonly #elasticsearch: ElasticsearchClient;
  readonly #clickhouse: Awaited<ReturnType<typeof startTestClickHouse>>;
  readonly #folder: string;
  readonly #journal: Journal;
  readonly #port: MessagePort;
  readonly #kept = new Map<number, () => void>();
  #nextExchange = 1;

  private constructor(
    elasticsearch: ElasticsearchClient,
    clickhouse: Awaited<ReturnType<typeof startTestClickHouse>>,
    folder: string,
    journal: Journal,
  ) {
    this.#elasticsearch = elasticsearch;
    this.#clickhouse = clickhouse;
    this.#folder = folder;
    this.#journal = journal;
    this.#port = journal.connect();
    this.#port.on("message", ({ exchanges }: FromJournal) => {
      for (const exchange of exchanges) this.#kept.get(exchange)?.();
    });
  }

  static async start(elasticsearchUrl: string): Promise<Ceiling> {
    const folder = await mkdtemp(join(tmpdir(), "parallax-ceiling-"));
    const { journal } = await Journal.start(join(folder, "journal.sqlite"));
    journal.cluster("bench", "bench");
    return new Ceiling(new ElasticsearchClient(elasticsearchUrl), await startTestClickHouse(), folder, journal);
  }

  /** Documents a second from the journal to the table. */
  async mirrored(bulks: readonly AnsweredBulk[], index: string): Promise<number> {
    const clickhouse = connectClickHouse(this.#clickhouse.url);
    const log = { write: () => {}, flushed: async () => {} };
    const leisure = { mostBytes: 0 };
    const mirror = new Mirror({ clickhouse, elasticsearch: this.#elasticsearch, database: DATABASE, log, leisure });
    const write = async (bulk: AnsweredBulk): Promise<void> => {
      const note = await this.#write(mirror, bulk, index);
      if (note !== bulk.documents) throw new Error(`${note} of ${bulk.documents} documents were mirrored`);
    };
    // The first makes the table, which the bare inserts find made.
    for (const first of bulks.slice(0, 1)) await write(first);
    const rate = await documentsPerSecond(bulks.slice(1), write, MIRROR_LANES);
    await mirror.close();
    await clickhouse.close();
    await this.#ask(`DROP DATABASE ${DATABASE} SYNC`);
    return rate;
  }

  async #write(mirror: Mirror, { body, answer }: AnsweredBulk, index: string): Promise<number> {
    const exchange = this.#nextExchange;
    this.#nextExchange += 1;
    const time = Date.now();
    const kept = new Promise<void>((resolve) => this.#kept.set(exchange, resolve));
    this.#tell({ kind: "intent", exchange, time, upstream: "bench", head: new Uint8Array(HEAD), body: new Uint8Array(body) });
    await kept;
    this.#kept.delete(exchange);
    this.#tell({ kind: "answer", exchange, time, head: new Uint8Array(ANSWER_HEAD), body: new Uint8Array(answer) });
    const request = { method: "POST", route: route("POST", `/${index}/_bulk`), body, status: 200, answer, time };
    const { note } = await mirror.hand(request, { kept: true, again: false });
    this.#journal.done(exchange);
    return note?.indexed ?? 0;
  }

  #tell(message: ToJournal & { readonly kind: "intent" | "answer" }): void {
    this.#port.postMessage(message, message.body === null ? [] : [message.body.buffer]);
  }

  /** Documents a second of bare inserts. */
  async bare(bulks: readonly AnsweredBulk[], kind: keyof typeof BARE): Promise<number> {
    await this.#ask(`CREATE TABLE bare (${BARE[kind]}) ENGINE = MergeTree ORDER BY "@timestamp"`);
    const documents = bulks.map(({ body, documents }) => ({ documents, body: withoutActions(body) }));
    const rate = await documentsPerSecond(documents, async ({ body }) =>
      this.#ask("INSERT INTO bare FORMAT JSONEachRow", body, BARE_SETTINGS),
    );
    await this.#ask("DROP TABLE bare SYNC");
    return rate;
  }

  async #ask(query: string, body?: Buffer, settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const { origin, username, password } = new URL(this.#clickhouse.url);
    const headers = { "x-clickhouse-user": username, "x-clickhouse-key": password };
    const asked = body === undefined ? settings : { ...settings, query };
    const answer = await fetch(`${origin}/?${new URLSearchParams(asked)}`, {
      method: "POST",
      headers,
      body: body === undefined ? query : new Uint8Array(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
  }

  async stop(): Promise<void> {
    this.#port.close();
    await once(this.#port, "close");
    await this.#journal.stop();
    this.#elasticsearch.close();
    await this.#clickhouse.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function withoutActions(body: Buffer): Buffer {
  const lines = body.toString("utf8").split("\n");
  return Buffer.from(lines.filter((_, line) => line % 2 === 1).join("\n"));
}

async function documentsPerSecond<T extends { readonly documents: number }>(
  bulks: readonly T[],
  take: (bulk: T) => Promise<void>,
  lanes = LANES,
): Promise<number> {
  const waiting = bulks.values();
  const started = performance.now();
  const lane = async (): Promise<void> => {
    for (const bulk of waiting) await take(bulk);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return bulks.reduce((sum, { documents }) => sum + documents, 0) / ((performance.now() - started) / 1000);
}
