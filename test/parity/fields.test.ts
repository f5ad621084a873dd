// Every field type against a real Elasticsearch: nasty documents are indexed, and our doc values and fetched values must print
// as its `docvalue_fields` and `fields`, letter for letter.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fieldType } from "../../src/main/elasticsearch/fields/index.ts";
import { fetchedValues, sourceValues } from "../../src/main/elasticsearch/fields/source_values.ts";
import { type Field, type Mapping, parseMapping } from "../../src/main/elasticsearch/mapping.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, parseJson, printJson } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "../support/random.ts";

const url = process.env.PARALLAX_TEST_ELASTICSEARCH;
const index = "fields-parity";
const DOCUMENTS = 1500;

const properties = {
  kw: { type: "keyword" },
  short8: { type: "keyword", ignore_above: 8 },
  nullable: { type: "keyword", null_value: "NV" },
  lower: { type: "keyword", normalizer: "lowercase" },
  text: { type: "text", fields: { raw: { type: "keyword", ignore_above: 20 } } },
  long: { type: "long" },
  long_null: { type: "long", null_value: 7 },
  int: { type: "integer" },
  small: { type: "short" },
  tiny: { type: "byte" },
  double: { type: "double" },
  float: { type: "float" },
  half: { type: "half_float" },
  bool: { type: "boolean" },
  date: { type: "date" },
  date_own: { type: "date", format: "yyyy-MM-dd HH:mm:ss||dd/MM/yyyy||epoch_second" },
  date_basic: { type: "date", format: "basic_date||strict_date_time||date_optional_time" },
  nanos: { type: "date_nanos" },
  ip: { type: "ip" },
  point: { type: "geo_point" },
  deep: { properties: { a: { properties: { b: { type: "keyword" } } }, n: { type: "integer" } } },
};
const TYPED = ["kw", "short8", "nullable", "lower", "text.raw", "long", "long_null", "int", "small", "tiny", "double", "float", "half"];
const OTHERS = ["bool", "date", "date_own", "date_basic", "nanos", "ip", "point", "deep.a.b", "deep.n"];

describe("field types", { skip: url === undefined ? "PARALLAX_TEST_ELASTICSEARCH is not set" : false }, () => {
  test("print doc values and fetched values as Elasticsearch does", { timeout: 120_000 }, async () => {
    const random = seededRandom(20260101);
    const texts = Array.from({ length: DOCUMENTS }, () => documentText(random));
    const accepted = await indexAll(texts);
    const mapping = parseMapping(parseObject(JSON.stringify({ properties })));
    const names = [...TYPED, ...OTHERS];
    const byDocvalues = await search({ docvalue_fields: names });
    const byFields = await search({ fields: ["*"] });
    const differences: string[] = [];
    for (const [id, text] of accepted) {
      const source = parseObject(text);
      compare(`docvalue_fields, seed ${random.seed}`, docvalues(source, mapping, names), byDocvalues.get(id), text, differences);
      compare(`fields, seed ${random.seed}`, fetched(source, mapping), byFields.get(id), text, differences);
    }
    assert.ok(accepted.size > DOCUMENTS * 0.9, `only ${accepted.size} of ${DOCUMENTS} documents were accepted`);
    assert.deepEqual(differences.slice(0, 10), [], `${differences.length} differences`);
    await fetch(`${url}/${index}`, { method: "DELETE" });
  });
});

function docvalues(source: JsonObject, mapping: Mapping, names: readonly string[]): ReadonlyMap<string, string> {
  return show(names, mapping, (field) => {
    const [values] = fieldType(field)?.docValues(field, sourceValues(source, field)) ?? [];
    return typeof values === "object" ? values.map((value) => fieldType(field)?.format(field, value) ?? null) : [];
  });
}

function fetched(source: JsonObject, mapping: Mapping): ReadonlyMap<string, string> {
  return show([...mapping.fields.keys()], mapping, (field) =>
    fetchedValues(source, field.sourcePath, field.type === "geo_point").flatMap((value) => fieldType(field)?.fetch(field, value) ?? []),
  );
}

function show(names: readonly string[], mapping: Mapping, values: (field: Field) => readonly JsonValue[]): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  for (const name of names) {
    const field = mapping.fields.get(name);
    const all = field === undefined ? [] : values(field);
    if (all.length > 0) shown.set(name, printJson(all));
  }
  return shown;
}

