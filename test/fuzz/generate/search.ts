// Whole search bodies: Discover's, Lens's, Maps', and freer ones; some that Elasticsearch rejects.
import type { Random } from "../../../scripts/sample/random.ts";
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject } from "../../../src/shared/json.ts";
import { anyAggregations } from "./aggregations.ts";
import { anyField, anyQuery, type Draw, fieldOf, kibanaQuery } from "./query.ts";

/** One search body. */
export function anySearch(draw: Draw): JsonObject {
  const { random } = draw;
  const body = random.weighted<() => JsonObject>([
    [() => lens(draw), 5],
    [() => discover(draw), 3],
    [() => free(draw), 3],
    [() => relevance(draw), 1],
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
