import assert from "node:assert/strict";
import { test } from "node:test";
import { call, column, literal } from "../../../../src/main/clickhouse/sql/ast.ts";
import { NamedColumns } from "../../../../src/main/translate/aggs/named_columns.ts";

test("an expression is one column, whoever asks for it, and another one is another", () => {
  const columns = new NamedColumns("#m");
  assert.equal(columns.nameOf(call("sum", column("n"))), "#m0");
  assert.equal(columns.nameOf(call("max", column("n"))), "#m1");
  assert.equal(columns.nameOf(call("sum", column("n"))), "#m0");
  assert.deepEqual(
    columns.all.map(({ alias }) => alias),
    ["#m0", "#m1"],
  );
});

test("the two zeros are told apart", () => {
  const columns = new NamedColumns("#d");
  assert.notEqual(columns.nameOf(literal(0)), columns.nameOf(literal(-0)));
});
