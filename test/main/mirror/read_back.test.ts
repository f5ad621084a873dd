// Documents that are read back from Elasticsearch: one that can't be told now is asked for again, one that is gone is left out.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { Operation } from "../../../src/main/elasticsearch/bulk.ts";
import { ElasticsearchAway, ElasticsearchClient, ElasticsearchRefused } from "../../../src/main/elasticsearch/client.ts";
import { isPassing } from "../../../src/main/mirror/patience.ts";
import { readBack } from "../../../src/main/mirror/read_back.ts";
import { startFakeElasticsearch } from "../../support/fake_elasticsearch.ts";

const fake = await startFakeElasticsearch();
const elasticsearch = new ElasticsearchClient(fake.url);
after(() => elasticsearch.close());

const operation = (id: string): Operation => ({
  action: "update",
  index: "docs",
  target: "docs",
  id,
  routing: "",
  place: { seqNo: 1, primaryTerm: 1, version: 1n },
  result: "updated",
  source: null,
  pipeline: null,
});
const failed = (id: string, type: string): string => `{"_index":"docs","_id":"${id}","error":{"type":"${type}","reason":"so it is"}}`;

describe("documents that are read back", () => {
  fake.indices.set("docs", { mappings: {} });
  fake.stored.set("there", '{"_index":"docs","_id":"there","_version":2,"_seq_no":5,"_primary_term":1,"found":true,"_source":{ "n":1.0 }}');
  fake.stored.set("unknown", failed("unknown", "no_shard_available_action_exception"));
  fake.stored.set("elsewhere", failed("elsewhere", "index_not_found_exception"));

  test("come as they stand, without those that are gone", async () => {
    const found = await readBack(elasticsearch, "docs", [operation("there"), operation("gone"), operation("elsewhere")]);
    assert.deepEqual(
      found.map(({ id, place, source }) => [id, place.seqNo, Buffer.from(source).toString()]),
      [["there", 5, '{ "n":1.0 }']],
    );
  });

  test("are asked for again while the shard of one is not to be reached: it is not gone", async () => {
    const asked = readBack(elasticsearch, "docs", [operation("there"), operation("unknown")]);
    await assert.rejects(asked, (error) => error instanceof ElasticsearchAway && isPassing(error));
  });

  test("are asked for again by who hears that Elasticsearch has just started, not by who hears that there is no such index", async () => {
    await assert.rejects(readBack(elasticsearch, "none", [operation("there")]), (error) => !isPassing(error));
    assert.deepEqual(
      [503, 429, 404, 400].map((status) => isPassing(new ElasticsearchRefused(status, ""))),
      [true, true, false, false],
    );
  });
});
