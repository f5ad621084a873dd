// Whole search bodies: Discover's, Lens's, Maps', and freer ones; some that Elasticsearch rejects.
import type { Random } from "../../../scripts/sample/random.ts";
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject } from "../../../src/shared/json.ts";
import { anyAggregations } from "./aggregations.ts";
import { hasNested, nestedQueryWithHits, nestedSort } from "./nested.ts";
import { functionScore } from "./positions.ts";
import { anyField, anyQuery, type Draw, fieldOf, kibanaQuery, sample } from "./query.ts";
import { runtimeField, scriptField } from "./scripts.ts";

/** One search body. */
export function anySearch(draw: Draw): JsonObject {
  const { random } = draw;
  const body = random.weighted<() => JsonObject>([
    [() => lens(draw), 5],
    [() => discover(draw), 3],
    [() => free(draw), 3],
    [() => relevance(draw), 1],
    [() => computed(draw), 1],
    [() => grouped(draw), 0.5],
    [() => scored(draw), 0.5],
    [() => paged(draw), 0.5],
    [() => ({ query: nestedQueryWithHits(draw), sort: ["@timestamp"], size: 10 }), hasNested(draw) ? 0.5 : 0],
  ])();
  return random.chance(0.04) ? broken(random, body) : body;
}

function lens(draw: Draw): JsonObject {
  const { random } = draw;
  return {
    aggs: anyAggregations(draw),
    size: 0,
    ...(random.chance(0.6)
      ? {
          fields: [{ field: "@timestamp", format: "date_time" }],
          script_fields: {},
          stored_fields: ["*"],
          runtime_mappings: {},
          _source: { excludes: [] },
        }
      : {}),
    query: random.chance(0.8) ? kibanaQuery(draw) : anyQuery(draw),
    ...(random.chance(0.5) ? { track_total_hits: random.pick<JsonValue>([true, false, 10, 100_000]) } : {}),
  };
}

function discover(draw: Draw): JsonObject {
  const { random } = draw;
  const order = random.pick(["desc", "asc"]);
  const highlight = {
    pre_tags: ["@kibana-highlighted-field@"],
    post_tags: ["@/kibana-highlighted-field@"],
    fields: { "*": {} },
    fragment_size: 2_147_483_647,
  };
  return {
    track_total_hits: random.pick<JsonValue>([false, true]),
    sort: [
      { "@timestamp": { order, format: "strict_date_optional_time", unmapped_type: "boolean" } },
      { _doc: { order, unmapped_type: "boolean" } },
    ],
    fields: [
      { field: "*", include_unmapped: random.chance(0.7) },
      { field: "@timestamp", format: "strict_date_optional_time" },
    ],
    size: random.pick([3, 10, 50]),
    version: random.chance(0.5),
    script_fields: {},
    stored_fields: ["*"],
    runtime_mappings: {},
    _source: random.pick<JsonValue>([false, { excludes: [] }]),
    query: random.chance(0.8) ? kibanaQuery(draw) : anyQuery(draw),
    ...(random.chance(0.3) ? { highlight } : {}),
  };
}

function free(draw: Draw): JsonObject {
  const { random } = draw;
  const sorted = sort(draw);
  return {
    query: anyQuery(draw, 3),
    sort: sorted,
    size: random.pick([0, 1, 5, 20, 100]),
    ...(random.chance(0.15) ? { from: random.pick([1, 5, 1000]) } : {}),
    ...(random.chance(0.3) ? { track_total_hits: random.pick<JsonValue>([true, false, 3, -1]) } : {}),
    ...(random.chance(0.4) ? { _source: source(draw) } : {}),
    ...(random.chance(0.3) ? { fields: fieldList(draw) } : {}),
    ...(random.chance(0.3) ? { docvalue_fields: fieldList(draw, ["keyword", "number", "date", "boolean", "ip"]) } : {}),
    ...(random.chance(0.15) ? { post_filter: anyQuery(draw, 1) } : {}),
    ...(random.chance(0.15) ? { aggs: anyAggregations(draw, 2) } : {}),
    ...(random.chance(0.1) ? { seq_no_primary_term: true } : {}),
    ...(random.chance(0.1) ? { track_scores: true } : {}),
  };
}

// Ordered by score: where it can be told.
function relevance(draw: Draw): JsonObject {
  return { query: anyQuery(draw, 1), size: draw.random.pick([3, 10]), ...(draw.random.chance(0.3) ? { _source: false } : {}) };
}

// Fields that are computed while searching, and what is shown of them.
function computed(draw: Draw): JsonObject {
  const { random, world } = draw;
  const made = runtimeField(draw, "computed");
  const around = { random, world: { ...world, fields: [...world.fields, ...Array.from({ length: 8 }, () => made.field)] } };
  const scripts = random.chance(0.3) ? { script_fields: { one: scriptField(draw) } } : {};
  const runtime_mappings = { computed: made.definition };
  if (random.chance(0.6)) return { runtime_mappings, ...scripts, query: kibanaQuery(around), aggs: anyAggregations(around, 1), size: 0 };
  const sorted = [{ computed: random.pick(["asc", "desc"]) }, "@timestamp"];
  return { runtime_mappings, ...scripts, query: anyQuery(around, 1), sort: sorted, fields: ["computed"], _source: false, size: 10 };
}

