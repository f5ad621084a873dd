import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Environment, evaluate } from "../../../../src/main/translate/aggs/script/evaluate.ts";
import { parseScript } from "../../../../src/main/translate/painless/parse.ts";
import { ScriptNotRead } from "../../../../src/main/translate/painless/tree.ts";

const VALUES = new Map([
  ["params.a", 7],
  ["params.b", 2],
  ["x", 3],
]);

function run(source: string, language: Environment["language"] = "painless") {
  return evaluate(parseScript(source), { language, variable: (name) => VALUES.get(name) ?? Number.NaN });
}

describe("a pipeline's script", () => {
  const cases: readonly (readonly [string, number | boolean | null])[] = [
    ["params.a + params.b * 2", 11],
    ["(params.a + params.b) * 2", 18],
    ["params.a / params.b", 3.5],
    ["7 / 2", 3],
    ["7.0 / 2", 3.5],
    ["-params.a % 4", -3],
    ["params.a > 5 && params.b <= 2", true],
    ["!(params.a == 7) || params.b != 2", false],
    ["params.a > 5 ? params.a : null", 7],
    ["params.a < 5 ? params.a : null", null],
    ["if (params.a > 100) { return 1 } else if (params.b > 1) { return 2; } else { return 3 }", 2],
    ["return Math.max(params['a'], 1e3);", 1000],
    ["Math.round(2.5) + Math.abs(-1)", 4],
    ["/* all */ params.a // of it", 7],
  ];
  for (const [source, expected] of cases) {
    test(`gives ${expected} for ${source}`, () => assert.equal(run(source), expected));
  }

  test("divides as doubles in Lucene's expressions", () => assert.equal(run("7 / 2 + x", "expression"), 6.5));

  for (const source of ["", "params.a +", "def x = 1; return x", "doc['f'].value", "params.a ++", "foo(1)", "while (true) {}"]) {
    test(`is refused, not guessed: ${source === "" ? "an empty one" : source}`, () => {
      assert.throws(() => run(source), ScriptNotRead);
    });
  }
});
