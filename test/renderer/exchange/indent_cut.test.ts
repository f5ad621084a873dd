import assert from "node:assert/strict";
import { test } from "node:test";
import { indentCut } from "../../../src/renderer/exchange/body/indent_cut.ts";
import { indentJson } from "../../../src/renderer/exchange/body/indent_json.ts";

const WHOLE = `{"took":1,"hits":{"total":9007199254740993,"none":{ },"hits":[{"_id":"a,{\\"}","_score":null,"f":-1.50e+3},[ ],true]}}`;

test("what is whole is laid out as by the parser", () => {
  assert.equal(indentCut(WHOLE), `${indentJson(WHOLE)}\n`);
});

test("cut anywhere, the lines are the first of the whole's, and every letter is there", () => {
  const lines = indentJson(WHOLE).split("\n");
  const bare = (text: string) => text.replaceAll(/\s/g, "");
  for (let end = 1; end < WHOLE.length; end += 1) {
    const cut = WHOLE.slice(0, end);
    const laidOut = indentJson(cut, true);
    assert.equal(bare(laidOut), bare(cut));
    const whole = laidOut.split("\n").slice(0, -2);
    assert.deepEqual(whole, lines.slice(0, whole.length), cut);
  }
});

test("documents one after the other stand apart, and what is no JSON stays as it is", () => {
  assert.equal(indentJson('{"index":{}}\n{"a":1}\n{"ind', true), '{\n  "index": {}\n}\n{\n  "a": 1\n}\n{\n  "ind');
  assert.equal(indentJson("name,price\n1,2", true), "name,price\n1,2");
});
