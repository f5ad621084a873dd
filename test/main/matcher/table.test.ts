import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import type { TableRows } from "../../../src/main/translate/types.ts";
import type { JsonValue } from "../../../src/shared/json.ts";

const COLUMNS: JsonValue = [
  { name: "n", type: "long" },
  { name: "k", type: "keyword" },
];
const ANY_ORDER: TableRows = { groups: [0, 0, 0], endsAmid: false, unordered: [], loose: [] };

function compare(theirs: JsonValue, ours: JsonValue, table: TableRows, columnar = false) {
  return match({
    endpoint: "esql",
    request: { columnar },
    elasticsearch: { took: 3, columns: COLUMNS, values: theirs },
    clickhouse: { took: 1, columns: COLUMNS, values: ours },
    tolerances: table.loose.length > 0 ? [{ pointer: "/values/0/0", rule: "float_sum", low: 0.9, high: 1.1 }] : [],
    table,
  });
}

describe("answers in rows", () => {
  test("rows that nothing orders may come in any order, and that is a rule's doing", () => {
    const comparison = compare(
      [
        [1, "a"],
        [2, "b"],
        [2, "b"],
      ],
      [
        [2, "b"],
        [1, "a"],
        [2, "b"],
      ],
      ANY_ORDER,
    );
    assert.equal(comparison.verdict, "equivalent");
    assert.deepEqual(
      comparison.rules.filter(({ rule }) => rule !== "envelope").map(({ rule }) => rule),
      ["open_rows"],
    );
  });

  test("the same rows in the same order are equal", () => {
    assert.equal(
      compare(
        [
          [1, "a"],
          [2, "b"],
        ],
        [
          [1, "a"],
          [2, "b"],
        ],
        ANY_ORDER,
      ).verdict,
      "equal",
    );
  });

  test("a row that differs in a cell is a difference at that cell", () => {
    const comparison = compare(
      [
        [1, "a"],
        [2, "b"],
      ],
      [
        [2, "x"],
        [1, "a"],
      ],
      ANY_ORDER,
    );
    assert.equal(comparison.verdict, "different");
    assert.deepEqual(
      comparison.differences.map(({ path }) => path),
      ["/values/1/1"],
    );
  });

  test("a row that is held twice on one side only is a difference", () => {
    assert.equal(
      compare(
        [
          [1, "a"],
          [1, "a"],
        ],
        [
          [1, "a"],
          [2, "b"],
        ],
        ANY_ORDER,
      ).verdict,
      "different",
    );
    assert.equal(
      compare(
        [
          [1, "a"],
          [1, "a"],
        ],
        [[1, "a"]],
        ANY_ORDER,
      ).verdict,
      "different",
    );
  });

  test("rows of different ranks keep their order", () => {
    const table = { ...ANY_ORDER, groups: [0, 1, 2] };
    assert.equal(
      compare(
        [
          [1, "a"],
          [2, "b"],
        ],
        [
          [2, "b"],
          [1, "a"],
        ],
        table,
      ).verdict,
      "different",
    );
  });

  test("where a LIMIT ends amid a rank, which of its rows are shown is open, but not how many", () => {
    const table = { ...ANY_ORDER, groups: [0, 1, 1], endsAmid: true };
    assert.equal(
      compare(
        [
          [1, "a"],
          [2, "b"],
          [2, "c"],
        ],
        [
          [1, "a"],
          [2, "c"],
          [2, "d"],
        ],
        table,
      ).verdict,
      "equivalent",
    );
    assert.equal(
      compare(
        [
          [9, "a"],
          [2, "b"],
          [2, "c"],
        ],
        [
          [1, "a"],
          [2, "c"],
          [2, "d"],
        ],
        table,
      ).verdict,
      "different",
    );
    assert.equal(
      compare(
        [
          [1, "a"],
          [2, "b"],
        ],
        [
          [1, "a"],
          [2, "c"],
          [2, "d"],
        ],
        table,
      ).verdict,
      "different",
    );
  });

  test("values of VALUES come in any order, others do not", () => {
    const theirs: JsonValue = [[1, ["a", "b"]]];
    const ours: JsonValue = [[1, ["b", "a"]]];
    assert.equal(compare(theirs, ours, { ...ANY_ORDER, unordered: [1] }).verdict, "equivalent");
    assert.equal(compare(theirs, ours, ANY_ORDER).verdict, "different");
    assert.equal(compare(theirs, [[1, ["b", "c"]]], { ...ANY_ORDER, unordered: [1] }).verdict, "different");
  });

  test("rows are not told apart by numbers with a tolerance, and a number outside of it is a difference", () => {
    const table = { ...ANY_ORDER, loose: [0] };
    assert.equal(
      compare(
        [
          [5, "b"],
          [1.05, "a"],
        ],
        [
          [1, "a"],
          [5, "b"],
        ],
        table,
      ).verdict,
      "equivalent",
    );
    assert.equal(
      compare(
        [
          [5, "b"],
          [1.2, "a"],
        ],
        [
          [1, "a"],
          [5, "b"],
        ],
        table,
      ).verdict,
      "different",
    );
  });

  test("where a LIMIT ends amid a rank, rows that differ in a number with a tolerance are other rows", () => {
    const table = { ...ANY_ORDER, loose: [0], endsAmid: true };
    assert.equal(compare([[7, "a"]], [[1, "a"]], table).verdict, "equivalent");
  });

  test("columns rather than rows are compared as rows", () => {
    assert.equal(
      compare(
        [
          [1, 2],
          ["a", "b"],
        ],
        [
          [2, 1],
          ["b", "a"],
        ],
        ANY_ORDER,
        true,
      ).verdict,
      "equivalent",
    );
    assert.equal(
      compare(
        [
          [1, 2],
          ["a", "b"],
        ],
        [
          [2, 1],
          ["a", "b"],
        ],
        ANY_ORDER,
        true,
      ).verdict,
      "different",
    );
  });

  test("a row that one side lacks, or has elsewhere, is that row's difference and no other's", () => {
    const rows: JsonValue[] = [1, 2, 3, 4].map((n) => [n, `k${n}`]);
    const ranked = { ...ANY_ORDER, groups: [0, 1, 2, 3, 4] };
    const places = (theirs: readonly JsonValue[], ours: readonly JsonValue[]) =>
      compare(theirs, ours, ranked).differences.map(({ kind, path }) => `${kind} ${path}`);
    assert.deepEqual(places(rows, rows.toSpliced(1, 1)), ["missing /values/1"]);
    assert.deepEqual(places(rows, rows.toSpliced(2, 0, [9, "x"])), ["extra /values/2"]);
    assert.deepEqual(places(rows, [...rows.slice(1), ...rows.slice(0, 1)]), ["order /values/0"]);
    assert.deepEqual(places(rows, rows.with(2, [3, "x"])), ["value /values/2/1"]);
  });

  test("of columns, a cell's path is its column's and then its row's, and values that are not there are missed", () => {
    const columns: JsonValue = [
      [1, 2],
      ["a", "b"],
    ];
    const ranked = { ...ANY_ORDER, groups: [0, 1, 2] };
    const other: JsonValue = [
      [1, 2],
      ["a", "c"],
    ];
    assert.deepEqual(
      compare(columns, other, ranked, true).differences.map(({ path }) => path),
      ["/values/1/1"],
    );
    const three: JsonValue = [
      [1, 2, 3],
      ["a", "b", "x"],
    ];
    assert.deepEqual(
      compare(columns, three, ranked, true).differences.map(({ path }) => path),
      ["/values/[row=2]"],
    );
    const comparison = match({
      ...{ endpoint: "esql", request: {}, tolerances: [], table: ranked },
      ...{ elasticsearch: { columns: COLUMNS, values: [] }, clickhouse: { columns: COLUMNS } },
    });
    assert.deepEqual(
      comparison.differences.map(({ kind, path }) => `${kind} ${path}`),
      ["missing /values"],
    );
  });
});
