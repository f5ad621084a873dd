// Searches in points in time and scrolls that Elasticsearch answers, judged page by page beside ClickHouse's.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ExchangePage } from "../../src/shared/contract.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, parseJson, printJson } from "../../src/shared/json.ts";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";
import { type JudgedSearch, printVerdicts, verdictsOf } from "../support/verdict_report.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;
/** What is said of a search that could not be compared in time. */
const BUSY = /mirror behind|went on while it was searched|refresh pending|over capacity/;
const MOST_PLAYED = 4;
const [THREE, ONE] = ["paging-three", "paging-one"];

describe("pages of Elasticsearch, judged", { skip, concurrency: 1, timeout: 600_000 }, () => {
  let parallax: ParallaxProcess;

  before(async () => {
    await fetch(`${address}/${THREE},${ONE}?ignore_unavailable=true`, { method: "DELETE" });
    parallax = await startParallax(["--elasticsearch", address, ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse])]);
    const mappings = { properties: { n: { type: "long" }, x: { type: "double" }, group: { type: "keyword" }, text: { type: "text" } } };
    for (const [index, shards] of [
      [THREE, 3],
      [ONE, 1],
    ] as const) {
      await send("PUT", `/${index}`, { settings: { number_of_shards: shards, number_of_replicas: 0 }, mappings });
      await write(index, 0, 250);
    }
  });
  after(async () => {
    await parallax?.stop();
    await fetch(`${address}/${THREE},${ONE}?ignore_unavailable=true`, { method: "DELETE" });
  });

  async function send(method: string, path: string, body?: JsonValue, base = parallax.proxyUrl): Promise<JsonObject> {
    const response = await fetch(base + path, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: printJson(body) }),
    });
    const value = parseJson(await response.text());
    return isObject(value) ? value : {};
  }

  async function write(index: string, from: number, count: number): Promise<void> {
    const lines = Array.from({ length: count }, (_, i) => {
      const n = from + i;
      const document = { n, x: n / 4, group: `g${n % 3}`, text: `number ${n} ${n % 2 === 0 ? "even" : "odd"}` };
      return `{"index":{"_id":"d${n}"}}\n${JSON.stringify(document)}\n`;
    });
    const response = await fetch(`${parallax.proxyUrl}/${index}/_bulk?refresh=true`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: lines.join(""),
    });
    assert.equal(response.status, 200, await response.text());
  }

  /** Verdicts of the searches that `play` sends, oldest first. */
  async function verdicts(play: () => Promise<number>): Promise<readonly JudgedSearch[]> {
    const { exchanges } = await parallax.ask<ExchangePage>("/api/exchanges?limit=5000");
    const already = exchanges.filter(({ kind }) => kind === "search").length;
    const sent = await play();
    const judged = (await verdictsOf(parallax, already + sent)).slice(0, sent).toReversed();
    printVerdicts("judged pages", judged);
    assert.equal(judged.length, sent);
    return judged;
  }

  /**
   * Plays until all searches agree, with numbers of its own for the documents that it writes. Where the machine is too busy, some are not
   * compared, for that reason alone, and it is played again.
   */
  async function agreeing(play: (base: number) => Promise<number>): Promise<void> {
    for (let time = 1; ; time += 1) {
      const judged = await verdicts(() => play(time * 10_000));
      const open = judged.filter(({ verdict }) => verdict !== "equal" && verdict !== "equivalent");
      if (open.length === 0) return;
      for (const { verdict, reason } of open) assert.ok(verdict === "not_compared" && BUSY.test(reason), JSON.stringify(open));
      assert.ok(time < MOST_PLAYED, JSON.stringify(open));
    }
  }

  const kinds = (judged: readonly JudgedSearch[]) => judged.map(({ verdict }) => verdict);
  const text = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

  /** Pages through a point in time by search_after as a JavaScript client would. Returns how many searches that took. */
  async function pages(pit: string, body: JsonObject, between: () => Promise<void> = async () => {}): Promise<number> {
    let from: JsonValue | undefined;
    for (let sent = 1; ; sent += 1) {
      const search = { ...body, pit: { id: pit, keep_alive: "1m" }, ...(from === undefined ? {} : { search_after: from }) };
      const hits = hitsOf(await send("POST", "/_search", search));
      const last = hits.at(-1);
      if (!isObject(last)) return sent;
      from = JSON.parse(printJson(member(last, "sort") ?? null));
      await between();
    }
  }

  for (const index of [ONE, THREE]) {
    test(`${index}: a point in time agrees page by page, whatever is written meanwhile`, async () => {
      await agreeing(async (base) => {
        let next = base + 1000;
        const pit = text(member(await send("POST", `/${index}/_pit?keep_alive=1m`), "id"));
        await write(index, base + 2000, 10);
        const searches = [
          { size: 60, sort: [{ n: "desc" }] },
          { size: 60, sort: ["x"], query: { match: { text: "even" } } },
          { size: 70, sort: ["group"], track_total_hits: true },
          { size: 70, sort: [{ _shard_doc: "desc" }], track_total_hits: false },
          { size: 0, aggs: { n: { sum: { field: "n" } } } },
        ];
        let sent = 0;
        for (const search of searches)
          sent += await pages(pit, search, async () => {
            await write(index, next, 1);
            next += 1;
          });
        await send("POST", "/_search", { size: 3, sort: ["n"], search_after: [7], pit: { id: pit } });
        await send("DELETE", "/_pit", { id: pit });
        await send("POST", "/_search", { pit: { id: pit } });
        return sent + 2;
      });
    });

    test(`${index}: a scroll agrees page by page`, async () => {
      await agreeing(async (base) => {
        let sent = 0;
        const searches = [
          { search: { size: 50, sort: ["n"], aggs: { n: { sum: { field: "n" } } } } },
          { search: { size: 50, sort: ["_doc"] } },
          { search: { size: 50, query: { match: { text: "even" } } } },
          { search: { size: 90, sort: ["n"] }, first: "&rest_total_hits_as_int=true" },
          { search: { size: 90, sort: ["n"] }, later: "?rest_total_hits_as_int=true" },
        ];
        for (const { search, first = "", later = "" } of searches) {
          let page = await send("POST", `/${index}/_search?scroll=1m${first}`, search);
          sent += 1;
          while (hitsOf(page).length > 0) {
            await write(index, base + 3000 + sent, 1);
            page = await send("POST", `/_search/scroll${later}`, { scroll: "1m", scroll_id: text(member(page, "_scroll_id")) });
            sent += 1;
          }
          await send("DELETE", "/_search/scroll", { scroll_id: text(member(page, "_scroll_id")) });
        }
        return sent;
      });
    });
  }

  test("what was overwritten since is not compared, what nobody saw is unsupported, each with its reason", async () => {
    const judged = await verdicts(async () => {
      const pit = text(member(await send("POST", `/${THREE}/_pit?keep_alive=1m`), "id"));
      const [fields] = [{ size: 0, aggs: { n: { sum: { field: "n" } } } }];
      await send("POST", `/${THREE}/_doc/d5?refresh=true`, { n: 100_000, group: "g" });
      await send("POST", "/_search", { ...fields, pit: { id: pit } });
      const unseen = text(member(await send("POST", `/${THREE}/_pit?keep_alive=1m`, undefined, address), "id"));
      await send("POST", "/_search", { ...fields, pit: { id: unseen } });
      await send("POST", "/_search", { size: 1, sort: ["n"], search_after: [3, 12_345], pit: { id: pit } });
      const scroll = await send("POST", `/${THREE}/_search?scroll=1m`, { size: 1 }, address);
      await send("POST", "/_search/scroll", { scroll_id: text(member(scroll, "_scroll_id")) });
      return 4;
    });
    assert.deepEqual(kinds(judged), ["not_compared", "unsupported", "unsupported", "unsupported"]);
    assert.match(judged[0]?.reason ?? "", /overwritten or deleted since/);
    assert.match(judged[1]?.reason ?? "", /before Parallax watched/);
    assert.match(judged[2]?.reason ?? "", /_shard_doc numbers/);
    assert.match(judged[3]?.reason ?? "", /before Parallax watched/);
  });
});

function hitsOf(body: JsonObject): readonly JsonValue[] {
  const hits = member(body, "hits");
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  return isArray(list) ? list : [];
}
