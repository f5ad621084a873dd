// Text fields with `fielddata`: sorted and aggregated by their words, on both engines, over one shard and three.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isArray, isObject, type JsonObject, type JsonValue, member, printJson } from "../../src/shared/json.ts";
import { seededRandom } from "../support/random.ts";
import { inBothShardings, skipWithout, testInBothShardings } from "../support/sharded_cases.ts";
import { connectEngines, differences, errorTypeOf, runBoth } from "../support/two_engines.ts";

const engines = connectEngines("parity_field_data");
const skip = skipWithout(engines);
const random = seededRandom(20261125);

const MAPPINGS: JsonObject = {
  properties: {
    seq: { type: "integer" },
    words: { type: "text", fielddata: true },
    english: { type: "text", analyzer: "english", fielddata: true },
    often: { type: "text", fielddata: true, fielddata_frequency_filter: { min: 0.1 } },
    n: { type: "integer" },
  },
};
const WORDS = ["quick", "brown", "Foxes", "foxes", "the", "dog", "été", "日本", "of", "running"] as const;
const text = (): string => Array.from({ length: random.below(6) }, () => random.pick(WORDS)).join(" ");
const documents = Array.from({ length: 300 }, (_, seq) => {
  const words: JsonValue = random.next() < 0.2 ? [text(), text()] : text();
  return printJson({ seq, n: random.below(5), ...(random.next() < 0.15 ? {} : { words, english: words, often: words }) });
});

const SORTS: readonly JsonValue[] = [
  ["words", "seq"],
  [{ words: "desc" }, "seq"],
  [{ words: { order: "asc", missing: "_first" } }, "seq"],
  [{ words: { order: "desc", mode: "min" } }, "seq"],
  [{ english: { order: "asc", mode: "max" } }, "seq"],
  [{ english: { order: "asc", missing: "fox" } }, "seq"],
];
const AGGREGATIONS: readonly JsonObject[] = [
  { terms: { field: "words" } },
  { terms: { field: "words", size: 3, order: { m: "desc" } }, aggs: { m: { max: { field: "n" } } } },
  { terms: { field: "english", include: "f.*", order: { _key: "desc" } } },
  { terms: { field: "words", missing: "none", min_doc_count: 5 } },
  { terms: { field: "n" }, aggs: { w: { terms: { field: "english", size: 2 } } } },
  { cardinality: { field: "words" } },
  { value_count: { field: "english" } },
  { missing: { field: "words" } },
  { rare_terms: { field: "words", max_doc_count: 60 } },
  { significant_terms: { field: "words" } },
  { composite: { size: 5, sources: [{ w: { terms: { field: "words" } } }] } },
  { avg: { field: "words" } },
];

const shownOf = (answer: JsonObject): JsonValue => {
  const hits = member(answer, "hits");
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  return (isArray(list) ? list : []).flatMap((hit) => (isObject(hit) ? [[member(hit, "_id") ?? null, member(hit, "sort") ?? null]] : []));
};

describe(`text with fielddata on both engines (seed ${random.seed})`, { skip }, () => {
  const loaded = inBothShardings(engines, "field-data", () => ({ mappings: MAPPINGS, documents }));
  const bodies: readonly JsonObject[] = [
    ...SORTS.map((sort) => ({ sort, size: 40, _source: false, query: { range: { n: { gte: 1 } } } })),
    ...AGGREGATIONS.map((a) => ({ size: 0, query: { range: { n: { gte: 2 } } }, aggs: { a } })),
  ];
  testInBothShardings("sorts and aggregations", loaded, async (index) => {
    for (const body of bodies) {
      const { elasticsearch, translation, answer } = await runBoth([index], body);
      const type = errorTypeOf(elasticsearch) ?? "";
      assert.equal(translation.kind === "rejected" ? translation.error.errorType : translation.kind, type || "translated", printJson(body));
      if (type !== "") continue;
      assert.deepEqual(differences(shownOf(elasticsearch), shownOf(answer?.body ?? {})), [], printJson(body));
      const found = differences(member(elasticsearch, "aggregations"), answer?.body.aggregations, answer?.tolerances);
      assert.deepEqual(
        found.filter((each) => !each.includes("/score")),
        [],
        printJson(body),
      );
    }
  });
  test("a field that leaves out words by their frequency is unsupported", async () => {
    const { translation } = await runBoth([...loaded.values()].slice(0, 1), { sort: ["often"] });
    assert.equal(translation.kind === "unsupported" ? translation.unsupported[0]?.pointer : translation.kind, "/sort/0");
  });
});
