// The official client with ClickHouse answering: what it gets is what Elasticsearch gives.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client, errors } from "@elastic/elasticsearch";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;
const index = "modes-client";

describe("the official client in mode clickhouse", { skip, concurrency: 1, timeout: 120_000 }, () => {
  let parallax: ParallaxProcess;
  let through: Client;
  let direct: Client;

  before(async () => {
    direct = new Client({ node: address });
    await direct.indices.delete({ index, ignore_unavailable: true });
    parallax = await startParallax([
      "--elasticsearch",
      address,
      "--mode",
      "clickhouse",
      ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse]),
    ]);
    through = new Client({ node: parallax.proxyUrl, compression: true });
    await through.indices.create({
      index,
      settings: { number_of_shards: 2, number_of_replicas: 0 },
      mappings: { properties: { n: { type: "long" }, group: { type: "keyword" } } },
    });
    const documents = Array.from({ length: 300 }, (_, n) => ({ n, group: `g${n % 4}` }));
    const { successful } = await through.helpers.bulk({
      datasource: documents,
      onDocument: ({ n }) => ({ index: { _index: index, _id: `d${n}` } }),
      refresh: true,
    });
    assert.equal(successful, 300);
  });
  after(async () => {
    await through?.close();
    await parallax?.stop();
    await direct.indices.delete({ index, ignore_unavailable: true });
    await direct.close();
  });

  /** The same call on both; the answer through Parallax is ClickHouse's. */
  async function both<T extends object>(
    call: (client: Client) => Promise<{ readonly body: T; readonly headers: object | null }>,
  ): Promise<void> {
    const [expected, actual] = [await call(direct), await call(through)];
    assert.equal(Object.entries(actual.headers ?? {}).find(([name]) => name === "x-parallax-source")?.[1], "clickhouse");
    const plain = (body: T): object => ({ ...body, took: 0, terminated_early: undefined, _shards: undefined, pit_id: undefined });
    assert.deepEqual(JSON.parse(JSON.stringify(plain(actual.body))), JSON.parse(JSON.stringify(plain(expected.body))));
  }

  test("searches, counts, documents and field capabilities", async () => {
    const meta = { meta: true } as const;
    await both((client) => client.search({ index, sort: [{ n: "desc" }], size: 3, query: { term: { group: "g1" } } }, meta));
    await both((client) =>
      client.search({ index, size: 0, aggs: { g: { terms: { field: "group" }, aggs: { n: { avg: { field: "n" } } } } } }, meta),
    );
    await both((client) => client.count({ index, query: { range: { n: { gte: 100 } } } }, meta));
    await both((client) =>
      client
        .msearch({ searches: [{ index }, { size: 1, sort: ["n"] }] }, meta)
        .then((reply) => ({ ...reply, body: { responses: reply.body.responses.map((one) => ({ ...one, took: 0, _shards: 0 })) } })),
    );
    await both((client) => client.get({ index, id: "d7" }, meta));
    await both((client) => client.mget({ index, ids: ["d1", "nope"] }, meta));
    await both((client) => client.getSource({ index, id: "d7" }, meta).then((reply) => ({ ...reply, body: { source: reply.body } })));
    await both((client) => client.fieldCaps({ index, fields: "*" }, meta));
    await both((client) => client.indices.getMapping({ index }, meta));
    await both((client) => client.termsEnum({ index, field: "group", string: "g" }, meta));
  });

  test("totals of a scroll as each page asks for them", async () => {
    for (const [first, later] of [
      [true, false],
      [false, true],
    ] as const) {
      const totals = async (client: Client): Promise<readonly unknown[]> => {
        const page = await client.search({ index, scroll: "1m", size: 200, sort: ["n"], rest_total_hits_as_int: first });
        const scroll_id = page._scroll_id ?? "";
        const kept = later ? { scroll: "1m" } : {};
        const second = await client.scroll({ scroll_id, ...kept, rest_total_hits_as_int: later });
        await client.clearScroll({ scroll_id });
        return [page.hits.total, second.hits.total, second.hits.hits.length, Object.keys(second)];
      };
      assert.deepEqual(await totals(through), await totals(direct));
    }
  });

  test("scrolls and points in time to their end, and errors of its own kind", async () => {
    let scrolled = 0;
    for await (const page of through.helpers.scrollSearch({ index, size: 70, query: { match_all: {} } })) scrolled += page.documents.length;
    assert.equal(scrolled, 300);
    const { id } = await through.openPointInTime({ index, keep_alive: "1m" });
    const ids = new Set<string>();
    let search_after: (string | number)[] | undefined;
    for (;;) {
      const page = await through.search({
        pit: { id, keep_alive: "1m" },
        size: 80,
        sort: ["group"],
        ...(search_after ? { search_after } : {}),
      });
      for (const hit of page.hits.hits) ids.add(hit._id ?? "");
      const sort = page.hits.hits.at(-1)?.sort;
      if (page.hits.hits.length < 80 || sort === undefined) break;
      search_after = sort.map((value) => (typeof value === "string" ? value : Number(value)));
    }
    assert.equal(ids.size, 300);
    assert.equal((await through.closePointInTime({ id })).succeeded, true);
    await assert.rejects(through.search({ index: `${index}-nope` }), (error: unknown) => {
      assert.ok(error instanceof errors.ResponseError);
      return error.statusCode === 404 && /index_not_found_exception/.test(error.message);
    });
  });
});
