import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import type { JsonValue } from "../../../src/shared/json.ts";
import { compare, found } from "./harness.ts";

function hits(list: readonly (readonly [id: string, sort: string, source?: string])[], total = list.length): string {
  const rows = list.map(([id, sort, source]) => `{"_index":"i","_id":"${id}","_score":null,"_source":${source ?? "{}"},"sort":[${sort}]}`);
  return `{"took":3,"_shards":{"total":1,"failed":0},"hits":{"total":{"value":${total},"relation":"eq"},"max_score":null,"hits":[${rows.join(",")}]}}`;
}
const BY_TIME = '{"sort":[{"time":"desc"}],"size":3}';

describe("verdicts", () => {
  test("took and _shards differ and the answers are still equal, and they are listed", () => {
    const result = compare('{"took":1,"_shards":{"total":1},"hits":{"hits":[]}}', '{"took":9,"hits":{"hits":[]}}');
    assert.equal(result.verdict, "equal");
    assert.deepEqual(
      result.rules.map(({ rule, paths, count }) => [rule, paths, count]),
      [["envelope", ["/took", "/_shards"], 2]],
    );
    assert.deepEqual([result.comparedLeaves, result.totalLeaves], [1, 3]);
  });

  test("a changed count is different, with keyed steps to it", () => {
    const answer = (count: number) => `{"aggregations":{"2":{"buckets":[{"key":5,"doc_count":1},{"key":7,"doc_count":${count}}]}}}`;
    const result = compare(answer(3), answer(4));
    assert.equal(result.verdict, "different");
    assert.deepEqual(result.differences, [
      { path: "/aggregations/2/buckets/[key=7]/doc_count", kind: "value", elasticsearch: "3", clickhouse: "4" },
    ]);
    assert.match(result.reason, /1 place, first at \/aggregations\/2\/buckets\/\[key=7\]\/doc_count/);
  });

  test("missing, extra and of another type are told apart", () => {
    assert.deepEqual(found(compare('{"a":{"x":1,"y":[1,2],"z":1}}', '{"a":{"y":[1],"z":"1","w":0}}')), [
      "missing /a/x",
      "missing /a/y/1",
      "type /a/z",
      "extra /a/w",
    ]);
  });

  test("an answer that Elasticsearch calls partial is not compared", () => {
    const result = compare('{"timed_out":true,"hits":{"hits":[]}}', '{"timed_out":false,"hits":{"hits":[]}}');
    assert.equal(result.verdict, "not_compared");
    assert.match(result.reason, /timed out/);
    assert.equal(compare('{"_shards":{"total":3,"failed":1}}', "{}").verdict, "not_compared");
  });

  test("an _async_search envelope is opened and its handles are left aside", () => {
    const wrapped = '{"id":"x","is_partial":false,"is_running":false,"start_time_in_millis":1,"response":{"took":1,"count":3}}';
    assert.equal(compare(wrapped, '{"took":2,"count":3}').verdict, "equal");
    assert.deepEqual(found(compare(wrapped, '{"took":2,"count":4}')), ["value /count"]);
  });

  test("errors of the same status and type are equal, whatever they say", () => {
    const wrapped =
      '{"error":{"root_cause":[{"type":"parsing_exception","reason":"a"}],"type":"x_content_parse_exception","reason":"b"},"status":400}';
    assert.equal(compare(wrapped, '{"error":{"type":"parsing_exception","reason":"c"},"status":400}').verdict, "equal");
    assert.equal(compare(wrapped, '{"error":{"type":"x_content_parse_exception"},"status":400}').verdict, "equal");
    assert.deepEqual(found(compare(wrapped, '{"error":{"type":"other"},"status":500}')), ["value /status", "value /error/type"]);
    assert.deepEqual(found(compare(wrapped, '{"hits":{"hits":[]}}')), ["missing /error"]);
  });
});

