// Documents that are easy to get wrong: nulls and empty arrays, several values, -0.0, integers past 2^53, half floats,
// emoji, dates in all spellings, mapped addresses. Seeded: the same every time.
import type { JsonObject } from "../../src/shared/json.ts";
import { seededRandom } from "./random.ts";

export const NASTY_MAPPING: JsonObject = {
  dynamic: false,
  properties: {
    seq: { type: "integer" },
    kw: { type: "keyword" },
    kwi: { type: "keyword", ignore_above: 8 },
    kwn: { type: "keyword", null_value: "NV" },
    t: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 20 } } },
    ws: { type: "text", analyzer: "whitespace" },
    l: { type: "long" },
    i: { type: "integer" },
    by: { type: "byte" },
    d: { type: "double" },
    f: { type: "float" },
    hf: { type: "half_float" },
    dt: { type: "date" },
    b: { type: "boolean" },
    ip: { type: "ip" },
    g: { type: "geo_point" },
    o: { properties: { x: { type: "keyword" }, y: { type: "long" }, deep: { properties: { z: { type: "text" } } } } },
    n: { type: "nested", properties: { a: { type: "keyword" }, b: { type: "integer" } } },
    al: { type: "alias", path: "kw" },
    // At most one value a document, for what asks for that.
    kwg: { type: "keyword" },
    num: { type: "long" },
    flt: { type: "float" },
  },
};

const KEYWORDS = [
  "a",
  "b",
  "A",
  "",
  "é",
  "É",
  "z z",
  "foo*bar",
  "fo?o",
  "null",
  "10",
  "9",
  "true",
  "日本",
  "😀",
  "\uffee",
  "a\u0301",
  "ab",
  "abc",
  "abd",
  "aé",
  "x".repeat(300),
  "line\nbreak",
  "back\\slash",
  "quote'\"",
  "foo.bar",
  "FOO",
  "100%",
  "a_b",
].map((text) => JSON.stringify(text));
const TEXTS = [
  "quick brown fox",
  "The quick-brown FOX jumps",
  "brown quick fox fox",
  "foo.bar baz's",
  "user@example.com 1.2.3",
  "it's 3,000 items",
  "quick",
  "fox quick",
  "quick x y fox",
  "error: timeout after 30s",
  "Error TIMEOUT",
  "time out",
  "quik browm",
  "a b c d e",
  "",
  "fox",
  "foxes",
  "naïve café",
  "server_01 10.0.0.1",
  "the fox and the hound",
].map((text) => JSON.stringify(text));
const LONGS = [
  "0",
  "1",
  "-1",
  "9007199254740992",
  "9007199254740993",
  "-9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
  "42",
  "10",
  "9",
  "5",
  '"7"',
  "6.9",
];
const DOUBLES = [
  "0.0",
  "-0.0",
  "0.1",
  "0.2",
  "0.3",
  "1e10",
  "1e-5",
  "1e308",
  "-1e308",
  "0.3333333333333333",
  "5e-324",
  "1e7",
  "9999999.0",
  "0.001",
  "1.10",
  "100",
  "2.5",
];
const FLOATS = ["0.1", "0.2", "0.33333334", "16777217", "3.4e38", "1e-45", "-0.0", "0"];
const HALVES = ["0.1", "0.2", "2049", "65504", "-0.0", "1.5"];
const BYTES = ["1", "-128", "127", "5"];
const BOOLEANS = ["true", "false", '"true"', '"false"', '""'];
const INSTANTS = [0, -1, -86_400_001, 253_402_300_799_999, 1_730_002_800_000, 1_729_994_400_000, 1_729_990_800_000];

