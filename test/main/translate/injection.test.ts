// Hostile text in every place that a client fills: a thousand strings as values, as names of fields and as names of indices, in
// queries, aggregations, sorts and what a hit shows. Every statement runs, and a canary table is as it was.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { quoteName } from "../../../src/main/clickhouse/sql/quote.ts";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import type { IndexTable } from "../../../src/main/translate/types.ts";
import { type JsonObject, jsonObject, printJson } from "../../../src/shared/json.ts";
import { type Canary, hostile, makeCanary } from "../../support/hostile_text.ts";
import { seededRandom } from "../../support/random.ts";
import { connectClickHouse, mirror, runClickHouse } from "../../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_CLICKHOUSE;
const DATABASE = "injection_test";
const STRINGS = 1000;
const FIELDS_A_TABLE = 25;

/** Searches with the text wherever a value may stand. */
function requests(field: string, text: string): readonly JsonObject[] {
  const named = (body: JsonObject[string]): JsonObject => jsonObject([[field, body]]);
  const should = [
    { term: named(text) },
    { term: named({ value: text, case_insensitive: true }) },
    { terms: named([text, "b"]) },
    { match: named(text) },
    { match_phrase: named({ query: text }) },
    { prefix: named(text) },
    { wildcard: named(`*${text}*`) },
    { range: named({ gte: text, lt: `${text}~` }) },
    { exists: { field } },
    { ids: { values: [text] } },
    { multi_match: { query: text, fields: [field, "text"] } },
    { match: { text: { query: text, operator: "and" } } },
    { match_phrase_prefix: { text } },
    { match_phrase: { text: { query: text, slop: 1 } } },
    { simple_query_string: { query: text, fields: ["text", field], lenient: true } },
  ];
  const children = jsonObject([[text, { top_hits: { size: 1, _source: [field], sort: [named({ missing: text })] } }]]);
  return [
    {
      query: { bool: { should, filter: [{ bool: { must_not: [{ term: named(text) }] } }] } },
      size: 3,
      track_scores: false,
      sort: [named({ order: "desc", missing: text }), { n: "asc" }],
      fields: [field, text],
      _source: { includes: [field], excludes: [text] },
    },
    {
      size: 0,
      aggs: jsonObject([
        ["names", { terms: { field, include: [text, "a"], missing: text }, aggs: { most: { max: { field: "n" } } } }],
        ["filters", { filters: { filters: jsonObject([[text, { term: named(text) }]]), other_bucket_key: text } }],
        ["composite", { composite: { sources: [jsonObject([["key", { terms: { field } }]])], after: { key: text } } }],
        ["missing", { missing: { field } }],
        ["distinct", { cardinality: { field } }],
      ]),
    },
    { size: 0, aggs: { names: { terms: { field }, aggs: children } } },
    { size: 0, query: { query_string: { query: text, default_field: field } } },
    { size: 0, query: { regexp: named(text) } },
  ];
}

describe("hostile text", { skip: address === undefined ? "PARALLAX_TEST_CLICKHOUSE names no server" : false }, () => {
  const clickhouse = connectClickHouse(address ?? "http://localhost");
  const engines = { elasticsearch: "", clickhouse, database: DATABASE };
  const random = seededRandom(20_260_101);
  const texts = Array.from({ length: STRINGS }, () => hostile(random));
  let canary: Canary;

  before(async () => {
    canary = await makeCanary(engines);
  });
  after(() => canary?.remove());

  async function loaded(name: string, fields: readonly string[]): Promise<IndexTable> {
    const properties = jsonObject([
      ...fields.map((field): readonly [string, JsonObject] => [field, { type: "keyword" }]),
      ["text", { type: "text" }],
      ["n", { type: "long" }],
    ]);
    const mappings: JsonObject = { properties };
    const documents = fields.map((field, n) =>
      printJson(
        jsonObject([
          [field, [field, "a"].slice(0, 1 + (n % 2))],
          ["text", field],
          ["n", n],
        ]),
      ),
    );
    return mirror(engines, { name, mappings, documents }, parseMapping(mappings));
  }

  test(`runs as values, fields and indices without harm, seed ${random.seed}`, async () => {
    const before = await canary.rows();
    let ran = 0;
    for (let from = 0; from < texts.length; from += FIELDS_A_TABLE) {
      const chunk = texts.slice(from, from + FIELDS_A_TABLE);
      const fields = [...new Set(chunk.map((text) => `f${text.replaceAll(".", "")}`))];
      // A file's name has an end: longer ones are not what this is about.
      const table = await loaded([...`${from}${chunk[0]}`].slice(0, 20).join(""), fields);
      const one = async (text: string, i: number): Promise<void> => {
        const [all, ...others] = requests(fields[i % fields.length] ?? "text", text);
        for (const body of [all, others[i % others.length]]) {
          const search = { endpoint: "search", body: body ?? {}, params: new Map(), tables: [table], now: 0 } as const;
          if ((await runClickHouse(clickhouse, search)).answer !== null) ran += 1;
        }
      };
      await Promise.all(chunk.map(one));
      await clickhouse.command(`DROP TABLE ${quoteName(DATABASE)}.${quoteName(table.table)} SYNC`);
    }
    assert.ok(ran > STRINGS, `${ran} searches were answered`);
    assert.equal(await canary.rows(), before);
  });

  test("runs over several indices with hostile names", async () => {
    const tables = [await loaded("it's `one`", ["a"]), await loaded('"two"; DROP TABLE canary; --', ["a", "b"])];
    const body: JsonObject = { aggs: { indices: { terms: { field: "_index" } } }, sort: [{ n: "asc" }] };
    const { answer } = await runClickHouse(clickhouse, { endpoint: "search", body, params: new Map(), tables, now: 0 });
    assert.match(printJson(answer?.body ?? null), /it's `one`/);
    assert.match(await canary.rows(), /alive/);
  });
});