describe("numbers", () => {
  const same = (a: string, b: string) => compare(`{"_source":${a}}`, `{"_source":${b}}`).verdict === "equal";
  test("10 and 10.0 and 1e1 are the same value", () => {
    assert.ok(same("10", "10.0") && same("10.0", "1e1") && same("1E1", "10"));
  });
  test("integers are exact beyond 2^53", () => {
    assert.ok(!same("9007199254740993", "9007199254740992"));
    assert.ok(!same("9007199254740993", "9007199254740992.0"));
    assert.ok(same("9223372036854775807", "9223372036854775807"));
    assert.ok(!same("9223372036854775807", "9223372036854775806"));
    assert.ok(same("9.223372036854775807E18", "9223372036854775808"));
    assert.ok(same("1.2345678901234568E18", "1234567890123456800"));
  });
  test("doubles are their bits: negative zero, the last digit, underflow", () => {
    assert.ok(!same("0.0", "-0.0") && !same("0", "-0"));
    assert.ok(!same("0.1", "0.10000000000000002"));
    assert.ok(same("0.1", "0.10") && same("4.9E-324", "5e-324"));
  });
  test("a number and its text are not the same, nor is null", () => {
    assert.ok(!same("1", '"1"') && !same("null", "0") && !same('"Infinity"', "1e999"));
  });
});

