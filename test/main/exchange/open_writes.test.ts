import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { OpenWrites } from "../../../src/main/exchange/open_writes.ts";

describe("writes that are open", () => {
  test("are in the way of a search of their index that ran beside them", () => {
    const open = new OpenWrites();
    open.begin(1, 1000, route("PUT", "/logs/_doc/1"));
    assert.equal(open.changing(["logs"], 999), "", "it began after the search had ended");
    assert.equal(open.changing(["other"], 2000), "");
    assert.equal(open.changing(["a", "logs"], 2000), "logs");
    open.begin(2, 1000, route("POST", "/_bulk"));
    assert.equal(open.changing(["other"], 2000), "other", "a bulk may write anywhere");
    open.end(1);
    open.end(2);
    assert.equal(open.changing(["logs", "other"], 2000), "");
  });

  test("count their operations from the answer to the hand-over", () => {
    const open = new OpenWrites();
    open.begin(1, 0, route("POST", "/_bulk"));
    open.begin(2, 0, route("POST", "/_bulk"));
    assert.equal(open.operations, 0);
    open.acknowledged(1, 500);
    open.acknowledged(2, 20);
    open.acknowledged(3, 7);
    assert.equal(open.operations, 520);
    open.end(1);
    open.end(1);
    assert.equal(open.operations, 20);
  });

  test("are writes alone", () => {
    const open = new OpenWrites();
    for (const target of ["/logs/_search", "/logs", "/_cluster/health"]) open.begin(1, 0, route("POST", target));
    assert.equal(open.changing(["logs"], 1), "");
  });
});
