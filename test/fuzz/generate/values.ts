// Values that documents hold, as JSON texts so that no digit is lost: common ones mostly, nasty ones among them.
import type { Random } from "../../../scripts/sample/random.ts";
import { type JsonObject, member } from "../../../src/shared/json.ts";

const COMMON_WORDS = ["error", "warn", "info", "ok", "GET", "POST", "eu-west", "us-east", "a", "b", "c"];
const NASTY_WORDS = [
  "",
  " ",
  "A",
  "é",
  "e\u0301",
  "É",
  "İΣ",
  "ß",
  "日本語",
  "😀",
  "👨‍👩‍👧",
  "\uffee",
  "null",
  "true",
  "10",
  "9",
  "-0.0",
  "foo*bar",
  "fo?o",
  "a.b.c",
  "a b",
  "line\nbreak",
  "back\\slash",
  "quote'\"`",
  "100%_x",
  "{p0:String}",
  "x".repeat(300),
  "zz",
];
const TEXT_WORDS = [
  "quick",
  "brown",
  "fox",
  "the",
  "error",
  "timeout",
  "disk",
  "Full",
  "user's",
  "3.14",
  "10.0.0.1",
  "naïve",
  "café",
  "日本",
];
const LONGS = [
  "0",
  "-1",
  "9007199254740992",
  "9007199254740993",
  "-9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
  '"7"',
  "6.9",
];
const DOUBLES = [
  "-0.0",
  "0.0",
  "0.1",
  "0.2",
  "0.3",
  "1e10",
  "1e-5",
  "1e300",
  "-1e300",
  "0.3333333333333333",
  "5e-324",
  "1e7",
  "1.10",
  "2.5",
];
const FLOATS = ["0.1", "0.2", "0.33333334", "16777217", "3.4e38", "1e-45", "-0.0", "1.5"];
const HALVES = ["0.1", "0.2", "2049", "65504", "-0.0", "1.5"];
const EXTREMES: Readonly<Record<string, readonly string[]>> = {
  long: LONGS,
  integer: ["2147483647", "-2147483648", "0", "7.9", '"12"'],
  short: ["32767", "-32768", "0"],
  byte: ["127", "-128", "0"],
  double: DOUBLES,
  float: FLOATS,
  half_float: HALVES,
};
const FRACTIONAL = new Set(["double", "float", "half_float"]);
/** Three weeks around the end of summer time in Europe and America. */
export const FROM = Date.UTC(2024, 9, 20);
export const SPAN = 21 * 86_400_000;
const FAR = [
  -1,
  -86_400_001,
  0,
  Date.UTC(1969, 11, 31, 23, 59, 59, 999),
  Date.UTC(2038, 0, 19, 3, 14, 8),
  Date.UTC(2100, 1, 28),
  Date.UTC(1900, 0, 1),
];

/** How the values of one field are spread. */
export interface Spread {
  /** Share of nasty values. */
  readonly nasty: number;
  /** How many distinct common values there are, about. */
  readonly distinct: number;
}

/** JSON text of one value that a field with this definition takes. */
export function valueText(random: Random, definition: JsonObject, spread: Spread): string {
  const type = String(member(definition, "type"));
  const nasty = random.chance(spread.nasty);
  switch (type) {
    case "keyword":
      return JSON.stringify(word(random, nasty, spread.distinct));
    case "text":
      return JSON.stringify(sentence(random, nasty));
    case "date":
    case "date_nanos":
      return dateText(random, type, member(definition, "format"), nasty);
    case "boolean":
      return random.pick(nasty ? ['"true"', '"false"', '""'] : ["true", "false"]);
    case "ip":
      return JSON.stringify(address(random, nasty));
    case "geo_point":
      return pointText(random, nasty);
    case "nested":
      return itemText(random, nasty);
    case "flattened":
      return labelsText(random, nasty);
    default:
      return numberText(random, type, nasty, spread.distinct);
  }
}

function word(random: Random, nasty: boolean, distinct: number): string {
  if (nasty) return random.pick(NASTY_WORDS);
  return distinct > COMMON_WORDS.length ? `id-${random.integer(1, distinct)}` : random.pick(COMMON_WORDS.slice(0, distinct));
}

