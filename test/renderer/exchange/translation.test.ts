import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clauseAtDsl, clauseAtSql, clausesOf, letterOf } from "../../../src/renderer/exchange/translation/clauses.ts";
import { layoutJson } from "../../../src/renderer/exchange/translation/layout_json.ts";
import { layoutSql } from "../../../src/renderer/exchange/translation/layout_sql.ts";
import { parseJson, printJson } from "../../../src/shared/json.ts";
import { fakeExchanges } from "../../support/fake_exchanges.ts";

describe("a request laid out", () => {
  const body =
    '{"size":0,"n":9007199254740993,"x":1.0,"a/b":{"~":[1,{"deep":{"er":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]}}]},"e":{},"l":[]}';
  const laidOut = layoutJson(parseJson(body));

  test("is the same document, number for number", () => {
    assert.equal(printJson(parseJson(laidOut.text)), printJson(parseJson(body)));
  });

  test("knows where every value stands", () => {
    const at = (pointer: string) => {
      const range = laidOut.ranges.get(pointer);
      return range === undefined ? undefined : laidOut.text.slice(range.from, range.to);
    };
    assert.equal(at("/n"), '"n": 9007199254740993');
    assert.equal(at("/a~1b/~0/0"), "1");
    assert.match(at("/a~1b/~0/1/deep") ?? "", /^"deep": \{ "er"/);
    assert.equal(at(""), laidOut.text);
  });

  test("keeps its lines short where they can be broken", () => {
    for (const line of laidOut.text.split("\n")) assert.ok(line.length <= 80, line);
  });
});

describe("SQL laid out", () => {
  const long = `SELECT ${Array.from({ length: 12 }, (_, i) => `toString(sumArray(column_${i})) AS \`m ${i}\``).join(", ")} FROM t WHERE has(a, 'x,  y AND z') AND arrayExists(value -> value >= {p0:Int64} AND value <= {p1:Int64}, some_long_column_name) AND not_too_short = 1`;
  const laidOut = layoutSql(`${long}\nLIMIT 3`);

  test("changes blanks only, and none inside quotes", () => {
    assert.equal(laidOut.text.replace(/\s/g, ""), `${long}LIMIT3`.replace(/\s/g, ""));
    assert.ok(laidOut.text.includes("'x,  y AND z'"));
    assert.ok(laidOut.text.includes("`m 11`"));
    for (const line of laidOut.text.split("\n")) assert.ok(line.length <= 90, line);
  });

  test("carries offsets to the same signs", () => {
    for (const piece of ["arrayExists(", "{p1:Int64}", "`m 7`", "not_too_short = 1"]) {
      const start = long.indexOf(piece);
      const carried = laidOut.text.slice(laidOut.carry(start), laidOut.carry(start + piece.length));
      assert.equal(carried.replace(/\s/g, ""), piece.replace(/\s/g, ""));
    }
  });

  test("leaves short lines alone", () => {
    assert.equal(layoutSql("SELECT 1\nFROM t").text, "SELECT 1\nFROM t");
  });
});

describe("clauses", () => {
  const exchange = fakeExchanges(13, 0).at(12)?.detail;
  const part = exchange?.searches[0];
  const statement = part?.statements[0];
  assert.ok(part !== undefined && statement !== undefined);
  const request = layoutJson(parseJson(part.body));
  const sql = layoutSql(statement.sql);
  const clauses = clausesOf(statement, request, sql);

  test("are named by letters in the request's order", () => {
    assert.ok(clauses.length >= 2);
    assert.deepEqual(
      clauses.map(({ letter }) => letter),
      clauses.map((_, i) => letterOf(i)),
    );
    assert.equal(letterOf(26), "aa");
  });

  test("lead from either side to the other, innermost first", () => {
    const range = clauses.find(({ pointer }) => pointer.endsWith("/range"));
    assert.ok(range !== undefined);
    assert.equal(clauseAtDsl(clauses, range.dsl.from + 3)?.pointer, range.pointer);
    assert.equal(clauseAtSql(clauses, (range.sql[0]?.from ?? 0) + 2)?.pointer, range.pointer);
    assert.match(sql.text.slice(range.sql[0]?.from, range.sql[0]?.to), /\{p0:Int64\}/);
    assert.equal(clauseAtDsl(clauses, 0), null);
  });
});
