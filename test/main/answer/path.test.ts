// Which requests the engine is asked for, and what their paths say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ASKS, findEndpoint } from "../../../src/main/answer/table.ts";

const asks = new RegExp(ASKS);

test("the proxy asks for each endpoint that is answered, and for no write or cluster API", () => {
  for (const request of [
    "POST /_search",
    "GET /a/_search?size=1",
    "POST /a,b*,-c/_search",
    "POST /%3Clogs-%7Bnow%2Fd%7D%3E/_search",
    "GET /_all/_count",
    "POST /a/_msearch/",
    "GET /a/_doc/_x",
    "HEAD /a/_doc/1",
    "POST /_search/scroll",
    "DELETE /_pit",
    "GET /_async_search/status/x",
    "GET /_resolve/index/a*",
  ]) {
    assert.ok(asks.test(request), request);
    const space = request.indexOf(" ");
    assert.notEqual(findEndpoint(request.slice(0, space), request.slice(space + 1)), null, request);
  }
  for (const request of [
    "POST /_bulk",
    "POST /a/_doc",
    "PUT /a/_doc/1",
    "DELETE /a/_doc/1",
    "POST /a/_update/1",
    "POST /a/_delete_by_query",
    "GET /",
    "GET /_nodes",
    "GET /_cluster/health",
    "PUT /a",
    "POST /a/_search/template",
    "POST /a/_search2",
    "GET /_internal/_search",
    "PUT /a/_mapping",
    "POST /a/_bulk?x=/_search",
  ]) {
    assert.ok(!asks.test(request), request);
  }
});

test("a path gives index and id percent-decoded", () => {
  const found = findEndpoint("GET", "/a%2Cb/_doc/x%2Fy?routing=z");
  assert.deepEqual(found?.match, { endpoint: "_doc", index: "a,b", id: "x/y" });
  assert.equal(findEndpoint("GET", "/a/_doc/%zz"), null);
});
