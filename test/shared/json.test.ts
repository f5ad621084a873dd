import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isObject, JsonSyntaxError, member, parseJson, pointerToken, printJson, RawNumber } from "../../src/shared/json.ts";

describe("lossless JSON", () => {
  test("prints every number as it was sent", () => {
    const text =
      '{"a":9007199254740993,"b":1.0,"c":-0,"d":1e3,"e":1.10,"f":0.1,"g":-7,"h":1E-7,"i":[123456789012345678901234567890],"j":0.0000001,"k":-0.0}';
    assert.equal(printJson(parseJson(text)), text);
  });

  test("gives plain JavaScript numbers where nothing is lost", () => {
    const value = parseJson('{"a":42,"b":0.5,"c":1.0}');
    assert.ok(isObject(value));
    assert.equal(member(value, "a"), 42);
    assert.equal(member(value, "b"), 0.5);
    assert.ok(member(value, "c") instanceof RawNumber);
  });

  test("keeps __proto__ and constructor as plain members", () => {
    const value = parseJson('{"__proto__":{"x":1e1},"constructor":2}');
    assert.ok(isObject(value));
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal(printJson(value), '{"__proto__":{"x":1e1},"constructor":2}');
    assert.equal(member(value, "toString"), undefined);
  });

  test("says where text stops being JSON", () => {
    assert.throws(() => parseJson('{"a":'), JsonSyntaxError);
    assert.throws(() => parseJson("1.0.0"), JsonSyntaxError);
  });

  test("indents like JSON.stringify", () => {
    const value = { a: [1, { b: null }], c: [], d: {} };
    assert.equal(printJson(value, 2), JSON.stringify(value, null, 2));
  });

  test("escapes pointer tokens", () => {
    assert.equal(pointerToken("a/b~c"), "a~1b~0c");
  });
});