function compare(
  what: string,
  ours: ReadonlyMap<string, string>,
  theirs: JsonObject | undefined,
  text: string,
  differences: string[],
): void {
  for (const name of new Set([...ours.keys(), ...Object.keys(theirs ?? {})])) {
    const value = theirs === undefined ? undefined : member(theirs, name);
    const printed = value === undefined ? undefined : printJson(value);
    if (printed !== ours.get(name)) differences.push(`${what}: ${name}: ours ${ours.get(name)}, Elasticsearch's ${printed}, of ${text}`);
  }
}

async function indexAll(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  await fetch(`${url}/${index}`, { method: "DELETE" });
  await send("PUT", `/${index}`, JSON.stringify({ settings: { number_of_replicas: 0 }, mappings: { properties } }));
  const lines = texts.map((text, i) => `{"index":{"_id":"${i}"}}\n${text}\n`).join("");
  const answer = await send("POST", `/${index}/_bulk?refresh=true`, lines);
  const items = member(answer, "items");
  const statuses = isArray(items) ? items.map((item) => (isObject(item) ? status(member(item, "index")) : 0)) : [];
  return new Map(texts.flatMap((text, i) => (statuses[i] === 201 ? [[String(i), text] as const] : [])));
}

function status(item: JsonValue | undefined): number {
  return isObject(item) ? Number(member(item, "status")) : 0;
}

async function search(part: object): Promise<ReadonlyMap<string, JsonObject>> {
  const answer = await send("POST", `/${index}/_search`, JSON.stringify({ size: 10_000, _source: false, ...part }));
  const hits = member(answer, "hits");
  const list = isObject(hits) ? member(hits, "hits") : [];
  const found = new Map<string, JsonObject>();
  for (const hit of isArray(list) ? list : []) {
    if (!isObject(hit)) continue;
    const fields = member(hit, "fields");
    found.set(String(member(hit, "_id")), isObject(fields) ? fields : {});
  }
  return found;
}

