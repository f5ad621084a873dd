import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cellWriter, RowBinaryWriter } from "../../../src/main/clickhouse/rowbinary.ts";
import { MalformedValue } from "../../../src/main/elasticsearch/fields/field_type.ts";
import { fieldType } from "../../../src/main/elasticsearch/fields/index.ts";
import { sourceValues } from "../../../src/main/elasticsearch/fields/source_values.ts";
import { type IndexDescription, readDescriptions } from "../../../src/main/mirror/index_description.ts";
import { Layout } from "../../../src/main/mirror/layout.ts";
import { isObject, type JsonObject, parseJson } from "../../../src/shared/json.ts";

function object(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isObject(value));
  return value;
}

function describeIndex(mappings: string, settings = "{}"): IndexDescription {
  const [description] = readDescriptions(object(`{"x":{"aliases":{},"mappings":${mappings},"settings":${settings}}}`));
  assert.ok(description !== undefined);
  return description;
}

const MAPPINGS = `{"properties":{
  "t":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":8}}},
  "n":{"type":"long","null_value":7},
  "a":{"properties":{"b":{"type":"keyword"},"c":{"properties":{"d":{"type":"double"}}}}},
  "where":{"type":"geo_point"},
  "off":{"type":"object","enabled":false},
  "still":{"dynamic":"false","properties":{"x":{"type":"keyword"}}},
  "items":{"type":"nested","properties":{"x":{"type":"keyword"}}},
  "flat":{"type":"flattened"}}}`;

/** The cells of one document, field by field, without the layout's walk. */
function slowly(description: IndexDescription, source: JsonObject): string {
  const out = new RowBinaryWriter();
  for (const field of description.mapping.fields.values()) {
    if (field.nested !== null) continue;
    const type = fieldType(field);
    const cells = type?.docValues(field, sourceValues(source, field)) ?? [];
    for (const [i, column] of (type?.columns(field) ?? []).entries()) cellWriter(column.type)(out, cells[i] ?? 0);
  }
  return out.bytes().toString("hex");
}

describe("the layout of a mapping", () => {
  const description = describeIndex(MAPPINGS);
  const layout = new Layout(description);

  test("writes what each field reads by itself, for any shape of document", () => {
    const documents = [
      "{}",
      '{"t":"A quick Fox","n":1}',
      '{"t":["x",null,"too long for it"],"n":[null,3,1]}',
      '{"a":{"b":"x","c":{"d":1.5}}}',
      '{"a.b":"x","a":{"c.d":2}}',
      '{"a":[{"b":"x"},{"b":["y","z"],"c":[{"d":1},{"d":-0}]}]}',
      '{"where":[2.35,48.85]}',
      '{"where":[{"lat":1,"lon":2},"3,4"]}',
      '{"off":{"x":{"y":1}},"still":{"x":"k","new":1},"items":[{"x":"in"}],"flat":{"p":{"q":1}}}',
      '{"__proto__":{"n":3},"constructor":1}',
    ];
    for (const text of documents) {
      const out = new RowBinaryWriter();
      layout.writeFields(out, object(text));
      assert.equal(out.bytes().toString("hex"), slowly(description, object(text)), text);
    }
  });

  test("knows names that the mapping lacks, and only those that Elasticsearch would have mapped", () => {
    for (const text of [
      '{"new":1}',
      '{"a":{"new":"x"}}',
      '{"a.new":1}',
      '{"items":[{"new":1}]}',
      '{"a":[{"b":"x"},{"c":{"e":[null,0]}}]}',
    ]) {
      assert.ok(layout.lacks(object(text)), text);
    }
    for (const text of [
      '{"new":null}',
      '{"new":[]}',
      '{"new":{"x":[null]}}',
      '{"off":{"new":1}}',
      '{"still":{"new":1}}',
      '{"flat":{"new":1}}',
      '{"t":"x"}',
    ]) {
      assert.ok(!layout.lacks(object(text)), text);
    }
    assert.ok(!new Layout(describeIndex('{"dynamic":"false","properties":{}}')).lacks(object('{"new":1}')));
  });

  test("says why an index can't be mirrored, and whether a pipeline changes its documents", () => {
    assert.match(describeIndex('{"_source":{"enabled":false}}').problem, /switched off/);
    assert.match(describeIndex('{"_source":{"excludes":["x"]}}').problem, /leaves fields out/);
    assert.match(describeIndex("{}", '{"index":{"mapping":{"source":{"mode":"synthetic"}}}}').problem, /synthetic/);
    assert.equal(describeIndex("{}", '{"index":{"default_pipeline":"p"}}').pipeline, true);
    assert.equal(describeIndex("{}", '{"index":{"default_pipeline":"_none"}}').pipeline, false);
  });

  test("leaves malformed values out where the index says so", () => {
    const lenient = describeIndex(
      '{"properties":{"n":{"type":"long"},"s":{"type":"long","ignore_malformed":false}}}',
      '{"index":{"mapping":{"ignore_malformed":"true"}}}',
    );
    const written = (text: string): string => {
      const out = new RowBinaryWriter();
      new Layout(lenient).writeFields(out, object(text));
      return out.bytes().toString("hex");
    };
    assert.equal(written('{"n":["x",1]}'), "01010000000000000000");
    assert.throws(() => written('{"s":"x"}'), MalformedValue);
  });
});
