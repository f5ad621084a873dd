// A day of the official client through the whole app, in front of a real Elasticsearch: what it gets is what Elasticsearch
// gives, each search is judged, and ClickHouse ends up with the very documents.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client, errors, type estypes } from "@elastic/elasticsearch";
import type { ExchangePage, IndexInfo, SqlAnswer } from "../../src/shared/contract.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";
import { seededRandom } from "../support/random.ts";
import { printVerdicts, verdictsOf } from "../support/verdict_report.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;

const PREFIX = "client-parity";
const [EXPLICIT, DYNAMIC, TEMPLATED, CHANGED] = ["explicit", "dynamic", "templated", "changed"].map((name) => `${PREFIX}-${name}`) as [
  string,
  string,
  string,
  string,
];
const DOCUMENTS = 20_000;
const START = Date.UTC(2024, 0, 1);
const MAPPINGS: estypes.MappingTypeMapping = {
  properties: {
    n: { type: "long" },
    at: { type: "date" },
    status: { type: "integer" },
    bytes: { type: "long" },
    price: { type: "double" },
    host: { type: "keyword" },
    message: { type: "text", fields: { raw: { type: "keyword", ignore_above: 64 } } },
    tags: { type: "keyword" },
    active: { type: "boolean" },
    ip: { type: "ip" },
    place: { type: "geo_point" },
    user: { properties: { name: { type: "keyword" }, age: { type: "short" } } },
  },
};

type Doc = Readonly<Record<string, unknown>> & { readonly n: number };

const { seed, next, below, pick } = seededRandom(20_240_101);

function document(n: number): Doc {
  return {
    n,
    at: new Date(START + below(30 * 86_400_000)).toISOString(),
    status: pick([200, 200, 200, 404, 503]),
    bytes: below(1_000_000),
    price: below(100_000) / 100,
    host: `host-${below(40)}`,
    message: `${pick(["GET", "POST", "PUT"])} /${pick(["cart", "search", "item", "login"])}/${n} took ${below(900)} ms by ${pick(["quick", "lazy", "brown"])} fox`,
    ...(next() < 0.8 ? { tags: Array.from({ length: 1 + below(3) }, () => pick(["a", "b", "c", "d"])) } : {}),
    active: next() < 0.5,
    ip: `10.${below(4)}.${below(256)}.${below(256)}`,
    place: { lat: below(180) - 90 + 0.5, lon: below(360) - 180 + 0.25 },
    user: { name: `user-${below(300)}`, age: 18 + below(60) },
  };
}

const SEARCHES: Readonly<Record<string, estypes.SearchRequest>> = {
  match: { query: { match: { message: "lazy cart" } }, size: 20, sort: [{ at: "desc" }, { bytes: "asc" }] },
  "match, by score": { query: { match: { message: "login" } }, size: 5 },
  phrase: { query: { match_phrase: { message: "brown fox" } }, size: 0, track_total_hits: true },
  bool: {
    query: {
      bool: {
        filter: [{ term: { status: 404 } }, { range: { at: { gte: "2024-01-10", lt: "2024-01-12" } } }],
        must_not: [{ term: { tags: "a" } }],
      },
    },
    sort: [{ bytes: "desc" }],
    size: 10,
  },
  terms: {
    size: 0,
    aggs: {
      hosts: { terms: { field: "host", size: 7 }, aggs: { bytes: { sum: { field: "bytes" } }, price: { avg: { field: "price" } } } },
    },
  },
  date_histogram: {
    size: 0,
    aggs: {
      days: {
        date_histogram: { field: "at", calendar_interval: "day", time_zone: "Europe/Berlin" },
        aggs: { states: { terms: { field: "status" } } },
      },
    },
  },
  percentiles: {
    size: 0,
    aggs: { price: { percentiles: { field: "price", percents: [50, 95] } }, users: { cardinality: { field: "user.name" } } },
  },
  filters: {
    size: 0,
    aggs: { f: { filters: { filters: { bad: { range: { status: { gte: 500 } } }, active: { term: { active: true } } } } } },
  },
  prefix: { query: { prefix: { host: "host-1" } }, size: 0, track_total_hits: true },
  wildcard: { query: { wildcard: { "user.name": "user-?1" } }, size: 0, track_total_hits: true },
  exists: {
    query: { bool: { must_not: [{ exists: { field: "tags" } }] } },
    size: 3,
    sort: [{ at: "asc" }, { bytes: "asc" }],
    fields: ["at", "user.*"],
    _source: false,
  },
  ip: { query: { term: { ip: "10.1.0.0/16" } }, size: 0, track_total_hits: true },
  "query string": {
    query: { query_string: { query: "status:404 AND message:(quick OR lazy)", default_field: "message" } },
    size: 0,
    track_total_hits: true,
  },
  "source filter": { query: { term: { status: 503 } }, size: 4, sort: [{ bytes: "asc" }], _source: ["user.name", "at"] },
  box: {
    query: { geo_bounding_box: { place: { top_left: { lat: 60, lon: -20 }, bottom_right: { lat: 30, lon: 40 } } } },
    size: 0,
    track_total_hits: true,
    aggs: { tiles: { geotile_grid: { field: "place", precision: 3 } } },
  },
};

