// A world: a mapping, documents that fit it, changes to them, a number of shards. Everything follows from its seed.
import { type Random, seededRandom } from "../../../scripts/sample/random.ts";
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member, parseJson } from "../../../src/shared/json.ts";
import type { Change } from "../../support/two_engines.ts";
import { type Spread, valueText } from "./values.ts";

/** What a request may do with a field. */
export type Family = "keyword" | "text" | "number" | "date" | "boolean" | "ip" | "geo";

export interface FuzzField {
  /** As a request names it; a multi-field has its own. */
  readonly path: string;
  readonly type: string;
  readonly family: Family;
  readonly definition: JsonObject;
  /** Values that documents hold. */
  readonly samples: readonly JsonValue[];
  /** True where all values are small: buckets of a fixed width stay few. */
  readonly tame: boolean;
}

/** The one nested field. */
export const NESTED = "items";
/** The key of the one flattened field that requests name. */
const LABEL = "labels.env";

export interface World {
  readonly seed: number;
  readonly shards: number;
  readonly mappings: JsonObject;
  readonly documents: readonly string[];
  readonly changes: readonly Change[];
  readonly fields: readonly FuzzField[];
  /** Fields of the nested objects; empty where there are none. */
  readonly inside: readonly FuzzField[];
}

interface Plan {
  readonly path: string;
  readonly definition: JsonObject;
  readonly spread: Spread;
}

/** Names with the share of worlds that have them, and what defines them. */
const TEMPLATES: readonly (readonly [path: string, share: number, definition: (random: Random) => JsonObject, spread: Spread])[] = [
  ["@timestamp", 1, () => ({ type: "date" }), { nasty: 0, distinct: 1 }],
  ["level", 0.9, () => ({ type: "keyword" }), { nasty: 0, distinct: 5 }],
  ["tags", 0.6, () => ({ type: "keyword", ignore_above: 20 }), { nasty: 0.4, distinct: 8 }],
  ["session", 0.4, () => ({ type: "keyword" }), { nasty: 0.02, distinct: 200 }],
  ["code", 0.3, () => ({ type: "keyword", null_value: "NONE" }), { nasty: 0.2, distinct: 8 }],
  ["lower", 0.3, () => ({ type: "keyword", normalizer: "lowercase" }), { nasty: 0.5, distinct: 11 }],
  ["message", 0.9, (random) => text(random), { nasty: 0.15, distinct: 1 }],
  ["host.name", 0.6, () => ({ type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } }), { nasty: 0.1, distinct: 6 }],
  ["host.ip", 0.5, () => ({ type: "ip" }), { nasty: 0.15, distinct: 1 }],
  ["host.geo.location", 0.5, () => ({ type: "geo_point" }), { nasty: 0.1, distinct: 1 }],
  ["bytes", 0.9, () => ({ type: "long" }), { nasty: 0, distinct: 5000 }],
  ["extreme", 0.4, () => ({ type: "long" }), { nasty: 0.7, distinct: 50 }],
  ["status", 0.6, (random) => ({ type: random.pick(["integer", "short", "byte"]) }), { nasty: 0, distinct: 12 }],
  ["tiny", 0.3, (random) => ({ type: random.pick(["byte", "short", "integer"]), null_value: 3 }), { nasty: 0.3, distinct: 20 }],
  ["price", 0.8, () => ({ type: "double" }), { nasty: 0, distinct: 100 }],
  ["ratio", 0.4, () => ({ type: "double" }), { nasty: 0.8, distinct: 10 }],
  ["load", 0.5, (random) => ({ type: random.pick(["float", "half_float"]) }), { nasty: 0.2, distinct: 10 }],
  ["ok", 0.6, () => ({ type: "boolean" }), { nasty: 0.1, distinct: 2 }],
  ["event.created", 0.5, () => ({ type: "date" }), { nasty: 0.1, distinct: 1 }],
  [
    "event.end",
    0.4,
    (random) => ({ type: "date", format: random.pick(["epoch_second", "yyyy-MM-dd HH:mm:ss", "basic_date_time_no_millis"]) }),
    { nasty: 0, distinct: 1 },
  ],
  ["event.nanos", 0.3, () => ({ type: "date_nanos" }), { nasty: 0, distinct: 1 }],
  [NESTED, 0.25, () => ({ type: "nested", properties: ITEM }), { nasty: 0.1, distinct: 12 }],
  ["labels", 0.3, () => ({ type: "flattened" }), { nasty: 0.1, distinct: 4 }],
  ["summary", 0.25, () => ({ type: "keyword", copy_to: ["all"] }), { nasty: 0.1, distinct: 9 }],
];
const ITEM = { name: { type: "keyword" }, qty: { type: "integer" }, price: { type: "double" }, note: { type: "text" } };
const ANALYZERS = ["standard", "standard", "standard", "simple", "whitespace", "english", "stop"];

function text(random: Random): JsonObject {
  const analyzer = random.pick(ANALYZERS);
  const keyword = { type: "keyword", ignore_above: random.pick([10, 256, 8191]) };
  return { type: "text", ...(analyzer === "standard" ? {} : { analyzer }), ...(random.chance(0.6) ? { fields: { keyword } } : {}) };
}

