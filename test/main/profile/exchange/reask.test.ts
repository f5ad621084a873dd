import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withoutProfile, withProfile } from "../../../../src/main/profile/exchange/reask.ts";
import { parseObject } from "../../../../src/shared/json.ts";

const asked = (method: string, path: string, body: string) => {
  const headers = [
    ["Content-Type", "application/json"],
    ["content-length", String(body.length)],
    ["x-parallax-replay", "3"],
  ] as const;
  const reasked = withProfile({ id: 7, method, path, headers, body: Buffer.from(body) });
  if (!reasked.ok) return reasked.reason;
  const { request, instead } = reasked;
  return { method: request.method, target: request.target, headers: request.headers, body: Buffer.from(request.body).toString(), instead };
};

describe("a search asked once more with its profile", () => {
  test("keeps the body's numbers as sent, and takes profile in the place of what was said of it", () => {
    assert.deepEqual(
      asked("GET", "/a/_search?size=1&filter_path=took&request_cache=true", '{"from":1.0,"x":9007199254740993,"profile":false}'),
      {
        method: "POST",
        target: "/a/_search?size=1",
        headers: [["content-type", "application/json"]],
        body: '{"from":1.0,"x":9007199254740993,"profile":true}',
        instead: "",
      },
    );
  });

  test("asks for the profile of each search of an _msearch", () => {
    const body = '{"index":"a"}\n{"size":1}\n{}\n{"size":2}\n';
    const reasked = asked("POST", "/b/_msearch?typed_keys=true", body);
    assert.ok(typeof reasked !== "string");
    assert.equal(reasked.target, "/b/_msearch?typed_keys=true");
    assert.equal(reasked.body, '{"index":"a"}\n{"size":1,"profile":true}\n{}\n{"size":2,"profile":true}\n');
  });

  test("opens nothing again: no scroll, no asynchronous search; and a count is asked as a search", () => {
    const target = (method: string, path: string) => {
      const reasked = asked(method, path, '{"query":{"match_all":{}}}');
      return typeof reasked === "string" ? reasked : [reasked.target, reasked.instead, reasked.body];
    };
    assert.deepEqual(target("POST", "/a/_search?scroll=1m&size=3"), [
      "/a/_search?size=3",
      "asked without its scroll",
      '{"query":{"match_all":{}},"profile":true}',
    ]);
    assert.deepEqual(target("POST", "/a/_async_search?keep_alive=1m")[0], "/a/_search");
    assert.deepEqual(target("POST", "/a/_count?q=x")[0], "/a/_search?q=x");
    assert.match(String(target("POST", "/a/_count")[2]), /"size":0,"track_total_hits":true,"profile":true/);
    assert.match(String(target("POST", "/_search/scroll")), /next page of a scroll/);
    assert.match(String(target("POST", "/_query/async")), /asynchronous ES\|QL/);
  });

  test("takes a body from the URL, and none for an empty one", () => {
    const source = encodeURIComponent('{"size":4}');
    const reasked = asked("GET", `/a/_search?source=${source}&source_content_type=application%2Fjson&q=%zz`, "");
    assert.ok(typeof reasked !== "string");
    assert.deepEqual([reasked.target, reasked.body], ["/a/_search?q=%zz", '{"size":4,"profile":true}']);
    const empty = asked("GET", "/a/_search", "");
    assert.ok(typeof empty !== "string");
    assert.equal(empty.body, '{"profile":true}');
  });

  test("says why where the body is not JSON", () => {
    assert.match(String(asked("POST", "/a/_search", "query: {}")), /not JSON/);
  });

  test("the answer is compared without its profiles", () => {
    const answer = parseObject('{"took":1,"profile":{},"responses":[{"took":2,"profile":{}},{"error":1}]}');
    assert.deepEqual(withoutProfile(answer ?? {}), { took: 1, responses: [{ took: 2 }, { error: 1 }] });
  });
});
