import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RowBinaryWriter } from "../../../src/main/clickhouse/rowbinary.ts";
import { MalformedValue } from "../../../src/main/elasticsearch/fields/field_type.ts";
import { readDescriptions } from "../../../src/main/mirror/index_description.ts";
import { Layout } from "../../../src/main/mirror/layout.ts";
import { isObject, type JsonObject, parseJson } from "../../../src/shared/json.ts";
import { newSeed, seededRandom } from "../../support/random.ts";

function object(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isObject(value));
  return value;
}

const MAPPINGS = `{"properties":{
  "kw":{"type":"keyword","ignore_above":12,"fields":{"t":{"type":"text"},"low":{"type":"keyword","normalizer":"lowercase"}}},
  "kn":{"type":"keyword","null_value":"none"},
  "t":{"type":"text","fields":{"ws":{"type":"text","analyzer":"whitespace"},"keyword":{"type":"keyword"}}},
  "l":{"type":"long"},"i":{"type":"integer"},"s":{"type":"short"},"b":{"type":"byte"},"ul":{"type":"unsigned_long"},
  "d":{"type":"double"},"f":{"type":"float"},"sf":{"type":"scaled_float","scaling_factor":100},
  "dt":{"type":"date"},"day":{"type":"date","format":"yyyy-MM-dd"},"dn":{"type":"date_nanos"},
  "bo":{"type":"boolean"},"ip":{"type":"ip"},"g":{"type":"geo_point"},"flat":{"type":"flattened"},
  "still":{"dynamic":"false","properties":{"x":{"type":"keyword"}}},"off":{"type":"object","enabled":false},
  "o":{"properties":{"x":{"type":"keyword","copy_to":["kw","t"]},"y":{"type":"long"},"deep":{"properties":{"z":{"type":"text"}}}}}}}`;

function layoutOf(mappings = MAPPINGS): Layout {
  const [description] = readDescriptions(object(`{"x":{"aliases":{},"mappings":${mappings},"settings":{}}}`));
  assert.ok(description !== undefined);
  return new Layout(description);
}

/** What a layout makes of a document, and what it learns from it. */
function made(write: (layout: Layout, out: RowBinaryWriter) => void): string {
  const layout = layoutOf();
  const out = new RowBinaryWriter();
  let refused = "";
  try {
    write(layout, out);
  } catch (error) {
    if (!(error instanceof MalformedValue)) throw error;
    refused = error.message;
  }
  const learnt = [...layout.dates].map(([name, { least, greatest }]) => `${name} ${least} ${greatest}`);
  const bytes = refused === "" ? out.bytes().toString("hex") : refused;
  return refused === "" ? [bytes, [...layout.several].sort(), [...layout.lacking].sort(), learnt].join("\n") : refused;
}

function scannedAsParsed(text: string): boolean {
  const source = Buffer.from(text);
  if (layoutOf().scan(source) === "odd") return false;
  const scanned = made((layout, out) => {
    layout.scan(source);
    layout.writeScanned(out);
  });
  assert.equal(
    scanned,
    made((layout, out) => layout.writeFields(out, object(text))),
    text,
  );
  return true;
}

