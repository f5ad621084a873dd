import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseScript } from "../../../../src/main/translate/painless/parse.ts";
import { ScriptNotRead } from "../../../../src/main/translate/painless/tree.ts";

const kinds = (source: string): readonly string[] => parseScript(source).map(({ kind }) => kind);

describe("the painless parser", () => {
  test("tells declarations, loops, branches and expressions", () => {
    assert.deepEqual(kinds("def x = 1; String s = 'a', t; x += 2; if (x > 2) { return s } else return t"), [
      "declare",
      "declare",
      "declare",
      "expression",
      "if",
    ]);
    assert.deepEqual(kinds("for (x in doc['a']) emit(x); for (def y : doc['a']) { emit(y) } for (int i = 0; i < 3; i++) {}"), [
      "each",
      "each",
      "for",
    ]);
  });
  test("binds operators as Java does", () => {
    const [statement] = parseScript("a + b * 2 == c && !d ? 1 : 2");
    assert.ok(statement?.kind === "expression" && statement.value.kind === "choice");
    const { test: condition } = statement.value;
    assert.ok(condition.kind === "binary" && condition.op === "&&");
    assert.ok(condition.left.kind === "binary" && condition.left.op === "==");
  });
  test("knows a regular expression from a division", () => {
    const [first] = parseScript("x =~ /a\\/b/");
    const [second] = parseScript("x / y / 2");
    assert.ok(first?.kind === "expression" && first.value.kind === "binary" && first.value.right.kind === "regex");
    assert.ok(second?.kind === "expression" && second.value.kind === "binary" && second.value.op === "/");
  });
  test("reads casts, safe calls and maps of parameters", () => {
    const [statement] = parseScript("(int) params['a']?.b.c(1, 'x')");
    assert.ok(statement?.kind === "expression" && statement.value.kind === "cast" && statement.value.type === "int");
  });
  for (const source of [
    "params.a +",
    "while (true) {}",
    "'a\\nb'",
    "try { } catch (Exception e) { }",
    "if (x",
    "long f(long x) { return x }",
    "99999999999",
  ]) {
    test(`refuses ${source}`, () => {
      assert.throws(() => parseScript(source), ScriptNotRead);
    });
  }
});
