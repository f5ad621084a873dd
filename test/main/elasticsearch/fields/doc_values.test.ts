import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MalformedValue } from "../../../../src/main/elasticsearch/fields/field_type.ts";
import { FIELD_TYPES, fieldType } from "../../../../src/main/elasticsearch/fields/index.ts";
import { fetchedValues, sourceValues } from "../../../../src/main/elasticsearch/fields/source_values.ts";
import { unsupportedReason } from "../../../../src/main/elasticsearch/fields/unsupported.ts";
import { type Field, parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { isObject, type JsonObject, parseJson } from "../../../../src/shared/json.ts";

function json(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isObject(value));
  return value;
}

function field(definition: string): Field {
  const found = parseMapping(json(`{"properties":{"f":${definition}}}`)).fields.get("f");
  assert.ok(found !== undefined);
  return found;
}

/** The first column of the field `f` for a document `{"f":…}`. */
function values(definition: string, source: string): unknown {
  const f = field(definition);
  return fieldType(f)?.docValues(f, sourceValues(json(`{"f":${source}}`), f))[0];
}

function term(definition: string, value: string): unknown {
  const f = field(definition);
  return fieldType(f)?.term(f, json(`{"v":${value}}`).v ?? null);
}

describe("doc values", () => {
  test("keyword: a set in UTF-8 order, the number's own text, ignore_above in UTF-16 units", () => {
    assert.deepEqual(values('{"type":"keyword"}', '["b","a","b","\\uffee","😀",1.10,true]'), ["1.10", "a", "b", "true", "\uffee", "😀"]);
    assert.deepEqual(values('{"type":"keyword","ignore_above":8}', '["😀😀😀😀","😀😀😀😀😀","12345678"]'), ["12345678", "😀😀😀😀"]);
    assert.deepEqual(values('{"type":"keyword","null_value":"NV"}', '[null,"a"]'), ["NV", "a"]);
    assert.deepEqual(values('{"type":"keyword","null_value":"NV"}', "[]"), []);
    assert.deepEqual(values('{"type":"keyword","normalizer":"lowercase"}', '["İx","ΣΑΣ"]'), ["ix", "σασ"]);
  });

  test("integers: sorted with duplicates, cut off, no digit lost", () => {
    assert.deepEqual(values('{"type":"long"}', '[9007199254740993,"6.9",-7.9,6,1e3,""]'), [-7n, 6n, 6n, 1000n, 9007199254740993n]);
    assert.deepEqual(values('{"type":"integer"}', '["1e2",5.7]'), [5, 100]);
    assert.deepEqual(values('{"type":"unsigned_long"}', "18446744073709551615"), [18446744073709551615n]);
    assert.throws(() => values('{"type":"byte"}', "128"), MalformedValue);
    assert.deepEqual(values('{"type":"byte","ignore_malformed":true}', '["x",1]'), [1]);
  });

  test("floats: rounded, sorted with -0.0 before 0.0; the number -0 is 0", () => {
    assert.deepEqual(values('{"type":"double"}', '[0.0,"-0",-0.0,-0]'), [-0, -0, 0, 0]);
    assert.deepEqual(values('{"type":"float"}', "0.1"), [0.10000000149011612]);
    assert.deepEqual(values('{"type":"half_float"}', "[2049,0.1]"), [0.0999755859375, 2048]);
    assert.deepEqual(values('{"type":"scaled_float","scaling_factor":100}', "[1.005,2]"), [1, 2]);
  });

  test("booleans, dates, addresses and points", () => {
    assert.deepEqual(values('{"type":"boolean"}', '["true",false,"",true]'), [0, 0, 1, 1]);
    assert.deepEqual(values('{"type":"date"}', '["2024-10",-5,"12345"]'), [-5n, 12345n, 1727740800000n]);
    assert.deepEqual(values('{"type":"date_nanos"}', '"2024-10-05T10:00:00.123456789Z"'), [1728122400123456789n]);
    assert.deepEqual(values('{"type":"ip"}', '["::ffff:10.0.0.7","2001:DB8::1","10.0.0.7","::1"]'), ["::1", "10.0.0.7", "2001:db8::1"]);
    assert.deepEqual(values('{"type":"geo_point"}', "[2.2,48.1]"), [[48.09999999124557, 2.1999999694526196]]);
    assert.throws(() => values('{"type":"geo_point"}', '{"lat":91,"lon":0}'), MalformedValue);
  });

  test("text: tokens, positions and the number of values", () => {
    const f = field('{"type":"text"}');
    assert.deepEqual(fieldType(f)?.docValues(f, ["Foo bar", null, "", "baz"]), [["foo", "bar", "baz"], [0, 1, 202], 3]);
  });

  test("every type names as many columns as it gives values", () => {
    for (const type of FIELD_TYPES.values()) {
      const f = field(`{"type":"${type.type}"}`);
      assert.equal(type.docValues(f, []).length, type.columns(f).length, type.type);
    }
  });
});

