// The contract's handlers over the engine: each a few lines, errors as ContractFailure.
import type { Backend, SqlAnswer, Status, TranslateAnswer } from "../../shared/contract.ts";
import { isObject, type JsonValue, printJson } from "../../shared/json.ts";
import type { Telemetry } from "../../shared/telemetry.ts";
import { messageOf } from "../../shared/thrown.ts";
import { ClickHouseAway, ClickHouseRefused } from "../clickhouse/failure.ts";
import { print } from "../clickhouse/sql/print.ts";
import { urlProblem } from "../config/url.ts";
import { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { Engine } from "../engine.ts";
import type { Tables } from "../mirror/mirror.ts";
import type { TlsTrust } from "../proxy/upstream.ts";
import { recentSessions } from "../recent_sessions.ts";
import type { Shares } from "../share/shares.ts";
import { translateSearch } from "../translate/search.ts";
import { captureHandlers, shownSession, writable } from "./capture_handlers.ts";
import { compareHandlers } from "./compare_handlers.ts";
import { exchangeProfilesOf, profileHandlersOf } from "./exchange_profile_handlers.ts";
import { explainExchangeOf, explainHandlers } from "./explain_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";
import { indexHandlers } from "./index_handlers.ts";
import { judgeAgainHandlers } from "./judge_again_handlers.ts";
import { kibanaState } from "./kibana_handlers.ts";
import { memoryHandlers } from "./memory_handlers.ts";
import { noiseHandlers } from "./noise_handlers.ts";
import { profileHandlers, profileText } from "./profile_handlers.ts";
import { ruleHandlers } from "./rule_handlers.ts";
import { sampleDataHandlers } from "./sample_data_handlers.ts";
import { scheduleHandlers } from "./schedule_handlers.ts";
import { settingsHandlers } from "./settings_handlers.ts";
import { type ShareFrame, shareHandlers } from "./share_handlers.ts";
import { shrinkHandlers } from "./shrink_handlers.ts";
import { trafficHandlers } from "./traffic_handlers.ts";

export interface EngineStatus {
  status(): Status;
  telemetry(): Promise<Telemetry>;
  readonly share: ShareFrame & { readonly shares: Shares };
  /** Ends the process, in order; absent: it is not for others to end. */
  readonly quit?: () => void;
}

/** Handlers for `engine`. `status` is made elsewhere, since events send it too. */
export function engineHandlers(engine: Engine, { status, telemetry, share, quit }: EngineStatus): Handlers {
  const exchangeProfiles = exchangeProfilesOf(engine);
  return {
    "health.get": () => {
      const now = status();
      const clickhouseAnswers = now.clickhouse.status === "ok" || now.clickhouse.status === "absent" || now.clickhouse.status === "away";
      if (engine.interception.starting) throw new ContractFailure("starting", "The intercept proxy does not listen yet.", 503);
      if (engine.endpoint.stopped) throw new ContractFailure("stopped", "The proxy was stopped.", 503);
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
    "stacktrace.get": () => engine.health.take("Asked for by /api/status/stacktrace.").catch(unavailable),
    ...trafficHandlers(() => shownSession(engine)),
    ...captureHandlers(engine),
    ...profileHandlersOf(() => shownSession(engine), exchangeProfiles),
    ...explainHandlers(engine),
    ...shrinkHandlers(engine, status),
    ...noiseHandlers(engine),
    ...judgeAgainHandlers(engine),
    ...compareHandlers({
      shown: () => shownSession(engine),
      ask: (request) => engine.workspace?.ask(request) ?? null,
      explain: explainExchangeOf(engine),
    }),
    ...indexHandlers(engine),
    ...scheduleHandlers(engine),
    ...sampleDataHandlers(engine),
    "kibana.get": () => kibanaState(engine),
    ...shareHandlers({
      ...share,
      shown: () => shownSession(engine),
      name: () => engine.sessionInfo().name,
      profile: (id) => profileText(engine, id),
      exchangeProfiles,
    }),
    ...ruleHandlers(engine),
    ...memoryHandlers(engine),
    "telemetry.get": telemetry,
    "logs.list": (query) => engine.log.recent(query),
    ...settingsHandlers(engine, status),
    ...profileHandlers(engine),
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
    "session.open": async ({ file }) => {
      await engine.opened.open(file).catch(refuse("session"));
      return status();
    },
    "session.close": () => {
      engine.opened.close();
      return status();
    },
    "session.recent": () => recentSessions(engine.options.data),
    "session.save": ({ file }) => shownSession(engine).saveAs(file).catch(refuse("session")),
    "session.clear": () => {
      writable(engine).clear();
      return status();
    },
    "app.quit": () => {
      if (quit === undefined) throw new ContractFailure("unavailable", "This Parallax ends with the program that started it.", 409);
      // The answer goes first.
      setImmediate(quit);
      return status();
    },
  };
}

function unavailable(error: unknown): never {
  throw new ContractFailure("unavailable", messageOf(error), 503);
}

function refuse(code: string): (error: unknown) => never {
  return (error) => {
    throw new ContractFailure(code, error instanceof Error ? error.message : String(error), 409);
  };
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
