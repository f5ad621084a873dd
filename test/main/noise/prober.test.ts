// A search asked several times of two made-up sides: what of their answers is noise, what the differences stand on, and what is refused.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ProbedSides } from "../../../src/main/noise/probe.ts";
import { ProbeRefusal, Prober } from "../../../src/main/noise/prober.ts";
import type { Difference, ExchangeDetail } from "../../../src/shared/exchange.ts";
import { type JsonObject, parseObject } from "../../../src/shared/json.ts";
import type { NoiseFound } from "../../../src/shared/noise.ts";
import { fakeExchanges } from "../../support/fake_exchanges.ts";
import { noisySides } from "../../support/fake_noise.ts";
import { differing } from "../../support/fake_sides.ts";
import { until } from "../../support/parallax_process.ts";

function exchange(path = "/logs/_search?typed_keys=true", body = '{"size":10}', differences: readonly Difference[] = []): ExchangeDetail {
  const [fake] = fakeExchanges(1, 1_700_000_000_000);
  assert.ok(fake);
  const comparison = { ...differing("/x"), differences, differenceCount: differences.length };
  const part = { position: 0, index: "logs", body, statements: [], clickhouse: null, comparison, shape: "", clickhouseMs: 1 };
  return {
    ...fake.detail,
    id: 7,
    method: "POST",
    path,
    kind: "search",
    verdict: "different",
    searches: [part],
    request: { ...fake.detail.request, truncated: false, headers: [["content-type", "application/json"]] },
  };
}

async function probed(sides: ProbedSides, detail = exchange(), times = 5, prober = new Prober()): Promise<NoiseFound> {
  const body = Buffer.from(detail.searches[0]?.body ?? "");
  const { result, problem } = await prober.probe({ session: {}, detail, body, sides, times });
  assert.ok(result !== null, problem);
  return result;
}

const json = (text: string): JsonObject => parseObject(text) ?? assert.fail(`no object: ${text}`);
const hit = (id: number, more = ""): string => `{"_index":"logs","_id":"${id}"${more}}`;
const hits = (list: readonly string[], total = 9): JsonObject =>
  json(
    `{"took":${Math.floor(total)},"_shards":{"total":3,"failed":0},"hits":{"total":{"value":${total},"relation":"eq"},"hits":[${list}]}}`,
  );
const value = (text: string): JsonObject => json(`{"aggregations":{"a":{"value":${text}}}}`);
const valueDiffers = (elasticsearch: string, clickhouse: string, path = "/aggregations/a/value"): Difference => ({
  path,
  kind: "value",
  elasticsearch,
  clickhouse,
});

