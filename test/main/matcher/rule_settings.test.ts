import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import { type RuleSettings, settingsFor } from "../../../src/main/matcher/rule_settings.ts";
import type { Tolerance } from "../../../src/main/translate/types.ts";
import type { VerdictEntry } from "../../../src/shared/verdict_rules.ts";
import { object } from "./harness.ts";

const SEARCH = { index: "logs-2026", shape: "0123456789" };

function judged(
  elasticsearch: string,
  clickhouse: string,
  entries: readonly VerdictEntry[],
  { request = "{}", search = SEARCH, tolerances = [] as readonly Tolerance[] } = {},
) {
  const settings: RuleSettings = structuredClone(settingsFor(entries, search));
  return match({
    endpoint: "search",
    request: object(request),
    elasticsearch: object(elasticsearch),
    clickhouse: object(clickhouse),
    tolerances,
    settings,
  });
}

const tie = (...ids: string[]): string =>
  `{"hits":{"total":{"value":9,"relation":"eq"},"hits":[${ids.map((id) => `{"_index":"i","_id":"${id}","_score":1.0}`).join(",")}]}}`;
const sums = (value: string): string => `{"aggregations":{"a":{"value":${value}},"b":{"value":${value}}}}`;
const SUMS = '{"aggs":{"a":{"sum":{"field":"x"}},"b":{"sum":{"field":"x"}}}}';
const off = (rule: string, more: Partial<VerdictEntry> = {}): VerdictEntry => ({ rule, on: false, reason: "must be exact", ...more });

describe("a rule that is off", () => {
  test("leaves what it would have explained as a difference, and that is told", () => {
    assert.equal(judged(tie("a", "b"), tie("b", "a"), []).verdict, "equivalent");
    const result = judged(tie("a", "b"), tie("b", "a"), [off("tied_hits")]);
    assert.equal(result.verdict, "different");
    assert.deepEqual(
      result.rulesOff?.map(({ rule, reason, count, byEntry }) => [rule, reason, count, byEntry]),
      [["tied_hits", "must be exact", result.differenceCount, true]],
    );
    assert.match(result.reason, /explained by what an entry of verdicts.rules switches off: tied_hits\.$/);
    assert.deepEqual(result.rules, []);
  });

  test("is off for a path alone, and on beside it", () => {
    const result = judged(sums("0.1"), sums("0.10000000000000002"), [off("float_sum", { path: "/aggregations/b/value" })], {
      request: SUMS,
    });
    assert.deepEqual(
      result.differences.map(({ path }) => path),
      ["/aggregations/b/value"],
    );
    assert.deepEqual(
      result.rules.map(({ rule, paths }) => [rule, paths]),
      [["float_sum", ["/aggregations/a/value"]]],
    );
    assert.equal(result.comparedLeaves, 2);
  });

  test("is off for the indices of a pattern, if all that are searched are of it", () => {
    const entries = [off("float_sum", { index: "logs-*,-logs-old" })];
    const verdictOf = (index: string) =>
      judged(sums("0.1"), sums("0.10000000000000002"), entries, { request: SUMS, search: { ...SEARCH, index } }).verdict;
    assert.deepEqual(["logs-1", "logs-*", "logs-1,logs-2,-logs-3"].map(verdictOf), ["different", "different", "different"]);
    assert.deepEqual(["orders", "logs-1,orders", "logs-old", "", "_all"].map(verdictOf), Array(5).fill("equivalent"));
  });

  test("is off for a query shape", () => {
    const entries = [off("float_sum", { shape: "0123456789" })];
    const verdictOf = (shape: string) =>
      judged(sums("0.1"), sums("0.10000000000000002"), entries, { request: SUMS, search: { ...SEARCH, shape } }).verdict;
    assert.deepEqual(["0123456789", "aaaaaaaaaa"].map(verdictOf), ["different", "equivalent"]);
  });

  test("is on where an earlier entry says so", () => {
    const entries = [off("float_sum", { on: true, path: "/aggregations/a" }), off("float_sum")];
    const result = judged(sums("0.1"), sums("0.10000000000000002"), entries, { request: SUMS });
    assert.deepEqual(
      result.differences.map(({ path }) => path),
      ["/aggregations/b/value"],
    );
  });

  test("explains nothing in the name of another: scores that are stale, and the order by them", () => {
    const stale: Tolerance[] = [{ pointer: "/hits", rule: "stale_statistics", low: 0, high: 0 }];
    const hit = (id: string, score: number) => `{"_index":"i","_id":"${id}","_score":${score}}`;
    const answer = (...hits: string[]) => `{"hits":{"total":{"value":2,"relation":"eq"},"max_score":2.0,"hits":[${hits.join(",")}]}}`;
    const [theirs, ours] = [answer(hit("a", 2), hit("b", 1)), answer(hit("b", 2), hit("a", 1))];
    assert.equal(judged(theirs, ours, [], { tolerances: stale }).verdict, "equivalent");
    const result = judged(theirs, ours, [off("stale_statistics")], { tolerances: stale });
    assert.equal(result.verdict, "different");
    assert.ok(result.differences.some(({ kind }) => kind === "order"));
    // Hits that do tie are still told by their own rule.
    const tied = judged(tie("a", "b"), tie("b", "a"), [off("stale_statistics")], { tolerances: stale });
    assert.deepEqual([tied.verdict, tied.rules.map(({ rule }) => rule)], ["equivalent", ["tied_hits"]]);
  });

  test("bounds no order: buckets by an estimate that is off", () => {
    const answer = (...keys: number[]) => `{"aggregations":{"2":{"sum_other_doc_count":0,"buckets":[${keys.map(bucket).join(",")}]}}}`;
    const bucket = (key: number) => `{"key":${key},"doc_count":1,"1":{"value":${key === 7 ? 100 : 101}}}`;
    const request = '{"aggs":{"2":{"terms":{"field":"k","order":{"1":"desc"}},"aggs":{"1":{"cardinality":{"field":"u"}}}}}}';
    const tolerances: Tolerance[] = [0, 1].map((at) => ({
      pointer: `/aggregations/2/buckets/${at}/1/value`,
      rule: "hyperloglog",
      low: 90,
      high: 110,
    }));
    assert.equal(judged(answer(8, 7), answer(7, 8), [], { request, tolerances }).verdict, "equivalent");
    assert.equal(judged(answer(8, 7), answer(7, 8), [off("hyperloglog")], { request, tolerances }).verdict, "different");
  });
});

