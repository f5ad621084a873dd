import assert from "node:assert/strict";
import { test } from "node:test";
import { literal } from "../../../../src/main/clickhouse/sql/ast.ts";
import { UnsupportedClause } from "../../../../src/main/translate/failure.ts";
import { namedClauses, takeName } from "../../../../src/main/translate/query/named.ts";

test("a name is taken off beside the options, or below the field", () => {
  assert.deepEqual(takeName("exists", { field: "a", _name: "n" }, "/q"), { name: "n", body: { field: "a" } });
  assert.deepEqual(takeName("term", { a: { value: 1, _name: "n" } }, "/q"), { name: "n", body: { a: { value: 1 } } });
});

test("what Elasticsearch refuses is left for the clause to refuse", () => {
  assert.deepEqual(takeName("term", { a: 1, _name: "n" }, "/q"), { name: null, body: { a: 1, _name: "n" } });
});

test("one name for two clauses is open", () => {
  const clause = { name: "n", pointer: "/q", where: literal(1), scoring: undefined };
  assert.throws(() => namedClauses([clause, clause], false), UnsupportedClause);
});
