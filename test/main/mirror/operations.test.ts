import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { acknowledged } from "../../../src/main/mirror/operations.ts";

function ask(method: string, target: string, status: number, answer: string, body = "{}") {
  return acknowledged({ method, route: route(method, target), body: Buffer.from(body), status, answer: Buffer.from(answer), time: 0 });
}

const DONE = '{"_index":"i","_id":"1","_version":2,"result":"updated","_seq_no":3,"_primary_term":1}';

describe("what was acknowledged", () => {
  test("of a single document: its place, its bytes, its routing", () => {
    const [operation] = ask("PUT", "/alias/_doc/1?routing=r", 200, DONE, '{ "a":1 }').operations;
    assert.equal(operation?.index, "i");
    assert.equal(operation?.action, "index");
    assert.equal(operation?.routing, "r");
    assert.equal(operation?.place?.version, 2n);
    assert.equal(Buffer.from(operation?.source ?? []).toString(), '{ "a":1 }');
    assert.equal(ask("POST", "/i/_create/1", 201, DONE).operations[0]?.action, "create");
    assert.equal(ask("POST", "/i/_update/1", 200, DONE).operations[0]?.source, null);
    assert.equal(ask("DELETE", "/i/_doc/1", 200, DONE.replace("updated", "deleted")).operations[0]?.action, "delete");
  });

  test("of a delete of nothing: its sequence number; of a missing index: nothing", () => {
    assert.equal(ask("DELETE", "/i/_doc/1", 404, DONE.replace("updated", "not_found")).operations[0]?.result, "not_found");
    const missing = ask("POST", "/i/_update/1", 404, '{"error":{"type":"index_not_found_exception"},"status":404}');
    assert.deepEqual([missing.operations.length, missing.failed], [0, 1]);
  });

  test("of refused and unanswered writes: nothing", () => {
    assert.equal(ask("PUT", "/i/_create/1", 409, "{}").failed, 1);
    assert.deepEqual(ask("PUT", "/i/_doc/1", 0, ""), { operations: [], failed: 0, unknown: 0, reason: "", unknownIn: [] });
  });

  test("of a refused bulk: nothing, unless it is so long that Elasticsearch may have carried out the beginning", () => {
    const long = "x".repeat(1024 * 1024);
    assert.deepEqual([ask("POST", "/i/_bulk", 400, "{}").failed, ask("POST", "/i/_bulk", 400, "{}").unknown], [1, 0]);
    const begun = ask("POST", "/i/_bulk", 400, "{}", long);
    assert.deepEqual([begun.failed, begun.unknown, begun.unknownIn], [1, 1, ["i"]]);
    assert.deepEqual(ask("PUT", "/_bulk", 429, "{}", long).unknownIn, []);
    assert.equal(ask("PUT", "/i/_doc/1", 400, "{}", long).unknown, 0);
  });

  test("of a write by query: how many, where, but not which", () => {
    const byQuery = ask("POST", "/logs-*/_update_by_query", 200, '{"updated":3,"deleted":1,"created":0}');
    assert.deepEqual([byQuery.unknown, byQuery.unknownIn], [4, ["logs-*"]]);
    assert.match(byQuery.reason, /_update_by_query changes documents without naming them/);
    const reindex = ask("POST", "/_reindex", 200, '{"created":2}', '{"source":{"index":"a"},"dest":{"index":"b"}}');
    assert.deepEqual([reindex.unknown, reindex.unknownIn], [2, ["b"]]);
    assert.equal(ask("POST", "/a/_delete_by_query?wait_for_completion=false", 200, '{"task":"x:1"}').unknown, 1);
    assert.equal(ask("POST", "/a/_delete_by_query", 200, '{"deleted":0}').unknown, 0);
  });

  test("of an answer in another format: that it can't be read", () => {
    const cbor = ask("PUT", "/i/_doc/1", 200, "\u00bf\u0000");
    assert.deepEqual([cbor.unknown, cbor.unknownIn], [1, ["i"]]);
  });
});