describe("query values", () => {
  test("equal nothing where no doc value can be equal", () => {
    assert.deepEqual(term('{"type":"long"}', "5.5"), { kind: "nothing" });
    assert.deepEqual(term('{"type":"long"}', '"5.0"'), { kind: "value", value: 5n });
    assert.deepEqual(term('{"type":"short"}', "40000"), { kind: "nothing" });
    assert.deepEqual(term('{"type":"half_float"}', "1e10"), { kind: "nothing" });
  });

  test("are refused in Elasticsearch's words", () => {
    assert.deepEqual(term('{"type":"long"}', '"abc"'), {
      kind: "invalid",
      errorType: "number_format_exception",
      reason: 'For input string: "abc"',
    });
    const boolean = term('{"type":"boolean"}', '""');
    assert.deepEqual(boolean, {
      kind: "invalid",
      errorType: "illegal_argument_exception",
      reason: "Can't parse boolean value [], expected [true] or [false]",
    });
  });

  test("are whole units of dates and networks of addresses", () => {
    assert.deepEqual(term('{"type":"date"}', '"2024-10-27"'), { kind: "range", from: 1729987200000n, to: 1730073599999n });
    assert.deepEqual(term('{"type":"ip"}', '"10.0.0.0/25"'), { kind: "range", from: "10.0.0.0", to: "10.0.0.127" });
  });

  test("become text as Java prints them", () => {
    assert.deepEqual(term('{"type":"keyword"}', "1e3"), { kind: "value", value: "1000.0" });
    assert.deepEqual(term('{"type":"keyword"}', "1.10"), { kind: "value", value: "1.1" });
  });
});

describe("source values", () => {
  const mapping = parseMapping(
    json('{"properties":{"a":{"properties":{"b":{"type":"keyword"}}},"n":{"type":"nested","properties":{"x":{"type":"long"}}}}}'),
  );
  const at = (path: string, source: string): unknown => {
    const f = mapping.fields.get(path);
    return f === undefined ? null : sourceValues(json(source), f);
  };

  test("walk objects, arrays and dotted names in the document's order", () => {
    assert.deepEqual(at("a.b", '{"a.b":1,"a":[{"b":[2,[3]]},{"b":null}]}'), [1, 2, 3, null]);
    assert.deepEqual(at("a.b", '{"a":5}'), []);
    assert.deepEqual(at("n.x", '{"n":[{"x":1}]}'), []);
  });

  test("come breadth first to the fields option", () => {
    assert.deepEqual(fetchedValues(json('{"a":{"b":[["x","y"],"z"]}}'), "a.b"), ["z", "x", "y"]);
    assert.deepEqual(fetchedValues(json('{"a":[{"b":["x","y"]},{"b":"z"}]}'), "a.b"), ["x", "y", "z"]);
  });
});

describe("fields that are not mirrored", () => {
  test("say why", () => {
    assert.match(unsupportedReason(field('{"type":"percolator"}')) ?? "", /percolator/);
    assert.match(unsupportedReason(field('{"type":"text","analyzer":"mine"}')) ?? "", /mine/);
    assert.match(unsupportedReason(field('{"type":"keyword","normalizer":"mine"}')) ?? "", /mine/);
    assert.match(unsupportedReason(field('{"type":"date","format":"YYYY"}')) ?? "", /YYYY/);
    assert.equal(unsupportedReason(field('{"type":"text","analyzer":"english"}')), null);
  });
});
