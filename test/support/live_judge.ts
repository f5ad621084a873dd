// One search on both engines, judged as the engine judges it, without a proxy between.
import { judge } from "../../src/main/exchange/judge.ts";
import type { SearchRequest } from "../../src/main/exchange/search_request.ts";
import { isObject, type JsonObject, parseJson, printJson } from "../../src/shared/json.ts";
import type { Loaded } from "./two_engines.ts";
import type { JudgedSearch } from "./verdict_report.ts";

export interface LiveSearch {
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
  readonly body: JsonObject;
}

/** Asks both engines about the index `loaded` and compares. */
export async function judgeLive(loaded: Loaded, { name, params, body }: LiveSearch): Promise<JudgedSearch> {
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
  const { part } = await judge(judging, search, { status: answer.status, body: isObject(parsed) ? parsed : null }, now);
  const { verdict, reason, differences, unsupported } = part.comparison;
  const first = differences[0];
  const where = first === undefined ? "" : ` at ${first.path}: ${first.elasticsearch ?? "nothing"} <> ${first.clickhouse ?? "nothing"}`;
  const clauses = unsupported.map((clause) => ` ${clause.pointer}: ${clause.reason}`).join(";");
  return { name, verdict, reason: `${reason}${where}${clauses}` };
}
