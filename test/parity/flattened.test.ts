// Flattened fields: keys of any shape, on both engines, over one shard and three.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { inBothShardings, skipWithout } from "../support/sharded_cases.ts";
import { connectEngines, differences, runBoth } from "../support/two_engines.ts";

const engines = connectEngines("types_flattened");
const MAPPINGS = json({
  properties: {
    seq: { type: "integer" },
    f: { type: "flattened" },
    o: { properties: { g: { type: "flattened", ignore_above: 6, null_value: "NV", split_queries_on_whitespace: true } } },
  },
});
const VALUES = [
  '"a"',
  '"b"',
  '"A"',
  '"é"',
  "10",
  "9",
  "1.5",
  "true",
  "null",
  '"two words"',
  '"b c"',
  '""',
  '["a","x"]',
  "{}",
  '{"e":"deep"}',
  '{"e":null}',
  '["a",null]',
  '{"e":null}',
  '["a",null]',
] as const;
const NAMES = ["k", "k.e", "l", "日本", "m-n"] as const;
const FIELDS = ["f", "f.k", "f.k.e", "f.l", "f.日本", "f.none", "o.g", "o.g.k", "o.g.l"] as const;

function documentText(random: Random, i: number): string {
  const object = () => {
    const names = new Set(Array.from({ length: random.below(4) }, () => random.pick(NAMES)));
    return `{${[...names].map((name) => `"${name}":${random.pick(VALUES)}`).join(",")}}`;
  };
  const list = () => (random.next() < 0.3 ? `[${object()},${object()}]` : object());
  const dotted = random.next() < 0.15 ? `,"f.k":${random.pick(VALUES)}` : "";
  return `{"seq":${i}${dotted}${random.next() < 0.8 ? `,"f":${list()}` : ""}${random.next() < 0.8 ? `,"o":{"g":${list()}}` : ""}}`;
}

function query(random: Random): object {
  const field = random.pick(FIELDS);
  const value = random.pick(["a", "b", "A", "10", "true", "é", "two words", "b c", "deep", "NV", "", "zz"] as const);
  return random.pick<() => object>([
    () => ({ term: { [field]: value } }),
    () => ({ term: { [field]: { value, case_insensitive: true } } }),
    () => ({ terms: { [field]: [value, "a", 9] } }),
    () => ({ match: { [field]: value } }),
    () => ({ match: { [field]: { query: value, operator: "and" } } }),
    () => ({ exists: { field } }),
    () => ({ prefix: { [field]: value.slice(0, 1) } }),
    () => ({ range: { [field]: { gte: value, lt: "c" } } }),
    () => ({ range: { [field]: { gt: value } } }),
    () => ({ wildcard: { [field]: `${value.slice(0, 1)}*` } }),
    () => ({ regexp: { [field]: "[ab].*" } }),
    () => ({ query_string: { query: `${field.replaceAll(/[^a-z.]/g, "")}:${value === "" ? "a" : `"${value}"`}` } }),
    () => ({ multi_match: { query: value, fields: [field, "f"] } }),
    () => ({ bool: { must_not: { exists: { field } } } }),
  ])();
}

function body(random: Random): JsonObject {
  const base = { query: { bool: { filter: query(random) } }, track_total_hits: true };
  const key = random.pick(FIELDS);
  return random.pick<() => JsonObject>([
    () =>
      json({
        ...base,
        size: 10,
        sort: [{ [key]: random.pick(["asc", "desc"] as const) }, "seq"],
        docvalue_fields: ["f", "f.k", "o.g", "o.g.l"],
      }),
    () =>
      json({
        ...base,
        size: 0,
        aggs: { t: { terms: { field: key, size: 5 } }, c: { cardinality: { field: key } }, m: { missing: { field: key } } },
      }),
    () =>
      json({ ...base, size: 0, aggs: { t: { terms: { field: key, missing: "none" }, aggs: { v: { value_count: { field: "f.k" } } } } } }),
    () => json({ ...base, size: 5, sort: ["seq"], fields: ["f", "f.l", "f.k.*"], _source: false }),
  ])();
}

describe("flattened fields", { skip: skipWithout(engines) }, () => {
  const random = seededRandom(20261124);
  const documents = Array.from({ length: 200 }, (_, i) => documentText(random, i));
  const loaded = inBothShardings(engines, "types-flattened", () => ({ mappings: MAPPINGS, documents }));

  test("answer random searches alike", { timeout: 240_000 }, async () => {
    const wrong: string[] = [];
    const reasons = new Map<string, number>();
    let found = 0;
    for (let i = 0; i < 120; i += 1) {
      const request = body(random);
      for (const index of loaded.values()) {
        const { elasticsearch, translation, answer } = await runBoth([index], request);
        if (translation.kind === "unsupported") {
          const reason = translation.unsupported[0]?.reason ?? "";
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
          continue;
        }
        const refused = member(elasticsearch, "error") !== undefined;
        if (refused || translation.kind === "rejected") {
          if (refused !== (translation.kind === "rejected")) wrong.push(`${index.table.shards}: refused by one: ${printJson(request)}`);
          else found += 1;
          continue;
        }
        const lines = differences(shown(elasticsearch), shown(answer?.body ?? {}), answer?.tolerances);
        if (lines.length > 0) wrong.push(`${index.table.shards}: ${lines.slice(0, 3).join("; ")} of ${printJson(request)}`);
        else found += 1;
      }
    }
    const unsupported = [...reasons].map(([reason, count]) => `${count} ${reason}`).join("; ");
    assert.deepEqual(wrong.slice(0, 8), [], `${wrong.length} wrong, ${found} alike, unsupported ${unsupported}, seed ${random.seed}`);
    assert.ok(found > 200, `${found} alike, unsupported ${unsupported}`);
  });
});

function shown(answer: JsonObject): JsonObject {
  const hits = json(member(answer, "hits"));
  const list = member(hits, "hits");
  const bare = (Array.isArray(list) ? list : []).map((hit) => {
    const { _index, ...rest } = json(hit);
    return rest;
  });
  return json({ total: member(hits, "total"), hits: bare, aggregations: member(answer, "aggregations") ?? {} });
}

function json(value: unknown): JsonObject {
  const parsed = parseJson(printJson(value as never));
  return isObject(parsed) ? parsed : {};
}
