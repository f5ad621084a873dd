// ES|QL on a real Elasticsearch (npm run esql) and on ClickHouse: the same columns, the same rows as far as a query orders them, the
// same refusals.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { type EsqlOutcome, runEsql } from "../support/esql_engines.ts";
import { connectEngines, type Engines, type Loaded, load } from "../support/two_engines.ts";

const engines = esqlEngines();
const skip =
  engines === null ? (process.env.PARALLAX_TEST_ESQL_MISSING ?? "PARALLAX_TEST_ESQL or PARALLAX_TEST_CLICKHOUSE is not set") : false;
const CASES = join(import.meta.dirname, "cases");

const MAPPINGS: JsonObject = {
  properties: {
    k: { type: "keyword" },
    n: { type: "long" },
    i: { type: "integer" },
    sh: { type: "short" },
    d: { type: "date" },
    dn: { type: "date_nanos" },
    t: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } },
    ip: { type: "ip" },
    f: { type: "double" },
    fl: { type: "float" },
    b: { type: "boolean" },
    g: { type: "geo_point" },
    o: { properties: { x: { type: "integer" }, txt: { type: "text" } } },
    nest: { type: "nested", properties: { a: { type: "long" } } },
    bin: { type: "binary" },
  },
};

function esqlEngines(): Engines | null {
  const elasticsearch = process.env.PARALLAX_TEST_ESQL;
  return elasticsearch === undefined ? null : connectEngines("esql_parity", elasticsearch);
}

function lines(name: string): readonly string[] {
  return readFileSync(join(CASES, name), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** "" when both say the same. */
function disagreement({ elasticsearch, translation, comparison }: EsqlOutcome): string {
  const error = member(elasticsearch, "error");
  const type = isObject(error) ? member(error, "type") : undefined;
  switch (translation.kind) {
    case "unsupported":
      return `unsupported: ${JSON.stringify(translation.unsupported)}`;
    case "rejected":
      return type === translation.error.errorType
        ? ""
        : `${translation.error.errorType} (${translation.error.reason}), not ${printJson(error ?? null)}`;
    case "translated":
      if (comparison === null) return `Elasticsearch refused it: ${printJson(error ?? null)}`;
      return comparison.verdict === "equal" || comparison.verdict === "equivalent" ? "" : JSON.stringify(comparison.differences);
  }
}

for (const shards of [1, 3]) {
  describe(`ES|QL over ${shards} ${shards === 1 ? "shard" : "shards"}`, { skip }, () => {
    let loaded: Promise<Loaded> | undefined;
    for (const line of lines("esql.ndjson")) {
      const body = parseJson(line);
      if (!isObject(body)) throw new Error(`no request: ${line}`);
      test(String(member(body, "query")), async () => {
        if (engines === null) return;
        loaded ??= load(engines, { name: "esql-cases", mappings: MAPPINGS, documents: lines("esql.documents.ndjson"), shards });
        assert.equal(disagreement(await runEsql([await loaded], body)), "");
      });
    }
  });
}

const FIRST: JsonObject = {
  properties: {
    k: { type: "keyword" },
    n: { type: "long" },
    c: { type: "keyword" },
    w: { type: "integer" },
    t: { type: "text" },
    d: { type: "date" },
  },
};
const SECOND: JsonObject = {
  properties: {
    k: { type: "keyword" },
    n: { type: "long" },
    c: { type: "long" },
    w: { type: "short" },
    a: { type: "ip" },
    d: { type: "date", format: "epoch_millis" },
  },
};
const OVER_TWO = [
  "FROM esql-two-a,esql-two-b",
  "FROM esql-two-* METADATA _index | SORT _index, n",
  "FROM esql-two-a, esql-two-b | STATS COUNT(*), SUM(n) BY k | SORT k",
  "FROM esql-two-* | STATS SUM(w)",
  "FROM esql-two-* | WHERE c == 7",
  "FROM esql-two-* | KEEP d, t, a | SORT d",
  "FROM esql-two-* | STATS COUNT(*) BY a, k | SORT k, a",
  'FROM esql-two-* | WHERE t:"words" | KEEP t, c',
];

describe("ES|QL over two indices that map fields differently", { skip }, () => {
  let both: Promise<readonly Loaded[]> | undefined;
  for (const query of OVER_TWO) {
    test(query, async () => {
      if (engines === null) return;
      both ??= Promise.all([
        load(engines, {
          name: "esql-two-a",
          mappings: FIRST,
          documents: ['{"k":"a","n":1,"c":"x","w":5,"t":"some words","d":"2024-01-01"}', '{"k":"b","n":2}'],
        }),
        load(engines, {
          name: "esql-two-b",
          mappings: SECOND,
          documents: ['{"k":"a","n":10,"c":7,"w":6,"a":"1.2.3.4","d":1700000000000}', '{"k":"c","n":20}'],
          shards: 2,
        }),
      ]);
      assert.equal(disagreement(await runEsql(await both, { query })), "");
    });
  }
});
