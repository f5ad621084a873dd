// Each cause of a difference, seeded between the two real engines and explained: as that cause, with the right documents.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dropDatabase } from "../../src/main/clickhouse/schema.ts";
import { parseMapping } from "../../src/main/elasticsearch/mapping.ts";
import type { ExchangePage } from "../../src/shared/contract.ts";
import type { ExchangeSummary } from "../../src/shared/exchange.ts";
import type { Explanation } from "../../src/shared/explanation.ts";
import type { IndexDetail } from "../../src/shared/index_info.ts";
import { isArray, isObject, type JsonObject, member, objectAt, parseObject, printJson } from "../../src/shared/json.ts";
import { explainedSearch, type PlantedCause } from "../support/explained_search.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";
import { connectEngines, type Loaded, load, mirror } from "../support/two_engines.ts";

const engines = connectEngines("explain_parity");
const skip = engines === null ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "no Elasticsearch and ClickHouse are named") : false;
const INDEX = "explain-parity";
const MAPPINGS = {
  properties: {
    n: { type: "long" },
    big: { type: "double" },
    group: { type: "keyword" },
    bytes: { type: "keyword" },
    same: { type: "long" },
    at: { type: "date" },
  },
};
const documents = Array.from({ length: 30 }, (_, i) =>
  JSON.stringify({
    n: i,
    big: 1e15 + i / 7,
    group: `g${i % 3}`,
    bytes: String(i % 5),
    same: 42,
    at: new Date(Date.UTC(2024, 0, 1 + Math.floor(i / 10), (i * 7) % 24)).toISOString(),
  }),
);
const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const LIVE = "explain-parity-live";

