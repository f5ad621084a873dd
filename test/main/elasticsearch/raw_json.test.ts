import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rawItems, rawMember, rawMembers, textOf } from "../../../src/main/elasticsearch/raw_json.ts";
import { JsonSyntaxError } from "../../../src/shared/json.ts";

const bytes = (text: string) => Buffer.from(text);

describe("slices of JSON bytes", () => {
  test("cuts a member out byte for byte, spaces and escapes kept", () => {
    const source = '{ "a" : [1.10, {"}" : "\\"]é"}] }';
    const cut = rawMember(bytes(`{"_id":"x","_source": ${source} ,"z":null}`), "_source");
    assert.equal(cut === undefined ? "" : textOf(cut), source);
  });

  test("lists members and items in order", () => {
    assert.deepEqual(
      rawMembers(bytes('{"a":1,"b":"x,y","\\u0063":[]}')).map(({ name, value }) => [name, textOf(value)]),
      [
        ["a", "1"],
        ["b", '"x,y"'],
        ["c", "[]"],
      ],
    );
    assert.deepEqual(rawItems(bytes(' [ 1 , {"a":[2]} , "]" ] ')).map(textOf), ["1", '{"a":[2]}', '"]"']);
    assert.deepEqual(rawItems(bytes("[]")), []);
    assert.deepEqual(rawMembers(bytes("{ }")), []);
  });

  test("refuses what is cut short", () => {
    for (const text of ["{", '{"a"', '{"a":', '{"a":[1', '{"a":"x', "[1", "", "x"]) {
      assert.throws(() => rawMembers(bytes(text)), JsonSyntaxError, text);
    }
  });
});