describe("hits", () => {
  test("hits that tie in the sort may come in any order", () => {
    const result = compare(
      hits([
        ["a", "5"],
        ["b", "5"],
        ["c", "4"],
      ]),
      hits([
        ["b", "5"],
        ["a", "5"],
        ["c", "4"],
      ]),
      BY_TIME,
    );
    assert.equal(result.verdict, "equivalent");
    assert.deepEqual(
      result.rules.map(({ rule, paths }) => [rule, paths]),
      [["tied_hits", ["/hits/hits/[_id=a]", "/hits/hits/[_id=b]"]]],
    );
  });

  test("hits that do not tie may not", () => {
    const result = compare(
      hits([
        ["a", "5"],
        ["b", "4"],
        ["c", "3"],
      ]),
      hits([
        ["c", "3"],
        ["a", "5"],
        ["b", "4"],
      ]),
      BY_TIME,
    );
    assert.deepEqual(result.differences, [{ path: "/hits/hits/[_id=c]", kind: "order", elasticsearch: "2", clickhouse: "0" }]);
  });

  test("which of the tied hits fill the end of a page is open, but not how many, nor earlier ones", () => {
    const page = hits(
      [
        ["a", "5"],
        ["b", "4"],
        ["c", "4"],
      ],
      9,
    );
    assert.equal(
      compare(
        page,
        hits(
          [
            ["a", "5"],
            ["b", "4"],
            ["d", "4"],
          ],
          9,
        ),
        BY_TIME,
      ).verdict,
      "equivalent",
    );
    assert.deepEqual(
      found(
        compare(
          page,
          hits(
            [
              ["a", "5"],
              ["b", "4"],
            ],
            9,
          ),
          BY_TIME,
        ),
      ),
      ["missing /hits/hits/[_id=c]"],
    );
    assert.deepEqual(
      found(
        compare(
          page,
          hits(
            [
              ["x", "5"],
              ["b", "4"],
              ["c", "4"],
            ],
            9,
          ),
          BY_TIME,
        ),
      ),
      ["missing /hits/hits/[_id=a]", "extra /hits/hits/[_id=x]"],
    );
    const whole = hits([
      ["a", "5"],
      ["b", "4"],
      ["c", "4"],
    ]);
    assert.equal(
      compare(
        whole,
        hits([
          ["a", "5"],
          ["b", "4"],
          ["d", "4"],
        ]),
        BY_TIME,
      ).verdict,
      "different",
    );
  });

  test("without a sort, hits of one score have no order, and scores agree to 1e-5", () => {
    const scored = (list: readonly (readonly [string, number])[]) =>
      `{"hits":{"total":{"value":${list.length},"relation":"eq"},"max_score":${list[0]?.[1]},"hits":[${list.map(([id, score]) => `{"_index":"i","_id":"${id}","_score":${score}}`).join(",")}]}}`;
    const result = compare(
      scored([
        ["a", 2.5],
        ["b", 1],
        ["c", 1],
      ]),
      scored([
        ["a", 2.500001],
        ["c", 1],
        ["b", 1],
      ]),
    );
    assert.deepEqual(result.rules.map(({ rule }) => rule).toSorted(), ["score", "tied_hits"]);
    assert.deepEqual(
      found(
        compare(
          scored([
            ["a", 2.5],
            ["b", 1],
          ]),
          scored([
            ["a", 2.51],
            ["b", 1],
          ]),
        ),
      ),
      ["value /hits/max_score", "value /hits/hits/[_id=a]/_score"],
    );
  });

  test("a total of nothing that was not asked for may stand beside no hits, but not beside some", () => {
    const asked = '{"sort":["time"],"track_total_hits":false}';
    const total = '"total":{"value":0,"relation":"eq"},';
    assert.equal(
      compare(`{"hits":{${total}"max_score":null,"hits":[]}}`, '{"hits":{"max_score":null,"hits":[]}}', asked).verdict,
      "equivalent",
    );
    assert.equal(compare(`{"hits":{${total}"hits":[]}}`, '{"hits":{"hits":[{"_index":"i","_id":"1"}]}}', asked).verdict, "different");
  });

  test("a page that is not full ends nowhere else: which hits it shows is not open", () => {
    const page = (last: string) =>
      hits(
        [
          ["a", "5"],
          [last, "4"],
        ],
        9,
      );
    assert.equal(compare(page("b"), page("c"), '{"sort":["t"],"size":2}').verdict, "equivalent");
    assert.deepEqual(found(compare(page("b"), page("c"), '{"sort":["t"],"size":3}')), [
      "missing /hits/hits/[_id=b]",
      "extra /hits/hits/[_id=c]",
    ]);
  });

  test("inner hits are ordered as their own part of the request says", () => {
    const request =
      '{"query":{"bool":{"must":[{"nested":{"path":"p","query":{},"inner_hits":{"name":"n","size":2,"sort":[{"p.x":"asc"}]}}}]}}}';
    const inner = (list: readonly (readonly [number, number])[]) => {
      const all = list.map(
        ([offset, x]) => `{"_index":"i","_id":"1","_nested":{"field":"p","offset":${offset}},"_score":null,"sort":[${x}]}`,
      );
      const answer = `{"hits":{"total":{"value":7,"relation":"eq"},"max_score":null,"hits":[${all.join(",")}]}}`;
      return `{"hits":{"hits":[{"_index":"i","_id":"1","_score":1.0,"inner_hits":{"n":${answer}}}]}}`;
    };
    const right = inner([
      [0, 1],
      [1, 2],
    ]);
    const turned = inner([
      [1, 2],
      [0, 1],
    ]);
    assert.deepEqual(found(compare(right, turned, request)), ["order /hits/hits/[_id=1]/inner_hits/n/hits/hits/[_nested=p.1,_id=1]"]);
    assert.deepEqual(
      found(
        compare(
          right,
          inner([
            [0, 1],
            [1, 3],
          ]),
          request,
        ),
      ),
      ["value /hits/hits/[_id=1]/inner_hits/n/hits/hits/[_nested=p.1,_id=1]/sort/0"],
    );
    const tied = (first: number, second: number) =>
      inner([
        [first, 2],
        [second, 2],
      ]);
    assert.equal(compare(tied(0, 1), tied(0, 2), request).verdict, "equivalent");
  });

  test("the same _id in two indices is two hits", () => {
    const two = (x: number) =>
      `{"hits":{"total":{"value":2,"relation":"eq"},"hits":[{"_index":"i","_id":"1","_source":{"x":1}},{"_index":"j","_id":"1","_source":{"x":${x}}}]}}`;
    assert.deepEqual(found(compare(two(2), two(3))), ["value /hits/hits/[_index=j,_id=1]/_source/x"]);
  });

  test("a lower bound is met by any larger total, unless the exact total was asked for", () => {
    const total = (value: number, relation: string) => `{"hits":{"total":{"value":${value},"relation":"${relation}"},"hits":[]}}`;
    assert.equal(compare(total(10000, "gte"), total(14074, "eq")).verdict, "equivalent");
    assert.equal(compare(total(10000, "gte"), total(9000, "eq")).verdict, "different");
    assert.equal(compare(total(10000, "gte"), total(14074, "eq"), '{"track_total_hits":true}').verdict, "different");
    assert.deepEqual(found(compare(total(10000, "gte"), total(14074, "about"))), ["value /hits/total/value", "value /hits/total/relation"]);
    assert.deepEqual(found(compare(total(14074, "eq"), total(10000, "gte"))), ["value /hits/total/value", "value /hits/total/relation"]);
  });

  test("the best score of no hits is null or 0.0, and of any hit a value", () => {
    const empty = (score: string) => `{"hits":{"max_score":${score},"hits":[]}}`;
    const one = (score: string) => `{"hits":{"max_score":${score},"hits":[{"_index":"i","_id":"1"}]}}`;
    assert.equal(compare(empty("0.0"), empty("null")).verdict, "equivalent");
    assert.equal(compare(empty("1.0"), empty("null")).verdict, "different");
    assert.equal(compare(one("0.0"), one("null")).verdict, "different");
  });

  test("what significant terms are compared with is open where no document was found, but not where some were", () => {
    const request = '{"aggs":{"s":{"significant_terms":{"field":"h"}}}}';
    const answer = (found: number, behind: number) => `{"aggregations":{"s":{"doc_count":${found},"bg_count":${behind},"buckets":[]}}}`;
    assert.deepEqual(
      compare(answer(0, 61), answer(0, 200), request).rules.map(({ rule }) => rule),
      ["empty_background"],
    );
    assert.equal(compare(answer(3, 61), answer(3, 200), request).verdict, "different");
  });

  test("what a full sample holds is open, how much it holds is not, nor what a sample of everything holds", () => {
    const request = '{"aggs":{"s":{"sampler":{"shard_size":3},"aggs":{"t":{"terms":{"field":"k"}}}}}}';
    const answer = (count: number, key: string) =>
      `{"aggregations":{"s":{"doc_count":${count},"t":{"buckets":[{"key":"${key}","doc_count":2}]}}}}`;
    assert.deepEqual(
      compare(answer(3, "a"), answer(3, "b"), request).rules.map(({ rule }) => rule),
      ["sampling"],
    );
    assert.equal(compare(answer(3, "a"), answer(4, "a"), request).verdict, "different");
    assert.equal(compare(answer(2, "a"), answer(2, "b"), request).verdict, "different");
  });

  test("distances agree to 1e-9, positions in a segment are left aside", () => {
    const request = '{"sort":[{"_geo_distance":{"p":[0,0]}},"_doc"]}';
    assert.equal(compare(hits([["a", "1234.5678,17"]]), hits([["a", "1234.5678000003,99"]]), request).verdict, "equivalent");
    assert.equal(compare(hits([["a", "1234.5678,17"]]), hits([["a", "1234.5679,17"]]), request).verdict, "different");
    assert.equal(
      compare(hits([["a", "5,4294967298"]]), hits([["a", "5,0"]]), '{"pit":{"id":"x"},"sort":[{"t":"asc"}]}').verdict,
      "equivalent",
    );
    assert.equal(compare(hits([["a", "5,4294967298"]]), hits([["a", "5,0"]]), '{"sort":[{"t":"asc"}]}').verdict, "different");
  });
});

