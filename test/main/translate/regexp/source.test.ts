import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL_OPERATORS, regexpSource } from "../../../../src/main/translate/query/regexp_syntax.ts";
import { parseRegexp } from "../../../../src/main/translate/regexp/parse.ts";
import { sourceOf } from "../../../../src/main/translate/regexp/source.ts";
import { RegexpProblem } from "../../../../src/main/translate/regexp/types.ts";

function matched(expression: string, texts: readonly string[]): readonly string[] {
  const pattern = new RegExp(`^(?:${sourceOf(parseRegexp(expression, ALL_OPERATORS))})$`, "su");
  return texts.filter((text) => pattern.test(text));
}

for (const [expression, texts, expected] of [
  ["~(ab)", ["", "a", "ab", "abc", "日"], ["", "a", "abc", "日"]],
  ["~(.*b)&a@", ["a", "ab", "aab", "abc", "b"], ["a", "abc"]],
  ["<1-20>", ["0", "1", "007", "20", "21", ""], ["1", "007", "20"]],
  ["<01-12>", ["0", "1", "01", "12", "012"], ["01", "12"]],
  ['"a.b"', ["a.b", "axb"], ["a.b"]],
  ["#|x", ["", "x"], ["x"]],
  ["*a|.?", ["*a", "a", "", "b"], ["*a", "a", "", "b"]],
  ["[^a-c😀]{2}", ["de", "da", "d😀", "日é"], ["de", "日é"]],
] as const) {
  test(`${expression} as Lucene reads it`, () => {
    assert.deepEqual(matched(expression, texts), expected);
  });
}

for (const expression of ["(a", "a)", "[b-a]", "a{2,1}", "a|", "\\q", "<1-x>", "<name>"]) {
  test(`${expression} is refused`, () => {
    assert.throws(
      () => parseRegexp(expression, ALL_OPERATORS),
      (error: unknown) => error instanceof RegexpProblem && error.kind === "refused",
    );
  });
}

test("an expression that may be too complex for Elasticsearch is unsupported", () => {
  assert.throws(() => regexpSource("(.*a){3}.{30}", ALL_OPERATORS, "/query", "query_shard_exception"), { name: "UnsupportedClause" });
});
