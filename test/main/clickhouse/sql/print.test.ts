import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as sql from "../../../../src/main/clickhouse/sql/ast.ts";
import { print, printExpr } from "../../../../src/main/clickhouse/sql/print.ts";

describe("the SQL printer", () => {
  test("keeps values out of the text and reuses a parameter for an equal value", () => {
    const has = (value: string) => sql.call("has", sql.column("host/name"), sql.param("String", value));
    const printed = printExpr(sql.or([has("a'b\n"), has("a'b\n"), has("c")]));
    assert.equal(printed.sql, "has(`host/name`, {p0:String}) OR has(`host/name`, {p0:String}) OR has(`host/name`, {p1:String})");
    assert.deepEqual(
      printed.params.map((p) => p.value),
      ["a'b\\n", "c"],
    );
  });

  test("parenthesises by precedence only", () => {
    const a = sql.column("a");
    const b = sql.column("b");
    assert.equal(printExpr(sql.and([sql.or([a, b]), sql.not(sql.binary(a, "=", b))])).sql, "(a OR b) AND NOT (a = b)");
    assert.equal(printExpr(sql.binary(a, "-", sql.binary(b, "-", a))).sql, "a - (b - a)");
    assert.equal(printExpr(sql.binary(sql.binary(a, "+", b), "*", a)).sql, "(a + b) * a");
  });

  test("quotes names that are not plain, and cannot be broken out of", () => {
    assert.equal(printExpr(sql.column("x` y\\")).sql, "`x\\` y\\\\`");
    assert.equal(printExpr(sql.column("from")).sql, "`from`");
    assert.throws(() => printExpr(sql.call("f(); DROP TABLE x")));
    assert.throws(() => printExpr(sql.param("String} DROP", "x")));
  });

  test("gives the span of each marked clause, also nested ones", () => {
    const inner = sql.marked("/query/bool/filter/0/term", sql.call("has", sql.column("a"), sql.param("String", "x")));
    const printed = print(
      sql.select({ columns: [{ expr: sql.call("count") }], where: sql.marked("/query/bool", sql.and([inner, sql.TRUE])) }),
    );
    const [first, second] = printed.spans;
    assert.equal(first && printed.sql.slice(first.start, first.end), "has(a, {p0:String})");
    assert.equal(second && printed.sql.slice(second.start, second.end), "has(a, {p0:String}) AND 1");
  });

  test("prints every part of a SELECT in ClickHouse's order", () => {
    const printed = print(
      sql.select({
        columns: [{ expr: sql.column("k") }, { expr: sql.call("count"), alias: "c" }],
        from: { kind: "table", database: "parallax", name: "logs-2024", final: true },
        arrayJoin: { items: [{ expr: sql.column("kw"), alias: "k" }] },
        where: sql.binary(sql.column("x"), ">", sql.param("Int64", 9007199254740993n)),
        groupBy: [sql.column("k")],
        having: sql.binary(sql.column("c"), ">=", sql.literal(2)),
        orderBy: [{ expr: sql.column("c"), desc: true }, { expr: sql.column("k") }],
        limitBy: { limit: 3, by: [sql.column("k")] },
        limit: 10,
        offset: 5,
      }),
    );
    assert.equal(
      printed.sql,
      "SELECT k, count() AS c\nFROM parallax.`logs-2024` FINAL\nARRAY JOIN kw AS k\nWHERE x > {p0:Int64}\nGROUP BY k\nHAVING c >= 2\nORDER BY c DESC, k\nLIMIT 3 BY k\nLIMIT 10 OFFSET 5",
    );
    assert.deepEqual(printed.params, [{ name: "p0", type: "Int64", value: "9007199254740993" }]);
  });

  test("writes arrays and tuples of parameters as ClickHouse reads them", () => {
    const printed = printExpr(
      sql.param("Array(Tuple(String, Float64))", [["it's", -0] as const, ["b", Number.POSITIVE_INFINITY] as const]),
    );
    assert.equal(printed.params[0]?.value, "[('it\\'s',-0),('b',inf)]");
  });
});