describe("a search probed for noise", () => {
  test("tells values by pattern where several hits disagree alike, and by their own path where one does", async () => {
    const scored = (n: number, alone = n) =>
      hits([1, 2, 3].map((id) => hit(id, `,"_score":${id + n / 4},"fields":{"x":[${id === 2 ? alone : 0}]}`)));
    const { elasticsearch, clickhouse, known } = await probed(noisySides({ elasticsearch: (n) => scored(n), clickhouse: () => scored(0) }));
    assert.deepEqual(
      elasticsearch.noisy.map(({ path, kind, places, distinct, apart }) => [path, kind, places, distinct, apart]),
      [
        ["/hits/hits/*/_score", "value", 3, 5, false],
        ["/hits/hits/[_id=2]/fields/x/0", "value", 1, 5, false],
      ],
    );
    assert.deepEqual(elasticsearch.noisy[1]?.examples, ["0", "1", "2", "3", "4"]);
    assert.deepEqual(elasticsearch.noisy[1]?.spread, { share: 1, distance: 4 });
    assert.deepEqual([clickhouse.noisy, clickhouse.answers], [[], 5]);
    assert.deepEqual(
      known.map(({ path, sides }) => [path, sides]),
      [
        ["/hits/hits/*/_score", ["elasticsearch"]],
        ["/hits/hits/[_id=2]/fields/x/0", ["elasticsearch"]],
      ],
    );
  });

  test("a bucket that is the same for all stays in the pattern; how an answer was made is no noise", async () => {
    const nested = (n: number) =>
      json(
        `{"took":${n},"aggregations":{"a":{"buckets":[{"key":"x","b":{"buckets":[{"key":1,"s":{"value":${n}.5}},{"key":2,"s":{"value":${n * 2}.5}}]}}]}}}`,
      );
    const { elasticsearch, clickhouse } = await probed(noisySides({ elasticsearch: nested, clickhouse: (n) => nested(4 - n) }));
    for (const { noisy } of [elasticsearch, clickhouse])
      assert.deepEqual(
        noisy.map(({ path, places }) => [path, places]),
        [["/aggregations/a/buckets/[key=x]/b/buckets/*/s/value", 2]],
      );
  });

  test("order and elements that come and go are told; only the order can be remembered", async () => {
    const orders = [
      ["1", "2", "3"],
      ["2", "1", "3"],
      ["1", "2", "4"],
      ["3", "2", "1"],
      ["1", "2", "3"],
    ];
    const answer = (n: number) => hits((orders[n] ?? []).map((id) => hit(Number(id), `,"sort":[${id}]`)));
    const detail = exchange("/logs/_search", '{"size":3,"sort":["n"]}');
    const { elasticsearch, known } = await probed(noisySides({ elasticsearch: answer, clickhouse: () => answer(0) }), detail);
    assert.deepEqual(elasticsearch.noisy.map(({ path, kind }) => [path, kind]).toSorted(), [
      ["/hits/hits/*", "order"],
      ["/hits/hits/*", "presence"],
    ]);
    assert.deepEqual(
      known.map(({ path, kind }) => [path, kind]),
      [["/hits/hits/*", "order"]],
    );
  });

  test("sides that are further apart than either strays are no noise: numbers, counts and texts", async () => {
    const apart = async (theirs: readonly string[], ours: readonly string[]) => {
      const found = await probed(
        noisySides({ elasticsearch: (n) => value(theirs[n % theirs.length] ?? ""), clickhouse: (n) => value(ours[n % ours.length] ?? "") }),
        exchange(undefined, undefined, [valueDiffers(theirs[0] ?? "", ours[0] ?? "")]),
      );
      assert.equal(found.known.length === 0, found.elasticsearch.noisy[0]?.apart ?? false);
      return [found.elasticsearch.noisy[0]?.apart, found.standing];
    };
    assert.deepEqual(await apart(["10.5", "10.75"], ["10.25"]), [false, "noise"]);
    assert.deepEqual(await apart(["10.5", "10.75"], ["12.5"]), [true, "beyond noise"]);
    assert.deepEqual(await apart(["10", "11"], ["11"]), [false, "noise"]);
    assert.deepEqual(await apart(["10", "11"], ["9"]), [true, "beyond noise"]);
    assert.deepEqual(await apart(["10", "11"], ["9", "10"]), [false, "noise"]);
    assert.deepEqual(await apart(['"a"', '"b"'], ['"b"']), [false, "noise"]);
    assert.deepEqual(await apart(['"a"', '"b"'], ['"c"']), [true, "beyond noise"]);
    assert.deepEqual(await apart(['"a"', '"b"', '"c"', '"d"', '"e"'], ['"f"']), [false, "noise"]);
  });

  test("differences stand on noise only, in part, or not at all", async () => {
    const standing = async (...differences: Difference[]) => {
      const sides = noisySides({ elasticsearch: (n) => value(`${n % 3}.5`), clickhouse: () => value("1.5") });
      const found = await probed(sides, exchange(undefined, undefined, differences));
      return [found.standing, found.withinNoise, found.beyond];
    };
    const within = valueDiffers("0.5", "1.5");
    const beyond = valueDiffers("3", "4", "/hits/total/value");
    assert.deepEqual(await standing(), ["none", 0, []]);
    assert.deepEqual(await standing(within), ["noise", 1, []]);
    assert.deepEqual(await standing(within, beyond), ["partly", 1, [beyond.path]]);
    assert.deepEqual(await standing(valueDiffers("0.5", "100.5")), ["beyond noise", 0, [within.path]]);
    assert.deepEqual(await standing({ ...within, kind: "missing", clickhouse: null }), ["beyond noise", 0, [within.path]]);
  });

  test("what changes once and stays looks like a write, and what is said of writes is told", async () => {
    const once = await probed(noisySides({ elasticsearch: (n) => value(n < 2 ? "1" : "2"), clickhouse: () => value("2") }));
    assert.match(once.disturbed, /^Elasticsearch's answers from number 3 on agree with each other/);
    const told = "writes to logs went on while it was searched";
    const wrote = await probed(noisySides({ elasticsearch: (n) => value(`${n}`), clickhouse: () => value("1"), unsettled: told }));
    assert.deepEqual([wrote.disturbed, wrote.standing], [told, "none"]);
  });

  test("asks without a cache, without the client's own preference, and without what it opens", async () => {
    const asked: string[] = [];
    const sides = noisySides({ elasticsearch: () => value("1"), clickhouse: () => value("1") }, asked);
    await probed(sides, exchange("/a,b/_search?preference=1699999999&scroll=1m&typed_keys=true&filter_path=hits"), 3);
    await probed(sides, exchange("/_search?preference=_local&request_cache=true"), 3);
    await probed(sides, exchange("/logs/_count?q=x"), 3);
    assert.deepEqual(
      [...new Set(asked)],
      ["/a,b/_search?typed_keys=true&request_cache=false", "/_all/_search?preference=_local&request_cache=false", "/logs/_count?q=x"],
    );
    assert.equal(asked.length, 9);
  });

  test("a side that refuses is asked once, and the other all the same", async () => {
    const asked: string[] = [];
    const sides = noisySides({ elasticsearch: () => value("1"), clickhouse: (n) => value(`${n}`) }, asked);
    const refusing: ProbedSides = {
      ...sides,
      elasticsearch: async (target, body) => {
        await sides.elasticsearch(target, body);
        return { status: 400, body: json('{"error":{"type":"parsing_exception"},"status":400}') };
      },
    };
    const { elasticsearch, clickhouse } = await probed(refusing);
    assert.deepEqual(
      [elasticsearch.answers, elasticsearch.problem, elasticsearch.latencyMs],
      [0, "it is refused with 400 parsing_exception", null],
    );
    assert.equal(asked.length, 1);
    assert.deepEqual([clickhouse.answers, clickhouse.latencyMs], [5, { min: 1, median: 3, max: 5 }]);
    assert.equal(clickhouse.noisy[0]?.distinct, 5);
  });

  test("answers in part are not counted", async () => {
    const answers = [value("1"), json('{"timed_out":true,"aggregations":{"a":{"value":7}}}'), value("1")];
    const { elasticsearch } = await probed(
      noisySides({ elasticsearch: (n) => answers[n] ?? {}, clickhouse: () => value("1") }),
      exchange(),
      3,
    );
    assert.deepEqual([elasticsearch.answers, elasticsearch.noisy], [2, []]);
    assert.match(elasticsearch.problem, /timed out/);
  });

  test("is followed and stopped, and one is under way at a time", async () => {
    const [prober, session, gate] = [new Prober(), {}, Promise.withResolvers<void>()];
    const sides = noisySides({ elasticsearch: (n) => value(`${n}`), clickhouse: () => value("1") });
    const slow: ProbedSides = {
      ...sides,
      clickhouse: async (search) => {
        await gate.promise;
        return sides.clickhouse(search);
      },
    };
    const detail = exchange();
    const over = prober.probe({ session, detail, body: Buffer.from("{}"), sides: slow, times: 20 });
    const { state, asked, times } = await until(
      () => prober.state(session, 7),
      (one) => one.asked === 1,
      60_000,
    );
    assert.deepEqual([state, asked, times], ["running", 1, 20]);
    await assert.rejects(
      prober.probe({ session, detail, body: Buffer.from("{}"), sides }),
      (error) => error instanceof ProbeRefusal && error.code === "probing",
    );
    prober.stop(session, 7);
    gate.resolve();
    const ended = await over;
    assert.deepEqual([ended.state, ended.asked, ended.result?.elasticsearch.answers], ["stopped", 2, 1]);
  });

  test("says why a search can't be asked again, and what went wrong while it was", async () => {
    const sides = noisySides({ elasticsearch: () => value("1"), clickhouse: () => value("1") });
    const refused = (detail: ExchangeDetail) =>
      new Prober().probe({ session: {}, detail, body: Buffer.from(detail.searches[0]?.body ?? ""), sides });
    await assert.rejects(refused(exchange("/_search", '{"pit":{"id":"x"}}')), /point in time/);
    await assert.rejects(refused(exchange("/_search/scroll", "{}")), /the search that opened it/);
    await assert.rejects(refused(exchange("/_query", '{"query":"FROM logs"}')), /ES\|QL/);
    await assert.rejects(refused(exchange("/_search", "{")), /can't be read/);
    await assert.rejects(refused({ ...exchange(), searches: [] }), /no such search/);
    const away: ProbedSides = { ...sides, elasticsearch: async () => Promise.reject(new Error("nobody there")) };
    const { state, problem } = await new Prober().probe({ session: {}, detail: exchange(), body: Buffer.from("{}"), sides: away });
    assert.deepEqual([state, problem], ["failed", "nobody there"]);
  });
});
