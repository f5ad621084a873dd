import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filterSource } from "../../../../src/main/translate/hits/source_filter.ts";
import { isObject, parseJson, printJson } from "../../../../src/shared/json.ts";

const SOURCE = parseJson(
  '{"l":9,"o":{"x":["p","q"],"y":1.50},"n":[{"a":"x","b":1},{"a":["y"]},{"b":2}],"un":{"mapped":[1e3,{"z":2}],"e":{}},"deep":[[{"a":1},{"b":2}],[]],"a.b":{"c.d":1,"e":2}}',
);

function filtered(includes: readonly string[], excludes: readonly string[]): string {
  assert.ok(isObject(SOURCE));
  return printJson(filterSource(SOURCE, { includes, excludes }));
}

// Each answer is what Elasticsearch 9.4.3 gave for this document.
describe("_source filtering", () => {
  test("writes numbers anew", () => assert.equal(filtered(["o.y", "un.mapped"], []), '{"o":{"y":1.5},"un":{"mapped":[1000.0,{"z":2}]}}'));
  test("a star stays within one name", () => assert.equal(filtered(["*.x"], []), '{"o":{"x":["p","q"]}}'));
  test("two stars cross names", () => assert.equal(filtered(["**.e"], []), '{"un":{"e":{}},"a.b":{"e":2}}'));
  test("objects without what is included disappear from arrays", () =>
    assert.equal(filtered(["n.a"], []), '{"n":[{"a":"x"},{"a":["y"]}]}'));
  test("dots in names are levels", () => assert.equal(filtered(["a.b.c"], []), '{"a.b":{"c.d":1}}'));
  test("an excluded object that is emptied disappears", () =>
    assert.equal(filtered(["un", "o"], ["un.mapped", "un.e", "o.x", "o.y"]), "{}"));
  test("with a star in an exclude an emptied object stays", () => assert.equal(filtered(["o", "l"], ["o.*"]), '{"l":9,"o":{}}'));
  test("with a star in an exclude a star crosses dots", () =>
    assert.equal(filtered(["un.*", "o"], ["*.mapped", "o.x"]), '{"o":{"y":1.5},"un":{"e":{}}}'));
});
