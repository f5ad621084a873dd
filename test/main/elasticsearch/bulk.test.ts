import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { acknowledgedBulk, readBulkRequest } from "../../../src/main/elasticsearch/bulk.ts";
import { textOf } from "../../../src/main/elasticsearch/raw_json.ts";
import { isObject, type JsonObject, JsonSyntaxError, parseJson } from "../../../src/shared/json.ts";

function object(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isObject(value));
  return value;
}

const item = (action: string, id: string, seqNo: number, result: string, status = 200) =>
  `{"${action}":{"_index":"logs-1","_id":"${id}","_version":1,"result":"${result}","_seq_no":${seqNo},"_primary_term":1,"status":${status}}}`;

describe("a bulk request", () => {
  test("keeps each document's bytes, whatever ends the lines", () => {
    const body = '{"index":{}}\r\n{ "a" : 1.10 }\r\n\n{"delete":{"_id":"7"}}\n{"create":{"_id":"8"}}\n{"b":2}';
    const lines = readBulkRequest(Buffer.from(body));
    assert.deepEqual(
      lines.map(({ action, source }) => [action, source === null ? null : textOf(source)]),
      [
        ["index", '{ "a" : 1.10 }'],
        ["delete", null],
        ["create", '{"b":2}'],
      ],
    );
  });

  test("says what is wrong with a body that is none", () => {
    assert.throws(() => readBulkRequest(Buffer.from('{"index":{}}')), JsonSyntaxError);
    assert.throws(() => readBulkRequest(Buffer.from('{"upsert":{}}\n{}\n')), /no bulk action/);
    assert.throws(() => readBulkRequest(Buffer.from("\x80\x81\n")), JsonSyntaxError);
  });

  test("pairs each line with its answer: refused ones counted, ids and numbers as Elasticsearch gave them", () => {
    const body =
      '{"index":{"_index":"logs","routing":"r","pipeline":"p"}}\n{"a":1}\n{"create":{"_id":"2"}}\n{"a":2}\n{"delete":{"_id":"3"}}\n{"update":{"_id":"4"}}\n{"doc":{}}\n';
    const refused = '{"create":{"_index":"logs-1","_id":"2","status":409,"error":{"type":"version_conflict_engine_exception"}}}';
    const answer = object(
      `{"errors":true,"items":[${item("index", "x", 5, "created", 201)},${refused},${item("delete", "3", 6, "not_found", 404)},${item("update", "4", 7, "updated")}]}`,
    );
    const { operations, failed, unknown } = acknowledgedBulk(Buffer.from(body), answer, { index: "", routing: "" });
    assert.equal(failed, 1);
    assert.equal(unknown, 0);
    assert.deepEqual(
      operations.map(({ action, index, id, routing, result, pipeline, place, source }) => [
        action,
        index,
        id,
        routing,
        result,
        pipeline,
        place?.seqNo,
        source === null ? null : textOf(source),
      ]),
      [
        ["index", "logs-1", "x", "r", "created", "p", 5, '{"a":1}'],
        ["delete", "logs-1", "3", "", "not_found", null, 6, null],
        ["update", "logs-1", "4", "", "updated", null, 7, null],
      ],
    );
  });

  test("takes a whole bulk without items as written when there were no errors", () => {
    const body = '{"index":{"_id":"1"}}\n{"a":1}\n{"index":{}}\n{"a":2}\n';
    const { operations, unknown, reason } = acknowledgedBulk(Buffer.from(body), object(`{"errors":false}`), { index: "logs", routing: "" });
    assert.deepEqual(
      operations.map(({ index, id, place }) => [index, id, place]),
      [["logs", "1", null]],
    );
    assert.equal(unknown, 1);
    assert.match(reason, /filter_path/);
  });

  test("keeps an external version past 2^53", () => {
    const answer = object(
      '{"errors":false,"items":[{"index":{"_index":"x","_id":"1","_version":9223372036854775806,"result":"created","_seq_no":0,"_primary_term":1,"status":201}}]}',
    );
    const { operations } = acknowledgedBulk(Buffer.from('{"index":{"_id":"1","version":1}}\n{}\n'), answer, { index: "x", routing: "" });
    assert.equal(operations[0]?.place?.version, 9223372036854775806n);
  });
});