function sentence(random: Random, nasty: boolean): string {
  if (nasty) return random.pick([...NASTY_WORDS, "fox fox fox", "quick-brown_fox", "a b c d e f g h i j"]);
  return Array.from({ length: random.integer(1, 6) }, () => random.pick(TEXT_WORDS)).join(random.pick([" ", " ", ", ", "-"]));
}

function numberText(random: Random, type: string, nasty: boolean, distinct: number): string {
  if (nasty) return random.pick(EXTREMES[type] ?? ["0"]);
  const whole = random.integer(0, type === "byte" ? Math.min(distinct, 100) : distinct);
  return FRACTIONAL.has(type) && random.chance(0.7) ? String(whole + random.integer(0, 99) / 100) : String(whole);
}

function dateText(random: Random, type: string, format: unknown, nasty: boolean): string {
  const far = nasty && type === "date" && format === undefined ? random.pick(FAR) : null;
  const step = random.pick([1, 1000, 60_000, 3_600_000, 86_400_000]);
  const ms = far ?? FROM + Math.floor(random.integer(0, SPAN - 1) / step) * step;
  const iso = new Date(ms).toISOString();
  switch (format) {
    case "epoch_second":
      return String(Math.floor(ms / 1000));
    case "yyyy-MM-dd HH:mm:ss":
      return JSON.stringify(iso.slice(0, 19).replace("T", " "));
    case "basic_date_time_no_millis":
      return JSON.stringify(`${iso.slice(0, 19).replaceAll(/[-:]/g, "")}Z`);
    default:
      return spelled(random, ms, iso, type);
  }
}

function spelled(random: Random, ms: number, iso: string, type: string): string {
  if (ms < 0) return JSON.stringify(iso);
  const forms = [String(ms), JSON.stringify(iso), JSON.stringify(iso), JSON.stringify(`${iso.slice(0, 19)}+02:00`)];
  // Nanoseconds are not read from text that stops at the minute.
  const last = type === "date_nanos" ? `${iso.slice(0, 19)}.123456789Z` : iso.slice(0, 16);
  return random.pick([...forms, JSON.stringify(iso.slice(0, 10)), JSON.stringify(last)]);
}

function address(random: Random, nasty: boolean): string {
  if (nasty) return random.pick(["::1", "2001:db8::1", "::ffff:10.0.0.7", "255.255.255.255", "0.0.0.0", "fe80::dead:beef"]);
  return `10.0.${random.integer(0, 3)}.${random.integer(0, 40)}`;
}

function pointText(random: Random, nasty: boolean): string {
  if (nasty) return random.pick(['{"lat":90,"lon":180}', '{"lat":-90,"lon":-180}', "[0,0]", '"48.5,2.5"', '"POINT (179.9 -16.5)"']);
  const lat = random.integer(-6000, 7000) / 100;
  const lon = random.integer(-17_900, 17_900) / 100;
  return random.pick([`{"lat":${lat},"lon":${lon}}`, `[${lon},${lat}]`, `"${lat},${lon}"`]);
}

function itemText(random: Random, nasty: boolean): string {
  const parts = [
    `"name":${random.chance(0.1) ? '["a","b"]' : JSON.stringify(word(random, nasty, 6))}`,
    `"qty":${random.integer(0, 9)}`,
    `"price":${random.integer(0, 400) / 4}`,
    `"note":${JSON.stringify(sentence(random, false))}`,
  ];
  return `{${parts.filter(() => random.chance(0.85)).join(",")}}`;
}

function labelsText(random: Random, nasty: boolean): string {
  const env = JSON.stringify(nasty ? random.pick(["", "A", "é", "a b"]) : random.pick(["prod", "test", "dev"]));
  const parts = [
    `"env":${random.chance(0.1) ? `[${env},"old"]` : env}`,
    `"n":${random.integer(0, 12)}`,
    `"deep":{"x":"y${random.integer(0, 3)}"}`,
  ];
  return `{${parts.filter(() => random.chance(0.8)).join(",")}}`;
}