describe("aggregations", () => {
  const terms = (buckets: string, others = 0) => `{"aggregations":{"2":{"sum_other_doc_count":${others},"buckets":[${buckets}]}}}`;
  test('a key is typed: 7 and 7.0 are one bucket, 7 and "7" are two', () => {
    assert.equal(compare(terms('{"key":7,"doc_count":1}'), terms('{"key":7.0,"doc_count":1}')).verdict, "equal");
    assert.deepEqual(found(compare(terms('{"key":7,"doc_count":1}'), terms('{"key":"7","doc_count":1}'))), [
      "missing /aggregations/2/buckets/[key=7]",
      "extra /aggregations/2/buckets/[key=7]",
    ]);
  });

  test("composite keys are objects, member order aside", () => {
    const a = terms('{"key":{"h":"x","n":1},"doc_count":1}');
    assert.equal(compare(a, terms('{"key":{"n":1.0,"h":"x"},"doc_count":1}')).verdict, "equal");
    assert.deepEqual(found(compare(a, terms('{"key":{"n":1,"h":"x"},"doc_count":2}'))), [
      'value /aggregations/2/buckets/[key={"h":"x","n":1}]/doc_count',
    ]);
  });

  test("ranges with the same key are told apart, keyed buckets go by name, keyless ones by place", () => {
    const ranges = terms('{"key":"*-1","to":1,"doc_count":1},{"key":"*-1","to":1,"doc_count":2}');
    assert.deepEqual(found(compare(ranges, ranges.replace('"doc_count":2', '"doc_count":3'))), [
      "value /aggregations/2/buckets/[key=*-1#2]/doc_count",
    ]);
    const keyed = (n: number) => `{"aggregations":{"f":{"buckets":{"GET":{"doc_count":1},"PUT":{"doc_count":${n}}}}}}`;
    assert.deepEqual(found(compare(keyed(1), keyed(2))), ["value /aggregations/f/buckets/PUT/doc_count"]);
    assert.deepEqual(found(compare(terms('{"doc_count":1},{"doc_count":2}'), terms('{"doc_count":1},{"doc_count":3}'))), [
      "value /aggregations/2/buckets/1/doc_count",
    ]);
  });

  test("the order of buckets counts", () => {
    const result = compare(
      terms('{"key":"a","doc_count":2},{"key":"b","doc_count":2}'),
      terms('{"key":"b","doc_count":2},{"key":"a","doc_count":2}'),
    );
    assert.equal(result.verdict, "different");
    assert.equal(result.differences[0]?.kind, "order");
  });

  test("buckets ordered by a metric may swap where the metric is equal within its noise", () => {
    const request = '{"aggs":{"2":{"terms":{"field":"h","order":{"1":"desc"}},"aggs":{"1":{"avg":{"field":"x"}}}}}}';
    const bucket = (key: string, value: string) => `{"key":"${key}","doc_count":2,"1":{"value":${value}}}`;
    const theirs = terms(`${bucket("a", "0.30000000000000004")},${bucket("b", "0.3")},${bucket("c", "0.1")}`);
    const ours = terms(`${bucket("b", "0.3")},${bucket("a", "0.3")},${bucket("c", "0.1")}`);
    assert.deepEqual(
      compare(theirs, ours, request)
        .rules.map(({ rule }) => rule)
        .toSorted(),
      ["float_sum", "tied_buckets"],
    );
    const wrong = terms(`${bucket("c", "0.1")},${bucket("a", "0.30000000000000004")},${bucket("b", "0.3")}`);
    assert.deepEqual(found(compare(theirs, wrong, request)), ["order /aggregations/2/buckets/[key=c]"]);
  });

  test("buckets of the same exact metric are in the order of their keys", () => {
    const request = (metric: string) =>
      `{"aggs":{"2":{"terms":{"field":"h","order":{"1":"desc"}},"aggs":{"1":{"${metric}":{"field":"x"}}}}}}`;
    const bucket = (key: string) => `{"key":"${key}","doc_count":2,"1":{"value":0.5}}`;
    const [right, turned] = [terms(`${bucket("a")},${bucket("b")}`), terms(`${bucket("b")},${bucket("a")}`)];
    assert.equal(compare(right, turned, request("avg")).verdict, "equivalent");
    assert.equal(compare(right, turned, request("max")).verdict, "different");
  });

  test("ranks that tie one by one do not let the first pass the last", () => {
    const request = '{"aggs":{"2":{"terms":{"field":"h","order":{"1":"asc"}},"aggs":{"1":{"sum":{"field":"x"}}}}}}';
    const all = ["a", "b", "c", "d"].map((key, at) => `{"key":"${key}","doc_count":2,"1":{"value":${at}.5}}`);
    const tolerances = [0, 1, 2, 3].map((at) => {
      const pointer = `/aggregations/2/buckets/${at}/1/value`;
      return { pointer, rule: "float_sum", low: at - 0.1, high: at + 1.1 } as const;
    });
    const [a = "", b = "", c = "", d = ""] = all;
    assert.equal(compare(terms(all.join(",")), terms([b, a, c, d].join(",")), request, tolerances).verdict, "equivalent");
    assert.deepEqual(found(compare(terms(all.join(",")), terms([b, c, d, a].join(",")), request, tolerances)), [
      "order /aggregations/2/buckets/[key=a]",
    ]);
  });

  test("a bucket may pass all that its metric ties with, though they don't tie with each other", () => {
    const request = '{"aggs":{"2":{"terms":{"field":"h","order":{"1":"asc"}},"aggs":{"1":{"sum":{"field":"x"}}}}}}';
    const bucket = (key: string, value: number) => `{"key":"${key}","doc_count":2,"1":{"value":${value}}}`;
    const theirs = terms([bucket("a", 5), bucket("b", 10), bucket("c", 20)].join(","));
    const ours = terms([bucket("b", 10), bucket("c", 20), bucket("a", 25)].join(","));
    const wide = { pointer: "/aggregations/2/buckets/2/1/value", rule: "float_sum", low: 0, high: 40 } as const;
    assert.equal(compare(theirs, ours, request, [wide]).verdict, "equivalent");
    assert.deepEqual(found(compare(theirs, ours, request, [{ ...wide, high: 19 }])), ["order /aggregations/2/buckets/[key=c]"]);
  });

  test("a sum may differ in its last bits, a maximum or a whole number may not", () => {
    const request = '{"aggs":{"s":{"sum":{"field":"x"}},"m":{"max":{"field":"x"}}}}';
    const answer = (sum: string, max: string) => `{"aggregations":{"s":{"value":${sum},"value_as_string":"${sum}"},"m":{"value":${max}}}}`;
    const result = compare(answer("0.30000000000000004", "1.5"), answer("0.3", "1.5"), request);
    assert.equal(result.verdict, "equivalent");
    assert.deepEqual(
      result.rules.map(({ rule }) => rule),
      ["float_sum", "as_string"],
    );
    assert.equal(result.comparedLeaves, result.totalLeaves);
    assert.equal(compare(answer("0.3", "0.30000000000000004"), answer("0.3", "0.3"), request).verdict, "different");
    assert.equal(compare(answer("4503599627370497", "1"), answer("4503599627370498", "1"), request).verdict, "different");
  });

  test("an estimate is accepted within the translator's bounds only", () => {
    const answer = (value: number) => terms(`{"key":"a","doc_count":9,"5":{"value":${value}}}`);
    const tolerances = [{ pointer: "/aggregations/2/buckets/0/5/value", rule: "hyperloglog", low: 95, high: 105 }] as const;
    assert.equal(compare(answer(104), answer(100), "{}", tolerances).verdict, "equivalent");
    assert.equal(compare(answer(106), answer(100), "{}", tolerances).verdict, "different");
  });

  test("top_hits inside a bucket go by _id, with their own sort", () => {
    const request = '{"aggs":{"t":{"top_hits":{"size":2,"sort":[{"x":"asc"}]}}}}';
    const top = (list: string) => `{"aggregations":{"t":{"hits":{"total":{"value":9,"relation":"eq"},"hits":[${list}]}}}}`;
    const hit = (id: string, x: number, v = 0) => `{"_index":"i","_id":"${id}","_score":null,"_source":{"v":${v}},"sort":[${x}]}`;
    assert.equal(compare(top(`${hit("a", 1)},${hit("b", 1)}`), top(`${hit("b", 1)},${hit("a", 1)}`), request).verdict, "equivalent");
    assert.deepEqual(found(compare(top(hit("a", 1)), top(hit("a", 1, 5)), request)), ["value /aggregations/t/hits/hits/[_id=a]/_source/v"]);
  });
});

