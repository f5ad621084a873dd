import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { esqlIndices } from "../../../../src/main/translate/esql/index.ts";
import { parseQuery } from "../../../../src/main/translate/esql/parser.ts";
import type { Expression } from "../../../../src/main/translate/esql/tree.ts";
import { RejectedRequest, UnsupportedClause } from "../../../../src/main/translate/failure.ts";

function shown(node: Expression): string {
  switch (node.kind) {
    case "literal":
      return node.value.type === "null" ? "null" : String(node.value.value);
    case "name":
      return node.name;
    case "binary":
      return `(${shown(node.left)} ${node.op} ${shown(node.right)})`;
    case "not":
    case "negative":
      return `${node.kind}(${shown(node.item)})`;
    case "cast":
      return `${shown(node.item)}::${node.type}`;
    case "call":
      return `${node.name}(${node.star ? "*" : node.args.map(shown).join(", ")})`;
    case "span":
      return `${node.count} ${node.unit}`;
    default:
      return node.kind;
  }
}

function condition(text: string): string {
  const [, where] = parseQuery(`FROM a | WHERE ${text}`, undefined).commands;
  return where?.kind === "where" ? shown(where.condition) : "";
}

describe("reading ES|QL", () => {
  test("OR binds loosest, then AND, NOT, comparison, sums, products, signs and casts", () => {
    assert.equal(condition("a == 1 OR NOT b < 2 AND c"), "((a == 1) or (not((b < 2)) and c))");
    assert.equal(condition("a + 2 * -b::long > 3 % 2"), "((a + (2 * negative(b::long))) > (3 % 2))");
    assert.equal(condition("a - b - c == (d)"), "(((a - b) - c) == d)");
  });

  test("numbers are of the least type that holds them, and a unit behind one makes a span", () => {
    const [row] = parseQuery("ROW a = 1, b = 3000000000, c = 1.5, d = 3 hours, e = -2147483648", undefined).commands;
    assert.deepEqual(row?.kind === "row" ? row.fields.map(({ value }) => (value.kind === "literal" ? value.value.type : value.kind)) : [], [
      "integer",
      "long",
      "double",
      "span",
      "integer",
    ]);
  });

  test("an expression without a name is called by its own text", () => {
    const [, stats] = parseQuery("FROM a | STATS  COUNT(*) , m = MAX( n ) WHERE n > 1 BY BUCKET(d, 1 day) // end", undefined).commands;
    assert.deepEqual(stats?.kind === "stats" ? [...stats.aggregates, ...stats.by].map(({ name }) => name) : [], [
      "COUNT(*)",
      "m",
      "BUCKET(d, 1 day)",
    ]);
  });

  test("strings, raw strings, quoted names and comments", () => {
    assert.equal(condition('`a``b`.c == "x\\"y" /* no | command */'), '(a`b.c == x"y)');
    assert.equal(condition('a == """raw "text" \\n"""'), '(a == raw "text" \\n)');
  });

  test("parameters by place and by name", () => {
    const read = (text: string, params: Parameters<typeof parseQuery>[1]) => {
      const [, where] = parseQuery(`FROM a | WHERE ${text}`, params).commands;
      return where?.kind === "where" ? shown(where.condition) : "";
    };
    assert.equal(read("a == ? AND b == ?", [1, "x"]), "((a == 1) and (b == x))");
    assert.equal(read("a == ?v AND ??f == ?v", [{ v: 2.5 }, { f: "n" }]), "((a == 2.5) and (n == 2.5))");
    assert.throws(() => read("a == ?", []), RejectedRequest);
  });

  test("index expressions of FROM are what the tables are looked up by", () => {
    assert.equal(esqlIndices({ query: 'FROM logs-*, "a,b", -x METADATA _id | LIMIT 1' }), "logs-*,a,b,-x");
    assert.equal(esqlIndices({ query: "ROW a = 1" }), null);
    assert.equal(esqlIndices({ query: "FROM" }), null);
  });

  test("what is no ES|QL is refused, what has no SQL is named by its place", () => {
    for (const text of ["FROM a | WHER x", "FROM a | WHERE", "FROM a | LIMIT -1", "FROM a | EVAL", "FROM a b", 'FROM a | WHERE k == "x']) {
      assert.throws(() => parseQuery(text, undefined), RejectedRequest, text);
    }
    assert.throws(
      () => parseQuery("FROM a | ENRICH p ON k", undefined),
      (error: unknown) => error instanceof UnsupportedClause && error.pointer === "/query#9-22",
    );
  });
});
