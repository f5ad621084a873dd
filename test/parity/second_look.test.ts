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
  });
}
