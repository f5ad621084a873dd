// One case of a search body on both real engines: they must agree by the matcher's own rules, both refuse it, or it is unsupported at
// the pointer that the case names.
import assert from "node:assert/strict";
import { print } from "../../src/main/clickhouse/sql/print.ts";
import { lookUp } from "../../src/main/exchange/look_up.ts";
import { match } from "../../src/main/matcher/index.ts";
import type { SearchInput } from "../../src/main/translate/types.ts";
import type { Verdict } from "../../src/shared/exchange.ts";
import { isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { recordRequest } from "../coverage/record.ts";
import { errorTypeOf, type Loaded, runClickHouse, send } from "./two_engines.ts";

interface Case {
  readonly body: JsonObject;
  readonly params: ReadonlyMap<string, string>;
  /** The pointer that is unsupported; null: none is. */
  readonly unsupported: string | null;
}

function caseOf(line: string, index: Loaded): Case {
  const parsed = parseJson(line.replaceAll("INDEX", index.table.index));
  assert.ok(isObject(parsed));
  const [body, params, unsupported] = [member(parsed, "body"), member(parsed, "params"), member(parsed, "unsupported")];
  return {
    body: isObject(body) ? body : { size: 50, _source: false, query: parsed },
    params: new Map(isObject(params) ? Object.entries(params).map(([name, value]) => [name, String(value)]) : []),
    unsupported: typeof unsupported === "string" ? unsupported : null,
  };
}

async function lookedUpIn(body: JsonObject, { engines: both, table }: Loaded): Promise<Pick<SearchInput, "lookedUp" | "wordCounts">> {
  const search = { position: 0, index: table.index, body, text: "", params: new Map<string, string>(), endpoint: "search" } as const;
  const looked = await lookUp(
    search,
    [table],
    Date.now(),
    async ({ index }) => ({ kind: "tables", tables: index === table.index ? [table] : [] }),
    async ({ query }) => (await both.clickhouse.query(print(query))).rows,
  );
  assert.ok(looked.kind === "looked_up");
  return { lookedUp: looked.documents, ...(looked.wordCounts === undefined ? {} : { wordCounts: looked.wordCounts }) };
}

/** Fails where the engines do not agree on the case, or it is unsupported elsewhere than it says. */
export async function judgeCase(line: string, index: Loaded): Promise<void> {
  const { body, params, unsupported } = caseOf(line, index);
  const { engines: both, table } = index;
  const path = `/${table.index}/_search?${new URLSearchParams([...params])}`;
  const elasticsearch = await send(both, "POST", path, printJson(body));
  assert.ok(isObject(elasticsearch));
  const input: SearchInput = {
    endpoint: "search",
    body,
    params,
    tables: [table],
    now: Date.now(),
    ...(await lookedUpIn(body, index)),
  };
  const { translation, answer } = await runClickHouse(both.clickhouse, input);
  const record = (verdict: Verdict, pointers: readonly string[] = []): void =>
    recordRequest({
      server: both.elasticsearch,
      endpoint: "_search",
      body,
      mappings: [table.mapping],
      verdict,
      unsupported: pointers,
      refused: errorTypeOf(elasticsearch) !== undefined,
    });
  if (translation.kind === "unsupported") {
    record(
      "unsupported",
      translation.unsupported.map(({ pointer }) => pointer),
    );
    assert.equal(
      `${translation.unsupported[0]?.pointer}: ${translation.unsupported[0]?.reason}`.split(": ")[0],
      unsupported,
      translation.unsupported[0]?.reason,
    );
    return;
  }
  assert.equal(unsupported, null, "it is translated");
  if (translation.kind === "rejected" || errorTypeOf(elasticsearch) !== undefined) {
    const ours = translation.kind === "rejected" ? translation.error.errorType : "translated";
    const theirs = errorTypeOf(elasticsearch);
    record(ours === theirs ? "equal" : "different");
    assert.equal(ours, theirs, printJson(member(elasticsearch, "error") ?? null).slice(0, 400));
    return;
  }
  const compared = match({
    endpoint: "search",
    request: body,
    elasticsearch,
    clickhouse: answer?.body ?? {},
    tolerances: answer?.tolerances ?? [],
  });
  record(compared.verdict);
  assert.ok(compared.verdict === "equal" || compared.verdict === "equivalent", JSON.stringify(compared.differences.slice(0, 4)));
}
