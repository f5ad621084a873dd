import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { route } from "../../../src/main/elasticsearch/route.ts";

const CASES: readonly (readonly [string, string, string, string, string])[] = [
  ["GET", "/", "", "admin", ""],
  ["POST", "/logs-*/_search?size=0&track_total_hits=true", "_search", "search", "logs-*"],
  ["POST", "/_msearch", "_msearch", "search", ""],
  ["GET", "/a,b/_count", "_count", "search", "a,b"],
  ["POST", "/logs/_async_search?keep_alive=1m", "_async_search", "search", "logs"],
  ["GET", "/_async_search/FmRl", "_async_search", "get", ""],
  ["DELETE", "/_async_search/FmRl", "_async_search", "get", ""],
  ["POST", "/_query?format=json", "_query", "search", ""],
  ["POST", "/_query/async", "_query", "search", ""],
  ["GET", "/_query/async/FmRl", "_query", "get", ""],
  ["POST", "/_search/scroll", "_search", "search", ""],
  ["DELETE", "/_search/scroll", "_search", "get", ""],
  ["POST", "/_bulk", "_bulk", "write", ""],
  ["PUT", "/logs/_bulk", "_bulk", "write", "logs"],
  ["PUT", "/logs/_doc/1", "_doc", "write", "logs"],
  ["GET", "/logs/_doc/1", "_doc", "get", "logs"],
  ["DELETE", "/logs/_doc/1", "_doc", "write", "logs"],
  ["POST", "/logs/_update/a%2Fb", "_update", "write", "logs"],
  ["PUT", "/logs", "", "schema", "logs"],
  ["DELETE", "/logs", "", "schema", "logs"],
  ["HEAD", "/logs", "", "get", "logs"],
  ["PUT", "/logs/_mapping", "_mapping", "schema", "logs"],
  ["GET", "/logs/_mapping", "_mapping", "get", "logs"],
  ["POST", "/logs/_refresh", "_refresh", "admin", "logs"],
  ["GET", "/_cluster/health", "_cluster", "admin", ""],
  ["GET", "/_all/_search", "_search", "search", "_all"],
  ["GET", "/%3Clogs-%7Bnow%2Fd%7D%3E/_search", "_search", "search", "<logs-{now/d}>"],
  ["POST", "/x/_field_caps?fields=*", "_field_caps", "get", "x"],
  ["POST", "https://example.com/logs/_bulk", "", "other", ""],
];

describe("routing a request", () => {
  for (const [method, target, endpoint, kind, index] of CASES) {
    test(`${method} ${target} is ${endpoint || "the index or root itself"}, ${kind}`, () => {
      const found = route(method, target);
      assert.deepEqual([found.endpoint, found.kind, found.index], [endpoint, kind, index]);
    });
  }

  test("keeps parameters and the document's id, decoded", () => {
    const found = route("POST", "/logs/_update/a%2Fb?refresh=wait_for");
    assert.equal(found.id, "a/b");
    assert.equal(found.params.get("refresh"), "wait_for");
  });
});
