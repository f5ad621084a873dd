// One ES|QL query on a real Elasticsearch and on ClickHouse, over the same documents, judged by the matcher.
import { type Printed, print } from "../../src/main/clickhouse/sql/print.ts";
import { match } from "../../src/main/matcher/index.ts";
import { isColumnar, translateEsql } from "../../src/main/translate/esql/index.ts";
import type { Answer, StatementRows, Translation } from "../../src/main/translate/types.ts";
import type { Comparison } from "../../src/shared/exchange.ts";
import { isArray, isObject, type JsonObject, member, printJson } from "../../src/shared/json.ts";
import { recordEsql } from "../coverage/record.ts";
import { type Loaded, send } from "./two_engines.ts";

export interface EsqlOutcome {
  readonly elasticsearch: JsonObject;
  readonly translation: Translation;
  readonly answer: Answer | null;
  readonly statements: readonly Printed[];
  /** null where ClickHouse gave no answer to compare. */
  readonly comparison: Comparison | null;
}

/** Runs a query on both engines, and notes for the coverage page what it used. */
export async function runEsql(indices: readonly Loaded[], body: JsonObject, now = Date.now()): Promise<EsqlOutcome> {
  const outcome = await run(indices, body, now);
  const refused = outcome.translation.kind === "rejected" && member(outcome.elasticsearch, "error") !== undefined;
  const verdict = outcome.comparison?.verdict;
  if (refused || verdict === "equal" || verdict === "equivalent") recordEsql(String(member(body, "query")), refused);
  return outcome;
}

async function run(indices: readonly Loaded[], body: JsonObject, now: number): Promise<EsqlOutcome> {
  const [first] = indices;
  if (first === undefined) throw new Error("no index");
  const answered = await send(first.engines, "POST", "/_query", printJson(body));
  const elasticsearch = isObject(answered) ? answered : {};
  const tables = indices.map(({ table }) => table).toSorted((a, b) => (a.index < b.index ? -1 : 1));
  const translation = translateEsql({ body, params: new Map(), tables, now });
  if (translation.kind !== "translated") return { elasticsearch, translation, answer: null, statements: [], comparison: null };
  const statements = translation.statements.map(({ query }) => print(query));
  const rows: StatementRows = new Map(
    await Promise.all(
      translation.statements.map(async ({ name }, i) => {
        const statement = statements[i] ?? { sql: "", params: [], spans: [] };
        const result = await first.engines.clickhouse.query(statement).catch((error: unknown) => {
          throw new Error(`${String(error)}\n${statement.sql}\n${JSON.stringify(statement.params)}`);
        });
        return [name, result.rows] as const;
      }),
    ),
  );
  const answer = translation.shape(rows);
  if (member(elasticsearch, "error") !== undefined) return { elasticsearch, translation, answer, statements, comparison: null };
  const { table } = answer;
  const comparison = match({
    endpoint: "esql",
    request: body,
    elasticsearch,
    clickhouse: shownBody(body, answer.body),
    tolerances: answer.tolerances,
    ...(table === undefined ? {} : { table }),
  });
  return { elasticsearch, translation, answer, statements, comparison };
}

/** What the client is shown: columns rather than rows where the request says so. */
export function shownBody(request: JsonObject, body: JsonObject): JsonObject {
  const [columns, values] = [member(body, "columns"), member(body, "values")];
  if (!isColumnar(request) || !isArray(columns) || !isArray(values)) return body;
  return { ...body, values: columns.map((_, i) => values.map((row) => (isArray(row) ? (row[i] ?? null) : null))) };
}