describe("the explanation of an exchange", { skip, timeout: 300_000 }, () => {
  let parallax: ParallaxProcess;
  let own = "";

  before(async () => {
    await fetch(`${address}/${LIVE}?ignore_unavailable=true`, { method: "DELETE" });
    parallax = await startParallax(["--elasticsearch", address, "--clickhouse", process.env.PARALLAX_TEST_CLICKHOUSE ?? ""]);
  });
  after(async () => {
    await parallax?.stop();
    if (own !== "") await engines?.clickhouse.command(`DROP TABLE IF EXISTS ${own}`);
    await fetch(`${address}/${LIVE}?ignore_unavailable=true`, { method: "DELETE" });
  });

  const send = async (url: string, body: string): Promise<JsonObject> => {
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return parseObject(text) ?? {};
  };
  const exchanges = () => parallax.ask<ExchangePage>("/api/exchanges?limit=50");

  /** Sends a search; resolves with its exchange once that is judged. */
  async function searched(path: string, body: JsonObject): Promise<ExchangeSummary> {
    await send(parallax.proxyUrl + path, printJson(body));
    const found = await until(
      async () => (await exchanges()).exchanges.find((exchange) => exchange.path === path),
      (exchange) => exchange !== undefined && exchange.verdict !== null,
      60_000,
    );
    assert.ok(found !== undefined);
    return found;
  }

  test("of rows that the table has lost names them, with when they were mirrored", async () => {
    const lines = Array.from({ length: 20 }, (_, n) => `{"index":{"_id":"d${n}"}}\n{"n":${n},"group":"g${n % 2}"}\n`);
    await send(`${parallax.proxyUrl}/${LIVE}/_bulk?refresh=true`, lines.join(""));
    const search: JsonObject = { size: 0, aggs: { groups: { terms: { field: "group.keyword" } } } };
    const equal = await searched(`/${LIVE}/_search?q=n:%3E%3D0`, search);
    assert.equal(equal.verdict, "equal", equal.note);
    const nothing = await fetch(`${parallax.interfaceUrl}/api/exchanges/${equal.id}/explain`);
    assert.equal(nothing.status, 409);
    const { database, table } = await parallax.ask<IndexDetail>(`/api/indices/${LIVE}`);
    own = `\`${database}\`.\`${table}\``;
    await engines?.clickhouse.command(`ALTER TABLE ${own} DELETE WHERE _id IN ('d1', 'd3') SETTINGS mutations_sync = 2`);
    const different = await searched(`/${LIVE}/_search?q=n:%3E%3D0&typed_keys=true`, search);
    assert.equal(different.verdict, "different", different.note);
    const path = "/aggregations/sterms#groups/buckets/[key=g1]/doc_count";
    const found = await parallax.ask<Explanation>(`/api/exchanges/${different.id}/explain?path=${encodeURIComponent(path)}`);
    assert.equal(found.cause, "missing document", JSON.stringify(found));
    assert.match(found.sentence, /^2 documents are in Elasticsearch only; all of them were mirrored in this run and are gone/);
    assert.deepEqual(found.documents.map(({ id, ledger }) => [id, ledger !== null]).toSorted(), [
      ["d1", true],
      ["d3", true],
    ]);
    assert.deepEqual(found.chosen, { elasticsearch: 10, clickhouse: 8 });
    assert.equal(found.pointer, "/aggs/groups");
  });

  test("is given for a group by the MCP server, counted by cause and kept", async () => {
    const groups = await tool("list_groups", { by: "index" });
    assert.deepEqual(keysOf(groups), [LIVE]);
    const shapes = await tool("list_groups", { by: "shape", index: LIVE });
    assert.equal(member(objectAt(shapes, "all"), "searches"), 2);
    const shape = keysOf(shapes).find((key) => key !== "") ?? "";
    const why = await tool("explain_group", { index: LIVE, shape });
    assert.deepEqual(told(why), { differing: 1, waiting: 0, causes: [["missing document", 1]] }, printJson(why));
    // Another search of the same kind counts at once, and nobody is asked for it.
    const again = await searched(`/${LIVE}/_search?q=n:%3E%3D0&typed_keys=true&allow_no_indices=true`, {
      size: 0,
      aggs: { groups: { terms: { field: "group.keyword" } } },
    });
    assert.equal(again.verdict, "different", again.note);
    assert.deepEqual(told(await tool("explain_group", { index: LIVE, shape, most: 0 })), {
      differing: 2,
      waiting: 0,
      causes: [["missing document", 2]],
    });
  });

  /** The JSON that a tool of the MCP server gives. */
  async function tool(name: string, input: JsonObject): Promise<JsonObject> {
    const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: input } };
    const answer = await fetch(`${parallax.interfaceUrl}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: printJson(message),
    });
    const result = objectAt(parseObject(await answer.text()), "result");
    const content = member(result, "content");
    const [block] = isArray(content) ? content : [];
    const text = isObject(block) ? String(member(block, "text")) : "";
    assert.notEqual(member(result, "isError"), true, text);
    return parseObject(text) ?? assert.fail(text);
  }
});

function keysOf(answer: JsonObject): readonly string[] {
  const groups = member(answer, "groups");
  return isArray(groups) ? groups.map((group) => (isObject(group) ? String(member(group, "key")) : "")) : [];
}

function told(why: JsonObject): unknown {
  const causes = member(why, "causes");
  return {
    differing: member(why, "differing"),
    waiting: member(why, "waiting"),
    causes: isArray(causes) ? causes.map((one) => (isObject(one) ? [member(one, "cause"), member(one, "searches")] : one)) : causes,
  };
}

describe("the cause of a difference", { skip, concurrency: false, timeout: 300_000 }, () => {
  let loaded: Loaded;

  before(async () => {
    if (engines === null) return;
    loaded = await load(engines, { name: INDEX, mappings: MAPPINGS, documents, shards: 3 });
  });
  after(async () => {
    if (engines === null) return;
    await fetch(`${engines.elasticsearch}/${INDEX}`, { method: "DELETE" });
    await engines.clickhouse.command(dropDatabase("explain_parity"));
  });

  const explained = (seed: PlantedCause): Promise<Explanation> => explainedSearch(loaded, seed);

  const command = (sql: string): Promise<unknown> => loaded.engines.clickhouse.command(sql);

  const write = async (method: string, id: string, body?: string): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const url = `${loaded.engines.elasticsearch}/${INDEX}/_doc/${id}?refresh=true`;
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    assert.ok(answer.ok, await answer.text());
  };

  const idsOf = ({ documents }: Explanation): readonly string[] => documents.map(({ id }) => id).toSorted();

  const SUMS: JsonObject = { groups: { terms: { field: "group" }, aggs: { total: { sum: { field: "n" } } } } };

  test("a planted fault of the translator is a fault of the translation, with the same documents on both sides", async () => {
    const found = await explained({
      search: { size: 0, query: { range: { n: { lt: 29 } } }, aggs: SUMS },
      path: "/aggregations/groups/buckets/[key=g1]/total/value",
      planted: (printed) => ({ ...printed, sql: printed.sql.replaceAll("sum(", "2 * sum(") }),
    });
    assert.equal(found.cause, "translation", JSON.stringify(found));
    assert.match(found.sentence, /^Both sides choose the same 10 documents and give different figures/);
    assert.equal(found.pointer, "/aggs/groups/aggs/total");
    assert.match(found.sql?.span.pointer ?? "", /^\/aggs\/groups\/aggs\/total/);
    assert.deepEqual(found.chosen, { elasticsearch: 10, clickhouse: 10 });
    assert.match(found.queries?.elasticsearch.body ?? "", /\{"term":\{"group":\{"value":"g1"\}\}\}/);
    assert.match(found.queries?.clickhouse?.sql ?? "", /FROM .*explain-parity/);
  });

  test("figures that agree but in their last places are a matter of precision", async () => {
    const found = await explained({
      search: { size: 0, query: { range: { n: { lt: 29 } } }, aggs: { total: { sum: { field: "big" } } } },
      planted: (printed) => ({ ...printed, sql: printed.sql.replaceAll(/(sum[A-Za-z]*)\(/g, "1.00000000001 * $1(") }),
    });
    assert.equal(found.cause, "precision", JSON.stringify(found));
    assert.match(found.sentence, /last places, past 2\^53/);
    assert.deepEqual(found.chosen, { elasticsearch: 29, clickhouse: 29 });
  });

  test("documents that stand in a neighbouring bucket of dates are a matter of the time zone", async () => {
    const inZone = (zone: string): JsonObject => ({
      size: 0,
      query: { range: { n: { lt: 29 } } },
      aggs: { days: { date_histogram: { field: "at", calendar_interval: "day", time_zone: zone } } },
    });
    // Clocks that are an hour apart, as of two versions of the zones' rules.
    const found = await explained({ search: inZone("America/New_York"), sent: inZone("America/Halifax") });
    assert.equal(found.cause, "time zone", JSON.stringify(found));
    assert.match(found.sentence, /in a neighbouring bucket: their boundaries differ \(time_zone America\/New_York\)/);
    assert.equal(found.pointer, "/aggs/days");
    assert.deepEqual(found.documents, []);
  });

  test("hits that tie are a tie at their sort value, with each one's place on both sides", async () => {
    const found = await explained({
      search: { size: 3, query: { range: { n: { lt: 3 } } }, sort: ["same"] },
      given: (answer) => {
        const hits = objectAt(answer, "hits");
        const list = member(hits, "hits");
        return { ...answer, hits: { ...hits, hits: isArray(list) ? list.toReversed() : [] } };
      },
    });
    assert.equal(found.cause, "tie", JSON.stringify(found));
    assert.match(found.sentence, /^Tie at sort value 42: /);
    assert.deepEqual(idsOf(found), ["0", "1", "2"]);
    assert.equal(found.pointer, "/sort");
  });

  test("what does not differ any more has changed since", async () => {
    let planted = true;
    const found = await explained({
      search: { size: 0, query: { range: { n: { lt: 29 } } }, aggs: SUMS },
      path: "/aggregations/groups/buckets/[key=g2]/total/value",
      planted: (printed) => (planted ? { ...printed, sql: printed.sql.replaceAll("sum(", "2 * sum(") } : printed),
      meanwhile: async () => {
        planted = false;
      },
    });
    assert.equal(found.cause, "changed since", JSON.stringify(found));
  });

  test("documents that came to ClickHouse after the search was compared are a late mirror, with their ledger entries", async () => {
    await command(`CREATE TABLE explain_parity.kept AS explain_parity.\`${INDEX}\``);
    await command(`INSERT INTO explain_parity.kept SELECT * FROM explain_parity.\`${INDEX}\``);
    await command(`ALTER TABLE explain_parity.\`${INDEX}\` DELETE WHERE _id IN ('4', '7') SETTINGS mutations_sync = 2`);
    const { rows } = await loaded.engines.clickhouse.query({
      sql: "SELECT _shard, _seq_no FROM explain_parity.kept WHERE _id IN ('4', '7')",
      params: [],
    });
    const now = Date.now();
    const ledger = rows.map((row) => ({
      shard: Number(row._shard),
      seq_no: Number(row._seq_no),
      acknowledged: new Date(now - 5_000).toISOString(),
      mirrored: new Date(now + 3_600_000).toISOString(),
      seconds: 3_605,
    }));
    const found = await explained({
      search: { size: 0, query: { range: { n: { lt: 29 } } }, aggs: SUMS },
      path: "/aggregations/groups/buckets/[key=g1]/doc_count",
      ledger,
      meanwhile: async () => {
        await command(`INSERT INTO explain_parity.\`${INDEX}\` SELECT * FROM explain_parity.kept WHERE _id IN ('4', '7')`);
      },
    });
    assert.equal(found.cause, "late mirror", JSON.stringify(found));
    assert.match(found.sentence, /^2 documents reached ClickHouse only after the search was compared: the mirror was late by 3605\.0 s/);
    assert.deepEqual(idsOf(found), ["4", "7"]);
    assert.ok(found.documents.every((document) => document.ledger?.seconds === 3_605));
  });

  test("a column of another type than the field's is a mapping conflict", async () => {
    if (engines === null) return;
    const name = "explain-parity-conflict";
    const own = Array.from({ length: 6 }, (_, i) => `{"bytes":"${i % 2}"}`);
    const index = { name, mappings: { properties: { bytes: { type: "keyword" } } }, documents: own };
    const right = await load(engines, index);
    const { table } = right;
    try {
      await mirror(engines, index, parseMapping({ properties: { bytes: { type: "long" } } }));
      const body: JsonObject = { size: 0, aggs: { sizes: { terms: { field: "bytes" } } } };
      const found = await explained({ search: body, table, path: "/aggregations/sizes/buckets/[key=1]" });
      assert.equal(found.cause, "mapping conflict", JSON.stringify(found));
      assert.match(found.sentence, /^Field `bytes` is keyword in the mapping and Array\(Int64\) in the table/);
    } finally {
      await fetch(`${engines.elasticsearch}/${name}`, { method: "DELETE" });
    }
  });

  test("documents that ClickHouse lacks are missing, or late where they wait to be mirrored", async () => {
    for (const id of ["101", "102", "103"]) await write("PUT", id, JSON.stringify({ n: Number(id), group: "new" }));
    const seed: PlantedCause = {
      search: { size: 0, query: { range: { n: { gte: 100 } } }, aggs: SUMS },
      path: "/aggregations/groups/buckets/[key=new]",
    };
    const missing = await explained(seed);
    assert.equal(missing.cause, "missing document", JSON.stringify(missing));
    assert.equal(missing.sentence, "3 documents are in Elasticsearch only; never mirrored: no write of them went by in this run.");
    assert.deepEqual(idsOf(missing), ["101", "102", "103"]);
    assert.deepEqual(missing.chosen, { elasticsearch: 3, clickhouse: 0 });
    const late = await explained({ ...seed, lag: { documents: 3, seconds: 1.2 } });
    assert.equal(late.sentence, "3 documents are in Elasticsearch only: the mirror is behind by 1.2 s.");
    assert.equal(late.cause, "late mirror");
    const total = await explained({ ...seed, path: "/hits/total/value" });
    assert.deepEqual([total.cause, idsOf(total)], ["missing document", ["101", "102", "103"]]);
  });

  test("documents that Elasticsearch does not have any more are surplus", async () => {
    await write("DELETE", "29");
    const found = await explained({ search: { query: { term: { n: 29 } } }, path: "/hits/hits/[_id=29]" });
    assert.equal(found.cause, "surplus document", JSON.stringify(found));
    assert.match(found.sentence, /^1 document is in ClickHouse only: /);
    assert.deepEqual(idsOf(found), ["29"]);
  });

  test("a write that Elasticsearch's searches do not show yet is a refresh that is pending", async () => {
    const url = `${loaded.engines.elasticsearch}/${INDEX}/_doc/20`;
    assert.ok((await fetch(url, { method: "DELETE" })).ok);
    await command(`ALTER TABLE explain_parity.\`${INDEX}\` DELETE WHERE _id = '20' SETTINGS mutations_sync = 2`);
    const found = await explained({ search: { query: { term: { n: 20 } } }, path: "/hits/total/value" });
    assert.equal(found.cause, "refresh pending", JSON.stringify(found));
    assert.deepEqual(idsOf(found), ["20"]);
  });

  test("a document among more than are looked at is found by where the sides part", async () => {
    if (engines === null) return;
    const name = "explain-parity-many";
    const own = Array.from({ length: 2_500 }, (_, i) => `{"n":${i}}`);
    const { table } = await load(engines, { name, mappings: { properties: { n: { type: "long" } } }, documents: own, shards: 2 });
    try {
      await command(`ALTER TABLE explain_parity.\`${name}\` DELETE WHERE _id IN ('1801', '1805') SETTINGS mutations_sync = 2`);
      const found = await explained({ search: { size: 0, track_total_hits: true }, table, path: "/hits/total/value" });
      assert.equal(found.cause, "missing document", JSON.stringify(found));
      assert.deepEqual([idsOf(found), found.chosen], [["1801", "1805"], { elasticsearch: 2_500, clickhouse: 2_498 }]);
    } finally {
      await fetch(`${engines.elasticsearch}/${name}`, { method: "DELETE" });
    }
  });

  test("a side that is away is told, and nothing is made up", async () => {
    const found = await explained({
      search: { size: 0, aggs: SUMS },
      path: "/hits/total/value",
      planted: (printed) => printed,
      away: true,
    });
    assert.equal(found.cause, "unknown");
    assert.match(found.sentence, /^It can't be told now: .*no answer/);
  });
});
