import assert from "node:assert/strict";
import { test } from "node:test";
import { expressionNames } from "../../../src/main/mirror/expression.ts";

test("an index expression names what its parts name, in order, exclusions counting", () => {
  const cases: readonly [string, string, boolean][] = [
    ["", "a", true],
    ["_all", "a", true],
    ["a", "a", true],
    ["a", "ab", false],
    ["a*", "ab", true],
    ["*", "x", true],
    ["logs-*-a", "logs-1-a", true],
    ["logs.*", "logsx1", false],
    ["b,a", "a", true],
    ["*,-a", "a", false],
    ["*,-a*", "ab", false],
    ["-a", "-a", true],
    ["a+b*", "a+bc", true],
  ];
  for (const [expression, name, meant] of cases) assert.equal(expressionNames(expression, name), meant, `${expression} ~ ${name}`);
});
