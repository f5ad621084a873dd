// Bucket aggregations with their options on both engines, on one shard and on three: the cases of cases/buckets.ndjson and
// cases/limits.ndjson, and trees of them that a seed makes up. What both refuse with the same type and status agrees, too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { typesOf } from "../../src/main/matcher/errors.ts";
import { RejectedRequest } from "../../src/main/translate/failure.ts";
import { isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { connectEngines, differences, type Loaded, load, type Outcome, runBoth, send } from "../support/two_engines.ts";

const SEED = 20_261_122;
const TREES = 40;
const engines = connectEngines("buckets_parity");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";

const MAPPINGS: JsonObject = {
  properties: {
    color: { type: "keyword" },
    tag: { type: "keyword" },
    kind: { type: "keyword" },
    lot: { type: "integer" },
    when: { type: "date" },
    size: { type: "long" },
    n: { type: "integer" },
    price: { type: "double" },
    weight: { type: "half_float" },
    f: { type: "float" },
    sold: { type: "boolean" },
    at: { type: "date" },
    day: { type: "date", format: "yyyy-MM-dd" },
    nano: { type: "date_nanos" },
    ip: { type: "ip" },
    place: { type: "geo_point" },
    title: { type: "text" },
  },
};

const COLORS = ["red", "green", "blue", "cyan", "magenta", "yellow", "black", "white", "éa", "", "orange", "pink", "brown"] as const;
const TITLES = ["quick brown fox", "lazy dog", "quick dog", "brown bear sleeps", "fox and dog"] as const;

/** 300 documents, skewed to the first colours; values in quarters, so that sums are exact. */
function documents(random: Random): readonly string[] {
  const { below, pick } = random;
  const skewed = (): string => COLORS[Math.floor((below(COLORS.length) * below(COLORS.length)) / COLORS.length)] ?? "red";
  const tag = (): string => `t${below(25)}`;
  return Array.from({ length: 300 }, (_, i) => {
    const ms = Date.UTC(2024, 9, 1) + below(90 * 86_400) * 1000 + below(1000);
    const moment = new Date(ms).toISOString();
    return JSON.stringify({
      ...(below(10) > 0 ? { color: below(6) > 0 ? skewed() : [skewed(), skewed()] } : {}),
      ...(below(12) > 0 ? { tag: below(5) > 0 ? tag() : [tag(), tag(), tag()] } : {}),
      ...(below(8) > 0 ? { size: below(5) > 0 ? below(20) - 5 : [below(20), below(20)] } : {}),
      ...(below(3) > 0 ? { n: below(6) } : {}),
      ...(below(6) > 0 ? { price: below(20) > 0 ? below(400) / 4 : [below(400) / 4, -0.0] } : {}),
      ...(below(4) > 0 ? { weight: below(30) / 10 } : {}),
      ...(below(4) > 0 ? { f: below(50) / 10 } : {}),
      ...(below(4) > 0 ? { sold: below(2) === 1 } : {}),
      ...(below(9) > 0 ? { at: below(8) > 0 ? moment : [ms, ms - 259_200_000] } : {}),
      ...(below(4) > 0 ? { day: moment.slice(0, 10) } : {}),
      ...(below(3) > 0 ? { nano: moment.replace("Z", "123456Z") } : {}),
      ...(below(6) > 0 ? { ip: below(5) > 0 ? `10.${below(3)}.0.${below(40)}` : [`192.168.0.${below(20)}`, "2001:db8::5"] } : {}),
      ...(below(4) > 0 ? { place: { lat: (below(17_800) - 8900) / 100, lon: (below(35_800) - 17_900) / 100 } } : {}),
      title: `${pick(TITLES)} ${skewed()}`,
      kind: `k${(i * i) % 7}`,
      lot: (i * 13) % 50,
      when: new Date(Date.UTC(2024, 9, 20) + i * 3_700_000).toISOString(),
    });
  });
}

// limits.ndjson has what Elasticsearch refuses, and pipelines over every kind of bucket.
const CASES = ["buckets.ndjson", "limits.ndjson"].flatMap((file) =>
  readFileSync(join(import.meta.dirname, "cases", file), "utf8")
    .split("\n")
    .filter((line) => line !== ""),
);

/** A bucket aggregation with random options; quarters below it. */
function bucketTree(random: Random, depth: number): JsonObject {
  const { below, pick } = random;
  const maybe = (name: string, value: JsonObject[string], odds = 3): JsonObject => (below(odds) === 0 ? { [name]: value } : {});
  const keyword = pick(["color", "tag", "ip", "sold", "size", "day"]);
  const kinds: readonly [() => JsonObject, ...(() => JsonObject)[]] = [
    () => ({
      terms: {
        field: keyword,
        ...maybe("size", 1 + below(6), 1),
        ...maybe("shard_size", 6 + below(10)),
        ...maybe("min_doc_count", 1 + below(4)),
        ...maybe("order", pick([{ _key: "asc" }, { _key: "desc" }, { _count: "asc" }, { m: "desc" }, [{ m: "asc" }, { _key: "desc" }]])),
      },
    }),
    () => ({
      histogram: { field: pick(["price", "size", "f"]), interval: pick([5, 7.5, 20]), ...maybe("offset", 2), ...maybe("min_doc_count", 1) },
    }),
    () => ({
      date_histogram: {
        field: pick(["at", "day", "nano"]),
        ...pick([{ calendar_interval: "month" }, { calendar_interval: "week" }, { fixed_interval: "10d" }]),
        ...maybe("time_zone", pick(["Europe/Paris", "America/New_York", "+05:30"])),
        ...maybe("offset", pick(["+6h", "-1d"])),
        ...maybe("order", pick([{ _key: "desc" }, { _count: "desc" }])),
      },
    }),
    () => ({
      range: {
        field: pick(["price", "size", "f"]),
        ranges: [{ to: below(20) }, { from: 5, to: 5 + below(40) }, { from: 30 }],
        keyed: below(2) === 0,
      },
    }),
    () => ({
      date_range: {
        field: "at",
        ranges: [{ to: "2024-11-01" }, { from: "2024-10-20", to: "2024-12-01||/w" }],
        ...maybe("time_zone", "Asia/Tokyo"),
      },
    }),
    () => ({ ip_range: { field: "ip", ranges: [{ mask: `10.${below(3)}.0.0/${20 + below(9)}` }, { from: "10.1.0.0" }] } }),
    () => ({ ip_prefix: { field: "ip", prefix_length: 8 + below(24), ...maybe("min_doc_count", 2) } }),
    () => ({
      filters: { filters: { a: { term: { color: "red" } }, b: { range: { size: { gte: below(10) } } } }, ...maybe("other_bucket", true) },
    }),
    () => ({ filter: { term: { sold: below(2) === 0 } } }),
    () => ({ missing: { field: keyword } }),
    () => ({ geotile_grid: { field: "place", precision: 1 + below(4), size: 1 + below(9) } }),
  ];
  const metric: JsonObject = pick<JsonObject>([
    { sum: { field: "price" } },
    { avg: { field: "size" } },
    { max: { field: "price" } },
    { cardinality: { field: "tag" } },
  ]);
  const aggs: JsonObject = depth > 0 && below(3) > 0 ? { m: metric, t: bucketTree(random, depth - 1) } : { m: metric };
  return { ...pick(kinds)(), aggs };
}

/** Buckets in buckets of fields that each document has one value of, some of them without metrics. */
function countedTree(random: Random, depth: number): JsonObject {
  const { below, pick } = random;
  const own = pick<JsonObject>([
    { terms: { field: "kind", size: 1 + below(8), order: pick([{ _count: "desc" }, { _key: "asc" }]) } },
    { terms: { field: "lot", size: 1 + below(20), min_doc_count: 1 + below(2) } },
    { histogram: { field: "lot", interval: 7, min_doc_count: below(3) } },
    { date_histogram: { field: "when", calendar_interval: pick(["day", "week"]), time_zone: "Europe/Paris", min_doc_count: below(2) } },
    { terms: { field: "tag", missing: "none" } },
    { range: { field: "lot", ranges: [{ to: 10 }, { from: 5, to: 30 }, { from: 25 }] } },
    { filters: { filters: { red: { term: { color: "red" } }, late: { range: { lot: { gte: below(50) } } } }, other_bucket: true } },
  ]);
  const inside: JsonObject = {
    ...(below(3) === 0 ? { m: pick<JsonObject>([{ sum: { field: "price" } }, { cardinality: { field: "tag" } }]) } : {}),
    ...(below(5) === 0 ? { few: { filter: { term: { sold: true } } } } : {}),
    ...(depth > 0 ? { t: countedTree(random, depth - 1) } : {}),
    ...(depth > 0 && below(4) === 0 ? { u: countedTree(random, depth - 1) } : {}),
  };
  return { ...own, aggs: inside };
}

for (const shards of [1, 3]) {
  describe(`buckets over ${shards} shard${shards === 1 ? "" : "s"}, seed ${SEED}, agree on`, {
    skip: engines === null ? missing : false,
  }, () => {
    const name = `buckets-parity-${shards}`;
    let loaded: Loaded;

    before(async () => {
      assert.ok(engines);
      loaded = await load(engines, { name, mappings: MAPPINGS, documents: documents(seededRandom(SEED)), shards });
    });

    after(async () => {
      assert.ok(engines);
      await send(engines, "DELETE", `/${name}`);
    });

    for (const line of CASES) {
      test(line.slice(0, 160), async () => {
        const body = parseJson(line);
        assert.ok(isObject(body));
        await agree(loaded, body);
      });
    }

    test(`${TREES} trees made up`, async () => {
      const random = seededRandom(SEED + shards);
      for (let i = 0; i < TREES; i += 1) {
        const query = random.pick<JsonObject>([{ match_all: {} }, { term: { sold: true } }, { range: { size: { gte: 3 } } }]);
        await agree(loaded, { query, aggs: { a: bucketTree(random, 2) } });
      }
    });

    test(`${TREES} trees of counts made up`, async () => {
      const random = seededRandom(SEED + shards);
      for (let i = 0; i < TREES; i += 1) {
        const query = random.pick<JsonObject>([{ match_all: {} }, { range: { lot: { gte: 3 } } }]);
        await agree(loaded, { query, aggs: { a: countedTree(random, 2) } });
      }
    });
  });
}

after(async () => {
  await engines?.clickhouse.command("DROP DATABASE IF EXISTS buckets_parity SYNC");
  await engines?.clickhouse.close();
});

async function agree(loaded: Loaded, body: JsonObject): Promise<void> {
  const search = { size: 0, track_total_hits: false, ...body };
  try {
    compare(await runBoth([loaded], search, Date.now()), JSON.stringify(body));
  } catch (refusal) {
    if (!(refusal instanceof RejectedRequest)) throw refusal;
    // Found out while the answer was put together.
    const answer = await send(loaded.engines, "POST", `/${loaded.table.index}/_search`, printJson(search));
    const error = isObject(answer) ? member(answer, "error") : undefined;
    assert.ok(typesOf(error).has(refusal.errorType), `${JSON.stringify(body)} ${refusal.errorType}: ${refusal.message}`);
    assert.equal(isObject(answer) ? Number(member(answer, "status")) : 0, refusal.status, JSON.stringify(body));
  }
}

function compare(outcome: Outcome, text: string): void {
  const error = member(outcome.elasticsearch, "error");
  const { translation } = outcome;
  if (translation.kind === "unsupported") assert.fail(`${text} ${JSON.stringify(translation.unsupported)}`);
  if (error !== undefined || translation.kind === "rejected") {
    const expected = translation.kind === "rejected" ? translation.error : null;
    assert.ok(expected !== null && typesOf(error).has(expected.errorType), `${text} ${JSON.stringify(expected)} ${JSON.stringify(error)}`);
    assert.equal(Number(member(outcome.elasticsearch, "status")), expected.status, text);
    return;
  }
  assert.deepEqual(
    differences(
      { aggregations: member(outcome.elasticsearch, "aggregations") ?? null },
      { aggregations: outcome.answer?.body.aggregations ?? null },
      outcome.answer?.tolerances,
    ),
    [],
    text,
  );
}
