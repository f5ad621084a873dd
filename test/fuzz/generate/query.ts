// Queries: mostly the shapes that Kibana sends, the rest of the Query DSL beside them.
import type { Random } from "../../../scripts/sample/random.ts";
import { type JsonObject, type JsonValue, printJson } from "../../../src/shared/json.ts";
import { geoQuery } from "./geo_query.ts";
import { hasNested, nestedQuery } from "./nested.ts";
import { positionQuery } from "./positions.ts";
import { rangeOf } from "./range_query.ts";
import { scriptQuery } from "./scripts.ts";
import { stringQuery, textQuery } from "./text_query.ts";
import type { Family, FuzzField, World } from "./world.ts";

/** What generators draw from. */
export interface Draw {
  readonly random: Random;
  readonly world: World;
}

/** Any query. `depth` bounds how far bools nest. */
export function anyQuery(draw: Draw, depth = 2): JsonObject {
  const { random } = draw;
  return random.weighted<() => JsonObject>([
    [() => leafQuery(draw), 10],
    [() => kibanaQuery(draw), depth > 0 ? 6 : 0],
    [() => boolQuery(draw, depth - 1), depth > 0 ? 4 : 0],
    [() => ({ constant_score: { filter: anyQuery(draw, depth - 1), ...boost(random) } }), depth > 0 ? 0.6 : 0],
    [
      () => ({ dis_max: { queries: several(draw, depth), ...(random.chance(0.5) ? { tie_breaker: random.pick([0, 0.3, 1]) } : {}) } }),
      depth > 0 ? 0.4 : 0,
    ],
    [() => ({ boosting: { positive: anyQuery(draw, depth - 1), negative: anyQuery(draw, 0), negative_boost: 0.5 } }), depth > 0 ? 0.3 : 0],
  ])();
}

/** What Kibana makes of a time picker, filter pills and KQL: one bool of filters. */
export function kibanaQuery(draw: Draw): JsonObject {
  const { random } = draw;
  const pills = Array.from({ length: random.integer(0, 2) }, () => pill(draw));
  const negated = random.chance(0.25) ? [pill(draw)] : [];
  const time = random.chance(0.7) ? [rangeOf(random, fieldNamed(draw, "@timestamp"))] : [];
  const typed = random.chance(0.3) ? [stringQuery(draw)] : [];
  return { bool: { must: [], filter: [...typed, ...pills, ...time], should: [], must_not: negated } };
}

/** One filter pill, or one term of KQL. */
function pill(draw: Draw): JsonObject {
  const { random } = draw;
  const field = anyField(draw);
  const value = sample(random, field);
  return random.weighted<() => JsonObject>([
    [() => ({ match_phrase: { [field.path]: phraseValue(value) } }), field.family === "geo" ? 0 : 4],
    [
      () => ({ bool: { should: [{ match: { [field.path]: phraseValue(value) } }], minimum_should_match: 1 } }),
      field.family === "geo" ? 0 : 3,
    ],
    [() => ({ bool: { should: [{ exists: { field: field.path } }], minimum_should_match: 1 } }), 1],
    [() => ({ exists: { field: field.path } }), 1],
    [
      () => ({
        bool: {
          minimum_should_match: 1,
          should: [1, 2].map(() => ({ match_phrase: { [field.path]: phraseValue(sample(random, field)) } })),
        },
      }),
      field.family === "geo" ? 0 : 2,
    ],
    [() => rangeOf(random, fieldOf(draw, ["number", "date"])), 2],
    [() => leafQuery(draw), 1],
  ])();
}

function phraseValue(value: JsonValue): JsonValue {
  return typeof value === "object" && value !== null && !("text" in value) ? printJson(value) : value;
}

export function boolQuery(draw: Draw, depth: number): JsonObject {
  const { random } = draw;
  const clauses = (share: number): JsonValue[] =>
    random.chance(share) ? Array.from({ length: random.integer(1, 2) }, () => anyQuery(draw, depth)) : [];
  const should = clauses(0.5);
  const minimum = random.chance(0.4) ? { minimum_should_match: random.pick<JsonValue>([1, 0, 2, "50%", "-1", "1<50%", -1]) } : {};
  const parts = { must: clauses(0.3), filter: clauses(0.6), must_not: clauses(0.3), should };
  return { bool: { ...Object.fromEntries(Object.entries(parts).filter(([, list]) => list.length > 0)), ...minimum, ...boost(random) } };
}

