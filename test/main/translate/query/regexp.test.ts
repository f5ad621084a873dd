import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_regexp", [
  [
    "the whole value matches",
    parseJson('{"regexp":{"kw":"a|ab"}}'),
    "arrayExists(value -> match(value, <(?s)^(?:a|ab)$:String>), kw)",
    [0, 1, 11],
  ],
  [
    "a dot is a newline too",
    parseJson('{"regexp":{"kw":"line.break"}}'),
    "arrayExists(value -> match(value, <(?s)^(?:line.break)$:String>), kw)",
    [7],
  ],
  [
    "^ and $ are letters",
    parseJson('{"regexp":{"kw":"^a$"}}'),
    "arrayExists(value -> match(value, <(?s)^(?:\\\\^a\\\\$)$:String>), kw)",
    [],
  ],
  [
    "a+? may be empty",
    parseJson('{"regexp":{"kw":"a+?"}}'),
    "arrayExists(value -> match(value, <(?s)^(?:(?:(?:a)+)?)$:String>), kw)",
    [0, 1, 3],
  ],
  [
    "ASCII case is folded",
    parseJson('{"regexp":{"kw":{"value":"foo","case_insensitive":true}}}'),
    "arrayExists(value -> match(value, <(?s)^(?:[fF][oO][oO])$:String>), kw)",
    [6],
  ],
]);

test("an interval is pointed at", () => {
  assertUnsupported(parseJson('{"regexp":{"kw":"<1-9>"}}'), "/query/regexp/kw");
});

test("a complement is pointed at", () => {
  assertUnsupported(parseJson('{"regexp":{"kw":"~a"}}'), "/query/regexp/kw");
});
