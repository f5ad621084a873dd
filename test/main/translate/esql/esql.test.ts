// ES|QL's semantics on a real ClickHouse, with what a real Elasticsearch 8.19.21 gave for the same.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { print } from "../../../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { translateEsql } from "../../../../src/main/translate/esql/index.ts";
import type { IndexTable, StatementRows } from "../../../../src/main/translate/types.ts";
import { type JsonObject, type JsonValue, member, printJson, RawNumber } from "../../../../src/shared/json.ts";
import { connectEngines, mirror } from "../../../support/two_engines.ts";

const engines = connectEngines("esql_semantics", "");
const skip = engines === null ? "PARALLAX_TEST_CLICKHOUSE is not set" : false;

const MAPPINGS: JsonObject = {
  properties: {
    k: { type: "keyword" },
    n: { type: "long" },
    d: { type: "date" },
    t: { type: "text" },
    g: { type: "geo_point" },
    f: { type: "double" },
  },
};
const DOCUMENTS = [
  '{"k":"a","n":1,"d":"2024-01-31","t":"one two","g":{"lat":1.123456789,"lon":2},"f":1.5}',
  '{"k":["b","a"],"n":[3,2],"t":["second","first"],"f":2.5}',
  '{"n":9223372036854775807,"d":"1999-12-31T23:59:59.999Z","f":-0.5}',
];

let table: Promise<IndexTable> | undefined;

async function ask(query: string, rest: JsonObject = {}): Promise<string> {
  if (engines === null) return "";
  table ??= mirror(engines, { name: "docs", mappings: MAPPINGS, documents: DOCUMENTS }, parseMapping(MAPPINGS));
  const translation = translateEsql({ body: { query, ...rest }, params: new Map(), tables: [await table], now: Date.UTC(2024, 0, 1) });
  if (translation.kind !== "translated") return printJson(JSON.parse(JSON.stringify(translation)));
  const rows: StatementRows = new Map(
    await Promise.all(
      translation.statements.map(async ({ name, query: sql }) => [name, (await engines.clickhouse.query(print(sql))).rows] as const),
    ),
  );
  return printJson(member(translation.shape(rows).body, "values") ?? null);
}

async function answers(query: string, values: JsonValue): Promise<void> {
  assert.equal(await ask(query), printJson(values));
}

describe("ES|QL on ClickHouse", { skip }, () => {
  test("a function of one value is null for several", () =>
    answers('FROM docs | SORT f | EVAL x = n + 1, y = k == "a" | KEEP x, y', [
      [null, null],
      [2, true],
      [null, null],
    ]));

  test("whole numbers that overflow are null, and so is anything over 0", () =>
    answers(
      "ROW a = 9223372036854775807, b = 2147483647 | EVAL c = a + 1, d = b + 1, e = 1 / 0, f = 1.0 / 0, g = -7 / 2, h = -7 % 3 | KEEP c, d, e, f, g, h",
      [[null, null, null, null, -3, -1]],
    ));

  test("conditions know true, false and null", () =>
    answers("ROW a = true | EVAL b = a AND null, c = NOT a AND null, d = a OR null, e = NOT null | KEEP b, c, d, e", [
      [null, false, true, null],
    ]));

  test("a row is in the group of each value of its key, and null is a group", () =>
    answers("FROM docs | STATS c = COUNT(*), s = SUM(f) BY k | SORT k", [
      [2, new RawNumber("4.0"), "a"],
      [1, 2.5, "b"],
      [1, -0.5, null],
    ]));

  test("two keys of several values give each pair", () =>
    answers('ROW a = [1, 2], b = ["x", "y"] | STATS c = COUNT(*) BY a, b | SORT a, b', [
      [1, 1, "x"],
      [1, 1, "y"],
      [1, 2, "x"],
      [1, 2, "y"],
    ]));

  test("aggregates of nothing are null, counts are 0, and there is one row without groups", () =>
    answers('FROM docs | WHERE k == "nope" | STATS c = COUNT(*), s = SUM(n), m = MAX(f), v = VALUES(k)', [[0, null, null, null]]));

  test("texts come from _source as they stand there, keywords sorted", () =>
    answers("FROM docs | WHERE MV_COUNT(k) == 2 | KEEP t, k", [
      [
        ["second", "first"],
        ["a", "b"],
      ],
    ]));

  test("points are shown as the document has them", () =>
    answers("FROM docs | WHERE g IS NOT NULL | KEEP g", [["POINT (2.0 1.123456789)"]]));

  test("nulls go last ascending and first descending; of several values the least or the greatest counts", async () => {
    await answers("FROM docs | SORT k, n | KEEP k", [["a"], [["a", "b"]], [null]]);
    await answers("FROM docs | SORT k DESC | KEEP k", [[null], [["a", "b"]], ["a"]]);
  });

  test("a month later is the last day where the month lacks the day", () =>
    answers('ROW d = "2024-01-31"::datetime | EVAL a = d + 1 month, b = d - 3 days, c = DATE_TRUNC(5 months, d) | KEEP a, b, c', [
      ["2024-02-29T00:00:00.000Z", "2024-01-28T00:00:00.000Z", "2023-12-01T00:00:00.000Z"],
    ]));

  test("doubles as text are Java's", () =>
    answers(
      "ROW a = 1e20, b = 1.0E-5, c = 3.0, d = 123456789.0 | EVAL a = TO_STRING(a), b = TO_STRING(b), c = TO_STRING(c), d = TO_STRING(d)",
      [["1.0E20", "1.0E-5", "3.0", "1.23456789E8"]],
    ));

  test("KEEP puts a full name before a pattern and a pattern before *", () =>
    answers("ROW ab = 1, b = 2, ac = 3 | KEEP b, a*, ab | RENAME b AS x", [[2, 3, 1]]));

  test("a filter of the request goes before the query", async () =>
    assert.equal(await ask("FROM docs | STATS COUNT(*)", { filter: { term: { k: "a" } } }), "[[2]]"));

  test("a LIMIT that cuts between rows of one rank, before other commands, has no answer", async () => {
    await assert.rejects(ask("FROM docs | LIMIT 1 | STATS MAX(n)"), /which rows this LIMIT keeps is open/);
    await answers("FROM docs | SORT f | LIMIT 1 | STATS MAX(f)", [[-0.5]]);
  });

  test("what Elasticsearch refuses is refused, what has no SQL is named by its place", async () => {
    assert.match(await ask("FROM docs | WHERE nope == 1"), /verification_exception.*line 1:19: Unknown column \[nope\]/);
    assert.match(await ask("FROM docs | WHERE k == 1"), /verification_exception/);
    assert.match(await ask("FROM docs | WHER k"), /parsing_exception.*line 1:13/);
    assert.match(await ask("FROM docs | EVAL x = ST_X(g)"), /"unsupported".*"\/query#21-28"/);
  });
});
