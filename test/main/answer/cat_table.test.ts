// Tables of `_cat`: columns by their names and other names, order, heading, text and JSON.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CatColumn, catAnswer, readCat } from "../../../src/main/answer/cat_table.ts";
import { printJson } from "../../../src/shared/json.ts";

const COLUMNS: readonly CatColumn[] = [
  { name: "index", aliases: ["i", "idx"] },
  { name: "docs.count", aliases: ["dc"], number: true },
  { name: "uuid", shown: false },
];
const ROWS = [
  { index: "carts", "docs.count": "9", uuid: "u1" },
  { index: "logs-2026", "docs.count": "120", uuid: "u2" },
];

/** The table as it is printed, or what is said instead. */
function printed(query: string, accept = ""): string {
  const params = new Map(new URLSearchParams(query));
  const call = {
    method: "GET",
    endpoint: "_cat",
    index: "",
    id: "",
    params,
    accept,
    body: "",
    now: 0,
    theirs: new Map<number, string>(),
    elsewhere: null,
  };
  const request = readCat(call, COLUMNS, "_cat/indices");
  if (typeof request === "string") return request;
  const answer = catAnswer(call, request, ROWS);
  if (answer.kind !== "answered") return answer.kind;
  return answer.type === "text" ? String(answer.body) : printJson(answer.body);
}

describe("_cat", () => {
  test("pads columns, numbers to the right, and nothing behind the last one", () => {
    assert.equal(printed(""), "carts       9\nlogs-2026 120\n");
    assert.equal(printed("h=dc,i&v"), " dc i\n  9 carts\n120 logs-2026\n");
  });

  test("orders numbers by their size and texts by their letters", () => {
    assert.equal(printed("h=i&s=docs.count:desc"), "logs-2026\ncarts\n");
    assert.equal(printed("h=uuid&s=idx:desc"), "u2\nu1\n");
  });

  test("is JSON by format or by what is accepted, under the names that were asked for", () => {
    assert.equal(printed("h=i,dc&format=json"), '[{"i":"carts","dc":"9"},{"i":"logs-2026","dc":"120"}]');
    assert.equal(printed("h=uuid", "application/json"), '[{"uuid":"u1"},{"uuid":"u2"}]');
    assert.equal(printed("h=uuid&format=text", "application/json"), "u1\nu2\n");
  });

  test("leaves columns that are not known to Elasticsearch", () => {
    assert.match(printed("h=index,store.size"), /^\[store\.size\]/);
    assert.match(printed("s=health"), /^\[health\]/);
    assert.match(printed("", "text/plain, application/json"), /Elasticsearch's to give/);
  });
});