describe("hostile answers", () => {
  test("a document 100,000 deep is compared to its bottom", () => {
    const deep = (bottom: JsonValue) => {
      let value = bottom;
      for (let level = 0; level < 100_000; level += 1) value = level % 2 === 0 ? [value] : { d: value };
      return { hits: { hits: [{ _index: "i", _id: "1", _source: value }] } };
    };
    const input = (ours: JsonValue) =>
      ({ endpoint: "search", request: {}, elasticsearch: deep(1), clickhouse: deep(ours), tolerances: [] }) as const;
    assert.equal(match(input(1)).verdict, "equal");
    const result = match(input(2));
    assert.equal(result.differenceCount, 1);
    assert.match(result.differences[0]?.path ?? "", /^\/hits\/hits\/\[_id=1\]\/_source\/d\/0\/.*…/);
    assert.equal(match({ ...input(1), clickhouse: { hits: { hits: [] } } }).verdict, "different");
  });

  test("names that mean something to JavaScript are plain names", () => {
    assert.deepEqual(found(compare('{"a":{"__proto__":1,"constructor":2}}', '{"a":{"toString":3}}')), [
      "missing /a/__proto__",
      "missing /a/constructor",
      "extra /a/toString",
    ]);
  });

  test("a thousand differences are listed and all are counted", () => {
    const list = (from: number) => `{"x":[${Array.from({ length: 5000 }, (_, at) => at + from).join(",")}]}`;
    const result = compare(list(0), list(1));
    assert.deepEqual([result.differences.length, result.differenceCount], [1000, 5000]);
  });
});
