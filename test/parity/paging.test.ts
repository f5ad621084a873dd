// Answers that take several requests: scrolls, points in time, async searches; each page is Elasticsearch's own.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isArray, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";
import { recordEndpoint } from "../coverage/record.ts";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";
import { differences } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;
const INDEX = "modes-pages";

interface Reply {
  readonly status: number;
  readonly source: string;
  readonly body: JsonObject;
}

async function send(base: string, method: string, path: string, body?: JsonValue): Promise<Reply> {
  const forced = base === address ? {} : { "x-parallax-backend": "clickhouse" };
  const response = await fetch(base + path, {
    method,
    headers: { "content-type": "application/json", ...forced },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value = parseJson(await response.text());
  return { status: response.status, source: response.headers.get("x-parallax-source") ?? "", body: isObject(value) ? value : {} };
}

function hitsOf(body: JsonObject): readonly JsonValue[] {
  const hits = member(body, "hits");
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  return isArray(list) ? list : [];
}

/** Without what is each engine's own. */
function page(body: JsonObject): JsonValue {
  const { took: _took, _scroll_id: _scroll, pit_id: _pit, terminated_early: _early, _shards, ...rest } = body;
  return rest;
}

const text = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

describe("answers of several requests", { skip, concurrency: 1, timeout: 300_000 }, () => {
  let parallax: ParallaxProcess;
  /** Ids that Elasticsearch gave, and that Parallax gave. */
  const seen = [new Set<string>(), new Set<string>()];

  before(async () => {
    await fetch(`${address}/${INDEX}?ignore_unavailable=true`, { method: "DELETE" });
    parallax = await startParallax(["--elasticsearch", address, ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse])]);
    const settings = { number_of_shards: 3, number_of_replicas: 0 };
    const mappings = { properties: { n: { type: "long" }, group: { type: "keyword" }, text: { type: "text" } } };
    await send(parallax.proxyUrl, "PUT", `/${INDEX}`, { settings, mappings });
    await write(0, 250);
  });
  after(async () => {
    await parallax?.stop();
    await fetch(`${address}/${INDEX}?ignore_unavailable=true`, { method: "DELETE" });
  });

  async function write(from: number, count: number): Promise<void> {
    const lines = Array.from({ length: count }, (_, i) => {
      const n = from + i;
      return `{"index":{"_id":"d${n}"}}\n{"n":${n},"group":"g${n % 3}","text":"number ${n} ${n % 2 === 0 ? "even" : "odd"}"}\n`;
    });
    const response = await fetch(`${parallax.proxyUrl}/${INDEX}/_bulk?refresh=true`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: lines.join(""),
    });
    assert.equal(response.status, 200, await response.text());
  }

  test("a scroll gives the same pages to its end, whatever is written meanwhile", async () => {
    const search = { size: 40, query: { match: { text: "even" } }, sort: ["n"], aggs: { n: { sum: { field: "n" } } } };
    const ids: string[] = [];
    for (const base of [address, parallax.proxyUrl]) {
      const first = await send(base, "POST", `/${INDEX}/_search?scroll=1m`, search);
      assert.equal(first.status, 200, JSON.stringify(first.body));
      ids.push(text(member(first.body, "_scroll_id")));
      if (base === address) continue;
      assert.equal(first.source, "clickhouse");
      assert.deepEqual(differences(page((await send(address, "POST", `/${INDEX}/_search`, search)).body), page(first.body)), []);
    }
    await write(1000, 20);
    for (let i = 0; i < 5; i += 1) {
      const [expected, actual] = await Promise.all(
        [address, parallax.proxyUrl].map((base, at) => send(base, "POST", "/_search/scroll", { scroll: "1m", scroll_id: ids[at] ?? "" })),
      );
      assert.deepEqual(differences(page(expected?.body ?? {}), page(actual?.body ?? {})), [], `page ${i + 2}`);
    }
    for (const [at, base] of [address, parallax.proxyUrl].entries()) {
      const gone = await send(base, "DELETE", "/_search/scroll", { scroll_id: ids[at] ?? "" });
      assert.deepEqual(member(gone.body, "succeeded"), true);
      assert.equal((await send(base, "POST", "/_search/scroll", { scroll_id: ids[at] ?? "" })).status, 404);
    }
    recordEndpoint(address, "POST", "/_search/scroll");
  });

  test("a scroll whose documents were overwritten ends with an error instead of another page", async () => {
    const first = await send(parallax.proxyUrl, "POST", `/${INDEX}/_search?scroll=1m`, { size: 10, sort: ["n"] });
    await write(5, 1);
    const next = await send(parallax.proxyUrl, "POST", "/_search/scroll", { scroll_id: text(member(first.body, "_scroll_id")) });
    assert.equal(next.status, 404);
    assert.match(JSON.stringify(next.body), /overwritten or deleted since/);
  });

  test("what Elasticsearch opened is Elasticsearch's to go on with", async () => {
    const first = await send(address, "POST", `/${INDEX}/_search?scroll=1m`, { size: 10, sort: ["n"] });
    const response = await fetch(`${parallax.proxyUrl}/_search/scroll`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ scroll_id: text(member(first.body, "_scroll_id")) }),
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("x-parallax-source"), null);
  });

  test("an async search is answered at once, kept where asked for, and deleted", async () => {
    const search = { size: 2, sort: ["n"], aggs: { g: { terms: { field: "group" } } } };
    const submitted = await send(
      parallax.proxyUrl,
      "POST",
      `/${INDEX}/_async_search?wait_for_completion_timeout=10s&keep_on_completion=true`,
      search,
    );
    assert.equal(submitted.status, 200);
    const id = text(member(submitted.body, "id"));
    assert.deepEqual([member(submitted.body, "is_running"), member(submitted.body, "is_partial")], [false, false]);
    const plain = await send(address, "POST", `/${INDEX}/_search`, search);
    const response = member(submitted.body, "response");
    assert.deepEqual(differences(page(plain.body), isObject(response) ? page(response) : null), []);
    const again = await send(parallax.proxyUrl, "GET", `/_async_search/${id}`);
    assert.deepEqual(differences(member(again.body, "response"), response), []);
    const status = await send(parallax.proxyUrl, "GET", `/_async_search/status/${id}`);
    assert.deepEqual([member(status.body, "is_running"), member(status.body, "completion_status")], [false, 200]);
    assert.deepEqual((await send(parallax.proxyUrl, "DELETE", `/_async_search/${id}`)).body, { acknowledged: true });
    assert.equal((await send(parallax.proxyUrl, "GET", `/_async_search/${id}`)).status, 404);
    const unkept = await send(parallax.proxyUrl, "POST", `/${INDEX}/_async_search?wait_for_completion_timeout=10s`, search);
    assert.equal(member(unkept.body, "id"), undefined);
    const early = await send(parallax.proxyUrl, "POST", `/${INDEX}/_async_search?wait_for_completion_timeout=0ms`, search);
    const later = await send(parallax.proxyUrl, "GET", `/_async_search/${text(member(early.body, "id"))}?wait_for_completion_timeout=10s`);
    assert.deepEqual([member(early.body, "is_running"), member(later.body, "is_running")], [true, false]);
  });

  test("a point in time gives the same pages by search_after, whatever is written meanwhile", async () => {
    const pits: string[] = [];
    for (const base of [address, parallax.proxyUrl]) {
      const opened = await send(base, "POST", `/${INDEX}/_pit?keep_alive=1m`);
      assert.equal(opened.status, 200, JSON.stringify(opened.body));
      pits.push(text(member(opened.body, "id")));
    }
    await write(2000, 20);
    const after: (readonly JsonValue[] | undefined)[] = [undefined, undefined];
    let pages = 0;
    for (let left = true; left; pages += 1) {
      const replies = await Promise.all(
        [address, parallax.proxyUrl].map((base, at) => {
          const own = after[at];
          const pit = { id: pits[at] ?? "", keep_alive: "1m" };
          return send(base, "POST", "/_search", { size: 60, sort: ["group"], pit, ...(own === undefined ? {} : { search_after: own }) });
        }),
      );
      const [expected, actual] = replies;
      assert.equal(actual?.status, 200, JSON.stringify(actual?.body));
      assert.equal(hitsOf(actual?.body ?? {}).length, hitsOf(expected?.body ?? {}).length);
      const total = (reply: Reply | undefined) => (reply === undefined ? null : page({ ...reply.body, hits: 0 }));
      assert.deepEqual(differences(total(expected), total(actual)), []);
      // Which of the tied ones come first is each engine's own: their groups are the same.
      const groups = (reply: Reply | undefined) =>
        hitsOf(reply?.body ?? {}).map((hit) => (isObject(hit) && isArray(hit.sort) ? (hit.sort[0] ?? null) : null));
      assert.deepEqual(groups(actual), groups(expected));
      for (const [at, reply] of replies.entries()) {
        const last = hitsOf(reply.body).at(-1);
        after[at] = isObject(last) && isArray(last.sort) ? last.sort : undefined;
        pits[at] = text(member(reply.body, "pit_id")) || (pits[at] ?? "");
        for (const hit of hitsOf(reply.body)) seen[at]?.add(isObject(hit) ? text(member(hit, "_id")) : "");
      }
      left = hitsOf(expected?.body ?? {}).length === 60;
    }
    assert.ok(pages >= 5, `${pages} pages`);
    assert.deepEqual([...(seen[1] ?? [])].sort(), [...(seen[0] ?? [])].sort());
    const whole = { size: 0, aggs: { n: { sum: { field: "n" } } } };
    const [expected, actual] = await Promise.all(
      [address, parallax.proxyUrl].map((base, at) => send(base, "POST", "/_search", { ...whole, pit: { id: pits[at] ?? "" } })),
    );
    assert.deepEqual(differences(page(expected?.body ?? {}), page(actual?.body ?? {})), []);
    const named = await send(parallax.proxyUrl, "POST", `/${INDEX}/_search`, { ...whole, pit: { id: pits[1] ?? "" } });
    assert.equal(named.status, 400);
    for (const [at, base] of [address, parallax.proxyUrl].entries()) {
      assert.equal(member((await send(base, "DELETE", "/_pit", { id: pits[at] ?? "" })).body, "succeeded"), true);
      assert.equal((await send(base, "POST", "/_search", { ...whole, pit: { id: pits[at] ?? "" } })).status, 404);
    }
    recordEndpoint(address, "DELETE", "/_pit");
  });

  test("a point in time whose documents were deleted is gone", async () => {
    const opened = await send(parallax.proxyUrl, "POST", `/${INDEX}/_pit?keep_alive=1m`);
    await send(parallax.proxyUrl, "DELETE", `/${INDEX}/_doc/d9?refresh=true`);
    const search = await send(parallax.proxyUrl, "POST", "/_search", { size: 1, pit: { id: text(member(opened.body, "id")) } });
    assert.equal(search.status, 404);
    assert.match(JSON.stringify(search.body), /overwritten or deleted since/);
  });
});
