import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAlone } from "../../../src/renderer/exchange/alone.ts";
import { indentJson } from "../../../src/renderer/exchange/body/indent_json.ts";
import { bulkPairs, msearchPairs, pairAnswers } from "../../../src/renderer/exchange/body/pairs.ts";
import { figuresOf } from "../../../src/renderer/exchange/overview/figures.ts";
import { phasesOf } from "../../../src/renderer/exchange/overview/phases.ts";
import { sentenceOf } from "../../../src/renderer/exchange/sentence.ts";
import type { ExchangeDetail, HeaderPairs } from "../../../src/shared/exchange.ts";
import { fakeExchanges } from "../../support/fake_exchanges.ts";

describe("bodies", () => {
  test("are indented with every number as sent", () => {
    assert.equal(indentJson('{"a":9007199254740993,"b":[1.0,-0.0]}'), '{\n  "a": 9007199254740993,\n  "b": [\n    1.0,\n    -0.0\n  ]\n}');
  });

  test("of lines are indented line by line; what is not JSON stays", () => {
    assert.equal(indentJson('{"a":1}\n{"b":2}\n'), '{\n  "a": 1\n}\n{\n  "b": 2\n}');
    assert.equal(indentJson("<html>"), "<html>");
  });
});

describe("pairs", () => {
  test("of a bulk: a delete has no second line, an update has", () => {
    const pairs = bulkPairs('{"index":{"_index":"a","_id":"1"}}\n{"x":1}\n{"delete":{"_id":"2"}}\n{"update":{"_id":3}}\n{"doc":{}}\n');
    assert.deepEqual(
      pairs.map(({ action, index, id, body }) => [action, index, id, body]),
      [
        ["index", "a", "1", '{"x":1}'],
        ["delete", "", "2", null],
        ["update", "", "3", '{"doc":{}}'],
      ],
    );
  });

  test("of an msearch, and what each got", () => {
    assert.deepEqual(
      msearchPairs('{"index":"a"}\n{"size":0}\n{}\n{"size":1}\n').map(({ index, body }) => [index, body]),
      [
        ["a", '{"size":0}'],
        ["", '{"size":1}'],
      ],
    );
    const answers = pairAnswers(
      '{"responses":[{"status":200,"hits":{"total":{"value":7}}},{"status":400,"error":{"type":"parsing_exception"}}]}',
    );
    assert.deepEqual(
      answers.map(({ status, result, failed }) => [status, result, failed]),
      [
        [200, "7 hits", false],
        [400, "parsing_exception", true],
      ],
    );
  });

  test("survive what is not JSON", () => {
    assert.equal(bulkPairs("nonsense\nmore\n").length, 1);
    assert.deepEqual(pairAnswers("<html>"), []);
  });
});

describe("an exchange in words and figures", () => {
  const exchanges = fakeExchanges(60, 0).map(({ detail }) => detail);

  test("the sentence is one sentence", () => {
    for (const exchange of exchanges) assert.match(sentenceOf(exchange), /^[A-Z0-9[].*[.!?]$/s);
  });

  test("figures count documents and buckets at any depth", () => {
    const text =
      '{"took":1,"_shards":{"total":2},"hits":{"total":{"value":10000,"relation":"gte"},"hits":[1,2]},"aggregations":{"a":{"buckets":[{"key":1,"b":{"buckets":{"x":{},"y":{}}}}]}}}';
    assert.deepEqual(figuresOf(text), { total: "≥ 10000", hits: 2, buckets: 3, shards: 2 });
    assert.equal(figuresOf('{"took":1,"hi'), null);
  });

  test("phases follow each other on their lane", () => {
    for (const { timings } of exchanges) {
      const ends = { es: 0, ch: 0 };
      for (const { lane, from, to } of phasesOf(timings)) {
        assert.ok(from >= ends[lane] - 1e-9 && to > from);
        ends[lane] = to;
      }
    }
  });

  test("an answer that ClickHouse gave alone says so, and has no time of Elasticsearch's", () => {
    const [exchange] = exchanges;
    assert.ok(exchange?.response);
    const of = (...headers: HeaderPairs): ExchangeDetail => ({
      ...exchange,
      response: { version: "1.1", reason: "OK", bodyBytes: 1, truncated: false, headers },
    });
    const own = of(["x-parallax-source", "clickhouse"]);
    assert.ok(isAlone(own));
    assert.ok(isAlone(of(["X-Parallax-Verdict", "unsupported"])));
    assert.ok(!isAlone(of(["x-parallax-source", "elasticsearch"], ["x-parallax-verdict", "unsupported"])));
    assert.ok(phasesOf(own.timings, true).every(({ lane }) => lane === "ch"));
    assert.equal(sentenceOf({ ...own, kind: "get", note: "answered by ClickHouse alone" }), "Answered by ClickHouse alone.");
  });
});
