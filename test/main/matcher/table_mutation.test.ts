// Answers in rows (ES|QL), changed at one place each: the change is a difference there and nowhere else, unless the query leaves it open.
import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import type { TableRows } from "../../../src/main/translate/types.ts";
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import { type Random, seededRandom } from "../../support/random.ts";

const TABLES = 200;
const CHANGES_PER_TABLE = 10;

type Rows = readonly (readonly JsonValue[])[];

interface Right {
  readonly columns: readonly JsonObject[];
  readonly rows: Rows;
  readonly table: TableRows;
  readonly columnar: boolean;
}

/** Rows in ranks of one to three; each holds another `id`. */
function rightAnswer(random: Random): Right {
  const rows = Array.from({ length: 3 + random.below(10) }, (_, at): JsonValue[] => [
    `id${at}`,
    random.below(50),
    random.below(900) / 7,
    random.next() < 0.3 ? null : ["a", "b"],
  ]);
  const groups: number[] = [];
  for (let at = 0; at <= rows.length; at += 1)
    groups.push(at === 0 || random.next() < 0.6 ? (groups.at(-1) ?? -1) + 1 : (groups.at(-1) ?? 0));
  const columns = ["id", "n", "x", "tags"].map((name) => ({ name, type: name === "n" ? "long" : name === "x" ? "double" : "keyword" }));
  return { columns, rows, table: { groups, endsAmid: random.next() < 0.3, unordered: [], loose: [] }, columnar: random.next() < 0.3 };
}

interface Change {
  readonly what: string;
  readonly rows: Rows;
  readonly columns?: readonly JsonObject[];
  /** null: the query leaves it open. */
  readonly paths: readonly string[] | null;
}

/** Whether other rows may stand where this one does. */
function isOpen({ table, rows }: Right, at: number): boolean {
  return table.endsAmid && table.groups[at] === table.groups[rows.length - 1];
}

function change(right: Right, random: Random): Change {
  const { rows, table, columns } = right;
  const at = random.below(rows.length);
  const row = rows[at] ?? [];
  const rowPath = (i: number): string => (right.columnar ? `/values/[row=${i}]` : `/values/${i}`);
  const rankOf = (i: number) => table.groups[i];
  switch (random.below(6)) {
    case 0: {
      const column = random.below(row.length);
      const cells = row.with(column, column === 1 ? `${String(row[1])}` : column === 2 ? 0.25 : column === 0 ? "other" : ["a"]);
      const path = right.columnar ? `/values/${column}/${at}` : `/values/${at}/${column}`;
      return { what: "cell", rows: rows.with(at, cells), paths: isOpen(right, at) ? null : [path] };
    }
    case 1:
      return { what: "row gone", rows: rows.toSpliced(at, 1), paths: [rowPath(at)] };
    case 2:
      return { what: "row added", rows: rows.toSpliced(at, 0, ["new", 1, 2, null]), paths: [rowPath(at)] };
    case 3: {
      const other = random.below(rows.length);
      const turned = rows.with(at, rows[other] ?? []).with(other, row);
      const paths = rankOf(at) === rankOf(other) ? null : [rowPath(at), rowPath(other)];
      return { what: "order", rows: turned, paths };
    }
    case 4:
      return { what: "column renamed", rows, columns: columns.with(1, { name: "m", type: "long" }), paths: ["/columns/1/name"] };
    default:
      return { what: "column's type", rows, columns: columns.with(1, { name: "n", type: "integer" }), paths: ["/columns/1/type"] };
  }
}

function body({ columnar, columns }: Right, rows: Rows, own = columns): JsonObject {
  return { took: 1, columns: own, values: columnar ? columns.map((_, i) => rows.map((row) => row[i] ?? null)) : rows };
}

test(`each of ${TABLES * CHANGES_PER_TABLE} seeded changes to rows is found at its place, or left open`, (t) => {
  const random = seededRandom(7331);
  t.diagnostic(`seed ${random.seed}`);
  for (let i = 0; i < TABLES; i += 1) {
    const right = rightAnswer(random);
    for (let k = 0; k < CHANGES_PER_TABLE; k += 1) {
      const { what, rows, columns, paths } = change(right, random);
      const elasticsearch = body(right, right.rows);
      const clickhouse = body(right, rows, columns);
      const { columnar, table } = right;
      const found = match({ endpoint: "esql", request: { columnar }, elasticsearch, clickhouse, tolerances: [], table });
      const named = found.differences.map(({ path }) => path);
      const told = `${what}, table ${i}: ${JSON.stringify({ right, rows, paths, named, rules: found.rules })}`;
      assert.equal(found.verdict === "different", paths !== null, told);
      assert.ok(paths === null || named.every((path) => paths.some((own) => path === own || path.startsWith(`${own}/`))), told);
    }
  }
});
