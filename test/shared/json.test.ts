import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  isObject,
  JsonSyntaxError,
  member,
  numberAt,
  objectAt,
  parseJson,
  parseObject,
  pointerToken,
  printJson,
  RawNumber,
} from "../../src/shared/json.ts";

describe("lossless JSON", () => {
  test("prints every number as it was sent", () => {
    const text =
      '{"a":9007199254740993,"b":1.0,"c":-0,"d":1e3,"e":1.10,"f":0.1,"g":-7,"h":1E-7,"i":[123456789012345678901234567890],"j":0.0000001,"k":-0.0}';
    assert.equal(printJson(parseJson(text)), text);
  });

  test("keeps any number anywhere, whatever strings stand around it", () => {
    const numbers = ["-0", "0.10", "1.50E+3", "12345678.12345678", "90071992.54740993", "9007199254740993", "1e-9", "0.0000001", "-1.0"];
    const strings = ['"12:00:00.000Z"', '"a\\\\"', '"quo\\"te, 1.0, [2.0"', '"\\ud83d\\ude00 1.0"', '"\\ue000number:1.0"'];
    for (const number of numbers) {
      assert.equal(printJson(parseJson(number)).replace(/^-0\.0$/, number), number);
      for (const string of strings) {
        const text = `[${string},${number},{${string}:${number},"b":[${number},${string}]}]`;
        const value = parseJson(text);
        assert.deepEqual(printJson(value), printJson(parseJson(printJson(value))), text);
        assert.equal(printJson(value).split(number).length, text.split(number).length, text);
        assert.throws(() => parseJson(`{"a":${number},${number}:1}`), JsonSyntaxError);
      }
    }
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

  test("reads an object, and nothing else", () => {
    assert.deepEqual(parseObject('{"a":1}'), { a: 1 });
    for (const text of ["[1]", "1.0", "null", '{"a":', ""]) assert.equal(parseObject(text), null, text);
  });

  test("reads members of one kind, never inherited ones", () => {
    const value = parseJson('{"object":{"n":1.0},"list":[1],"text":"1"}');
    assert.deepEqual(objectAt(value, "object"), { n: new RawNumber("1.0") });
    for (const name of ["list", "text", "none", "constructor"]) assert.deepEqual(objectAt(value, name), {}, name);
    assert.equal(numberAt(objectAt(value, "object"), "n"), 1);
    assert.equal(numberAt({ text: "1" }, "text"), null);
  });
});
