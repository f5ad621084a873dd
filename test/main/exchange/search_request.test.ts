import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readAnswers, readSearches } from "../../../src/main/exchange/search_request.ts";

const params = new Map<string, string>();

describe("reading searches", () => {
  test("takes every search of an _msearch, with the index of its own header", () => {
    const body = '{"index":"a"}\n{"size":0}\n{}\n{"size":1}\n{"index":["b","c"],"ignore_unavailable":true}\n{"query":{"match_all":{}}}\n';
    const { searches, problem } = readSearches({ endpoint: "_msearch", index: "z", params }, body);
    assert.equal(problem, "");
    assert.deepEqual(
      searches.map((search) => [search.index, search.text, search.params.get("ignore_unavailable")]),
      [
        ["a", '{"size":0}', undefined],
        ["z", '{"size":1}', undefined],
        ["b,c", '{"query":{"match_all":{}}}', "true"],
      ],
    );
  });

  test("reads a search without a body, and one in the source parameter", () => {
    assert.deepEqual(readSearches({ endpoint: "_search", index: "a", params }, "").searches[0]?.body, {});
    const inUrl = new Map([
      ["source", '{"query":{"match_all":{}}}'],
      ["source_content_type", "application/json"],
    ]);
    const source = readSearches({ endpoint: "_count", index: "a", params: inUrl }, "");
    assert.deepEqual(source.searches[0]?.body, { query: { match_all: {} } });
    assert.equal(source.searches[0]?.endpoint, "count");
    assert.equal(source.searches[0]?.params.size, 0);
  });

  test("says what is wrong with a body that is not JSON", () => {
    assert.match(readSearches({ endpoint: "_search", index: "a", params }, "{").problem, /not JSON/);
    assert.match(readSearches({ endpoint: "_search", index: "a", params }, "[1]").problem, /not a JSON object/);
  });

  test("finds each answer: of one item, of an async search, of an error", () => {
    assert.equal(readAnswers("_msearch", 200, '{"responses":[{"status":200},{"status":404,"error":{}}]}')(1).status, 404);
    assert.deepEqual(readAnswers("_async_search", 200, '{"id":"x","response":{"hits":{}}}')(0).body, { hits: {} });
    assert.equal(readAnswers("_search", 502, "<html>")(0).body, null);
  });

  test("reads what a header of an _msearch says by all its names, and no more", () => {
    const read = (...lines: readonly string[]) =>
      readSearches({ endpoint: "_msearch", index: "a", params: new Map() }, `${lines.join("\n")}\n`);
    const [one, two, three] = read(
      '{"indices":["x","y"],"ignoreUnavailable":true,"preference":"p","request_cache":true}',
      '{"size":1}',
      "",
      "{}",
      '{"index":"z","expand_wildcards":["open","hidden"]}',
      "{}",
    ).searches;
    assert.deepEqual([one?.index, two?.index, three?.index], ["x,y", "a", "z"]);
    assert.deepEqual(Object.fromEntries(one?.params ?? []), { ignore_unavailable: "true", preference: "p" });
    assert.deepEqual(Object.fromEntries(three?.params ?? []), { expand_wildcards: "open,hidden" });
    for (const lines of [
      ['{"foo":1}', "{}"],
      ['{"index":null}', "{}"],
      ['{"index":"a","index":"b"}', "{}"],
      ["[]", "{}"],
      ["{}", "[1]"],
      ["{}", '{"size":1,"size":2}'],
      ["{}"],
    ])
      assert.notEqual(read(...lines).problem, "", lines.join(" "));
  });
});
