// Two Parallax processes in front of one Elasticsearch, into one ClickHouse: nothing doubled, nothing lost, and each knows of the
// other's writes before it compares.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ExchangePage } from "../../src/shared/contract.ts";
import { startTestClickHouse } from "../support/clickhouse_server.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH;
const skip = address === undefined ? "PARALLAX_TEST_ELASTICSEARCH is not set" : false;
const INDEX = `two-instances-${process.pid}`;
const ROUNDS = 12;
/** Equal, or one of them does not have what the other wrote and says so. */
const SETTLED = /^(equal|not_compared .* reconcile it)/;
const settled = (verdict: string): boolean => SETTLED.test(verdict);
const JSON_TYPE = { "content-type": "application/json" };

describe("two instances at one ClickHouse", { skip, timeout: 240_000 }, () => {
  let clickhouse: Awaited<ReturnType<typeof startTestClickHouse>>;
  let both: readonly [ParallaxProcess, ParallaxProcess];

  before(async () => {
    clickhouse = await startTestClickHouse();
    const args = ["--elasticsearch", address ?? "", "--clickhouse", clickhouse.url];
    both = [await startParallax(args), await startParallax(args)];
  });
  after(async () => {
    await Promise.all(both.map((parallax) => parallax.stop()));
    await clickhouse.stop();
    await fetch(`${address}/${INDEX}`, { method: "DELETE" });
  });

  async function send(parallax: ParallaxProcess, method: string, path: string, body?: string, headers = {}): Promise<string> {
    const init = body === undefined ? {} : { body };
    const answer = await fetch(parallax.proxyUrl + path, { method, headers: { ...JSON_TYPE, ...headers }, ...init });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text;
  }

  const bulk = (parallax: ParallaxProcess, lines: readonly string[], query = ""): Promise<string> =>
    send(parallax, "POST", `/${INDEX}/_bulk${query}`, `${lines.join("\n")}\n`, { "content-type": "application/x-ndjson" });

  const documents = (from: number, to: number, source: (id: number) => string): readonly string[] =>
    Array.from({ length: to - from }, (_, i) => `{"index":{"_id":"${from + i}"}}\n${source(from + i)}`);

  const SEARCH = `{"size":5,"sort":[{"n":"desc"}],"aggs":{"by":{"terms":{"field":"by.keyword"}},"sum":{"sum":{"field":"n"}}}}`;

  const verdicts = async (parallax: ParallaxProcess): Promise<readonly string[]> => {
    const judged = await until(
      () => parallax.ask<ExchangePage>("/api/exchanges?limit=500"),
      ({ exchanges }) => exchanges.every(({ kind, verdict }) => kind !== "search" || verdict !== null),
      60_000,
    );
    return judged.exchanges.flatMap(({ kind, verdict, note }) => (kind === "search" ? [`${verdict} ${note}`] : []));
  };

  test("write the same documents in turns and at once, and never find a difference", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(
        both.map(async (parallax, who) => {
          const from = round * 20 + who * 10;
          await bulk(
            parallax,
            documents(from, from + 20, (id) => `{"n":${id},"by":"p${who}"${who === 1 ? `,"extra${round}":[1,2]` : ""}}`),
          );
          await send(parallax, "POST", `/${INDEX}/_search`, SEARCH);
        }),
      );
    }
    await bulk(
      both[1],
      Array.from({ length: 15 }, (_, i) => `{"delete":{"_id":"${i * 3}"}}`),
      "?refresh=true",
    );
    for (const parallax of both) {
      const found = await verdicts(parallax);
      assert.ok(found.length >= ROUNDS);
      assert.deepEqual(
        found.filter((verdict) => !/^(equal|equivalent|not_compared)/.test(verdict)),
        [],
      );
    }
  });

  test("compare as equal once both have written, and answer from ClickHouse what the other has written", async () => {
    const body = await send(both[0], "POST", `/${INDEX}/_search`, SEARCH);
    for (const parallax of both) {
      const verdict = await until(
        async () => {
          await send(parallax, "POST", `/${INDEX}/_search`, SEARCH);
          return (await verdicts(parallax))[0] ?? "";
        },
        settled,
        30_000,
      );
      assert.match(verdict, SETTLED);
      const forced = JSON.parse(await send(parallax, "POST", `/${INDEX}/_search`, SEARCH, { "x-parallax-backend": "clickhouse" }));
      const theirs = JSON.parse(body);
      assert.deepEqual([forced.hits.total, forced.aggregations], [theirs.hits.total, theirs.aggregations]);
    }
  });

  test("tell no difference of an index that one of them made anew: it is equal, or to be reconciled", async () => {
    await send(both[1], "DELETE", `/${INDEX}`);
    await bulk(
      both[1],
      documents(0, 30, (id) => `{"n":${id},"by":"new"}`),
      "?refresh=true",
    );
    for (const parallax of both) {
      const verdict = await until(
        async () => {
          await send(parallax, "POST", `/${INDEX}/_search`, SEARCH);
          return (await verdicts(parallax))[0] ?? "";
        },
        settled,
        30_000,
      );
      assert.match(verdict, SETTLED);
    }
  });
});
