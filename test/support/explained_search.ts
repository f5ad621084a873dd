// A search on both engines whose answers are made to differ, judged as the engine judges it, and the explanation of what differs.
import assert from "node:assert/strict";
import type { Printed } from "../../src/main/clickhouse/sql/print.ts";
import { judge } from "../../src/main/exchange/judge.ts";
import type { SearchRequest } from "../../src/main/exchange/search_request.ts";
import type { ExplainBackends } from "../../src/main/explain/backends.ts";
import { explain, firstPath } from "../../src/main/explain/explain.ts";
import { NO_SETTINGS } from "../../src/main/matcher/rule_settings.ts";
import type { IndexTable } from "../../src/main/translate/types.ts";
import type { Explanation } from "../../src/shared/explanation.ts";
import type { LedgerEntry } from "../../src/shared/index_info.ts";
import { isObject, type JsonObject, parseJson, parseObject, printJson } from "../../src/shared/json.ts";
import type { Loaded } from "./two_engines.ts";

/** Nobody has said anything of the rules. */
const WITHOUT_SETTINGS = { settings: () => NO_SETTINGS };
const LAG: ReturnType<ExplainBackends["lag"]> = { documents: 0, seconds: 0 };

/** A search, and what is done so that its answers differ. */
export interface PlantedCause {
  readonly search: JsonObject;
  /** What ClickHouse runs in the place of a statement of the search. */
  readonly planted?: (printed: Printed) => Printed;
  /** What Elasticsearch is asked in the place of the search. */
  readonly sent?: JsonObject;
  /** What Elasticsearch answers in the place of its answer. */
  readonly given?: (answer: JsonObject) => JsonObject;
  readonly path?: string;
  readonly ledger?: readonly LedgerEntry[];
  readonly lag?: ReturnType<ExplainBackends["lag"]>;
  /** What is done once both answers are there. */
  readonly meanwhile?: () => Promise<void>;
  /** The table of another index. */
  readonly table?: IndexTable;
  /** Elasticsearch does not answer any more. */
  readonly away?: true;
}

async function ask(loaded: Loaded, target: string, body: JsonObject): ReturnType<ExplainBackends["elasticsearch"]> {
  const answer = await fetch(loaded.engines.elasticsearch + target, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: printJson(body),
  });
  return { status: answer.status, body: parseObject(await answer.text()) };
}

/** Judges the search as the engine does, and explains what differs. */
export async function explainedSearch(loaded: Loaded, seed: PlantedCause): Promise<Explanation> {
  const { search: body, planted = (printed) => printed, given = (answer) => answer } = seed;
  const { clickhouse } = loaded.engines;
  const table = seed.table ?? loaded.table;
  const { index } = table;
  const search: SearchRequest = { position: 0, endpoint: "search", index, params: new Map(), text: printJson(body), body };
  const running = {
    tables: async () => ({ kind: "tables" as const, tables: [table] }),
    run: (printed: Printed) => clickhouse.query(planted(printed)),
    clock: () => performance.now(),
  };
  const time = Date.now();
  const answer = await ask(loaded, `/${index}/_search`, seed.sent ?? body);
  assert.ok(answer.status === 200 && answer.body !== null, printJson(answer.body ?? null));
  const elasticsearch = given(answer.body);
  const judging = { ...running, unsettled: () => "", shapeOf: () => "" };
  const { part } = await judge(judging, search, { status: 200, body: elasticsearch }, time);
  const compared = Date.now();
  await seed.meanwhile?.();
  const path = seed.path ?? firstPath(part.comparison);
  assert.ok(path !== null, `${part.comparison.verdict}: ${part.comparison.reason}`);
  const backends: ExplainBackends = {
    elasticsearch: async (target, own) => {
      if (seed.away) throw new Error("Elasticsearch gave no answer");
      const asked = await ask(loaded, target, own === body ? (seed.sent ?? body) : own);
      return own === body && asked.body !== null ? { ...asked, body: given(asked.body) } : asked;
    },
    running,
    ...WITHOUT_SETTINGS,
    ledger: () => seed.ledger ?? [],
    lag: () => seed.lag ?? LAG,
  };
  const ours = parseJson(part.clickhouse ?? "{}");
  return explain({ part, search, elasticsearch, clickhouse: isObject(ours) ? ours : {}, time, compared }, path, backends);
}
