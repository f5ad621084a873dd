// Fields that hold ranges: random ranges and questions on both engines, over one shard and three.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { type JsonObject, type JsonValue, member, printJson } from "../../src/shared/json.ts";
import { seededRandom } from "../support/random.ts";
import { inBothShardings, skipWithout, testInBothShardings } from "../support/sharded_cases.ts";
import { connectEngines, differences, errorTypeOf, runBoth, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_ranges");
const skip = skipWithout(engines);
const random = seededRandom(20261124);

const MAPPINGS: JsonObject = {
  properties: {
    i: { type: "integer_range" },
    l: { type: "long_range" },
    f: { type: "float_range" },
    d: { type: "double_range" },
    t: { type: "date_range" },
    u: { type: "date_range", format: "dd/MM/yyyy||epoch_second" },
    p: { type: "ip_range" },
    n: { type: "nested", properties: { i: { type: "integer_range" } } },
    k: { type: "keyword" },
  },
};

const FIELDS = ["i", "l", "f", "d", "t", "u", "p", "n.i"] as const;
type Name = (typeof FIELDS)[number];

/** Values in order, of which any two make a range. */
const VALUES: Readonly<Record<Name, readonly [JsonValue, ...JsonValue[]]>> = {
  i: [-2147483648, -7, -1, 0, 1, 2, 3, 5, 8, 100, 2147483647],
  l: ["-9223372036854775808", -3, 0, 1, 2, "9007199254740993", "9223372036854775807"],
  f: [-1.5, "-0.0", 0, 0.1, 0.25, 0.3, 1, 2.5, 16777217, 1e30],
  d: [-2.25, "-0.0", 0, 0.1, 0.3, 1, 7.75, 1e300],
  t: [
    "2023-12-31",
    "2024-01-01",
    "2024-01-01T12:00:00Z",
    "2024-01-02",
    "2024-01",
    "2024-01-31||/M",
    "2024-02-01",
    1709251200000,
    "2024-06",
  ],
  u: ["31/12/2023", "01/01/2024", 1704153600, "05/01/2024||/M", "01/03/2024"],
  p: ["::1", "10.0.0.0", "10.0.0.7", "10.0.0.255", "10.0.1.0", "192.168.3.4", "2001:db8::1"],
  "n.i": [0, 1, 2, 3, 5, 8],
};

function bounds(name: Name): Record<string, JsonValue> {
  const values = VALUES[name];
  const [a, b] = [random.below(values.length), random.below(values.length)].sort((x, y) => x - y);
  const range: Record<string, JsonValue> = {};
  if (random.next() < 0.85) range[random.next() < 0.5 ? "gte" : "gt"] = values[a ?? 0] ?? null;
  if (random.next() < 0.85) range[random.next() < 0.5 ? "lte" : "lt"] = values[b ?? 0] ?? null;
  return range;
}

const CIDRS = ["10.0.0.0/24", "192.168.0.0/16", "::/0", "10.0.0.7/32"] as const;

function held(name: Name): JsonValue {
  if (name === "p" && random.next() < 0.3) return random.pick(CIDRS);
  return random.next() < 0.05 ? null : bounds(name);
}

function document(): string {
  const own: Record<string, JsonValue> = { k: random.pick(["a", "b"]) };
  for (const name of FIELDS) {
    if (random.next() < 0.3) continue;
    const count = random.next() < 0.7 ? 1 : 1 + random.below(3);
    const values = Array.from({ length: count }, () => held(name));
    if (name === "n.i") own.n = values.map((i) => ({ i }));
    else own[name] = count === 1 ? (values[0] ?? null) : values;
  }
  return printJson(own);
}

/** Documents of which Elasticsearch takes each one. */
async function documents(count: number): Promise<readonly string[]> {
  if (engines === null) return [];
  await send(engines, "DELETE", "/ranges-tried");
  await send(engines, "PUT", "/ranges-tried", printJson({ settings: { number_of_replicas: 0 }, mappings: MAPPINGS }));
  const tried = Array.from({ length: count }, document);
  const answer = await send(engines, "POST", "/ranges-tried/_bulk", tried.map((text) => `{"index":{}}\n${text}\n`).join(""));
  const statuses = [...printJson(answer).matchAll(/"status":(\d+)/g)].map(([, status]) => status);
  await send(engines, "DELETE", "/ranges-tried");
  return tried.filter((_, i) => statuses[i] === "201");
}

function clause(): JsonObject {
  const name = random.pick(FIELDS);
  const value = random.pick(VALUES[name]);
  const chance = random.next();
  const made: JsonObject =
    chance < 0.6
      ? {
          range: {
            [name]: { ...bounds(name), ...(random.next() < 0.7 ? { relation: random.pick(["within", "contains", "INTERSECTS"]) } : {}) },
          },
        }
      : chance < 0.7
        ? { term: { [name]: value } }
        : chance < 0.8
          ? { terms: { [name]: [value, random.pick(VALUES[name])] } }
          : chance < 0.85
            ? { match: { [name]: value } }
            : { exists: { field: name } };
  return name === "n.i" ? { nested: { path: "n", query: made } } : made;
}

function request(): JsonObject {
  const query = random.next() < 0.7 ? clause() : { bool: { must: [clause()], must_not: [clause()] } };
  const field = random.pick(["i", "l", "f", "d", "t", "u", "p"]);
  const aggs = { c: { value_count: { field } }, d: { cardinality: { field } }, m: { missing: { field } } };
  return { size: 400, _source: false, fields: random.next() < 0.3 ? ["*"] : [], query, aggs };
}

const ODD: readonly JsonObject[] = [
  { query: { range: { i: { gte: 5.5 } } } },
  { query: { range: { i: { gte: 4, lte: 2 } } } },
  { query: { range: { i: { gte: 4, relation: "disjoint" } } } },
  { query: { range: { i: { gte: 4, relation: "beside" } } } },
  { query: { range: { i: { gte: 3000000000 } } } },
  { query: { range: { t: { gte: "31.12.2024", format: "dd.MM.yyyy" } } } },
  { query: { range: { t: { gte: "2024-01-01", lt: "2024-01-02", time_zone: "+09:00" } } } },
  { query: { range: { k: { gte: "a", relation: "within" } } } },
  { query: { term: { i: 3.5 } } },
  { query: { term: { i: "x" } } },
  { query: { term: { p: "10.0.0.0/24" } } },
  { query: { term: { i: { value: 3, case_insensitive: true } } } },
  { query: { query_string: { query: "i:3 AND l:[1 TO 5]" } } },
  { query: { query_string: { query: "t:>2024-01-05" } } },
  { query: { multi_match: { query: "3", fields: ["i", "l"] } } },
  { query: { multi_match: { query: "3", fields: ["i", "p"], lenient: true } } },
  { query: { range: { i: {} } } },
  { query: { exists: { field: "*" } } },
  { size: 0, aggs: { a: { terms: { field: "i" } } } },
];

const idsOf = (answer: JsonObject): JsonValue => {
  const hits = member(answer, "hits");
  const list = typeof hits === "object" && hits !== null && "hits" in hits && Array.isArray(hits.hits) ? hits.hits : [];
  return Object.fromEntries(list.map((hit) => [String(hit._id), { fields: hit.fields ?? null, score: hit._score }]));
};

describe(`ranges on both engines (seed ${random.seed})`, { skip }, () => {
  const loaded = inBothShardings(engines, "ranges", async () => ({ mappings: MAPPINGS, documents: await documents(400) }));
  testInBothShardings("100 questions of ranges", loaded, async (index) => {
    for (const body of [...ODD, ...Array.from({ length: 100 }, request)]) {
      const { elasticsearch, translation, answer } = await runBoth([index], body);
      const type = errorTypeOf(elasticsearch) ?? "";
      assert.equal(translation.kind === "rejected" ? translation.error.errorType : translation.kind, type || "translated", printJson(body));
      if (type !== "") continue;
      assert.deepEqual(differences(idsOf(elasticsearch), idsOf(answer?.body ?? {})), [], printJson(body));
      assert.deepEqual(differences(member(elasticsearch, "aggregations"), answer?.body.aggregations), [], printJson(body));
    }
  });
});
