import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cellWriter, RowBinaryWriter } from "../../../src/main/clickhouse/rowbinary.ts";
import { fieldColumns } from "../../../src/main/elasticsearch/columns.ts";
import { MalformedValue } from "../../../src/main/elasticsearch/fields/field_type.ts";
import { type IndexDescription, readDescriptions } from "../../../src/main/mirror/index_description.ts";
import { Layout } from "../../../src/main/mirror/layout.ts";
import { isObject, type JsonObject, parseJson } from "../../../src/shared/json.ts";
import { fieldCells } from "../../support/field_cells.ts";

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
  "items":{"type":"nested","properties":{"x":{"type":"keyword"},"t":{"type":"text"},"n":{"type":"long","null_value":7},
    "deep":{"type":"nested","include_in_parent":true,"properties":{"y":{"type":"keyword","fields":{"low":{"type":"text"}}}}}}},
  "o":{"properties":{"all":{"type":"nested","include_in_root":true,"properties":{"z":{"type":"integer"},"p":{"type":"geo_point"}}}}},
  "flat":{"type":"flattened"},
  "named":{"type":"keyword","copy_to":["names","of.all"]},
  "of":{"properties":{"name":{"type":"text","copy_to":"names"},"all":{"type":"text","fields":{"raw":{"type":"keyword"}}},"flat":{"type":"flattened"}}},
  "names":{"type":"keyword","null_value":"none"}}}`;

/** The cells of one document, field by field, without the layout's walk. */
function slowly({ mapping }: IndexDescription, source: JsonObject): string {
  const out = new RowBinaryWriter();
  const cells = fieldCells(source, mapping);
  for (const [i, column] of fieldColumns(mapping).entries()) cellWriter(column.type)(out, cells[i] ?? 0);
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
      '{"flat.a":"x","flat.b":{"c":[1,null]},"flat":[{"d":{"e":"y"}},null],"of.flat.k":"z","of":{"flat.m":{"n":true}}}',
      '{"of":{"name":["b",null],"all":"own words"},"named":["x",null,"y"],"names":"n"}',
      '{"names":["q"],"named":"x","of":{"all":["first"],"name":"n"}}',
      '{"items":[{"x":["b","a"],"t":"one two","n":[null,3]},null,{},[{"t":["a","b"]},[{"n":null}]]]}',
      '{"items":{"x":"one"},"items.x":"two","items.n":4}',
      '{"items":[{"deep":[{"y":"A b"},{"y":["c","d"]}]},{"x":"none"},{"deep":{"y":"e"},"deep.y":"f"}]}',
      '{"items.deep.y":"far","items.deep":[{"y":"near"}]}',
      '{"o":[{"all":[{"z":3},{"z":[1,2],"p":[2,48]}]},{"all.z":0}],"o.all":{"z":9}}',
      '{"items":null,"o":[]}',
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
