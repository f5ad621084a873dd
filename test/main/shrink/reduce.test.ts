// The reducer over made-up predicates: what is left, and how many trials that takes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reduce } from "../../../src/main/shrink/reduce.ts";
import { isObject, type JsonObject, parseJson, printJson } from "../../../src/shared/json.ts";

function object(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isObject(value));
  return value;
}

const clause = (n: number): string => `{"term":{"f${n}":"v${n}"}}`;
const clauses = (n: number): string => Array.from({ length: n }, (_, i) => clause(i)).join(",");
const holding = (...needles: readonly string[]) => ({
  mostTrials: 1000,
  holds: async (smaller: JsonObject) => needles.every((needle) => printJson(smaller).includes(needle)),
});

describe("reducing a request", () => {
  test("finds the one clause of 200 that matters in less than 60 trials", async () => {
    const start = object(`{"size":10,"query":{"bool":{"filter":[${clauses(200)}]}},"aggs":{"a":{"terms":{"field":"x"}}}}`);
    const { value, trials, whole } = await reduce(start, holding(clause(137)));
    assert.equal(printJson(value), clause(137).replace(/^/, '{"query":').concat("}"));
    assert.ok(whole);
    assert.ok(trials < 60, `${trials} trials`);
  });

  test("keeps all clauses that matter only together", async () => {
    const start = object(`{"query":{"bool":{"must":[${clauses(200)}]}}}`);
    const { value, trials } = await reduce(start, holding('"query":{"bool"', clause(3), clause(101), clause(199)));
    assert.equal(printJson(value), `{"query":{"bool":{"must":[${[3, 101, 199].map(clause).join(",")}]}}}`);
    assert.ok(trials < 150, `${trials} trials`);
  });

  test("puts an inner aggregation in the place of the one around it, and lessens sizes", async () => {
    const start = object(
      '{"size":500,"aggs":{"a":{"terms":{"field":"x","size":50},"aggs":{"b":{"terms":{"field":"y","size":40},"aggs":{"c":{"avg":{"field":"z"}}}}}}}}',
    );
    const { value } = await reduce(start, {
      mostTrials: 1000,
      holds: async (smaller) => /^\{"size":\d+,"aggs":\{.*"c":\{"avg":\{"field":"z"\}/.test(printJson(smaller)),
    });
    assert.equal(printJson(value), '{"size":0,"aggs":{"c":{"avg":{"field":"z"}}}}');
  });

  test("tries no object twice, and never more than it may", async () => {
    const seen = new Set<string>();
    const { value, trials, whole } = await reduce(object(`{"query":{"bool":{"should":[${clauses(64)}]}}}`), {
      mostTrials: 40,
      holds: async (smaller) => {
        assert.ok(!seen.has(printJson(smaller)), printJson(smaller));
        seen.add(printJson(smaller));
        return false;
      },
    });
    assert.equal(trials, 40);
    assert.equal(seen.size, 40);
    assert.ok(!whole);
    assert.equal(printJson(value), `{"query":{"bool":{"should":[${clauses(64)}]}}}`);
  });

  test("ends with what was found when it is told to", async () => {
    let trials = 0;
    const { value, whole } = await reduce(object(`{"query":{"bool":{"filter":[${clauses(200)}]}}}`), {
      mostTrials: 1000,
      holds: async (smaller) => {
        trials += 1;
        return printJson(smaller).includes(clause(7));
      },
      goOn: () => trials < 12,
    });
    assert.ok(!whole);
    assert.ok(printJson(value).includes(clause(7)));
    assert.ok(printJson(value).length < clauses(200).length);
  });

  test("a whole number past 2^53 stays the one that it is", async () => {
    const start = object('{"query":{"bool":{"filter":[{"term":{"n":9007199254740993}},{"term":{"m":1}}]}}}');
    const { value } = await reduce(start, holding("9007199254740993"));
    assert.ok(printJson(value).includes("9007199254740993"));
  });
});
