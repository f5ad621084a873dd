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
const skip = engines === null ? "PARALLAX_TEST_ESQL or PARALLAX_TEST_CLICKHOUSE is not set" : false;
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
