import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, assertUnsupported, testClause } from "../../../support/clause_bench.ts";

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
    "arrayExists(value -> match(value, <(?s)^(?:(?:a+)?)$:String>), kw)",
    [0, 1, 3],
  ],
  [
    "ASCII case is folded",
    parseJson('{"regexp":{"kw":{"value":"foo","case_insensitive":true}}}'),
    "arrayExists(value -> match(value, <(?s)^(?:[Ff][Oo][Oo])$:String>), kw)",
    [6],
  ],
  [
    "a complement is worked out",
    parseJson('{"regexp":{"kw":"~(a.*)&.{1,3}"}}'),
    "arrayExists(value -> match(value, <(?s)^(?:[^a](?:|.|..))$:String>), kw)",
    [1, 4, 6, 10],
  ],
]);

test("what Lucene can't read is refused", () => {
  assertRejected(parseJson('{"regexp":{"kw":"(a"}}'), "query_shard_exception");
});

test("a flag that is not known is refused", () => {
  assertRejected(parseJson('{"regexp":{"kw":{"value":"a","flags":"SOME"}}}'), "illegal_argument_exception");
});

test("a lower limit on states is pointed at", () => {
  const query = parseJson('{"regexp":{"kw":{"value":"a","max_determinized_states":2}}}');
  assertUnsupported(query, "/query/regexp/kw/max_determinized_states");
});
