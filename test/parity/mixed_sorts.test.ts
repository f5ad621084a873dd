// Sorts over indices that map the field in several ways, or not at all, on both real engines: every pair of types must agree, hit for
// hit and page by page, or be unsupported where the texts of one meet the numbers of another.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { match } from "../../src/main/matcher/index.ts";
import { UnsupportedClause } from "../../src/main/translate/failure.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, printJson } from "../../src/shared/json.ts";
import { connectEngines, type Loaded, load, runBoth, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_mixed_sorts");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const loaded = new Map<string, Loaded>();

const NUMBERS = ["5", "7", "-3", "[2,9]", "0"];
const FRACTIONS = ["6.5", "-0.0", "0.0", "[6.1,-9.25]", "5"];
const DATES = ["1700000000000", '"2023-11-14T22:13:21Z"', '["2024-01-01","2020-02-29"]'];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  ...{ long: [...NUMBERS, "9007199254740993"], integer: NUMBERS, short: NUMBERS, byte: NUMBERS },
  ...{ double: [...FRACTIONS, "1e300"], float: FRACTIONS, half_float: FRACTIONS, boolean: ["true", "false"] },
  ...{ date: DATES, date_nanos: DATES, keyword: ['"a"', '["b","a"]', '"z"'], ip: ['"10.0.0.1"', '"::1"'], none: [] },
};

async function loadAll(): Promise<void> {
  if (engines === null) return;
  for (const [type, values] of Object.entries(VALUES)) {
    const mappings = { dynamic: false, properties: { seq: { type: "integer" }, ...(type === "none" ? {} : { v: { type } }) } };
    const documents = [...values.map((value, i) => `{"seq":${i},"v":${value}}`), '{"seq":90}', '{"seq":91}'];
    loaded.set(
      type,
      await load(engines, { name: `mixed-sorts-${type.replace("_", "-")}`, mappings, documents, shards: type === "long" ? 3 : 1 }),
    );
  }
}

/** What the engines differ in; `unsupported` where the search has no SQL. */
async function compared(types: readonly string[], body: JsonObject): Promise<string> {
  const indices = types.flatMap((type) => loaded.get(type) ?? []);
  const outcome = await runBoth(indices, body).catch((error: unknown) => error);
  if (outcome instanceof UnsupportedClause) return "unsupported";
  if (outcome instanceof Error) return `${outcome.name}: ${outcome.message.slice(0, 500)}`;
  const { elasticsearch, answer, translation } = outcome as Awaited<ReturnType<typeof runBoth>>;
  if (translation.kind === "unsupported") return "unsupported";
  const error = member(elasticsearch, "error");
  if (translation.kind === "rejected" || error !== undefined) {
    return error !== undefined && translation.kind === "rejected"
      ? ""
      : `${translation.kind}, Elasticsearch: ${printJson(error ?? null).slice(0, 300)}`;
  }
  const shards = member(elasticsearch, "_shards");
  if (isObject(shards) && Number(member(shards, "failed")) > 0) return "Elasticsearch fails in part";
  const verdict = match({ endpoint: "search", request: body, elasticsearch, clickhouse: answer?.body ?? {}, tolerances: [] });
  return verdict.differences.length === 0 ? "" : JSON.stringify(verdict.differences.slice(0, 3));
}

function lastSort(answer: JsonObject): JsonValue | undefined {
  const hits = member(answer, "hits");
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  const last = isArray(list) ? list.at(-1) : undefined;
  return isObject(last ?? null) && last !== undefined && isObject(last) ? member(last, "sort") : undefined;
}

const NUMERIC = ["long", "integer", "short", "byte", "double", "float", "half_float", "date", "date_nanos", "boolean", "none"];
const FEW = ["long", "integer", "double", "float", "date", "none"];
const pairs = (types: readonly string[]): readonly (readonly [string, string])[] =>
  types.flatMap((one, i) => types.slice(i + 1).map((other) => [one, other] as const));

