// What the reference Elasticsearch lacks and OpenSearch has, on OpenSearch and on ClickHouse: multi_terms, and fields of the types
// wildcard, match_only_text, scaled_float, unsigned_long and constant_keyword; over one shard and three.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { dropDatabase } from "../../src/main/clickhouse/schema.ts";
import { isObject, type JsonObject, member, parseJson } from "../../src/shared/json.ts";
import { judgeLive } from "../support/live_judge.ts";
import { OPENSEARCH_MAPPING, opensearchDocuments } from "../support/opensearch_documents.ts";
import { connectEngines, type Loaded, load, send } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_OPENSEARCH;
const engines = address === undefined ? null : connectEngines("opensearch_parity", address);
const missing = process.env.PARALLAX_TEST_OPENSEARCH_MISSING ?? "PARALLAX_TEST_OPENSEARCH or PARALLAX_TEST_CLICKHOUSE is not set";
const CASES = readFileSync(join(import.meta.dirname, "cases", "opensearch.ndjson"), "utf8")
  .split("\n")
  .filter((line) => line !== "");

// Without a hit to collect, OpenSearch counts from its index and says that it ended early: aggregations stand beside one hit.
/** A case is a whole body, or a query alone: then all its hits are compared, scores left out; or aggregations. */
function bodyOf(line: string): JsonObject {
  const body = parseJson(line);
  assert.ok(isObject(body));
  if (member(body, "size") !== undefined) return body;
  return { ...body, size: member(body, "aggs") === undefined ? 400 : 1, sort: ["seq"], _source: false, track_total_hits: true };
}

for (const shards of [1, 3]) {
  describe(`beside OpenSearch over ${shards} ${shards === 1 ? "shard" : "shards"}`, { skip: engines === null ? missing : false }, () => {
    const name = `opensearch-cases-${shards}`;
    let loaded: Loaded | undefined;
    before(async () => {
      if (engines === null) return;
      loaded = await load(engines, { name, mappings: OPENSEARCH_MAPPING, documents: opensearchDocuments(), shards });
    });
    after(async () => {
      if (engines === null) return;
      await send(engines, "DELETE", `/${name}`);
      await engines.clickhouse.command(dropDatabase(engines.database));
    });
    for (const line of CASES) {
      test(line, async () => {
        assert.ok(loaded !== undefined);
        const { verdict, reason } = await judgeLive(loaded, { name: line, params: new Map(), body: bodyOf(line) });
        assert.ok(verdict === "equal" || verdict === "equivalent", `${verdict}: ${reason}`);
      });
    }
  });
}
