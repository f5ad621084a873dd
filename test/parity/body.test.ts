// What a search body holds beside plain queries (names of clauses, lookups, rescoring, suggestions, explanations …) on both real
// engines, on one shard and on three: each case must agree by the matcher's own rules, be refused by both, or be unsupported at the
// pointer that it names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { print } from "../../src/main/clickhouse/sql/print.ts";
import { match } from "../../src/main/matcher/index.ts";
import { documentKey, type LookedUp, lookupStatement, readLookups } from "../../src/main/translate/lookups.ts";
import type { SearchInput } from "../../src/main/translate/types.ts";
import type { Verdict } from "../../src/shared/exchange.ts";
import { isArray, isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { recordRequest } from "../coverage/record.ts";
import { BODY_MAPPING, bodyDocuments } from "../support/body_documents.ts";
import { connectEngines, type Loaded, load, runBoth, runClickHouse, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_body");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const DOCUMENTS = 600;
const loaded = new Map<number, Loaded>();

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

function errorType(answer: JsonObject): string | undefined {
  const error = member(answer, "error");
  const causes = isObject(error) ? member(error, "root_cause") : undefined;
  const [first] = isArray(causes) ? causes : [];
  return isObject(first) ? String(member(first, "type")) : undefined;
}

async function lookedUpIn(body: JsonObject, { engines: both, table }: Loaded): Promise<LookedUp> {
  const documents = new Map<string, JsonObject | null>();
  for (const [position, lookup] of readLookups(body).entries()) {
    if (lookup.index !== table.index) continue;
    const { rows } = await both.clickhouse.query(print(lookupStatement(table, lookup, position).query));
    const source = rows[0] === undefined ? null : parseJson(String(rows[0]._source));
    documents.set(documentKey(lookup), isObject(source) ? source : null);
  }
  return documents;
}

async function compare(line: string, index: Loaded): Promise<void> {
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
    lookedUp: await lookedUpIn(body, index),
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
      refused: errorType(elasticsearch) !== undefined,
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
  if (translation.kind === "rejected" || errorType(elasticsearch) !== undefined) {
    const ours = translation.kind === "rejected" ? translation.error.errorType : "translated";
    const theirs = errorType(elasticsearch);
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

describe("search bodies on both engines", { skip }, () => {
  before(async () => {
    if (engines === null) return;
    for (const shards of [1, 3]) {
      const name = `body-parity-${shards}`;
      loaded.set(shards, await load(engines, { name, mappings: BODY_MAPPING, documents: bodyDocuments(DOCUMENTS), shards }));
    }
  });
  after(async () => {
    if (engines !== null) for (const { table } of loaded.values()) await send(engines, "DELETE", `/${table.index}`);
  });
  for (const file of ["named", "lookups", "told", "rescore", "term_clauses", "boosts", "distances"]) {
    const lines = readFileSync(new URL(`cases/body_${file}.ndjson`, import.meta.url), "utf8")
      .trimEnd()
      .split("\n");
    for (const shards of [1, 3]) {
      test(`${file}: ${lines.length} cases on ${shards} shard(s)`, async () => {
        const index = loaded.get(shards);
        assert.ok(index !== undefined);
        const failures: string[] = [];
        for (const line of lines) {
          await compare(line, index).catch((error: unknown) => failures.push(`${line}\n  ${String(error).slice(0, 900)}`));
        }
        assert.equal(failures.length, 0, `${failures.length} of ${lines.length} differ:\n${failures.slice(0, 12).join("\n")}`);
      });
    }
  }
  test("each index has its own boost", async () => {
    const both = [...loaded.values()];
    const body = { size: 30, _source: false, indices_boost: [{ "body-parity-3": 2 }], query: { match: { text: "fox" } } };
    const { elasticsearch, answer } = await runBoth(both, body);
    const compared = match({ endpoint: "search", request: body, elasticsearch, clickhouse: answer?.body ?? {}, tolerances: [] });
    assert.deepEqual(compared.differences, []);
  });
});
