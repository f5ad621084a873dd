// One search on both engines, judged as the engine judges it, without a proxy between.
import { judge } from "../../src/main/exchange/judge.ts";
import type { SearchRequest } from "../../src/main/exchange/search_request.ts";
import type { SearchPart } from "../../src/shared/exchange.ts";
import { isObject, type JsonObject, parseJson, printJson } from "../../src/shared/json.ts";
import { recordRequest } from "../coverage/record.ts";
import type { Loaded } from "./two_engines.ts";
import type { JudgedSearch } from "./verdict_report.ts";

export interface LiveSearch {
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
  readonly body: JsonObject;
}

export interface BothAnswers {
  readonly status: number;
  /** Elasticsearch's; null when it is no JSON object. */
  readonly elasticsearch: JsonObject | null;
  readonly part: SearchPart;
}

/** Asks both engines about the index `loaded`, and has the engine's own judge compare. */
export async function judgeBoth(loaded: Loaded, { params, body }: Omit<LiveSearch, "name">): Promise<BothAnswers> {
  const { engines, table } = loaded;
  const now = Date.now();
  const text = printJson(body);
  const answer = await fetch(`${engines.elasticsearch}/${table.index}/_search?${new URLSearchParams([...params]).toString()}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: text,
  });
  const parsed = parseJson(await answer.text());
  const search: SearchRequest = { position: 0, endpoint: "search", index: table.index, params, text, body };
  const judging = {
    tables: async () => ({ kind: "tables" as const, tables: [table] }),
    run: (printed: Parameters<typeof engines.clickhouse.query>[0]) => engines.clickhouse.query(printed),
    unsettled: () => "",
    shapeOf: () => "",
    clock: () => performance.now(),
  };
  const elasticsearch = isObject(parsed) ? parsed : null;
  const { part } = await judge(judging, search, { status: answer.status, body: elasticsearch }, now);
  const { verdict, unsupported } = part.comparison;
  recordRequest({
    server: engines.elasticsearch,
    endpoint: "_search",
    body,
    mappings: [table.mapping],
    verdict,
    unsupported: unsupported.map(({ pointer }) => pointer),
    refused: answer.status >= 400,
  });
  return { status: answer.status, elasticsearch, part };
}

/** Asks both engines and tells the verdict in one line. */
export async function judgeLive(loaded: Loaded, { name, params, body }: LiveSearch): Promise<JudgedSearch> {
  const { part } = await judgeBoth(loaded, { params, body });
  const { verdict, reason, differences, unsupported } = part.comparison;
  const first = differences[0];
  const where = first === undefined ? "" : ` at ${first.path}: ${first.elasticsearch ?? "nothing"} <> ${first.clickhouse ?? "nothing"}`;
  const clauses = unsupported.map((clause) => ` ${clause.pointer}: ${clause.reason}`).join(";");
  return { name, verdict, reason: `${reason}${where}${clauses}` };
}
