// The rule `noise`: what a side was seen to answer otherwise each time is left open, and nothing else is.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import { NO_SETTINGS, type SeenNoise } from "../../../src/main/matcher/rule_settings.ts";
import { type JsonObject, parseObject } from "../../../src/shared/json.ts";

const REASON = "Elasticsearch disagrees with itself here: seen in 5 answers on 2026-11-22.";

const seen = (path: string, spread: SeenNoise["spread"] = null, kind: SeenNoise["kind"] = "value"): SeenNoise => ({
  path,
  kind,
  spread,
  reason: REASON,
});

function compared(theirs: string, ours: string, noise: readonly SeenNoise[], request: JsonObject = {}) {
  const [elasticsearch, clickhouse] = [parseObject(theirs), parseObject(ours)];
  assert.ok(elasticsearch !== null && clickhouse !== null);
  return match({ endpoint: "search", request, elasticsearch, clickhouse, tolerances: [], settings: { ...NO_SETTINGS, noise } });
}

const hits = (...values: readonly string[]): string =>
  `{"hits":{"total":{"value":2,"relation":"eq"},"hits":[${values.map((value, i) => `{"_index":"i","_id":"${i}","fields":{"r":[${value}]}}`)}]}}`;

describe("the rule noise", () => {
  test("leaves values open at its places, says when they were seen, and counts them as not compared", () => {
    const { verdict, rules, comparedLeaves, totalLeaves } = compared(hits("0.5", "0.1"), hits("0.2", "0.3"), [
      seen("/hits/hits/*/fields/r/0", { share: 0.9, distance: 0.4 }),
    ]);
    assert.equal(verdict, "equivalent");
    assert.deepEqual(rules, [
      { rule: "noise", reason: REASON, paths: ["/hits/hits/[_id=0]/fields/r/0", "/hits/hits/[_id=1]/fields/r/0"], count: 2 },
    ]);
    assert.equal(totalLeaves - comparedLeaves, 2);
  });

  test("does not reach further than what was seen: three times for fractions, no further for whole numbers", () => {
    const at = seen("/hits/hits/*/fields/r/0", { share: 0.1, distance: 1.5 });
    assert.equal(compared(hits("20.5"), hits("24.5"), [at]).verdict, "equivalent");
    assert.equal(compared(hits("20.5"), hits("25.5"), [at]).verdict, "different");
    assert.equal(compared(hits("20"), hits("21"), [at]).verdict, "equivalent");
    assert.equal(compared(hits("20"), hits("22"), [at]).verdict, "different");
    // Around zero every share is large.
    assert.equal(compared(hits("1e-17"), hits("5000.5"), [seen(at.path, { share: 2, distance: 1e-16 })]).verdict, "different");
  });

  test("texts are open where texts were seen, numbers only where numbers were", () => {
    const text = seen("/hits/hits/*/fields/r/0");
    assert.equal(compared(hits('"a"'), hits('"b"'), [text]).verdict, "equivalent");
    assert.equal(compared(hits("1"), hits("2"), [text]).verdict, "different");
    assert.equal(compared(hits('"a"'), hits('"b"'), [seen(text.path, { share: 2, distance: 9 })]).verdict, "different");
  });

  test("another place, a place inside or around it, an element that one side lacks and another type stay differences", () => {
    const everything = { share: 2, distance: 1e9 };
    const places = [seen("/hits/hits/*", everything), seen("/hits/hits/*"), seen("/hits/hits/*/fields/r/0", everything), seen("/hits")];
    assert.equal(compared(hits("1.5", "2.5"), hits("1.5"), places).verdict, "different");
    assert.equal(compared(hits("1.5"), hits("1.5", "2.5"), places).verdict, "different");
    assert.equal(compared(hits("1.5"), hits("null"), places).verdict, "different");
    const total = hits("1.5").replace('"value":2', '"value":3');
    assert.deepEqual(
      compared(hits("1.5"), total, places).differences.map(({ path }) => path),
      ["/hits/total/value"],
    );
    const buckets = (count: number): string => `{"aggregations":{"a":{"buckets":[{"key":1,"doc_count":${count}}]}}}`;
    assert.equal(compared(buckets(1), buckets(2), [seen("/aggregations/a/buckets/[key=2]/doc_count", everything)]).verdict, "different");
  });

  test("order is open as far as elements were seen to move, and only where it was order", () => {
    const ids = (...order: readonly number[]): string =>
      `{"hits":{"hits":[${order.map((id) => `{"_index":"i","_id":"${id}","sort":[${id}]}`)}]}}`;
    const request = { sort: ["n"] };
    const moves = (distance: number): SeenNoise => seen("/hits/hits/*", { share: 1, distance }, "order");
    assert.equal(compared(ids(1, 2, 3, 4), ids(2, 1, 3, 4), [moves(1)], request).verdict, "equivalent");
    assert.equal(compared(ids(1, 2, 3, 4), ids(2, 3, 4, 1), [moves(1)], request).verdict, "different");
    assert.equal(
      compared(ids(1, 2, 3, 4), ids(2, 1, 3, 4), [seen("/hits/hits/*", { share: 1, distance: 1 })], request).verdict,
      "different",
    );
  });

  test("what another rule explains is told by that one", () => {
    const scored = (score: string): string => `{"hits":{"hits":[{"_index":"i","_id":"1","_score":${score}}]}}`;
    const { rules } = compared(scored("1.0000001"), scored("1.0000002"), [seen("/hits/hits/*/_score", { share: 1, distance: 1 })]);
    assert.deepEqual(
      rules.map(({ rule }) => rule),
      ["score"],
    );
  });
});
