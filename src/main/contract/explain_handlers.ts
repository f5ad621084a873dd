// The contract's handler of explanations: why an exchange's answers differ at one place.
import type { RequestName } from "../../shared/contract.ts";
import type { ExchangeDetail } from "../../shared/exchange.ts";
import type { Explanation } from "../../shared/explanation.ts";
import { parseObject, printJson } from "../../shared/json.ts";
import { REPLAY_HEADER } from "../capture/rows.ts";
import type { Session } from "../capture/session.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import type { Engine } from "../engine.ts";
import type { Mirrored } from "../exchange/cluster_mirror.ts";
import type { TableLookup } from "../exchange/run_search.ts";
import type { SearchRequest } from "../exchange/search_request.ts";
import type { ExplainBackends } from "../explain/backends.ts";
import { explain } from "../explain/explain.ts";
import { ofExchange } from "../explain/of_exchange.ts";
import { headersAgain } from "../replay/session_requests.ts";
import { jsonRequest } from "../shrink/ask_both.ts";
import type { Workspace } from "../workspace.ts";
import { missing, shownSession } from "./capture_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";

type ExplainRequestName = Extract<RequestName, "exchange.explain">;

const RECORDED =
  "The sample's Elasticsearch is a recording: it can't be asked for documents. Connect Parallax to an Elasticsearch for that.";
/** Documents of an index whose ledger entries are looked through. */
const LEDGER_ENTRIES = 50_000;

/** Explains an exchange that differs, at a path or the first one. Rejects with a ContractFailure. */
export type ExplainExchange = (session: Session, detail: ExchangeDetail, path?: string) => Promise<Explanation>;

export function explainHandlers(engine: Engine): Pick<Handlers, ExplainRequestName> {
  const explained = explainExchangeOf(engine);
  return {
    "exchange.explain": async ({ id, path }) => {
      const session = shownSession(engine);
      return explained(session, session.get(id) ?? missing(id), path);
    },
  };
}

export function explainExchangeOf(engine: Engine): ExplainExchange {
  return async (session, detail, path) => {
    const { id } = detail;
    const found = ofExchange(session, detail, path);
    if ("code" in found) throw new ContractFailure(found.code, found.reason, found.code === "no_body" ? 404 : 409);
    const { workspace } = engine;
    if (workspace === null) throw new ContractFailure("no_session", "No session is open yet; try again in a moment.", 503);
    if (engine.sampleVersion !== null) throw new ContractFailure("recorded", RECORDED, 409);
    const mirrored = await workspace.mirrored();
    if (typeof mirrored === "string") throw new ContractFailure("away", `It can't be explained now: ${mirrored}.`, 503);
    // What it accepts belongs to the type of its own body.
    const headers = headersAgain(id, detail.request.headers).filter(([name]) => ![REPLAY_HEADER, "accept"].includes(name.toLowerCase()));
    return explain(found.asked, found.path, backendsOf(workspace, mirrored, id, headers));
  };
}

/** Both sides, to be asked for `exchange` without being captured. */
export function backendsOf(
  workspace: Workspace,
  { mirror, clickhouse }: Mirrored,
  exchange: number,
  headers: ReturnType<typeof headersAgain>,
): ExplainBackends {
  return {
    elasticsearch: async (target, body) => {
      const answer = await workspace.ask(jsonRequest(target, headers, printJson(body)));
      return { status: answer.status, body: parseObject(textOf(answer.body)) };
    },
    running: {
      tables: (search) => tablesNow(mirror, search),
      run: (printed) => clickhouse.query(printed, { exchange }),
      clock: () => performance.now(),
    },
    settings: workspace.ruleSettings,
    ledger: (index) => mirror.ledger.of(index, LEDGER_ENTRIES),
    lag: (indices) => {
      const lags = [mirror.lag(indices), ...indices.map((index) => workspace.lag(index))];
      const documents = lags.reduce((sum, lag) => sum + lag.documents, 0);
      return { documents, seconds: Math.max(0, ...lags.map(({ seconds }) => seconds)) };
    },
  };
}

/** The tables as they are, whole or not: what they lack may be the cause. */
async function tablesNow(mirror: Mirrored["mirror"], { index, params }: SearchRequest): Promise<TableLookup> {
  const lookup = await mirror.tables(index, params);
  if (lookup.kind !== "not_compared") return lookup;
  const resolved = await mirror.resolve(index, params);
  if (resolved.kind !== "indices") return lookup;
  const tables = resolved.indices.map(({ name, mapping, shards, routingShards }) => ({
    index: name,
    database: mirror.database,
    table: name,
    mapping,
    shards,
    ...(routingShards === undefined ? {} : { routingShards }),
    final: true,
  }));
  return { kind: "tables", tables };
}