describe("what is ignored", () => {
  const answer = (source: string, score = "1.0") =>
    `{"hits":{"total":{"value":1,"relation":"eq"},"hits":[{"_index":"i","_id":"a","_score":${score},"_source":${source}}]}}`;
  const ignored = (more: Partial<VerdictEntry>): VerdictEntry => ({ rule: "ignored", reason: "the client's clock", ...more });

  test("makes an answer equivalent, with the reason of the entry", () => {
    const result = judged(answer('{"at":1,"x":2}'), answer('{"at":3,"x":2}'), [ignored({ path: "/hits/hits/*/_source/at" })]);
    assert.equal(result.verdict, "equivalent");
    assert.deepEqual(result.rules, [
      { rule: "ignored", reason: "the client's clock", paths: ["/hits/hits/[_id=a]/_source/at"], count: 1, byEntry: true },
    ]);
    assert.match(result.reason, /ignored \(by an entry of verdicts\.rules\)/);
    assert.equal(result.totalLeaves - result.comparedLeaves, 1);
  });

  test("is nothing but what the pattern means", () => {
    const result = judged(answer('{"at":1,"x":2}'), answer('{"at":3,"x":4}'), [ignored({ path: "/hits/hits/*/_source/at" })]);
    assert.deepEqual(
      result.differences.map(({ path }) => path),
      ["/hits/hits/[_id=a]/_source/x"],
    );
  });

  test("may be a field of documents, wherever a hit shows it", () => {
    const theirs = answer('{"a":[{"b":1},{"b":{"c":2}}],"ab":1,"a.b":7}');
    const verdictOf = (ours: string, field: string) => judged(theirs, answer(ours), [ignored({ field })]).verdict;
    assert.equal(verdictOf('{"a":[{"b":9},{"b":{"c":9}}],"ab":1,"a.b":9}', "a.b"), "equivalent");
    assert.equal(verdictOf('{"a":[{"b":1},{"b":{"c":2}}],"ab":9,"a.b":7}', "a"), "different");
    const score = judged(answer('{"x":1}', "1.0"), answer('{"x":1}', "2.0"), [ignored({ field: "_score" })]);
    assert.equal(score.verdict, "different");
  });

  test("is told by a rule that explains it, where one does", () => {
    const result = judged(answer("{}", "1.0"), answer("{}", "1.0000001"), [ignored({ path: "/**/_score" })]);
    assert.deepEqual(
      result.rules.map(({ rule }) => rule),
      ["score"],
    );
    const without = judged(answer("{}", "1.0"), answer("{}", "1.0000001"), [ignored({ path: "/**/_score" }), off("score")]);
    assert.deepEqual([without.verdict, without.rules.map(({ rule }) => rule)], ["equivalent", ["ignored"]]);
  });

  test("holds for its indices and shapes alone", () => {
    const verdictOf = (entry: Partial<VerdictEntry>) =>
      judged(answer('{"at":1}'), answer('{"at":3}'), [ignored({ path: "/hits", ...entry })]).verdict;
    assert.deepEqual([{}, { index: "logs-*" }, { shape: "0123456789" }].map(verdictOf), Array(3).fill("equivalent"));
    assert.deepEqual([{ index: "orders" }, { shape: "ffffffffff" }].map(verdictOf), Array(2).fill("different"));
  });
});
