import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileFilter, FILTER_OPERATORS } from "../../../src/main/capture/index.ts";
import { both, findMistake, TERMS, tokens } from "../../../src/renderer/traffic/filter_language.ts";
import { QUICK_FILTERS, quickFilter } from "../../../src/renderer/traffic/quick_filters.ts";

describe("the filter bar", () => {
  test("knows only terms that the engine has, with the same need of a value", () => {
    const operators = new Map(FILTER_OPERATORS.map((operator) => [`~${operator.name}`, operator.argument !== ""]));
    for (const term of TERMS) assert.equal(operators.get(term.name), term.takes !== "", term.name);
  });

  test("sees terms, words, quotes and operators where they stand", () => {
    const found = tokens('~index logs-* & !("a b" | x|y)');
    assert.deepEqual(
      found.map(({ kind, text }) => [kind, text]),
      [
        ["term", "~index"],
        ["word", "logs-*"],
        ["operator", "&"],
        ["operator", "!"],
        ["operator", "("],
        ["word", '"a b"'],
        ["operator", "|"],
        ["word", "x|y"],
        ["operator", ")"],
      ],
    );
    assert.deepEqual(found.map(({ from }) => from).slice(0, 3), [0, 7, 14]);
  });

  test("finds the first mistake and says what would fit", () => {
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ["~verdict blue", 9, /different, unsupported/],
      ["~nonsense x", 0, /no term ~nonsense/],
      ["_search & ~index", 10, /needs GLOB/],
      ["(a | b", 0, /add \)/],
      ["a)", 1, /Nothing is open/],
      ["a & ", 2, /joins two/],
      ["!", 0, /needs a term/],
    ];
    for (const [text, from, message] of cases) {
      const mistake = findMistake(text);
      assert.equal(mistake?.from, from, text);
      assert.match(mistake?.message ?? "", message, text);
    }
  });

  test("takes what the engine takes", () => {
    for (const text of ["", "_search", "~verdict not-compared", '~u "/_(a|b)(/|$)" & !~kind write', "~index logs-* _search", "~e"]) {
      assert.equal(findMistake(text), null, text);
    }
  });
});

describe("the quick filters", () => {
  test("are understood by the engine, alone and together", () => {
    for (const quick of QUICK_FILTERS) {
      for (const text of [quick.filter, quick.counts ?? quick.filter]) assert.equal(compileFilter(both("~index a*", text)).ok, true, text);
    }
    assert.equal(compileFilter(quickFilter(new Set(QUICK_FILTERS.map((quick) => quick.id)))).ok, true);
  });

  test("are alternatives within a group and narrow across groups", () => {
    assert.equal(quickFilter(new Set(["different", "unsupported"])), "~verdict different | ~verdict unsupported");
    assert.equal(quickFilter(new Set(["searches", "slower"])), "(~kind search) & (~slower 2x)");
    assert.equal(quickFilter(new Set()), "");
  });
});