describe("sorts over indices that differ on both engines", { skip }, () => {
  before(loadAll);
  after(async () => {
    if (engines !== null) for (const { table } of loaded.values()) await send(engines, "DELETE", `/${table.index}`);
  });
  for (const options of [
    { order: "asc" },
    { order: "desc" },
    { order: "asc", missing: "_first" },
    { order: "desc", missing: 4 },
    { order: "asc", mode: "max" },
  ]) {
    test(`numbers of two types by ${JSON.stringify(options)}`, async () => {
      for (const types of [
        ...pairs("missing" in options || "mode" in options ? FEW : NUMERIC),
        ["long", "double", "none"],
        ["integer", "date", "boolean"],
      ]) {
        const unmapped = types.includes("none") ? { unmapped_type: "boolean" } : {};
        if (types.includes("none") && "missing" in options && options.missing === 4) continue;
        const body = { size: 50, _source: false, sort: [{ v: { ...options, ...unmapped } }, { seq: "asc" }] };
        assert.equal(await compared(types, body), "", types.join(" and "));
      }
    });
  }
  test("pages go on behind each value", async () => {
    for (const types of [
      ["long", "double"],
      ["integer", "float"],
      ["date", "date_nanos"],
      ["long", "integer", "boolean"],
      ["float", "half_float"],
    ]) {
      const indices = types.flatMap((type) => loaded.get(type) ?? []);
      let after: JsonValue | undefined;
      for (let page = 0; page < 4; page += 1) {
        const body = {
          size: 3,
          _source: false,
          sort: [{ v: "desc" }, { seq: "asc" }],
          ...(after === undefined ? {} : { search_after: after }),
        };
        const difference = await compared(types, body);
        // Infinity is no whole number: Elasticsearch refuses it on the shards of these.
        if (JSON.stringify(after ?? "").includes("Infinity") && difference === "unsupported") break;
        assert.equal(difference, "", `${types.join(" and ")}, page ${page}`);
        after = lastSort((await runBoth(indices, body)).elasticsearch);
        if (after === undefined) break;
      }
    }
  });
  test("numbers after a fraction", async () => {
    for (const order of ["asc", "desc"]) {
      const body = { size: 50, _source: false, sort: [{ v: order }, { seq: "asc" }], search_after: [5.5, 1] };
      assert.equal(await compared(["long", "double"], body), "", order);
    }
  });
  test("texts beside an index that lacks them, and beside numbers", async () => {
    const by = (unmapped_type: string) => ({ size: 50, _source: false, sort: [{ v: { order: "asc", unmapped_type } }, { seq: "asc" }] });
    assert.equal(await compared(["keyword", "none"], by("keyword")), "");
    assert.equal(await compared(["ip", "none"], by("ip")), "");
    assert.equal(await compared(["keyword", "none"], by("boolean")), "unsupported");
    assert.equal(await compared(["keyword", "long"], by("long")), "unsupported");
    assert.equal(await compared(["keyword", "ip"], by("long")), "unsupported");
  });
  test("whole numbers of several widths are longs to queries and aggregations", async () => {
    const all = { size: 50, sort: [{ seq: "asc" }, { _index: "asc" }] };
    const bodies: readonly JsonObject[] = [
      { query: { term: { v: 5 } }, size: 50 },
      { query: { terms: { v: [5, 7, "2", 1.5] } }, size: 50 },
      { query: { range: { v: { gte: 1.5, lt: 8 } } }, size: 50, fields: ["v"], docvalue_fields: ["v"] },
      { query: { bool: { must_not: [{ exists: { field: "v" } }] } }, size: 50 },
      { query: { match: { v: "5" } }, size: 50 },
      { query: { query_string: { query: "v:[1 TO 6] OR v:7" } }, size: 50 },
      { query: { bool: { filter: [{ script: { script: "doc['v'].size() > 0 && doc['v'].value > 2" } }] } }, size: 50 },
      { size: 0, aggs: { t: { terms: { field: "v", size: 50 } }, s: { stats: { field: "v" } }, c: { cardinality: { field: "v" } } } },
      {
        size: 0,
        query: { range: { v: { lt: 100 } } },
        aggs: { h: { histogram: { field: "v", interval: 2 } }, p: { percentiles: { field: "v" } } },
      },
      { size: 0, aggs: { r: { range: { field: "v", ranges: [{ to: 3 }, { from: 3 }] }, aggs: { m: { max: { field: "v" } } } } } },
      { size: 0, aggs: { m: { missing: { field: "v" } }, x: { sum: { field: "v", missing: 5 } } } },
      { size: 0, aggs: { c: { composite: { size: 50, sources: [{ v: { terms: { field: "v" } } }] } } } },
      { size: 0, aggs: { h: { top_hits: { size: 3, sort: [{ v: { order: "desc", unmapped_type: "long" } }, { seq: "asc" }] } } } },
    ];
    for (const types of [
      ["long", "integer"],
      ["integer", "short", "byte"],
      ["byte", "long", "none"],
    ]) {
      for (const body of bodies) {
        // A script fails in an index that lacks its field.
        if (types.includes("none") && JSON.stringify(body).includes("script")) continue;
        const request = body.size === 0 ? body : { ...body, sort: all.sort.slice(0, 1) };
        assert.equal(await compared(types, request), "", `${types.join(" and ")}: ${JSON.stringify(body)}`);
      }
    }
    const beyond = { query: { range: { v: { gte: 1, lt: 99999999999 } } } };
    assert.equal(await compared(["long", "integer"], beyond), "unsupported");
    assert.equal(await compared(["long", "short"], beyond), "unsupported");
    assert.equal(await compared(["short"], beyond), "");
    assert.equal(await compared(["long", "byte"], { query: { range: { v: { gte: 1, lt: 300000 } } }, size: 50, sort: ["seq"] }), "");
    const missing = { size: 0, aggs: { x: { terms: { field: "v", missing: 5, size: 50 } } } };
    assert.equal(await compared(["long", "integer"], missing), "");
    assert.equal(await compared(["long", "none"], missing), "unsupported");
    const term = { query: { terms: { v: [5, 3000000000] } } };
    assert.equal(await compared(["long", "short"], term), "unsupported");
    for (const type of ["long", "integer", "byte"]) {
      for (const value of ["3000000000", 40000, "9223372036854775808", "1e300", 3000000000.5]) {
        assert.equal(await compared([type], { query: { terms: { v: [5, value] } } }), "", `${value} of ${type}`);
      }
    }
  });
  test("dates as one numeric_type, with a format", async () => {
    for (const numeric_type of ["date", "date_nanos"]) {
      for (const format of [undefined, "strict_date_optional_time_nanos", "epoch_millis"]) {
        for (const order of ["asc", "desc"]) {
          const body = {
            size: 50,
            _source: false,
            sort: [{ v: { order, numeric_type, ...(format === undefined ? {} : { format }) } }, { seq: "asc" }],
          };
          assert.equal(await compared(["date", "date_nanos"], body), "", JSON.stringify(body.sort));
        }
      }
    }
    for (const numeric_type of ["date", "date_nanos"]) {
      for (const order of ["asc", "desc"]) {
        const body = { size: 50, _source: false, sort: [{ v: { order, numeric_type, unmapped_type: "boolean" } }, { seq: "asc" }] };
        assert.equal(await compared(["date", "none"], body), numeric_type === "date" ? "" : "unsupported", JSON.stringify(body.sort));
      }
    }
    for (const numeric_type of ["long", "double"]) {
      const body = { size: 50, _source: false, sort: [{ v: { order: "asc", numeric_type } }, { seq: "asc" }] };
      assert.equal(await compared(["integer", "double"], body), "", numeric_type);
      assert.equal(
        await compared(["long", "none"], { ...body, sort: [{ v: { numeric_type, unmapped_type: "boolean" } }, { seq: "asc" }] }),
        "",
        numeric_type,
      );
    }
  });
});
