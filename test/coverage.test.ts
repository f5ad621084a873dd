// docs/coverage.md is in step with the code: each name of its tables has one row with its state, and there is no other row.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parseMapping } from "../src/main/elasticsearch/mapping.ts";
import { allNames, SECTIONS } from "./coverage/names.ts";
import { coveragePage, PAGE, readSeen } from "./coverage/page.ts";
import { usesOf } from "./coverage/walk.ts";

function rowsOf(text: string): readonly string[] {
  return SECTIONS.flatMap((section) => {
    const [, after = ""] = text.split(`\n## ${section}\n`);
    const own = after.split("\n## ")[0] ?? "";
    return [...own.matchAll(/^\| `([^`]+)` \| (\w+) \|/gm)].map(([, name, state]) => `${section}: ${name} ${state}`);
  });
}

describe("docs/coverage.md", () => {
  test("has a row for each name in the code's tables with its state, and no other", () => {
    const expected = allNames().map(({ section, name, supported }) => `${section}: ${name} ${supported ? "supported" : "unsupported"}`);
    assert.deepEqual(rowsOf(readFileSync(PAGE, "utf8")).toSorted(), expected.toSorted());
  });

  test("is what follows from the tables and from what was seen: node test/coverage/write.ts writes it", () => {
    assert.equal(readFileSync(PAGE, "utf8"), coveragePage(readSeen()));
  });

  test("calls nothing verified that was not run", () => {
    const rows = coveragePage([])
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    assert.ok(rows.length > 0 && rows.every((row) => row.includes("| none |")));
  });

  test("names the reference where a request agreed", () => {
    const page = coveragePage([{ reference: "Elasticsearch 9.4.3", uses: { "Queries|term": "equal", "Queries|term|boost": "equal" } }]);
    assert.match(page, /^\| `term` \| supported \| Elasticsearch 9\.4\.3 \| `boost` \|/m);
  });
});

test("a body's uses are its clauses, aggregations, options, keys and field types", () => {
  const mapping = parseMapping({ properties: { kw: { type: "keyword" }, at: { type: "date" } } });
  const body = {
    query: { bool: { filter: [{ term: { kw: { value: "a", boost: 2 } } }] } },
    aggs: { a: { terms: { field: "kw", size: 3 }, aggs: { b: { filters: { filters: [{ exists: { field: "at" } }] } } } } },
    sort: [{ at: { order: "desc" } }],
  };
  const uses = [...usesOf(body, [mapping])].toSorted();
  assert.deepEqual(uses, [
    "Aggregations|filters",
    "Aggregations|filters|filters",
    "Aggregations|terms",
    "Aggregations|terms|field",
    "Aggregations|terms|size",
    "Field types|date",
    "Field types|keyword",
    "Queries|bool",
    "Queries|bool|filter",
    "Queries|exists",
    "Queries|exists|field",
    "Queries|term",
    "Queries|term|boost",
    "Queries|term|value",
    "Search body|aggs",
    "Search body|query",
    "Search body|sort",
    "Search body|sort|order",
  ]);
});