describe(`the official client through the whole app, seed ${seed}`, { skip, concurrency: 1, timeout: 600_000 }, () => {
  let parallax: ParallaxProcess;
  let through: Client;
  let direct: Client;

  before(async () => {
    direct = new Client({ node: address });
    await cleanUp();
    parallax = await startParallax(["--elasticsearch", address]);
    through = new Client({ node: parallax.proxyUrl, compression: true });
  });
  after(async () => {
    await through?.close();
    await parallax?.stop();
    await cleanUp();
    await direct.close();
  });

  async function cleanUp(): Promise<void> {
    await direct.indices.delete({ index: `${PREFIX}-*`, ignore_unavailable: true, expand_wildcards: "all" });
    await direct.indices.deleteIndexTemplate({ name: PREFIX }, { ignore: [404] });
  }

  /** Asks both ways; the answers must be the same but for what changes from time to time. */
  async function askBoth<T extends object>(name: string, ask: (client: Client) => Promise<T>): Promise<T> {
    const [ours, theirs] = [await ask(through), await ask(direct)];
    assert.deepEqual(comparable(ours), comparable(theirs), name);
    return ours;
  }

  /** As askBoth, for what both may refuse: then in the same words. */
  async function searchBoth(name: string, request: estypes.SearchRequest): Promise<void> {
    await askBoth(name, (client) =>
      client.search(request).catch((error: unknown) => {
        if (error instanceof errors.ResponseError) return { refused: error.statusCode, body: error.body };
        throw error;
      }),
    );
  }

  async function searchAll(index: string): Promise<void> {
    for (const [name, body] of Object.entries(SEARCHES)) await searchBoth(`${name} in ${index}`, { ...body, index });
  }

  test("takes Parallax for Elasticsearch", async () => {
    const info = await askBoth("info", (client) => client.info());
    assert.equal(info.tagline, "You Know, for Search");
    assert.equal(await through.ping(), true);
    await askBoth("health", (client) => client.cluster.health({ filter_path: "cluster_name,status" }));
    await assert.rejects(through.search({ index: `${PREFIX}-nowhere` }), /index_not_found_exception/);
  });

  test("gets Elasticsearch's own errors", async () => {
    const isNotFound = (error: unknown): boolean => error instanceof errors.ResponseError && error.statusCode === 404;
    await assert.rejects(through.get({ index: "client-nowhere", id: "nothing" }), isNotFound);
    await assert.rejects(through.search({ index: "client-nowhere" }), /index_not_found_exception/);
  });

  test("sends 20,000 documents to an index of a mapping, and as many to one without, searching meanwhile", async () => {
    await through.indices.create({ index: EXPLICIT, mappings: MAPPINGS, settings: { number_of_shards: 2, number_of_replicas: 0 } });
    const documents = Array.from({ length: DOCUMENTS }, (_, n) => document(n));
    const fill = (index: string): Promise<{ readonly successful: number; readonly failed: number }> =>
      through.helpers.bulk({
        datasource: documents,
        concurrency: 2,
        flushBytes: 1_000_000,
        refreshOnCompletion: index,
        onDocument: (doc) => [{ index: { _index: index, _id: `d${doc.n}` } }, doc],
      });
    const explicit = await fill(EXPLICIT);
    assert.deepEqual([explicit.successful, explicit.failed], [DOCUMENTS, 0]);
    const filling = fill(DYNAMIC);
    await searchAll(EXPLICIT);
    const dynamic = await filling;
    assert.deepEqual([dynamic.successful, dynamic.failed], [DOCUMENTS, 0]);
    await searchAll(DYNAMIC);
  });

  test("scrolls, pages by a point in time, counts, and searches many at once", async () => {
    const scrolled = async (client: Client): Promise<readonly string[]> => {
      const ids: string[] = [];
      const search = {
        index: EXPLICIT,
        size: 1000,
        query: { term: { status: 503 } },
        sort: [{ bytes: "asc" as const }, { host: "asc" as const }],
      };
      for await (const page of client.helpers.scrollSearch(search)) ids.push(...page.body.hits.hits.map(({ _id }) => _id ?? ""));
      return ids;
    };
    assert.ok((await askBoth("scroll", scrolled)).length > 2000);
    const paged = async (client: Client): Promise<readonly (string | undefined)[]> => {
      const { id } = await client.openPointInTime({ index: EXPLICIT, keep_alive: "1m" });
      const ids: (string | undefined)[] = [];
      let after: estypes.SortResults | undefined;
      for (;;) {
        const page = await client.search({
          pit: { id, keep_alive: "1m" },
          size: 1500,
          query: { term: { active: false } },
          sort: [{ at: "asc" }, { bytes: "asc" }],
          ...(after === undefined ? {} : { search_after: after }),
        });
        ids.push(...page.hits.hits.map(({ _id }) => _id));
        after = page.hits.hits.at(-1)?.sort;
        if (page.hits.hits.length === 0 || ids.length > 6000) break;
      }
      await client.closePointInTime({ id });
      return ids;
    };
    assert.ok((await askBoth("point in time", paged)).length > 5000);
    await askBoth("count", (client) => client.count({ index: EXPLICIT, query: { term: { status: 404 } } }));
    await askBoth("count by alias pattern", (client) => client.count({ index: `${PREFIX}-*` }));
    const searches = Object.values(SEARCHES)
      .slice(0, 6)
      .flatMap((body) => [{ index: EXPLICIT }, body]);
    const many = await askBoth("msearch", (client) => client.msearch({ searches }));
    assert.equal(many.responses.length, 6);
  });

  test("updates, deletes, overwrites and scripts documents", async () => {
    await through.update({ index: EXPLICIT, id: "d1", doc: { status: 503, tags: ["changed"] } });
    await through.update({ index: EXPLICIT, id: "d2", script: { source: "ctx._source.bytes += 1" } });
    await through.update({ index: EXPLICIT, id: "new", doc: { host: "upserted" }, doc_as_upsert: true });
    await through.index({ index: EXPLICIT, id: "d3", document: { host: "overwritten", bytes: 1 } });
    await through.create({ index: EXPLICIT, id: "created", document: { host: "created" } });
    await through.delete({ index: EXPLICIT, id: "d4" });
    await assert.rejects(through.create({ index: EXPLICIT, id: "d5", document: {} }), /version_conflict/);
    await assert.rejects(through.delete({ index: EXPLICIT, id: "nowhere" }), /ResponseError|not_found/);
    const mixed = await through.bulk({
      refresh: true,
      operations: [
        { update: { _index: EXPLICIT, _id: "d6" } },
        { doc: { status: 404 } },
        { delete: { _index: EXPLICIT, _id: "d7" } },
        { index: { _index: EXPLICIT, _id: "d8" } },
        { status: "not a number" },
        { create: { _index: EXPLICIT, _id: "d9" } },
        { status: 200 },
      ],
    });
    assert.equal(mixed.errors, true);
    await searchAll(EXPLICIT);
  });

  test("reaches indices by aliases, and makes them by a template", async () => {
    await through.indices.putAlias({ index: EXPLICIT, name: `${PREFIX}-alias` });
    await askBoth("alias", (client) => client.search({ index: `${PREFIX}-alias`, size: 0, aggs: { s: { terms: { field: "status" } } } }));
    await through.indices.putIndexTemplate({
      name: PREFIX,
      index_patterns: [`${TEMPLATED}*`],
      template: { mappings: MAPPINGS, aliases: { [`${PREFIX}-by-template`]: {} }, settings: { number_of_replicas: 0 } },
    });
    const operations = Array.from({ length: 500 }, (_, n) => [{ index: { _index: TEMPLATED, _id: `t${n}` } }, document(n)]).flat();
    assert.equal((await through.bulk({ refresh: true, operations })).errors, false);
    await searchAll(TEMPLATED);
    await askBoth("alias of a template", (client) => client.count({ index: `${PREFIX}-by-template` }));
    await askBoth("both at once", (client) =>
      client.search({ index: `${EXPLICIT},${TEMPLATED}`, size: 0, aggs: { h: { terms: { field: "host", size: 3 } } } }),
    );
  });

  test("has each search judged, and no verdict that is a failure", async () => {
    const searches = await searchesSoFar();
    const judged = await verdictsOf(parallax, searches);
    printVerdicts("the official client", judged);
    // One that had not come yet when they were counted may have by now.
    assert.ok(judged.length >= searches, `${judged.length} of ${searches}`);
    for (const { name, verdict, reason } of judged) assert.ok(verdict === "equal" || reason !== "", name);
    const wrong = judged.filter(({ verdict }) => verdict === "failed" || verdict === "different");
    assert.deepEqual(wrong, []);
    const agreeing = judged.filter(({ verdict }) => verdict === "equal" || verdict === "equivalent");
    assert.ok(agreeing.length >= 0.85 * judged.length, `${agreeing.length} of ${judged.length}`);
  });

  test("leaves ClickHouse with the very documents", async () => {
    for (const index of [EXPLICIT, DYNAMIC, TEMPLATED]) {
      const theirs = await documentsOfElasticsearch(index);
      const ours = await until(
        () => documentsOfClickHouse(index),
        (documents) => documents.size === theirs.size,
      );
      assert.equal(ours.size, theirs.size, index);
      for (const [id, source] of theirs) assert.deepEqual(ours.get(id), source, `${index} ${id}`);
    }
  });

  test("changes documents by query, which are mirrored as they are then", async () => {
    const operations = Array.from({ length: 200 }, (_, n) => [{ index: { _index: CHANGED, _id: `c${n}` } }, document(n)]).flat();
    await through.bulk({ refresh: true, operations });
    const before = await searchesSoFar();
    await askBoth("before", (client) => client.count({ index: CHANGED }));
    await verdictsOf(parallax, before + 1);
    const changed = await through.updateByQuery({
      index: CHANGED,
      refresh: true,
      query: { term: { status: 404 } },
      script: { source: "ctx._source.status = 410" },
    });
    assert.ok((changed.updated ?? 0) > 0);
    const [own] = await until(
      async () =>
        (await parallax.ask<ExchangePage>("/api/exchanges?limit=20")).exchanges.filter(({ path }) => path.includes("_update_by_query")),
      ([newest]) => newest !== undefined && /^mirrored/.test(newest.note),
      30_000,
    );
    assert.equal(own?.note, `mirrored ${changed.updated}`);
    await askBoth("after", (client) => client.search({ index: CHANGED, size: 0, aggs: { s: { terms: { field: "status" } } } }));
    await askBoth("another", (client) => client.count({ index: EXPLICIT }));
    const judged = (await verdictsOf(parallax, before + 3)).slice(0, 3);
    assert.deepEqual(
      judged.map(({ verdict }) => verdict),
      ["equal", "equal", "equal"],
      judged.map(({ reason }) => reason).join("\n"),
    );
    const infos = await parallax.ask<readonly IndexInfo[]>("/api/indices");
    assert.ok(infos.some(({ name, notMirrored }) => name === CHANGED && notMirrored === 0));
  });

  async function searchesSoFar(): Promise<number> {
    const { exchanges } = await parallax.ask<ExchangePage>("/api/exchanges?limit=5000");
    const searches = exchanges.filter(({ kind }) => kind === "search");
    return searches.length + 5 * searches.filter(({ endpoint }) => endpoint === "_msearch").length;
  }

  async function documentsOfElasticsearch(index: string): Promise<ReadonlyMap<string, unknown>> {
    const documents = new Map<string, unknown>();
    for await (const page of direct.helpers.scrollSearch({ index, size: 5000, query: { match_all: {} } })) {
      for (const { _id, _source } of page.body.hits.hits) documents.set(_id ?? "", _source);
    }
    return documents;
  }

  async function documentsOfClickHouse(index: string): Promise<ReadonlyMap<string, unknown>> {
    const found = await parallax.call<SqlAnswer>("sql.run", { sql: `SELECT database FROM system.tables WHERE name = '${index}'` });
    const database = JSON.parse(found.rows[0]?.[0] ?? '""');
    const documents = new Map<string, unknown>();
    for (let from = 0; ; from += 5000) {
      const sql = `SELECT _id, _source FROM ${database}."${index}" FINAL ORDER BY _id LIMIT 5000 OFFSET ${from}`;
      const { rows } = await parallax.call<SqlAnswer>("sql.run", { sql });
      for (const [id = '""', source = '""'] of rows) documents.set(JSON.parse(id), JSON.parse(JSON.parse(source)));
      if (rows.length < 5000) return documents;
    }
  }
});

/** An answer without what no two answers share. */
function comparable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, own) => (["took", "_scroll_id", "pit_id", "_shards"].includes(name) ? undefined : own)));
}
