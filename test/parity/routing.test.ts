// Modes of indices beside a real Elasticsearch: who answers a request whose indices have several modes, what is mirrored, and that a
// split answer is what Elasticsearch gives.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ExchangeDetail, ExchangePage } from "../../src/shared/contract.ts";
import type { IndexInfo } from "../../src/shared/index_info.ts";
import type { RouteInfo } from "../../src/shared/routing.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;

const FAST = "routing-fast-1";
const PLAIN = "routing-plain-1";
const TAPPED = "routing-tapped-1";
const ALL = `${FAST},${PLAIN},${TAPPED}`;

interface Reply {
  readonly status: number;
  readonly source: string | null;
  readonly verdict: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: answers of both engines, compared as they come
  readonly body: any;
}

async function send(
  base: string,
  method: string,
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const type = /_bulk|_msearch/.test(path) ? "application/x-ndjson" : "application/json";
  const response = await fetch(base + path, {
    method,
    headers: { "content-type": type, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const source = response.headers.get("x-parallax-source");
  return { status: response.status, source, verdict: response.headers.get("x-parallax-verdict"), body: await response.json() };
}

const lines = (...items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join("");
const SUM = { size: 1, sort: ["n"], track_total_hits: true, aggs: { sum: { sum: { field: "n" } } } };
const FORCED = { "x-parallax-backend": "clickhouse" };

/** Without what only the clock and the process know. */
function plain(body: object): object {
  return JSON.parse(JSON.stringify(body, (name, value) => (name === "took" || name === "_shards" || name === "pit_id" ? 0 : value)));
}

describe("modes of indices", { skip, concurrency: 1, timeout: 180_000 }, () => {
  let parallax: ParallaxProcess;
  let asked = 0;
  const ask = (path: string, body?: object | string, headers: Readonly<Record<string, string>> = {}, method = "POST"): Promise<Reply> => {
    asked += 1;
    const text = typeof body === "object" ? JSON.stringify(body) : body;
    return send(parallax.proxyUrl, method, path, text, { "x-opaque-id": `ask ${asked}`, ...headers });
  };
  const direct = (path: string, body?: object | string, method = "POST"): Promise<Reply> =>
    send(address, method, path, typeof body === "object" ? JSON.stringify(body) : body);
  /** What was asked last, once it is judged. */
  const newest = async (): Promise<ExchangeDetail> => {
    const { exchanges } = await until(
      () => parallax.ask<ExchangePage>("/api/exchanges?limit=1&filter=~kind search"),
      ({ exchanges: [own] }) => own?.client === `ask ${asked}` && own.verdict !== null,
      60_000,
    );
    return parallax.ask(`/api/exchanges/${exchanges[0]?.id}`);
  };
  const info = async (name: string): Promise<IndexInfo | undefined> =>
    (await parallax.ask<readonly IndexInfo[]>("/api/indices")).find((index) => index.name === name);

  before(async () => {
    await direct(`/${ALL}?ignore_unavailable=true`, undefined, "DELETE");
    parallax = await startParallax([
      "--elasticsearch",
      address,
      ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse]),
      "--route",
      "routing-quick=clickhouse",
      "--route",
      "routing-tapped-*=tap",
    ]);
    for (const [at, name] of [FAST, PLAIN, TAPPED].entries()) {
      const aliases = { "routing-all": {}, ...(name === FAST ? { "routing-quick": {} } : {}) };
      const mappings = { properties: { n: { type: "long" }, name: { type: "keyword" } } };
      const made = await ask(`/${name}`, { settings: { number_of_shards: 1 + at, number_of_replicas: 0 }, mappings, aliases }, {}, "PUT");
      assert.equal(made.status, 200);
    }
    const items = [FAST, PLAIN, TAPPED].flatMap((name) =>
      Array.from({ length: 40 }, (_, n) => [{ index: { _index: name, _id: `d${n}` } }, { n, name: `${name} ${n % 3}` }]).flat(),
    );
    assert.equal((await ask("/_bulk?refresh=true", lines(...items))).body.errors, false);
  });
  after(async () => {
    await parallax?.stop();
    await direct(`/${ALL}?ignore_unavailable=true`, undefined, "DELETE");
  });

  test("an alias of a rule means its indices, and one bulk is mirrored by the mode of each", async () => {
    const mirrored = await until(
      () => info(PLAIN),
      (index) => index?.clickhouse.docs === 40,
      30_000,
    );
    assert.deepEqual([mirrored?.mode, mirrored?.modeFrom, mirrored?.notMirrored], ["compare", "listener", 0]);
    const tapped = await info(TAPPED);
    assert.deepEqual([tapped?.mode, tapped?.clickhouse.docs, tapped?.notMirrored], ["tap", null, 40]);
    assert.match(tapped?.reason ?? "", /in mode tap/);
    assert.equal((await info(FAST))?.mode, "clickhouse");
    const routes = await parallax.ask<readonly RouteInfo[]>("/api/routes");
    assert.deepEqual(
      routes.map(({ pattern, mode, from }) => [pattern, mode, from]),
      [
        ["routing-quick", "clickhouse", "configuration"],
        ["routing-tapped-*", "tap", "configuration"],
        ["*", "compare", "listener"],
      ],
    );
    assert.deepEqual([routes[0]?.indices, routes[1]?.indices], [[FAST], [TAPPED]]);
    assert.ok(routes[2]?.indices.includes(PLAIN));
  });

  test("one mode: ClickHouse answers, Elasticsearch answers and is compared, Elasticsearch answers alone", async () => {
    const fast = await ask("/routing-quick/_search", SUM);
    assert.deepEqual([fast.source, fast.verdict], ["clickhouse", null]);
    assert.deepEqual(plain(fast.body), plain((await direct("/routing-quick/_search", SUM)).body));
    const compared = await ask(`/${PLAIN}/_search`, SUM);
    assert.deepEqual([compared.source, compared.verdict], [null, null], "an answer of Elasticsearch carries nothing of ours");
    assert.equal((await newest()).verdict, "equal");
    assert.equal((await ask(`/${TAPPED}/_search`, SUM)).source, null);
    const alone = await newest();
    assert.deepEqual([alone.verdict, alone.note], ["not_compared", `${TAPPED} is in mode tap: it is neither mirrored nor compared`]);
  });

  test("several modes that can't be split: Elasticsearch answers, the exchange says why; forced on ClickHouse it is refused", async () => {
    for (const expression of [`${FAST},${PLAIN}`, "routing-*-1,-routing-tapped-1"]) {
      const spanning = await ask(`/${expression}/_search`, SUM);
      assert.deepEqual([spanning.source, spanning.verdict, spanning.body.hits.total.value], ["elasticsearch", "unsupported", 80]);
      const kept = await newest();
      assert.equal(kept.verdict, "equal", "it is compared all the same: both are mirrored");
      assert.match(kept.note, new RegExp(`several modes: ${FAST} in clickhouse; ${PLAIN} in compare`));
      assert.equal((await ask(`/${expression}/_search`, SUM, FORCED)).source, "clickhouse", "the header overrides the modes");
    }
    assert.equal((await ask("/routing-all/_search", SUM)).source, "elasticsearch");
    assert.match((await newest()).note, /in mode tap|in tap/);
    const refused = await ask("/routing-all/_search", SUM, FORCED);
    assert.deepEqual([refused.status, refused.source, refused.verdict], [503, null, "not_compared"]);
    assert.match(refused.body.error.reason, /in mode tap/);
  });

  test("an _msearch is split search by search, with what Elasticsearch gives in its place", async () => {
    const body = lines(
      { index: PLAIN },
      SUM,
      { index: "routing-quick" },
      SUM,
      { index: TAPPED },
      SUM,
      { index: FAST },
      { query: { term: { name: `${FAST} 1` } }, size: 2, sort: ["n"] },
      { index: "routing-nowhere" },
      SUM,
    );
    const split = await ask("/_msearch?filter_path=responses.hits,responses.aggregations,responses.status,responses.error.type", body);
    assert.deepEqual([split.source, split.verdict], ["clickhouse, elasticsearch", null]);
    const whole = await direct("/_msearch?filter_path=responses.hits,responses.aggregations,responses.status,responses.error.type", body);
    assert.deepEqual(plain(split.body), plain(whole.body));
    const kept = await newest();
    assert.deepEqual(
      kept.searches.map(({ comparison }) => [comparison.verdict, comparison.reason]),
      [
        ["equal", "Both answers are the same."],
        ["not_compared", "answered by ClickHouse alone"],
        ["not_compared", `${TAPPED} is in mode tap: it is neither mirrored nor compared`],
        ["not_compared", "answered by ClickHouse alone"],
        ["equal", "Both refuse the request: 404 index_not_found_exception"],
      ],
    );
    const forced = await ask("/_msearch", body, FORCED);
    assert.deepEqual([forced.status, forced.source], [503, null]);
  });

  test("a search of an _msearch that has no SQL goes to Elasticsearch alone", async () => {
    const body = lines({ index: FAST }, SUM, { index: FAST }, { ...SUM, explain: true });
    const split = await ask("/_msearch", body);
    assert.deepEqual([split.source, split.verdict], ["clickhouse, elasticsearch", "unsupported"]);
    assert.deepEqual(plain(split.body), plain((await direct("/_msearch", body)).body));
    const broken = lines({ index: FAST }, SUM, { index: PLAIN }, { query: { nothing: {} } });
    const [ours, theirs] = [await ask("/_msearch", broken), await direct("/_msearch", broken)];
    assert.deepEqual([ours.status, plain(ours.body)], [theirs.status, plain(theirs.body)]);
  });

  test("an _mget is split document by document", async () => {
    const docs = [FAST, TAPPED, PLAIN, FAST, "routing-nowhere"].map((_index, at) => ({
      _index,
      _id: at === 3 ? "none" : `d${at}`,
      _source: ["n"],
    }));
    const split = await ask("/_mget", { docs });
    assert.equal(split.source, "clickhouse, elasticsearch");
    const shown = (body: { readonly docs: readonly { readonly error?: { readonly type: string } }[] }): object =>
      body.docs.map((doc) => (doc.error === undefined ? doc : doc.error.type));
    assert.deepEqual(shown(split.body), shown((await direct("/_mget", { docs })).body));
  });

  test("a choice for one index wins over the rules at once, and what tap left out is said", async () => {
    await parallax.call("index.mode", { name: PLAIN, mode: "clickhouse" });
    assert.equal((await ask(`/${FAST},${PLAIN}/_search`, SUM)).source, "clickhouse");
    await parallax.call("index.mode", { name: PLAIN, mode: "tap" });
    assert.equal((await ask(`/${PLAIN}/_doc/late?refresh=true`, { n: 1000 })).status, 201);
    await until(
      () => info(PLAIN),
      (index) => (index?.notMirrored ?? 0) > 0,
      30_000,
    );
    await parallax.call("index.mode", { name: PLAIN });
    assert.equal((await ask(`/${PLAIN}/_search`, SUM)).body.hits.total.value, 41);
    const lacking = await newest();
    assert.equal(lacking.verdict, "not_compared");
    assert.match(lacking.note, /in mode tap/);
    await parallax.call("index.reconcile", { name: PLAIN });
    await until(
      () => ask(`/${PLAIN}/_search`, SUM).then(newest),
      ({ verdict }) => verdict === "equal",
      30_000,
    );
    assert.equal((await info(PLAIN))?.notMirrored, 0);
    await assert.rejects(parallax.call("index.mode", { name: "routing-nowhere", mode: "tap" }), /no index routing-nowhere/);
  });

  test("what ClickHouse opened is ClickHouse's to read and to close when the mode is another by then, and Elasticsearch's is its own", async () => {
    const page = { size: 15, sort: [{ n: "asc" }], query: { match_all: {} } };
    const theirs = await ask(`/${PLAIN}/_search?scroll=1m`, page);
    const ours = await ask(`/${FAST}/_search?scroll=1m`, page);
    const pit = await ask(`/${FAST}/_pit?keep_alive=1m`);
    assert.deepEqual([theirs.source, ours.source, pit.source], [null, "clickhouse", "clickhouse"]);
    await parallax.call("index.mode", { name: FAST, mode: "compare" });
    await parallax.call("index.mode", { name: PLAIN, mode: "clickhouse" });
    try {
      const [mine, other] = [ours.body._scroll_id, theirs.body._scroll_id];
      const second = await ask("/_search/scroll", { scroll: "1m", scroll_id: mine });
      assert.deepEqual([second.source, second.body.hits.hits.length, second.body.hits.hits[0]._source.n], ["clickhouse", 15, 15]);
      const next = await ask("/_search/scroll", { scroll: "1m", scroll_id: other });
      assert.deepEqual([next.status, next.body.hits.hits[0]._source.n], [200, 15]);
      const inPit = await ask("/_search", { ...page, pit: { id: pit.body.id, keep_alive: "1m" } });
      assert.deepEqual([inPit.source, inPit.body.hits.hits.length], ["clickhouse", 15]);
      const freed = await ask("/_search/scroll", { scroll_id: [mine, other] }, {}, "DELETE");
      assert.deepEqual([freed.status, freed.body.succeeded, freed.body.num_freed], [200, true, 1 + 2]);
      assert.equal((await ask("/_search/scroll", { scroll_id: mine })).status, 404);
      assert.equal((await ask("/_search/scroll", { scroll_id: other })).status, 404);
      assert.equal((await ask("/_pit", { id: pit.body.id }, {}, "DELETE")).body.succeeded, true);
    } finally {
      await parallax.call("index.mode", { name: FAST });
      await parallax.call("index.mode", { name: PLAIN });
    }
  });
});

describe("Elasticsearch in the shadow", { skip, concurrency: 1, timeout: 120_000 }, () => {
  test("what ClickHouse answered gets a verdict, with both answers kept", async () => {
    const index = "routing-shadow";
    await send(address, "DELETE", `/${index}?ignore_unavailable=true`);
    const parallax = await startParallax([
      ...["--elasticsearch", address, "--mode", "clickhouse", "--shadow"],
      ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse]),
    ]);
    try {
      const items = Array.from({ length: 20 }, (_, n) => [{ index: { _id: `d${n}` } }, { n }]).flat();
      await send(parallax.proxyUrl, "POST", `/${index}/_bulk?refresh=true`, lines(...items));
      for (const [path, body] of [
        [`/${index}/_search`, JSON.stringify(SUM)],
        [`/${index}/_async_search?wait_for_completion_timeout=30s`, JSON.stringify(SUM)],
        ["/_msearch", lines({ index }, SUM, { index }, { size: 0, aggs: { a: { max: { field: "n" } } } })],
      ] as const) {
        assert.equal((await send(parallax.proxyUrl, "POST", path, body)).source, "clickhouse");
        const { exchanges } = await until(
          () => parallax.ask<ExchangePage>("/api/exchanges?limit=1&filter=~kind search"),
          ({ exchanges: [own] }) => own?.verdict === "equal" && own.path === path,
          60_000,
        );
        assert.deepEqual([exchanges[0]?.path, exchanges[0]?.verdict], [path, "equal"], exchanges[0]?.note);
        for (const side of ["elasticsearch", "clickhouse"]) {
          const kept = await fetch(`${parallax.interfaceUrl}/api/exchanges/${exchanges[0]?.id}/${side}`);
          assert.match(await kept.text(), /"hits"/);
        }
      }
    } finally {
      await parallax.stop();
      await send(address, "DELETE", `/${index}`);
    }
  });
});
