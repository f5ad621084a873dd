import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { countLeaves } from "../../../src/main/matcher/leaves.ts";
import { match } from "../../../src/main/matcher/match.ts";
import { sameLeaves } from "../../../src/main/matcher/same_tree.ts";
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, parseJson } from "../../../src/shared/json.ts";

describe("trees that are the same to the letter", () => {
  test("count their leaves as all leaves are counted", () => {
    for (const text of ["1", "[]", "{}", '{"a":[1.0,{"b":{}},[]],"c":null,"d":"x"}', "[9007199254740993,-0.0,1e3,true]"]) {
      const [a, b] = [parseJson(text), parseJson(text)];
      assert.equal(sameLeaves(a, b), countLeaves(a), text);
    }
    assert.equal(sameLeaves(parseJson('{"a":1,"b":2}'), parseJson('{"b":2,"a":1}')), 2, "members in another order");
  });

  test("are none where anything in them is another", () => {
    for (const [a, b] of [
      ["1", "1.0"],
      ["0", "-0.0"],
      ["1", '"1"'],
      ["null", "{}"],
      ["{}", "[]"],
      ["[1]", "[1,2]"],
      ['{"a":1}', '{"b":1}'],
      ['{"a":1}', '{"a":1,"b":null}'],
      ['{"toString":1}', '{"a":1}'],
      ["9007199254740993", "9007199254740992"],
    ] as const) {
      assert.equal(sameLeaves(parseJson(a), parseJson(b)), -1, `${a} and ${b}`);
      assert.equal(sameLeaves(parseJson(b), parseJson(a)), -1, `${b} and ${a}`);
    }
  });

  test("are left to the walk where they are very deep", () => {
    const nest = (levels: number): JsonValue => (levels === 0 ? 1 : [nest(levels - 1)]);
    assert.equal(sameLeaves(nest(100), nest(100)), 1);
    assert.equal(sameLeaves(nest(1000), nest(1000)), -1);
  });
});

/** Counts how often members of an object, or of what is in it, are read. */
function counting(value: JsonValue, reads: { count: number }): JsonValue {
  if (isArray(value)) return value.map((item) => counting(item, reads));
  return isObject(value) ? countingObject(value, reads) : value;
}

function countingObject(value: JsonObject, reads: { count: number }): JsonObject {
  const inner = jsonObject(Object.entries<JsonValue>(value).map(([name, item]) => [name, counting(item, reads)]));
  return new Proxy(inner, {
    get: (target, name) => {
      reads.count += 1;
      return typeof name === "string" ? target[name] : undefined;
    },
  });
}

function answerOf(hits: number, changed: (at: number) => boolean): JsonObject {
  const one = (at: number) => ({
    _index: "i",
    _id: `d${at}`,
    _score: null,
    _source: { a: at, b: { c: [at] }, d: changed(at) ? 1 : 2 },
    sort: [at],
  });
  const inner = (at: number) => Array.from({ length: 3 }, (_, key) => ({ key, doc_count: changed(at) ? 1 : 2 }));
  const buckets = Array.from({ length: hits }, (_, key) => ({ key, doc_count: 3, in: { buckets: inner(key) } }));
  const list = Array.from({ length: hits }, (_, at) => one(at));
  return { hits: { total: { value: hits, relation: "eq" }, max_score: null, hits: list }, aggregations: { by: { buckets } } };
}

describe("the work of a comparison", () => {
  const reads = (hits: number, changed: (at: number) => boolean): number => {
    const count = { count: 0 };
    const clickhouse = countingObject(answerOf(hits, changed), count);
    const aggs = { by: { terms: { field: "a" }, aggs: { in: { terms: { field: "b" } } } } };
    const input = {
      endpoint: "search",
      request: { sort: ["a"], aggs },
      elasticsearch: answerOf(hits, () => false),
      tolerances: [],
    } as const;
    const found = match({ ...input, clickhouse });
    assert.equal(found.comparedLeaves, found.totalLeaves);
    return count.count;
  };

  for (const [name, changed] of [
    ["are the same", () => false],
    ["differ everywhere", () => true],
    ["differ in one of a hundred", (at: number) => at % 100 === 99],
  ] as const) {
    test(`grows as the answers do where they ${name}`, () => {
      const [small, large] = [reads(200, changed), reads(2000, changed)];
      assert.ok(small > 0 && large <= small * 11, `${small} reads for 200, ${large} for 2000`);
    });
  }
});