/** JSON texts of `count` documents. */
export function nastyDocuments(count: number, seed = 11): readonly string[] {
  const random = seededRandom(seed).next;
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "null";
  const integer = (below: number): number => Math.floor(random() * below);
  const field = (one: () => string): string | undefined => {
    const chance = random();
    if (chance < 0.15) return undefined;
    if (chance < 0.2) return "null";
    if (chance < 0.23) return "[]";
    if (chance >= 0.4) return one();
    const values = Array.from({ length: 1 + integer(4) }, one);
    return `[${[...values, ...(random() < 0.3 ? ["null"] : [])].join(",")}]`;
  };
  const date = (): string => {
    const ms = random() < 0.8 ? 1_726_000_000_000 + integer(9_000_000_000) : (INSTANTS[integer(INSTANTS.length)] ?? 0);
    const iso = new Date(ms).toISOString();
    const chance = random();
    if (chance < 0.3 || ms > 200_000_000_000_000 || ms < 0) return String(ms);
    if (chance < 0.4) return `"${ms}"`;
    if (chance < 0.5) return `"${iso.slice(0, 10)}"`;
    if (chance < 0.7) return `"${iso}"`;
    if (chance < 0.8) return `"${iso.slice(0, 19)}.123456789Z"`;
    return chance < 0.9 ? `"${iso.slice(0, 19)}+02:00"` : `"${iso.slice(0, 16)}"`;
  };
  const ip = (): string => {
    const options = [
      `10.0.0.${integer(256)}`,
      `192.168.${integer(4)}.1`,
      "::1",
      `2001:db8::${integer(65_536).toString(16)}`,
      "::ffff:10.0.0.7",
      "255.255.255.255",
      "0.0.0.0",
    ];
    return `"${options[integer(options.length)] ?? ""}"`;
  };
  const point = (): string => {
    const near = random() < 0.5;
    const lat = near ? 48 + random() : random() * 180 - 90;
    const lon = near ? 2 + random() : random() * 360 - 180;
    const chance = random();
    return chance < 0.5 ? `{"lat":${lat},"lon":${lon}}` : chance < 0.75 ? `[${lon},${lat}]` : `"${lat},${lon}"`;
  };
  const nested = (): string =>
    `[${Array.from({ length: integer(4) }, () => `{"a":"${pick(["x", "y", "z"])}","b":${integer(6)}}`).join(",")}]`;
  const document = (seq: number): string => {
    const members: [string, string | undefined][] = [
      ["kw", field(() => pick(KEYWORDS))],
      ["kwi", field(() => pick(['"short"', '"exactly8"', '"longer than eight"', '"éééééééé"', '"😀😀😀😀"', '"😀😀😀😀😀"']))],
      ["kwn", field(() => pick(['"p"', '"q"', '"r"']))],
      ["t", field(() => pick(TEXTS))],
      ["ws", field(() => pick(TEXTS))],
      ["l", field(() => pick(LONGS))],
      ["i", field(() => pick(["1", "2", "3", '"4"', "5.7", '"6.9"', "-7.9"]))],
      ["by", field(() => pick(BYTES))],
      ["d", field(() => (random() < 0.5 ? pick(DOUBLES) : String(random() * 1000)))],
      ["f", field(() => (random() < 0.7 ? pick(FLOATS) : String(random() * 1000)))],
      ["hf", field(() => (random() < 0.7 ? pick(HALVES) : String(random() * 100)))],
      ["dt", field(date)],
      ["b", field(() => pick(BOOLEANS))],
      ["ip", field(ip)],
      ["g", random() < 0.8 ? point() : undefined],
      ["o", random() < 0.5 ? `{"x":${pick(KEYWORDS)},"y":${integer(5)},"deep":{"z":${pick(TEXTS)}}}` : undefined],
      ["n", random() < 0.7 ? nested() : undefined],
      ["unmapped", random() < 0.5 ? `{"k":${pick(["1", "1.10", "1e3", '"v"'])},"list":[${integer(3)},{"deep":${integer(9)}}]}` : undefined],
    ];
    const texts = members.flatMap(([name, text]) => (text === undefined ? [] : [`"${name}":${text}`]));
    const single = [
      ...(seq % 5 === 0 ? [] : [`"kwg":"g${seq % 7}"`]),
      ...(seq % 9 === 0 ? [] : [`"num":${seq % 4}`]),
      ...(seq % 8 === 0 ? [] : [`"flt":${(seq % 3) / 10 - 0.1}`]),
    ];
    return `{${[`"seq":${seq}`, ...texts, ...single].join(", ")}}`;
  };
  return Array.from({ length: count }, (_, seq) => document(seq));
}
