// The contract's handlers over the engine: each a few lines, errors as ContractFailure.
import type { Backend, ExchangePage, SqlAnswer, Status, TranslateAnswer } from "../../shared/contract.ts";
import { isObject, type JsonValue, printJson } from "../../shared/json.ts";
import { compileFilter } from "../capture/filter/index.ts";
import type { Session } from "../capture/session.ts";
import type { Filter } from "../capture/types.ts";
import { ClickHouseAway, ClickHouseRefused } from "../clickhouse/failure.ts";
import { print } from "../clickhouse/sql/print.ts";
import { urlProblem } from "../config/url.ts";
import { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { Engine } from "../engine.ts";
import type { Tables } from "../mirror/mirror.ts";
import type { TlsTrust } from "../proxy/upstream.ts";
import { translateSearch } from "../translate/search.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";
import { indexHandlers } from "./index_handlers.ts";
import { resend } from "./resend.ts";

const LONGEST_MARKER = 40;

export interface EngineStatus {
  status(): Status;
}

/** Handlers for `engine`. `status` is made elsewhere, since events send it too. */
export function engineHandlers(engine: Engine, { status }: EngineStatus): Handlers {
  return {
    "health.get": () => {
      const now = status();
      const clickhouseAnswers = now.clickhouse.status === "ok" || now.clickhouse.status === "absent" || now.clickhouse.status === "away";
      if (!now.running || !clickhouseAnswers) {
        throw new ContractFailure("starting", now.running ? "ClickHouse does not answer yet." : "The proxy does not listen.", 503);
      }
      const well = [now.elasticsearch.status, now.clickhouse.status].every((state) => state === "ok" || state === "recorded");
      return {
        status: well ? "ok" : "degraded",
        proxy: now.proxy.url,
        elasticsearch: now.elasticsearch.status,
        clickhouse: now.clickhouse.status,
      };
    },
    "status.get": status,
    "exchanges.list": ({ filter, limit, before }): ExchangePage =>
      session(engine).list({ ...filterOf(filter), ...(limit === undefined ? {} : { limit }), ...(before === undefined ? {} : { before }) }),
    "exchanges.timeline": ({ filter }) => session(engine).timeline(filterOf(filter).filter),
    "exchange.get": ({ id }) => session(engine).get(id) ?? missing(id),
    "exchange.body": ({ id, side, offset }) => session(engine).body(id, side, offset ?? 0) ?? missing(id),
    "exchange.pin": ({ id, pinned }) => {
      writable(engine).pin(id, pinned);
      return session(engine).get(id) ?? missing(id);
    },
    "exchange.mark": ({ id, marker, comment }) => {
      if ((marker?.length ?? 0) > LONGEST_MARKER)
        throw new ContractFailure("bad_request", `A marker has at most ${LONGEST_MARKER} characters.`);
      writable(engine).mark(id, { ...(marker === undefined ? {} : { marker }), ...(comment === undefined ? {} : { comment }) });
      return session(engine).summary(id) ?? missing(id);
    },
    "exchange.resend": async ({ id }) => {
      await resend(engine, id);
      return { sent: true };
    },
    "verdicts.get": () => session(engine).verdicts(),
    ...indexHandlers(engine),
    translate: async ({ index, body }) => translate(engine, index, body),
    "sql.run": async ({ sql, params }) => runSql(engine, sql, params ?? {}),
    "proxy.set": async ({ running, mode }) => {
      if (mode !== undefined) await engine.setMode(mode);
      if (running !== undefined) await engine.setRunning(running).catch(refuse("proxy"));
      return status();
    },
    "intercept.get": () => {
      try {
        return engine.interception.info();
      } catch (error) {
        return refuse("intercept")(error);
      }
    },
    "intercept.set": async ({ on }) => {
      await engine.setIntercepting(on).catch(refuse("intercept"));
      return status();
    },
    "elasticsearch.set": async ({ url }) => {
      checkUrl(url);
      await engine.connect(url).catch(refuse("elasticsearch"));
      return status();
    },
    "elasticsearch.probe": ({ url }) => probe(url, engine.options.trust),
    "session.sample": async () => {
      await engine.openSample().catch(refuse("sample"));
      return status();
    },
    "session.open": ({ file }) => {
      try {
        engine.openFile(file);
      } catch (error) {
        refuse("session")(error);
      }
      return status();
    },
    "session.save": ({ file }) => session(engine).saveAs(file).catch(refuse("session")),
    "session.clear": () => {
      writable(engine).clear();
      return status();
    },
  };
}

function session(engine: Engine): Session {
  const shown = engine.shown;
  if (shown === null) throw new ContractFailure("no_session", "No session is open yet; try again in a moment.", 503);
  return shown;
}

function writable(engine: Engine): Session {
  if (engine.sessionInfo().readOnly)
    throw new ContractFailure("read_only", "This session was opened from a file to look at; it can't be changed.", 409);
  return session(engine);
}

function missing(id: number): never {
  throw new ContractFailure("no_exchange", `There is no exchange ${id} in this session, or it has been cleared.`, 404);
}

function refuse(code: string): (error: unknown) => never {
  return (error) => {
    throw new ContractFailure(code, error instanceof Error ? error.message : String(error), 409);
  };
}

function filterOf(text: string | undefined): { readonly filter?: Filter } {
  if (text === undefined || text.trim() === "") return {};
  const result = compileFilter(text);
  if (result.ok) return { filter: result.filter };
  const { position, message } = result.error;
  throw new ContractFailure("bad_filter", `At position ${position + 1} of the filter: ${message}`);
}

async function translate(engine: Engine, index: string, body: unknown): Promise<TranslateAnswer> {
  const value = body as JsonValue;
  if (!isObject(value)) throw new ContractFailure("bad_request", '"body" must be a search body, a JSON object.');
  const mirrored = (await engine.workspace?.mirrored()) ?? "no session is open yet";
  const lookup: Tables =
    typeof mirrored === "string" ? { kind: "not_compared", reason: mirrored } : await mirrored.mirror.tables(index, new Map());
  if (lookup.kind !== "tables") {
    const reason = lookup.kind === "rejected" ? lookup.error.reason : lookup.reason;
    throw new ContractFailure("no_tables", `${index} can't be translated for: ${reason}.`, 404);
  }
  const translation = translateSearch({ endpoint: "search", body: value, params: new Map(), tables: lookup.tables, now: Date.now() });
  switch (translation.kind) {
    case "translated":
      return {
        statements: translation.statements.map(({ name, query }) => {
          const { sql, params } = print(query);
          return { name, sql, params };
        }),
        unsupported: [],
      };
    case "unsupported":
      return { statements: [], unsupported: translation.unsupported };
    case "rejected":
      throw new ContractFailure(
        translation.error.errorType,
        `Elasticsearch refuses this search: ${translation.error.reason}`,
        translation.error.status,
      );
  }
}

async function runSql(engine: Engine, sql: string, params: Readonly<Record<string, string>>): Promise<SqlAnswer> {
  const { client } = engine.clickhouse;
  if (client === null) throw new ContractFailure("clickhouse_away", "ClickHouse is not there; the Status page says why.", 503);
  const parameters = Object.entries(params).map(([name, value]) => ({ name, type: "String", value }));
  try {
    const { columns, rows, summary } = await client.query(
      { sql: sql.replace(/;\s*$/, ""), params: parameters },
      { settings: { max_result_rows: 10_000, result_overflow_mode: "break" } },
    );
    const cells = rows.map((row) => columns.map(({ name }) => printJson(row[name] ?? null)));
    return { columns, rows: cells, ms: summary.ms, readRows: summary.readRows, readBytes: summary.readBytes };
  } catch (error) {
    if (error instanceof ClickHouseRefused) throw new ContractFailure("clickhouse", error.message);
    if (error instanceof ClickHouseAway) throw new ContractFailure("clickhouse_away", error.message, 503);
    throw error;
  }
}

function checkUrl(url: string): void {
  const problem = urlProblem(url);
  if (problem !== "") throw new ContractFailure("bad_url", `The address ${problem}`);
}

async function probe(url: string, trust: TlsTrust): Promise<Backend> {
  checkUrl(url);
  const client = new ElasticsearchClient(url, trust);
  try {
    const { version } = await client.info();
    return { url: client.url, status: "ok", version, message: "" };
  } catch (error) {
    return { url: client.url, status: "away", version: null, message: error instanceof Error ? error.message : String(error) };
  } finally {
    client.close();
  }
}
