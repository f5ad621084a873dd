// Hostile text where a client writes a language or a name of its own: scripts and their parameters, runtime fields, ES|QL, suggestions,
// highlights, field aliases, keys of flattened fields. Whatever is translated runs, and a canary table is as it was.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { print } from "../../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { translateEsql } from "../../../src/main/translate/esql/index.ts";
import type { IndexTable } from "../../../src/main/translate/types.ts";
import { type JsonObject, jsonObject, printJson } from "../../../src/shared/json.ts";
import { type Canary, hostile, makeCanary } from "../../support/hostile_text.ts";
import { seededRandom } from "../../support/random.ts";
import { connectClickHouse, mirror, runClickHouse } from "../../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_CLICKHOUSE;
const STRINGS = 1000;
const ALIASES = 20;

/** A string literal of painless with this text. */
const painless = (text: string): string =>
  `'${text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replace(/[\r\n]/g, " ")}'`;

/** A string literal of ES|QL with this text. */
const literal = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}"`;

/** A name of ES|QL in back ticks. */
const named = (text: string): string => `\`${text.replaceAll("`", "``").replace(/[\r\n]/g, " ")}\``;

/** Searches with the text in what a client writes itself; `alias` is a field of that name. */
function searches(text: string, alias: string): readonly JsonObject[] {
  const own = (name: string, value: JsonObject[string]): JsonObject => jsonObject([[name, value]]);
  const script = (source: string): JsonObject => ({ source, params: { text } });
  const emitting = { type: "keyword", script: script(`emit(${painless(text)} + params.text)`) };
  const bare = `r${text.replace(/[.*\s]/g, "")}`;
  return [
    { size: 2, script_fields: own(text, { script: script(`doc['k'].size() == 0 ? params.text : ${painless(text)} + doc['k'].value`) }) },
    { size: 0, query: { script: { script: script(`doc['k'].size() > 0 && doc['k'].value == ${painless(text)}`) } } },
    { size: 2, sort: [{ _script: { type: "string", script: script("doc['k'].size() == 0 ? params.text : doc['k'].value") } }] },
    { size: 1, runtime_mappings: own(bare, emitting), fields: [bare], query: { term: own(bare, text) }, sort: ["n"] },
    { size: 0, runtime_mappings: own(bare, emitting), aggs: own("t", { terms: { field: bare, include: [text] } }) },
    { size: 0, aggs: own("t", { terms: { field: alias, missing: text, exclude: [text] } }) },
    { size: 2, query: { match: { t: text } }, sort: ["n"], highlight: { pre_tags: [text], post_tags: [text], fields: { t: {} } } },
    { size: 2, query: { term: own(alias, text) }, sort: [own(alias, { missing: text })], docvalue_fields: [alias] },
    { size: 2, query: { term: own(`fl.${text}`, text) }, sort: ["n"] },
    { size: 0, aggs: own("t", { terms: { field: `fl.${text}` } }) },
    { size: 0, suggest: own("s", { text, term: { field: "t", suggest_mode: "always" } }) },
    { size: 2, query: { more_like_this: { fields: ["t"], like: text, min_term_freq: 1, min_doc_freq: 1 } }, sort: ["n"] },
    { size: 2, query: { nested: { path: "ne", query: { term: { "ne.k": text } }, inner_hits: { name: text } } }, sort: ["n"] },
    { size: 2, collapse: { field: "k", inner_hits: { name: text, size: 1 } }, sort: ["n"] },
    {
      size: 0,
      aggs: own("a", {
        multi_terms: {
          terms: [
            { field: "k", missing: text },
            { field: alias, missing: text },
          ],
        },
      }),
    },
    {
      size: 0,
      query: { intervals: { t: { all_of: { intervals: [{ match: { query: text } }, { wildcard: { pattern: `${text}*` } }] } } } },
    },
  ];
}