/** One clause on one field. */
export function leafQuery(draw: Draw): JsonObject {
  const { random } = draw;
  const field = anyField(draw);
  const { path } = field;
  const special = random.next();
  if (special < 0.03) return { match_all: random.chance(0.5) ? {} : { boost: 1.5 } };
  if (special < 0.04) return { match_none: {} };
  if (special < 0.06) return { ids: { values: [1, 2, 3].map(() => String(random.integer(0, draw.world.documents.length + 5))) } };
  if (special < 0.12) return { exists: { field: random.pick([path, "host", "event", "no.such.field", path]), ...boost(random) } };
  if (special < 0.14) return { term: { "no.such.field": { value: "x" } } };
  if (special < 0.22) return stringQuery(draw);
  if (special < 0.26) return positionQuery(draw);
  if (special < 0.285 && hasNested(draw)) return nestedQuery(draw);
  if (special < 0.295) return scriptQuery(draw);
  switch (field.family) {
    case "text":
      return textQuery(draw, field);
    case "geo":
      return geoQuery(random, field);
    case "keyword":
      return keywordQuery(random, field);
    case "number":
    case "date":
      return random.chance(0.6) ? rangeOf(random, field) : exactQuery(random, field);
    case "boolean":
    case "ip":
      return random.chance(0.2) ? rangeOf(random, field) : exactQuery(random, field);
  }
}

function exactQuery(random: Random, field: FuzzField): JsonObject {
  const { path } = field;
  const value = sample(random, field);
  return random.weighted<JsonObject>([
    [{ term: { [path]: value } }, 3],
    [{ term: { [path]: { value, ...boost(random) } } }, 2],
    [{ terms: { [path]: [value, sample(random, field)], ...boost(random) } }, 3],
    [{ match: { [path]: random.chance(0.5) ? value : { query: value } } }, 2],
    [{ match_phrase: { [path]: value } }, 1],
  ]);
}

function keywordQuery(random: Random, field: FuzzField): JsonObject {
  const { path } = field;
  const value = String(sample(random, field));
  const start = Array.from(value).slice(0, random.integer(0, 3)).join("");
  const folded = random.chance(0.3) ? { case_insensitive: true } : {};
  return random.weighted<() => JsonObject>([
    [() => exactQuery(random, field), 6],
    [() => ({ term: { [path]: { value, ...folded } } }), 1],
    [() => ({ prefix: { [path]: random.chance(0.5) ? start : { value: start, ...folded } } }), 2],
    [
      () => ({
        wildcard: { [path]: { [random.pick(["value", "wildcard"])]: `${start}${random.pick(["*", "?*", "*e*", "\\*"])}`, ...folded } },
      }),
      2,
    ],
    [
      () => ({
        regexp: {
          [path]: { value: random.pick(["[a-e].*", ".*o.*", "(error|info)", "id-[0-9]{2}", "e.+", "[^a-z]+", "a?b*c+"]), ...folded },
        },
      }),
      1,
    ],
    [() => rangeOf(random, field), 1],
  ])();
}

export function several(draw: Draw, depth: number): JsonObject[] {
  return Array.from({ length: draw.random.integer(1, 3) }, () => anyQuery(draw, depth - 1));
}

export function boost(random: Random): JsonObject {
  return random.chance(0.1) ? { boost: random.pick([2, 0.5, 0, 1.1]) } : {};
}

/** A value that a document holds, or one that none does. */
export function sample(random: Random, field: FuzzField): JsonValue {
  if (field.samples.length > 0 && !random.chance(0.05)) return random.pick(field.samples);
  const absent: Readonly<Record<Family, JsonValue>> = {
    keyword: "absent",
    text: "absent words",
    number: 77,
    date: "2024-10-27T01:30:00.000Z",
    boolean: true,
    ip: "10.0.0.0/24",
    geo: "1,1",
  };
  const own = absent[field.family];
  return field.family === "date" && field.definition.format !== undefined ? (field.samples[0] ?? "2024") : own;
}

export function anyField({ random, world }: Draw): FuzzField {
  return random.pick(world.fields);
}

/** A field of one of these families; any field where there is none. */
export function fieldOf(draw: Draw, families: readonly Family[]): FuzzField {
  const fitting = draw.world.fields.filter(({ family }) => families.includes(family));
  return fitting.length > 0 ? draw.random.pick(fitting) : anyField(draw);
}

/** True where the world has a field of this family. */
export function hasField({ world }: Draw, family: Family): boolean {
  return world.fields.some((field) => field.family === family);
}

export function fieldNamed(draw: Draw, path: string): FuzzField {
  return draw.world.fields.find((field) => field.path === path) ?? anyField(draw);
}
