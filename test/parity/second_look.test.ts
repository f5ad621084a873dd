// Searches among writes that Elasticsearch does not show yet: judged by a second look at a moment that it holds.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ExchangePage } from "../../src/shared/contract.ts";
import type { ExchangeDetail } from "../../src/shared/exchange.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;
const BODIES = [
  { size: 5, sort: [{ n: "desc" }] },
  { size: 0, track_total_hits: true, aggs: { k: { terms: { field: "k" }, aggs: { top: { max: { field: "n" } } } } } },
  { query: { range: { n: { gte: 90 } } }, sort: [{ n: "asc" }], size: 50, track_total_hits: true },
];

for (const shards of [1, 3]) {
  const index = `second-look-${shards}`;
  describe(`a second look over ${shards} shard(s)`, { skip, concurrency: 1, timeout: 240_000 }, () => {
    let parallax: ParallaxProcess;

    before(async () => {
      await fetch(`${address}/${index}?ignore_unavailable=true`, { method: "DELETE" });
      parallax = await startParallax(["--elasticsearch", address, ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse])]);
      const settings = { number_of_shards: shards, number_of_replicas: 0, refresh_interval: "-1" };
      const mappings = { properties: { n: { type: "long" }, k: { type: "keyword" } } };
      await send("PUT", `/${index}`, JSON.stringify({ settings, mappings }));
      await write(0, 100, "?refresh=true");
    });
    after(async () => {
      await parallax.stop();
      await fetch(`${address}/${index}?ignore_unavailable=true`, { method: "DELETE" });
    });

    async function send(method: string, path: string, body: string): Promise<void> {
      const headers = { "content-type": path.includes("_bulk") ? "application/x-ndjson" : "application/json" };
      const answer = await fetch(parallax.proxyUrl + path, { method, headers, body });
      assert.ok(answer.ok, await answer.text());
    }
    function write(from: number, to: number, options = ""): Promise<void> {
      const lines = Array.from({ length: to - from }, (_, at) => from + at).map(
        (n) => `{"index":{"_id":"${n}"}}\n{"n":${n},"k":"k${n % 3}"}\n`,
      );
      return send("POST", `/${index}/_bulk${options}`, lines.join(""));
    }
    async function newest(filter: string): Promise<ExchangePage["exchanges"]> {
      return (await parallax.ask<ExchangePage>(`/api/exchanges?limit=10&filter=${encodeURIComponent(filter)}`)).exchanges;
    }

    test("tells that both sides agree on what Elasticsearch shows, whatever was written since", async () => {
      await write(100, 160);
      for (const body of BODIES) await send("POST", `/${index}/_search`, JSON.stringify(body));
      const told = await until(
        () => newest(`~index ${index} & ~s & ~kind search`),
        (exchanges) => exchanges.length >= BODIES.length && exchanges.every(({ note }) => note.includes("second look")),
        60_000,
      );
      assert.deepEqual(
        told.map(({ verdict }) => verdict).filter((verdict) => verdict !== "equal" && verdict !== "equivalent"),
        [],
        told.map(({ note }) => note).join("\n"),
      );
      const detail = await parallax.ask<ExchangeDetail>(`/api/exchanges/${told[0]?.id}`);
      assert.match(detail.searches[0]?.second?.elasticsearch ?? "", /^\{"pit_id"/);
    });

    test("tells the same of a count, and of each search of an _msearch", async () => {
      await write(160, 190);
      await send("POST", `/${index}/_count?q=n:%3E%3D120`, "");
      const lines = [
        { size: 0, track_total_hits: true, query: { match_all: {} } },
        { size: 3, sort: [{ n: "desc" }], query: { range: { n: { gte: 3 } } } },
        { size: 3, sort: [{ n: "asc" }], query: { range: { n: { lt: 50 } } } },
      ];
      await send("POST", "/_msearch", lines.map((body) => `${JSON.stringify({ index })}\n${JSON.stringify(body)}\n`).join(""));
      const told = await until(
        async () => (await newest("~kind search")).filter(({ endpoint }) => endpoint === "_count" || endpoint === "_msearch"),
        (exchanges) => exchanges.length === 2 && exchanges.every(({ verdict }) => verdict !== null && verdict !== "not_compared"),
        60_000,
      );
      for (const { verdict, note } of told) assert.ok(verdict === "equal" || verdict === "equivalent", `${verdict}: ${note}`);
      const [several, count] = await Promise.all(told.map(({ id }) => parallax.ask<ExchangeDetail>(`/api/exchanges/${id}`)));
      assert.match(count?.searches[0]?.comparison.reason ?? "", /second look/);
      assert.match(count?.searches[0]?.second?.elasticsearch ?? "", /^\{"count":/);
      assert.deepEqual(
        several?.searches.map(({ second }) => second !== undefined),
        [true, true, false],
      );
    });

    test("leaves a search uncompared where what it showed was overwritten", async () => {
      await send("POST", `/${index}/_refresh`, "");
      await write(150, 155);
      const marker = { ...BODIES[2], size: 49 };
      await send("POST", `/${index}/_search`, JSON.stringify({ ...marker, version: true, seq_no_primary_term: true }));
      const [exchange] = await until(
        () => newest(`~index ${index} & ~kind search`),
        ([first]) => first !== undefined && first.verdict !== null,
        60_000,
      );
      assert.notEqual(exchange?.verdict, "different", exchange?.note);
    });

    for (const refresh of ["?refresh=true", "?refresh=false"]) {
      test(`judges what is asked right after a change by query (${refresh}), once its documents are there`, async () => {
        await send("POST", `/${index}/_refresh`, "");
        const from = (await newest("")).at(0)?.id ?? 0;
        const marked = { script: { source: "ctx._source.k = 'changed'" }, query: { range: { n: { lt: 20 } } } };
        const search = { query: { term: { k: "changed" } }, size: 30, sort: [{ n: "asc" }], track_total_hits: true };
        await send("POST", `/${index}/_update_by_query${refresh}`, JSON.stringify(marked));
        await send("POST", `/${index}/_search`, JSON.stringify(search));
        await send("POST", `/${index}/_delete_by_query${refresh}`, JSON.stringify({ query: { range: { n: { gte: 20, lt: 25 } } } }));
        await send("POST", `/${index}/_count`, JSON.stringify({ query: { range: { n: { gte: 10 } } } }));
        const told = await until(
          async () => (await newest(`~index ${index} & ~kind search`)).filter(({ id }) => id > from),
          (exchanges) =>
            exchanges.length === 2 && exchanges.every(({ verdict, note }) => verdict !== null && !note.includes("wait in the journal")),
          60_000,
        );
        const good = refresh === "?refresh=true" ? ["equal"] : ["equal", "not_compared"];
        for (const { verdict, note } of told) assert.ok(good.includes(verdict ?? ""), `${verdict}: ${note}`);
      });
    }
  });
}
