import assert from "node:assert/strict";
import { test } from "node:test";
import { duplicateField } from "../../../src/main/elasticsearch/duplicate_field.ts";

test("finds a field that an object has twice, at any depth and however it is written", () => {
  assert.equal(duplicateField('{"size":0,"size":1}'), "size");
  assert.equal(duplicateField('{"a":[{"b":1},{"b":1,"\\u0062" : 2}]}'), "b");
  assert.equal(duplicateField('{"a":{"x":{}, "y":1},"x":"y\\":{","y":[{"x":1},{"x":2}]}'), null);
  assert.equal(duplicateField('{"a":"a","b":["a","a"]}'), null);
  assert.equal(duplicateField(""), null);
});
