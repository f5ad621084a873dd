// Elasticsearch's official client pointed at Parallax instead of Elasticsearch: everything works as before, gzip included.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client, errors } from "@elastic/elasticsearch";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";
import { verdictsOf } from "../support/verdict_report.ts";

const elasticsearch = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const skip =
  elasticsearch === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;
const INDEX = "clients-books";
const BOOKS = Array.from({ length: 250 }, (_, number) => ({
  title: `Book ${number} of ${number % 7}`,
  year: 1900 + (number % 90),
  shelf: `s${number % 5}`,
}));

describe("the official JavaScript client through the proxy", { skip, concurrency: 1 }, () => {
  let parallax: ParallaxProcess;
  let client: Client;
  before(async () => {
    await fetch(`${elasticsearch}/${INDEX}`, { method: "DELETE" });
    parallax = await startParallax(["--elasticsearch", elasticsearch]);
    client = new Client({ node: parallax.proxyUrl, compression: true });
  });
  after(async () => {
    await client?.close();
    await parallax?.stop();
    await fetch(`${elasticsearch}/${INDEX}`, { method: "DELETE" });
  });

  test("accepts Parallax as Elasticsearch", async () => {
    assert.equal((await client.info()).version.number, "9.4.3");
  });

  test("makes an index and fills it with the bulk helper", async () => {
    await client.indices.create({
      index: INDEX,
      mappings: { properties: { title: { type: "text" }, year: { type: "integer" }, shelf: { type: "keyword" } } },
    });
    const done = await client.helpers.bulk({
      datasource: BOOKS,
      onDocument: () => ({ index: { _index: INDEX } }),
      refreshOnCompletion: true,
    });
    assert.deepEqual([done.successful, done.failed], [BOOKS.length, 0]);
  });

  test("counts, searches and aggregates", async () => {
    assert.equal((await client.count({ index: INDEX })).count, BOOKS.length);
    const found = await client.search({
      index: INDEX,
      size: 3,
      query: { match: { title: "3" } },
      sort: [{ year: "desc" }],
      aggs: { shelves: { terms: { field: "shelf" } } },
    });
    assert.equal(found.hits.hits.length, 3);
    assert.ok(found.aggregations?.shelves);
  });

  test("walks through all documents by scroll and by a point in time", async () => {
    let scrolled = 0;
    for await (const page of client.helpers.scrollSearch({ index: INDEX, size: 100, query: { match_all: {} } }))
      scrolled += page.documents.length;
    assert.equal(scrolled, BOOKS.length);
    const { id } = await client.openPointInTime({ index: INDEX, keep_alive: "1m" });
    const page = await client.search({ pit: { id, keep_alive: "1m" }, size: 100, sort: ["_shard_doc"] });
    assert.equal(page.hits.hits.length, 100);
    assert.ok((await client.closePointInTime({ id })).succeeded);
  });

  test("gets Elasticsearch's own errors", async () => {
    await assert.rejects(
      client.get({ index: INDEX, id: "nothing" }),
      (error) => error instanceof errors.ResponseError && error.statusCode === 404,
    );
    await assert.rejects(client.search({ index: "clients-nowhere" }), /index_not_found_exception/);
  });

  test("is answered alike by both engines", async () => {
    const judged = await verdictsOf(parallax, 3);
    const agreeing = judged.filter(({ verdict }) => verdict === "equal" || verdict === "equivalent");
    assert.ok(agreeing.length >= 2, JSON.stringify(judged));
    assert.deepEqual(
      judged.filter(({ verdict }) => verdict === "failed" || verdict === "different"),
      [],
    );
  });
});
