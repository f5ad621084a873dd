import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RowBinaryWriter } from "../../../src/main/clickhouse/rowbinary.ts";
import { print } from "../../../src/main/clickhouse/sql/print.ts";
import { readDescriptions } from "../../../src/main/mirror/index_description.ts";
import { Layout } from "../../../src/main/mirror/layout.ts";
import { singleLists } from "../../../src/main/mirror/list_sizes.ts";
import { translateSearch } from "../../../src/main/translate/search.ts";
import { isObject, type JsonObject, parseJson } from "../../../src/shared/json.ts";

const MAPPINGS: JsonObject = { properties: { host: { type: "keyword" }, tag: { type: "keyword" }, size: { type: "long" } } };

function described() {
  const settings = { index: { number_of_shards: "1", uuid: "u" } };
  const [description] = readDescriptions({ logs: { aliases: {}, mappings: MAPPINGS, settings } });
  assert.ok(description);
  return description;
}

function afterWriting(...texts: readonly string[]) {
  const layout = new Layout(described());
  for (const text of texts) {
    const source = parseJson(text);
    assert.ok(isObject(source));
    layout.writeFields(new RowBinaryWriter(), source);
  }
  return singleLists(described().mapping, layout);
}

describe("the sizes of lists", () => {
  test("say which hold one value at most, and which of those always one", () => {
    assert.deepEqual(
      [...afterWriting('{"host":"a","tag":["x","y"],"size":1}', '{"host":"b","tag":"z","size":null}')],
      [
        ["host", true],
        ["size", false],
      ],
    );
    assert.equal(afterWriting('{"host":"a"}').get("size"), false);
    assert.equal(afterWriting('{"host":[]}').get("host"), false);
  });

  test("leave no question of presence where there is always a value", () => {
    const sqlOf = (present: boolean): string => {
      const { mapping } = described();
      const table = {
        index: "logs",
        database: "mirror",
        table: "logs",
        mapping,
        shards: 1,
        final: false,
        single: new Map([["host", present]]),
      };
      const body = { size: 0, query: { term: { host: "a" } }, track_total_hits: true };
      const translation = translateSearch({ endpoint: "search", body, params: new Map(), tables: [table], now: 0 });
      assert.equal(translation.kind, "translated");
      return translation.kind === "translated" ? translation.statements.map(({ query }) => print(query).sql).join("\n") : "";
    };
    assert.match(sqlOf(true), /WHERE `host#one` = /);
    assert.match(sqlOf(false), /WHERE notEmpty\(host\) AND `host#one` = /);
  });
});