const NUMBERS = [
  "0",
  "-0",
  "-0.0",
  "0.0",
  "1",
  "-1",
  "12",
  "127",
  "128",
  "-128",
  "32768",
  "2147483647",
  "2147483648",
  "-2147483648",
  "4294967296",
  "2015",
  "20150",
  "1774649000000",
  "9007199254740993",
  "-9007199254740993",
  "999999999999999999",
  "9223372036854775807",
  "18446744073709551615",
  "1.5",
  "-1.25",
  "0.1",
  "0.30000000000000004",
  "1.10",
  "1e3",
  "1E-7",
  "2.5e+2",
  "123456789.123456",
  "999999999999999.9",
  "0.000001",
  "1e400",
];
const STRINGS = [
  '""',
  '"a"',
  '"B"',
  '"The Quick_brown 3.5 fox\'s mail:box a,b 1,2 x:1"',
  '"..."',
  '"_a_ a_1 1_"',
  '"long enough to be ignored"',
  '"é"',
  '"日本 text"',
  '"ééééééé"',
  '"日本\\n text"',
  '"z😀"',
  '"z\uffee"',
  '"a\\nb"',
  '"say \\"yes\\" \\/ \\b\\f\\r\\tno"',
  '"\\u0041"',
  '"\\ud83d\\ude00"',
  '"10.0.0.7"',
  '"255.255.255.255"',
  '"256.1.1.1"',
  '"010.0.0.1"',
  '"::1"',
  '"::ffff:10.0.0.7"',
  '"::ffff:a00:7"',
  '"2001:DB8::8a2e:370:7334"',
  '"2001:db8:0:1:1:1:1:1"',
  '"1:2:3:4:5:6:7:8"',
  '"::"',
  '"1::"',
  '"1:2:3:4:5:6:7::"',
  '"::2:3:4:5:6:7:8"',
  '"1:2:3:4:5:6:7:8:9"',
  '"1:2:3:4:5:6:7:8::"',
  '"1::2::3"',
  '":1:2:3:4:5:6:7"',
  '"1:2:3:4:5:6:7:"',
  '":::1"',
  '"12345::"',
  '"fe80::1%eth0"',
  '"1.2.3"',
  '"2024-02-29T12:34:56Z"',
  '"2024-02-29T12:34:56.789Z"',
  '"2023-02-29T00:00:00Z"',
  '"2024-12-31T23:59:59.999Z"',
  '"2024-12-31T24:00:00Z"',
  '"1969-12-31T23:59:59.001Z"',
  '"1600-02-29T00:00:00.000Z"',
  '"0999-01-01T00:00:00Z"',
  '"2024-03-01"',
  '"2024-03-01T10:00:00+02:00"',
  '"2024-03-01T10:00:00.123456Z"',
  '"2024-04-31T00:00:00Z"',
  '"true"',
  '"false"',
  '"12"',
  '"1.5"',
  '"48.85,2.35"',
  '"mailto:someone"',
];
const OTHERS = [
  "null",
  "true",
  "false",
  "[]",
  "{}",
  "[null]",
  '{"lat":48.85,"lon":2.35}',
  '{"lon":-2.350001,"lat":-48.85}',
  '{"lat":90,"lon":-180}',
  '{"lat":90.1,"lon":0}',
  '{"lat":1,"lon":180.5}',
  '{"lat":-0.0,"lon":1e1}',
  '{"lat":"48.85","lon":2.35}',
  '{ "lat" : 48.85, "lon" : 2.35 }',
  '{"lat":48.85}',
  '{"lat":1,"lat":2}',
  '{"lat":1,"lon":2,"alt":3}',
  '{"lat":1.5,"lon":12345678901234567890}',
  '{"lat":null,"lon":1}',
  '{"type":"Point","coordinates":[1,2]}',
  "[2.35,48.85]",
  "[[1,2],[3]]",
  '["b","a","b",null,"A"]',
  '{"k":{"v":[1,"x"]}}',
];
const FIELDS = ["kw", "kn", "t", "l", "i", "s", "b", "ul", "d", "f", "sf", "dt", "day", "dn", "bo", "ip", "g", "flat"];