// One hit for each value of a field.
function grouped(draw: Draw): JsonObject {
  const { random } = draw;
  const fields = draw.world.fields.filter(({ path }) => ["level", "status", "session", "bytes"].includes(path));
  const field = fields.length > 0 ? random.pick(fields) : fieldOf(draw, ["keyword"]);
  const inner_hits = { name: "latest", size: random.integer(1, 3), sort: [{ "@timestamp": random.pick(["asc", "desc"]) }] };
  return {
    query: kibanaQuery(draw),
    collapse: { field: field.path, ...(random.chance(0.5) ? { inner_hits } : {}) },
    sort: [{ "@timestamp": random.pick(["asc", "desc"]) }],
    size: random.pick([3, 10]),
  };
}

// Scores by functions, and a second look at the best.
function scored(draw: Draw): JsonObject {
  const { random } = draw;
  const rescore = {
    window_size: random.pick([5, 20]),
    query: { rescore_query: { constant_score: { filter: anyQuery(draw, 0) } }, query_weight: 0.7 },
  };
  const body = { query: functionScore(draw), size: random.pick([3, 10]) };
  if (random.chance(0.25)) return { ...body, rescore };
  return random.chance(0.2) ? { ...body, min_score: 1.5 } : body;
}

// A later page, from where another ended.
function paged(draw: Draw): JsonObject {
  const { random, world } = draw;
  const fields = world.fields.filter(({ path }) => ["bytes", "level", "price"].includes(path));
  const time = Date.parse("2024-10-21") + random.integer(0, 20) * 86_400_000;
  const order = random.pick(["asc", "desc"]);
  if (fields.length === 0) return { query: kibanaQuery(draw), sort: [{ "@timestamp": order }], search_after: [time], size: 5 };
  const field = random.pick(fields);
  return {
    query: kibanaQuery(draw),
    sort: [{ [field.path]: order }, { "@timestamp": random.pick(["asc", "desc"]) }],
    search_after: [sample(random, field), time],
    size: random.pick([5, 20]),
    track_total_hits: random.chance(0.5),
  };
}

function sort(draw: Draw): JsonValue {
  const { random } = draw;
  const keys = Array.from({ length: random.integer(1, 2) }, (): JsonValue => {
    const field = fieldOf(draw, ["keyword", "number", "number", "date", "boolean", "ip"]);
    const number = field.family === "number";
    return random.weighted<() => JsonValue>([
      [() => field.path, 2],
      [() => ({ [field.path]: random.pick(["asc", "desc"]) }), 3],
      [() => ({ [field.path]: { order: random.pick(["asc", "desc"]), missing: random.pick(["_first", "_last"]) } }), 2],
      [() => ({ [field.path]: { order: "desc", mode: random.pick(number ? ["min", "max", "sum", "avg", "median"] : ["min", "max"]) } }), 2],
      [() => ({ "no.such.field": { unmapped_type: "long" } }), 0.5],
      [() => (hasNested(draw) ? nestedSort(draw) : field.path), 0.7],
    ])();
  });
  return random.chance(0.2) ? (keys[0] ?? "@timestamp") : [...keys, "@timestamp"];
}

function source(draw: Draw): JsonValue {
  const { random } = draw;
  const path = anyField(draw).path;
  return random.pick<JsonValue>([
    false,
    true,
    path,
    ["host*", "level"],
    { includes: ["*.name", path] },
    { excludes: ["host", path] },
    [],
    "e*",
  ]);
}

function fieldList(draw: Draw, families?: Parameters<typeof fieldOf>[1]): JsonValue {
  const { random } = draw;
  return Array.from({ length: random.integer(1, 3) }, () => {
    const field = families === undefined ? anyField(draw) : fieldOf(draw, families);
    const format =
      field.family === "date" && random.chance(0.5) ? { format: random.pick(["epoch_millis", "yyyy-MM-dd", "strict_date_time"]) } : {};
    return random.chance(0.5) ? field.path : { field: field.path, ...format };
  });
}

/** Something of a body made wrong: a name that does not exist, a value of another type, a number out of bounds. */
function broken(random: Random, body: JsonObject): JsonObject {
  const places = objectsOf(body);
  const victim = random.pick(places);
  const change = random.pick(["name", "type", "extra", "window"]);
  if (change === "window")
    return {
      ...body,
      ...random.pick<JsonObject>([
        { size: -1 },
        { from: 9999, size: 100 },
        { size: "x" },
        { sort: [{ "no.such.field": "asc" }] },
        { unknown_key: 1 },
      ]),
    };
  return rewrite(body, victim, (object) => {
    const [first, ...rest] = Object.entries(object);
    const [name, value] = first ?? ["x", null];
    if (change === "extra") return { ...object, bogus: 1 };
    if (change === "name") return jsonObject([[`${name}x`, value], ...rest]);
    return jsonObject([[name, isObject(value) ? [1] : { x: 1 }], ...rest]);
  });
}

function objectsOf(value: JsonValue): JsonObject[] {
  if (isArray(value)) return value.flatMap(objectsOf);
  return isObject(value) ? [...(Object.keys(value).length > 0 ? [value] : []), ...Object.values(value).flatMap(objectsOf)] : [];
}

function rewrite(value: JsonObject, victim: JsonObject, change: (object: JsonObject) => JsonObject): JsonObject {
  const walk = (each: JsonValue): JsonValue => {
    if (each === victim) return change(victim);
    if (isArray(each)) return each.map(walk);
    return isObject(each) ? jsonObject(Object.entries(each).map(([name, inner]) => [name, walk(inner)])) : each;
  };
  const rewritten = walk(value);
  return isObject(rewritten) ? rewritten : value;
}