/** ES|QL queries with the text as values and as names. */
function queries(text: string, alias: string): readonly string[] {
  return [
    `FROM x | WHERE k == ${literal(text)} OR k LIKE ${literal(text)} | KEEP k, n | LIMIT 3`,
    `FROM x | EVAL ${named(text)} = CONCAT(k, ${literal(text)}) | SORT ${named(text)} | LIMIT 3`,
    `FROM x | STATS ${named(text)} = COUNT(*) BY ${named(alias)}`,
    `ROW a = ${literal(text)} | EVAL b = REPLACE(a, ${literal(text)}, "x") | DISSECT a ${literal(`%{one}${text}%{two}`)}`,
    `FROM x | WHERE k IN (${literal(text)}, ?) | RENAME k AS ${named(text)} | LIMIT 2`,
    `FROM x | WHERE MATCH(t, ${literal(text)}) OR QSTR(${literal(text)}) | LIMIT 2`,
  ];
}

describe("hostile text in languages", { skip: address === undefined ? "PARALLAX_TEST_CLICKHOUSE names no server" : false }, () => {
  const clickhouse = connectClickHouse(address ?? "http://localhost");
  const engines = { elasticsearch: "", clickhouse, database: "injection_language_test" };
  const random = seededRandom(20_260_102);
  const texts = Array.from({ length: STRINGS }, () => hostile(random));
  const aliases = [...new Set(texts.slice(0, ALIASES).map((text) => `a${text.replaceAll(".", "")}`))];
  let canary: Canary;
  let table: IndexTable;

  before(async () => {
    canary = await makeCanary(engines);
    const mappings: JsonObject = {
      properties: jsonObject([
        ["k", { type: "keyword" }],
        ["t", { type: "text" }],
        ["n", { type: "long" }],
        ["fl", { type: "flattened" }],
        ["ne", { type: "nested", properties: { k: { type: "keyword" } } }],
        ...aliases.map((alias): readonly [string, JsonObject] => [alias, { type: "alias", path: "k" }]),
      ]),
    };
    const documents = texts
      .slice(0, 60)
      .map((text, n) => printJson({ k: text, t: text, n, fl: jsonObject([[text.replaceAll("\0", "") || "x", text]]), ne: [{ k: text }] }));
    table = await mirror(engines, { name: "language", mappings, documents }, parseMapping(mappings));
  });
  after(() => canary?.remove());

  test(`runs in scripts, runtime fields, suggestions, highlights and aliases, seed ${random.seed}`, async () => {
    const before = await canary.rows();
    let ran = 0;
    const one = async (text: string, i: number): Promise<void> => {
      const all = searches(text, aliases[i % aliases.length] ?? "k");
      const search = { endpoint: "search", body: all[i % all.length] ?? {}, params: new Map(), tables: [table], now: 0 } as const;
      if ((await runClickHouse(clickhouse, search)).answer !== null) ran += 1;
    };
    for (let from = 0; from < texts.length; from += 20)
      await Promise.all(texts.slice(from, from + 20).map((text, i) => one(text, from + i)));
    assert.ok(ran > STRINGS / 2, `${ran} searches were answered`);
    assert.equal(await canary.rows(), before);
  });

  test(`runs in ES|QL, seed ${random.seed}`, async () => {
    const before = await canary.rows();
    let ran = 0;
    const one = async (text: string, i: number): Promise<void> => {
      const all = queries(text, aliases[i % aliases.length] ?? "k");
      const query = all[i % all.length] ?? "";
      const body: JsonObject = { query, ...(query.includes("?") && i % all.length === 4 ? { params: [text] } : {}) };
      const translation = translateEsql({ body, params: new Map(), tables: [table], now: 0 });
      if (translation.kind !== "translated") return;
      const rows = await Promise.all(
        translation.statements.map(async (statement) => [statement.name, (await clickhouse.query(print(statement.query))).rows] as const),
      );
      translation.shape(new Map(rows));
      ran += 1;
    };
    for (let from = 0; from < texts.length; from += 20)
      await Promise.all(texts.slice(from, from + 20).map((text, i) => one(text, from + i)));
    assert.ok(ran > STRINGS / 3, `${ran} queries were answered`);
    assert.equal(await canary.rows(), before);
  });
});