describe("documents written from their bytes", () => {
  test("make the row that their parsed form makes, each kind of value in each kind of field", () => {
    for (const field of FIELDS) for (const value of [...NUMBERS, ...STRINGS, ...OTHERS]) scannedAsParsed(`{"${field}":${value}}`);
  });

  test("make it in any shape: several values, dotted names, copies, spaces", (context) => {
    const seed = newSeed();
    context.diagnostic(`seed ${seed}`);
    const random = seededRandom(seed);
    const pick = (from: readonly string[]): string => from[random.below(from.length)] ?? "";
    const usual: Readonly<Record<string, readonly string[]>> = {
      kw: STRINGS,
      kn: [...STRINGS, "null", "5"],
      t: STRINGS,
      l: ["1", "-5", "9007199254740993"],
      d: ["1.5", "0.1", "3", "-0.0"],
      dt: ['"2024-02-29T12:34:56Z"', "1774649000000", '"2024-03-01"'],
      ip: ['"10.0.0.7"', '"::1"'],
      g: ['{"lat":48.85,"lon":2.35}', "[2.35,48.85]"],
      "o.x": STRINGS,
      "o.y": ["1", "2"],
      "o.deep.z": STRINGS,
      o: ['{"x":"in","y":3}', '{"deep":{"z":"a b"},"deep.z":"c"}', "null", '[{"x":"p"},{"x":["q","r"]}]'],
      "still.new": STRINGS,
      still: ['{"x":"k","other":{"any":[1]}}'],
      off: ['{"x":{"y":"é"}}', "[1]"],
      bo: ["true", "false"],
    };
    let scanned = 0;
    for (let i = 0; i < 3000; i += 1) {
      const members = Object.keys(usual)
        .filter(() => random.next() < 0.4)
        .map((name) => {
          const values = Array.from({ length: 1 + random.below(3) }, () => pick(usual[name] ?? []));
          return `"${name}" : ${values.length === 1 ? values[0] : `[ ${values.join(" , ")} ]`}`;
        });
      if (scannedAsParsed(`\n{ ${members.join(" ,\n")} }\t`)) scanned += 1;
    }
    assert.ok(scanned > 1000, `${scanned} were scanned`);
  });

  test("make it whatever names came in which order before", (context) => {
    const seed = newSeed();
    context.diagnostic(`seed ${seed}`);
    const random = seededRandom(seed);
    const layout = layoutOf();
    const members = [
      '"kw":"a"',
      '"kn":"b"',
      '"k":1',
      '"kwx":2',
      '"l":1',
      '"l" :2',
      '"o":{"x":"p","y":1}',
      '"o":{"y":2,"x":"q"}',
      '"o.y":3',
      '"d":1.5',
      '"still":{"x":"k","z":0}',
      '"still":{"z":1,"x":"l"}',
      '"kw":["c","d"]',
    ];
    for (let i = 0; i < 2000; i += 1) {
      const text = `{${Array.from({ length: random.below(6) }, () => members[random.below(members.length)] ?? "").join(",")}}`;
      const [known, fresh] = [layout, layoutOf()].map((own) => {
        const out = new RowBinaryWriter();
        const said = own.scan(Buffer.from(text));
        if (said !== "odd") own.writeScanned(out);
        return `${said} ${out.bytes().toString("hex")}`;
      });
      assert.equal(known, fresh, text);
    }
  });

  test("are left to the parser where it may know better", () => {
    const [scan] = [(text: string | Buffer) => layoutOf().scan(Buffer.from(text))];
    for (const text of [
      "",
      "[]",
      "{",
      '{"kw":1,}',
      '{"kw":01}',
      '{"kw":"a\nb"}',
      '{"kw":NaN}',
      '{"kw":1} x',
      '{"k\\u0077":1}',
      '{"é":1}',
      "{/**/}",
      '\ufeff{"kw":1}',
    ])
      assert.equal(scan(text), "odd", text);
    assert.equal(scan(Buffer.from([...Buffer.from('{"kw":"'), 0xe9, ...Buffer.from('"}')])), "odd");
    const nested = layoutOf('{"properties":{"n":{"type":"nested","properties":{"x":{"type":"keyword"}}}}}');
    assert.equal(nested.scan(Buffer.from("{}")), "odd");
  });

  test("say when they have a name that the mapping lacks", () => {
    for (const [text, said] of [
      ['{"new":1}', "lacking"],
      ['{"o":{"new":"x"}}', "lacking"],
      ['{"o.new":true}', "odd"],
      ['{"new.er":true}', "lacking"],
      ['{"new":null}', "whole"],
      ['{"new":[]}', "odd"],
      ['{"still":{"new":1},"off":{"new":1},"flat":{"new":1}}', "whole"],
    ] as const)
      assert.equal(layoutOf().scan(Buffer.from(text)), said, text);
  });
});
