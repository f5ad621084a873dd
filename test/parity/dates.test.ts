// Random date bounds (math, formats, time zones, rounding) against the range that a real Elasticsearch makes of them, and
// printed dates against its `docvalue_fields`.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatDate } from "../../src/main/elasticsearch/date/format.ts";
import { parseZone } from "../../src/main/elasticsearch/date/zone.ts";
import { dateBound } from "../../src/main/elasticsearch/fields/date.ts";
import { type Field, parseMapping } from "../../src/main/elasticsearch/mapping.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "../support/random.ts";

const url = process.env.PARALLAX_TEST_ELASTICSEARCH;
const index = "fields-dates";
const properties = { date: { type: "date" }, nanos: { type: "date_nanos" }, own: { type: "date", format: "dd/MM/yyyy||yyyy-MM-dd HH:mm" } };
const ZONES = [
  "Z",
  "Europe/Paris",
  "Europe/London",
  "America/Sao_Paulo",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "+05:30",
  "-03:00",
] as const;
const FORMATS = [
  "strict_date_optional_time",
  "epoch_millis",
  "epoch_second",
  "yyyy-MM-dd HH:mm:ss.SSS XXX",
  "EEEE d MMMM uuuu, hh:mm a",
  "EEE dd MMM yy H:m:s Z",
  "basic_date_time",
  "strict_week_date",
  "ordinal_date",
  "strict_date_hour_minute",
  "uuuu-DDD",
] as const;

describe("dates", { skip: url === undefined ? "PARALLAX_TEST_ELASTICSEARCH is not set" : false }, () => {
  test("bounds are Elasticsearch's, to the millisecond", { timeout: 120_000 }, async () => {
    const random = seededRandom(31);
    // Extremes, or Elasticsearch sees from the index that nothing or everything matches, and shows no range.
    const [low, high] = ['["0001-01-01","9999-12-31"]', '["1970-01-01","2262-01-01"]'];
    const fields = await makeIndex([`{"date":${low},"own":["01/01/0001","31/12/9999"],"nanos":${high}}`]);
    for (let i = 0; i < 400; i += 1) {
      const field = random.pick(fields);
      const zone = random.next() < 0.5 ? null : random.pick(ZONES);
      const bound = boundText(random, field.path);
      const operator = random.pick(["gte", "gt", "lte", "lt"]);
      const range = { [field.path]: { [operator]: bound, ...(zone === null ? {} : { time_zone: zone }) } };
      const theirs = await explain({ range });
      const ours = ourRange(field, operator, bound, zone);
      assert.equal(ours, theirs, `seed ${random.seed}: ${JSON.stringify(range)}`);
    }
  });

  test("print by format as docvalue_fields do", { timeout: 120_000 }, async () => {
    const random = seededRandom(32);
    const moments = Array.from({ length: 200 }, () => (random.next() < 0.8 ? random.below(2e12) : -random.below(1e12)));
    await makeIndex(moments.map((ms) => `{"date":${ms}}`));
    for (const format of FORMATS) {
      const answer = await send("POST", `/${index}/_search`, {
        size: 1000,
        docvalue_fields: [{ field: "date", format }],
        _source: false,
      });
      for (const hit of hitsOf(answer)) {
        const ms = moments[Number(member(hit, "_id"))] ?? 0;
        const fields = member(hit, "fields");
        assert.deepEqual(isObject(fields) ? member(fields, "date") : null, [formatDate(ms, format)], `${format} of ${ms}`);
      }
    }
    await fetch(`${url}/${index}`, { method: "DELETE" });
  });
});

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** `field:[from TO to]`, or `error`. */
function ourRange(field: Field, operator: string, bound: string | number, zone: string | null): string {
  const roundUp = operator === "gt" || operator === "lte";
  const known = zone === null ? null : parseZone(zone);
  const value = dateBound(field, bound, { now: 0, roundUp, ...(known === null ? {} : { zone: known }) });
  if (typeof value !== "bigint") return "error";
  const from = operator === "gte" ? value : operator === "gt" ? value + 1n : MIN;
  const to = operator === "lte" ? value : operator === "lt" ? value - 1n : MAX;
  return `${field.path}:[${from} TO ${to}]`;
}

async function explain(query: object): Promise<string> {
  const answer = await send("POST", `/${index}/_validate/query?explain=true`, { query });
  const explanations = member(answer, "explanations");
  const first = isArray(explanations) ? explanations[0] : undefined;
  const text = isObject(first) ? String(member(first, "explanation") ?? "error") : "error";
  return /\w+:\[-?\d+ TO -?\d+\]/.exec(text)?.[0] ?? "error";
}

function boundText(random: Random, path: string): string | number {
  const math = random.next() < 0.5 ? "" : `||${steps(random)}`;
  if (path === "own") return random.pick(["05/10/2024", "2024-10-27 02:30", "29/02/2024", "31/03/2024", "2024-03-31 02:30"]) + math;
  const day = new Date(1.6e12 + random.below(2e11)).toISOString();
  const text = random.pick([
    day.slice(0, 4),
    day.slice(0, 7),
    day.slice(0, 10),
    day.slice(0, 13),
    day.slice(0, 16),
    day.slice(0, 19),
    day,
    `${day.slice(0, 19)}+02:00`,
    "2024-10-27T02:30",
    "2024-03-31T02:30",
    "2024-10-27",
    "abc",
    String(1.7e12 + random.below(1e9)),
  ]);
  return math === "" && random.next() < 0.1 ? 1.7e12 + random.below(1e9) : text + math;
}

function steps(random: Random): string {
  const one = (): string => {
    const operator = random.pick(["+", "-", "/"]);
    const count = operator === "/" ? "" : random.pick(["", "1", "2", "13", "40"]);
    return operator + count + random.pick(["y", "M", "w", "d", "h", "H", "m", "s", "x"]);
  };
  return Array.from({ length: 1 + random.below(3) }, one).join("");
}

async function makeIndex(documents: readonly string[]): Promise<readonly [Field, ...Field[]]> {
  await fetch(`${url}/${index}`, { method: "DELETE" });
  await send("PUT", `/${index}`, { settings: { number_of_replicas: 0 }, mappings: { properties } });
  const lines = documents.map((text, i) => `{"index":{"_id":"${i}"}}\n${text}\n`).join("");
  await send("POST", `/${index}/_bulk?refresh=true`, lines);
  const mapping = parseJson(JSON.stringify({ properties }));
  const [first, ...rest] = parseMapping(isObject(mapping) ? mapping : {}).fields.values();
  assert.ok(first !== undefined);
  return [first, ...rest];
}

function hitsOf(answer: JsonObject): readonly JsonObject[] {
  const hits = member(answer, "hits");
  const list: JsonValue | undefined = isObject(hits) ? member(hits, "hits") : [];
  return (isArray(list) ? list : []).filter(isObject);
}

async function send(method: string, path: string, body: object | string): Promise<JsonObject> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${url}${path}`, { method, body: text, headers: { "content-type": "application/json" } });
  const answer = parseJson(await response.text());
  assert.ok(isObject(answer));
  return answer;
}