/** Makes a world of about `count` documents. */
export function makeWorld(seed: number, count: number): World {
  const random = seededRandom(seed);
  const plans = TEMPLATES.flatMap(([path, share, define, spread]): Plan[] => {
    return random.chance(share) ? [{ path, definition: define(random), spread }] : [];
  });
  const samples = new Map<string, JsonValue[]>();
  const documents = Array.from({ length: count }, () => documentText(random, plans, samples));
  const copied = plans.filter(({ definition }) => definition.copy_to !== undefined).map(({ path }) => path);
  const all = copied.length === 0 ? {} : { all: { type: "text" } };
  return {
    seed,
    shards: random.pick([1, 1, 3]),
    mappings: { properties: { ...nested(plans.map(({ path, definition }) => [path.split("."), definition])), ...all } },
    documents,
    changes: random.chance(0.2) ? changesOf(random, plans, samples, count) : [],
    fields: [
      ...plans.flatMap((plan) => fieldsOf(plan, samples.get(plan.path) ?? [])),
      ...copied.map((path): FuzzField => {
        return { path: "all", type: "text", family: "text", definition: { type: "text" }, samples: samples.get(path) ?? [], tame: true };
      }),
    ],
    inside: plans.some(({ path }) => path === NESTED) ? insideFields(samples.get(NESTED) ?? []) : [],
  };
}

function insideFields(objects: readonly JsonValue[]): readonly FuzzField[] {
  return Object.entries(ITEM).map(([name, definition]): FuzzField => {
    const samples = objects.flatMap((object) => (isObject(object) ? [member(object, name) ?? null] : [])).flat();
    const { type } = definition;
    const family = familyOf(type);
    return { path: `${NESTED}.${name}`, type, family, definition, samples: samples.filter((value) => value !== null), tame: true };
  });
}

function fieldsOf({ path, definition, spread }: Plan, samples: readonly JsonValue[]): FuzzField[] {
  const field = (name: string, own: JsonObject): FuzzField => {
    const type = String(member(own, "type"));
    return { path: name, type, family: familyOf(type), definition: own, samples, tame: spread.nasty === 0 };
  };
  const multi = member(definition, "fields");
  if (definition.type === "nested") return [];
  if (definition.type === "flattened") {
    const texts = samples
      .flatMap((object) => (isObject(object) ? [member(object, "env") ?? null] : []))
      .flat()
      .filter((text) => text !== null);
    return [{ path: LABEL, type: "flattened", family: "keyword", definition, samples: texts, tame: true }];
  }
  return [field(path, definition), ...(multi === undefined ? [] : [field(`${path}.keyword`, { type: "keyword" })])];
}

function familyOf(type: string): Family {
  if (type === "keyword" || type === "text" || type === "boolean" || type === "ip") return type;
  if (type === "date" || type === "date_nanos") return "date";
  return type === "geo_point" ? "geo" : "number";
}

/** `{a: {properties: {b: …}}}` from paths. */
function nested(entries: readonly (readonly [readonly string[], JsonObject])[]): JsonObject {
  const groups = Map.groupBy(entries, ([[head]]) => head ?? "");
  return jsonObject(
    [...groups].map(([name, group]) => {
      const leaf = group.find(([path]) => path.length === 1);
      return [name, leaf === undefined ? { properties: nested(group.map(([path, own]) => [path.slice(1), own])) } : leaf[1]];
    }),
  );
}

function documentText(random: Random, plans: readonly Plan[], samples: Map<string, JsonValue[]>): string {
  const members = plans.flatMap(({ path, definition, spread }): (readonly [string, string])[] => {
    const value =
      path === "@timestamp" ? valueText(random, definition, spread) : maybe(random, () => valueText(random, definition, spread));
    if (value === undefined) return [];
    // One object of labels, and no nothing among nested ones.
    if (definition.type === "flattened" && !value.startsWith("{")) return [];
    if (definition.type === "nested" && value.endsWith("null]")) return [];
    remember(samples, path, parseJson(value));
    return [[path, value]];
  });
  return objectText(members, random.chance(0.3));
}

function maybe(random: Random, one: () => string): string | undefined {
  const chance = random.next();
  if (chance < 0.12) return undefined;
  if (chance < 0.15) return "null";
  if (chance < 0.17) return "[]";
  if (chance > 0.3) return one();
  const values = Array.from({ length: random.integer(1, 4) }, one);
  return `[${[...values, ...(random.chance(0.2) ? ["null"] : [])].join(",")}]`;
}

function remember(samples: Map<string, JsonValue[]>, path: string, value: JsonValue): void {
  const known = samples.get(path) ?? [];
  samples.set(path, known);
  // A point may be an array itself: it is one value.
  const point = isArray(value) && path.endsWith("location") && typeof value[0] === "number";
  for (const each of isArray(value) && !point ? value : [value]) if (each !== null && known.length < 60) known.push(each);
}

/** Members by path: dots in the names, or objects in objects. */
function objectText(members: readonly (readonly [string, string])[], dotted: boolean): string {
  const groups = Map.groupBy(members, ([path]) => (dotted ? path : (path.split(".")[0] ?? "")));
  const parts = [...groups].map(([name, group]) => {
    const leaf = group.find(([path]) => path === name);
    const inner =
      leaf === undefined
        ? objectText(
            group.map(([path, value]) => [path.slice(name.length + 1), value]),
            false,
          )
        : leaf[1];
    return `${JSON.stringify(name)}:${inner}`;
  });
  return `{${parts.join(",")}}`;
}

function changesOf(random: Random, plans: readonly Plan[], samples: Map<string, JsonValue[]>, count: number): Change[] {
  return Array.from({ length: random.integer(1, Math.ceil(count / 10)) }, () => ({
    id: String(random.integer(0, count - 1)),
    text: random.chance(0.4) ? null : documentText(random, plans, samples),
  }));
}