async function send(method: string, path: string, body: string): Promise<JsonObject> {
  const response = await fetch(`${url}${path}`, { method, body, headers: { "content-type": "application/json" } });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${text.slice(0, 500)}`);
  return parseObject(text);
}

function parseObject(text: string): JsonObject {
  const value = parseJson(text);
  return isObject(value) ? value : {};
}

// Values are JSON text, so that 1.10, 1e3 and -0 reach both sides as they are.
type Source = readonly [string, ...string[]];

const quoted = (...texts: readonly [string, ...string[]]): Source => {
  const [first, ...rest] = texts.map((text) => JSON.stringify(text));
  return [first ?? '""', ...rest];
};

const WORDS = quoted(
  "a",
  "b",
  "A",
  "",
  "é",
  "É",
  "z z",
  "null",
  "10",
  "日本",
  "😀",
  "￮",
  "a\u0301",
  "x".repeat(300),
  "q\"'\\",
  "line\nbreak",
);
const EIGHT = quoted("short", "exactly8", "longer than eight", "éééééééé", "😀😀😀😀", "😀😀😀😀😀");
const CASES = quoted("Foo", "foo", "ÉTÉ", "İx", "ΣΑΣ", "straße", "ᾈ", "Ǆ");
const SCALARS: Source = ["1.10", "1e3", "true", "-0", "12345678901234567890123", ...WORDS];
const LONGS: Source = [
  "0",
  "-1",
  "9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
  '"6.9"',
  "-7.9",
  '"1e3"',
  "1e3",
  '""',
  '"42"',
];
const INTS: Source = ["1", "2", '"4"', "5.7", '"6.9"', "-7.9", '""', "2147483647", "-2147483648", '"1e2"'];
const TINY: Source = ["1", '"-128"', "127", "5.7", '""', "-0"];
const DOUBLES: Source = [
  "0.0",
  "-0.0",
  "0",
  "-0",
  "0.1",
  "1e10",
  "1e-5",
  "1e308",
  "5e-324",
  "1e7",
  "9999999.0",
  "0.001",
  "0.00099",
  '"2.5"',
  '""',
  "1E22",
  "2e23",
  "123456789.123456789",
];
const FLOATS: Source = ["0.1", "0.2", "16777217", "3.4e38", "1e-45", "-0.0", '"0.3"', "1e7", "33554432", "0.333333333333"];
const HALVES: Source = ["0.1", "0.2", "2049", "2051", "65504", "-0.0", "6e-8", "1e-4", '"0.3"'];
const BOOLS: Source = ["true", "false", '"true"', '"false"', '""'];
const IPS = quoted(
  "10.0.0.1",
  "10.0.0.200",
  "192.168.1.1",
  "::1",
  "::",
  "2001:DB8::00a1",
  "::ffff:10.0.0.7",
  "2001:db8:0:0:1:0:0:1",
  "fe80::1:2:3:4",
  "255.255.255.255",
  "1:2:3:4:5:6:7:8",
  "1:0:0:4:0:0:0:8",
);
const BASIC = quoted("20241005", "2024-10-05T10:11:12.123Z", "2024-10-05T10:11:12.5+0200", "2024-1-5", "2024-10-05T3:4", "2024");
const OWN = quoted("2024-10-05 10:11:12", "05/10/2024", "29/02/2024", "1700000000", "1700000000.25");

function documentText(random: Random): string {
  const members: string[] = [];
  const add = (name: string, value: () => string): void => {
    const roll = random.next();
    if (roll < 0.2) return;
    if (roll < 0.25) members.push(`"${name}":null`);
    else if (roll < 0.28) members.push(`"${name}":[]`);
    else if (roll < 0.45)
      members.push(`"${name}":[${Array.from({ length: 1 + random.below(4) }, value).join(",")}${roll < 0.33 ? ",null" : ""}]`);
    else members.push(`"${name}":${value()}`);
  };
  const from = (name: string, values: Source): void => add(name, () => random.pick(values));
  from("kw", SCALARS);
  from("short8", EIGHT);
  from("nullable", WORDS);
  from("lower", CASES);
  from("text", SCALARS);
  from("long", LONGS);
  from("long_null", LONGS);
  from("int", INTS);
  from("small", TINY);
  from("tiny", TINY);
  const number = (values: Source, size: number) => () => (random.next() < 0.5 ? random.pick(values) : String((random.next() - 0.3) * size));
  add("double", number(DOUBLES, 10 ** (random.below(20) - 6)));
  add("float", number(FLOATS, 10 ** (random.below(20) - 6)));
  add("half", number(HALVES, 10 ** (random.below(6) - 2)));
  from("bool", BOOLS);
  add("date", () => dateText(random, 253402300799999));
  from("date_own", OWN);
  from("date_basic", BASIC);
  add("nanos", () => dateText(random, 9e12));
  from("ip", IPS);
  add("point", () => pointText(random));
  add("deep", () =>
    random.next() < 0.5 ? `{"a":{"b":${random.pick(WORDS)}},"n":${random.pick(INTS)}}` : `{"a.b":[${random.pick(WORDS)}]}`,
  );
  from("deep.a.b", WORDS);
  from("deep.n", INTS);
  return `{${members.join(",")}}`;
}

function dateText(random: Random, latest: number): string {
  const ms = random.next() < 0.2 ? random.pick([0, 1, latest, 1730002800000]) : random.below(2e12);
  const iso = new Date(ms).toISOString();
  const forms: Source = [
    String(ms),
    `"${ms}"`,
    `"${iso}"`,
    `"${iso.slice(0, 19)}Z"`,
    `"${iso.slice(0, 19)}"`,
    `"${iso.slice(0, 10)}"`,
    `"${iso.slice(0, 7)}"`,
    `"${iso.slice(0, 19)}.123456789Z"`,
    `"${iso.slice(0, 19)},5+02:00"`,
    `"${iso.slice(0, 19)}.25-0330"`,
    `"${iso.slice(0, 19)}Europe/Paris"`,
  ];
  return random.pick(forms);
}

function pointText(random: Random): string {
  const lat = random.pick([(random.next() - 0.5) * 180, 48 + random.next(), 90, -90, 0]);
  const lon = random.pick([(random.next() - 0.5) * 360, 2 + random.next(), 180, -180, 0]);
  const forms: Source = [
    `{"lat":${lat},"lon":${lon}}`,
    `{"lat":"${lat}","lon":"${lon}"}`,
    `"${lat},${lon}"`,
    `"POINT (${lon} ${lat})"`,
    `{"type":"Point","coordinates":[${lon},${lat}]}`,
    '"u09tvw0f6szye"',
    '"drm3btev3e86"',
  ];
  return random.pick(forms);
}
