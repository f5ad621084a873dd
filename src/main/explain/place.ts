// From a path of a difference to what of the request it belongs to: the aggregations around it, outermost first, each with the bucket
// that the path goes through. Pure.
import { childPointer, isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { nameOfBucket } from "../matcher/bucket_list.ts";
import { namedLoosely } from "../matcher/keyed_list.ts";

/** Both answers at one place; undefined where a side has nothing there. */
export interface Pair {
  readonly elasticsearch: JsonValue | undefined;
  readonly clickhouse: JsonValue | undefined;
}

export interface Level {
  readonly name: string;
  /** `terms`, `date_histogram`, `avg` …; "" where the request does not tell. */
  readonly type: string;
  /** The value of `definition[type]`. */
  readonly options: JsonObject;
  readonly pointer: string;
  /** The aggregation's own part of the answers. */
  readonly answers: Pair;
  /** The step after `buckets`; null where the path ends before, or the aggregation has one bucket. */
  readonly step: string | null;
  /** The bucket there, by either answer; null where the path goes through none. */
  readonly bucket: JsonObject | null;
}

export interface ExplainedPlace {
  readonly kind: "aggregation" | "hit" | "hits" | "total" | "other";
  /** JSON pointer into the request's body. */
  readonly pointer: string;
  readonly levels: readonly Level[];
  /** Of a hit. */
  readonly hit: { readonly step: string; readonly id: string } | null;
  /** Fields whose values the place shows or counts, as far as the path and the request tell. */
  readonly fields: readonly string[];
}

/** Where `path` leads in a search and its two answers. */
export function placeOf(path: string, request: JsonObject, answers: Pair): ExplainedPlace {
  const steps = path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (steps[0] === "aggregations") return aggregationPlace(steps, request, answers);
  if (steps[0] === "hits" && steps[1] === "hits") return hitPlace(steps, request);
  const total = steps[0] === "count" || (steps[0] === "hits" && steps[1] === "total");
  const pointer = member(request, "query") === undefined ? "" : "/query";
  return { kind: total ? "total" : "other", pointer, levels: [], hit: null, fields: [] };
}

function hitPlace(steps: readonly string[], request: JsonObject): ExplainedPlace {
  const step = steps[2] ?? "";
  const id = /(?:^\[|,)_id=(.*)\]$/s.exec(step)?.[1] ?? "";
  const [shown, name] = [steps[3], steps[4]];
  const pointers: Readonly<Record<string, string>> = { _source: "/_source", fields: "/fields", sort: "/sort", highlight: "/highlight" };
  const wanted = pointers[shown ?? "sort"] ?? "/query";
  const pointer = member(request, wanted.slice(1)) === undefined ? "" : wanted;
  const source = shown === "_source" ? steps.slice(4).filter((part) => !/^\d+$/.test(part)) : [];
  const fields = shown === "fields" && name !== undefined ? [name] : source.length > 0 ? [source.join(".")] : sortFields(request);
  const kind = steps.length < 3 ? "hits" : "hit";
  return { kind, pointer, levels: [], hit: kind === "hit" ? { step, id } : null, fields };
}

function sortFields(request: JsonObject): readonly string[] {
  const sort = member(request, "sort") ?? [];
  const keys = (isArray(sort) ? sort : [sort]).flatMap((key) => (isObject(key) ? Object.keys(key) : typeof key === "string" ? [key] : []));
  return keys.filter((name) => !name.startsWith("_"));
}

function aggregationPlace(steps: readonly string[], request: JsonObject, answers: Pair): ExplainedPlace {
  const levels: Level[] = [];
  let at = 1;
  let around: { readonly definitions: JsonObject; readonly pointer: string } | null = aggregationsOf(request, "");
  let inside = step(answers, "aggregations");
  while (around !== null && at < steps.length) {
    const level = levelOf(steps, at, around, inside);
    if (level === null) break;
    levels.push(level.found);
    around = level.below;
    inside = level.inside;
    at = level.next;
  }
  const last = levels.at(-1);
  const fields = last === undefined ? [] : fieldsOf(last.options);
  return { kind: "aggregation", pointer: last?.pointer ?? "/aggs", levels, hit: null, fields };
}

interface Reached {
  readonly found: Level;
  readonly below: ReturnType<typeof aggregationsOf>;
  readonly inside: Pair;
  readonly next: number;
}

/** Aggregations that are a bucket themselves. */
const ONE_BUCKET: readonly string[] = [
  ...["filter", "global", "missing", "nested", "reverse_nested"],
  ...["sampler", "diversified_sampler", "random_sampler", "children", "parent"],
];

function levelOf(
  steps: readonly string[],
  at: number,
  { definitions, pointer }: { readonly definitions: JsonObject; readonly pointer: string },
  around: Pair,
): Reached | null {
  const shown = steps[at] ?? "";
  const name = member(definitions, shown) === undefined ? shown.slice(shown.indexOf("#") + 1) : shown;
  const definition = member(definitions, name);
  if (!isObject(definition)) return null;
  const type = Object.keys(definition).find((key) => key !== "aggs" && key !== "aggregations" && key !== "meta") ?? "";
  const options = member(definition, type);
  const own = childPointer(pointer, name);
  const answers = step(around, shown);
  const many = steps[at + 1] === "buckets" && steps[at + 2] !== undefined;
  const inside = many ? bucketAt(step(answers, "buckets"), steps[at + 2] ?? "") : answers;
  const either = inside.elasticsearch ?? inside.clickhouse;
  const below = aggregationsOf(definition, own);
  const one = !many && steps[at + 1] !== undefined && ONE_BUCKET.includes(type);
  return {
    found: {
      name,
      type,
      options: isObject(options) ? options : {},
      pointer: own,
      answers,
      step: many ? (steps[at + 2] ?? null) : null,
      bucket: (many || one) && isObject(either) ? either : null,
    },
    below,
    inside,
    next: at + (many ? 3 : 1),
  };
}

function aggregationsOf(holder: JsonObject, pointer: string): { readonly definitions: JsonObject; readonly pointer: string } | null {
  for (const name of ["aggs", "aggregations"]) {
    const definitions = member(holder, name);
    if (isObject(definitions)) return { definitions, pointer: `${pointer}/${name}` };
  }
  return null;
}

function step({ elasticsearch, clickhouse }: Pair, name: string): Pair {
  const inside = (value: JsonValue | undefined) => (isObject(value) ? member(value, name) : undefined);
  return { elasticsearch: inside(elasticsearch), clickhouse: inside(clickhouse) };
}

/** The bucket of a keyed step, a position, or a name. */
function bucketAt(buckets: Pair, wanted: string): Pair {
  const inside = (value: JsonValue | undefined): JsonValue | undefined => {
    if (isObject(value)) return member(value, wanted);
    if (!isArray(value)) return undefined;
    return namedLoosely(value, nameOfBucket).find((bucket) => bucket.step === wanted)?.value;
  };
  return { elasticsearch: inside(buckets.elasticsearch), clickhouse: inside(buckets.clickhouse) };
}

/** Every `field` in an aggregation's options, whatever the depth. */
export function fieldsOf(options: JsonValue): readonly string[] {
  if (isArray(options)) return options.flatMap(fieldsOf);
  if (!isObject(options)) return [];
  const own = member(options, "field");
  return [...(typeof own === "string" ? [own] : []), ...Object.values(options).flatMap(fieldsOf)];
}
