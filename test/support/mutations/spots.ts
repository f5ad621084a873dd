// Every place of an answer with what it means to the request, told apart from the matcher's own reading of it: what a change there must come to.
import {
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  member,
  numberAt,
  objectAt,
  pointerToken,
  printJson,
} from "../../../src/shared/json.ts";
import { aggsOf, endOf, orderOfBuckets, orderOfHits, sortClauses, typeOf } from "./order.ts";

export interface Step {
  readonly at: string | number;
  /** As the path of a difference has it. */
  readonly shown: string;
}

/** What of a value the request determines. */
export type Meaning =
  /** All of it. */
  | { readonly kind: "exact" }
  /** It is what its hit or bucket is called by. `open`: another one may stand there as well. */
  | { readonly kind: "name"; readonly open: boolean }
  /** A number that both sides know within a tolerance. */
  | { readonly kind: "score" | "distance" | "sum" }
  /** A place in Elasticsearch's own files. */
  | { readonly kind: "doc" }
  | { readonly kind: "total"; readonly search: JsonObject; readonly container: JsonObject }
  | { readonly kind: "hits"; readonly search: JsonObject; readonly container: JsonObject }
  | { readonly kind: "buckets"; readonly definition: JsonObject | null }
  /** Names of clauses: their order is open. */
  | { readonly kind: "names" };

export interface Spot {
  readonly steps: readonly Step[];
  readonly value: JsonValue;
  readonly meaning: Meaning;
  /** The object that a member stands in, or the hits around a list. */
  readonly parent: JsonValue;
}

export const EXACT: Meaning = { kind: "exact" };
const ENVELOPE = new Set("took timed_out _shards _clusters terminated_early num_reduce_phases profile pit_id _scroll_id status".split(" "));
const OF_EXPLAIN = new Set(["_explanation", "_shard", "_node"]);

/** All places of an answer to `request` but its envelope. */
export function spotsOf(answer: JsonObject, request: JsonObject): readonly Spot[] {
  const spots: Spot[] = [];
  const plain = (value: JsonValue, steps: readonly Step[], parent: JsonValue, meaning: Meaning = EXACT): void => {
    spots.push({ steps, value, meaning, parent });
    const below = meaning.kind === "name" ? meaning : EXACT;
    if (isArray(value)) for (const [at, item] of value.entries()) plain(item, [...steps, { at, shown: String(at) }], value, below);
    if (isObject(value)) for (const [name, item] of Object.entries(value)) plain(item, [...steps, step(name)], value, below);
  };

  const hits = (container: JsonObject, search: JsonObject, steps: readonly Step[], parent: JsonValue): void => {
    spots.push({ steps, value: container, meaning: EXACT, parent });
    for (const [name, value] of Object.entries(container)) {
      const at = [...steps, step(name)];
      if (name === "hits" && isArray(value)) {
        spots.push({ steps: at, value, meaning: { kind: "hits", search, container }, parent: container });
        const labels = hitLabels(value);
        for (const [i, item] of value.entries())
          if (isObject(item)) hit(item, search, [...at, { at: i, shown: labels[i] ?? "" }], value, isOpen(search, container, value, item));
      } else if (name === "max_score") plain(value, at, container, { kind: "score" });
      else if (name === "total" && isObject(value)) {
        spots.push({ steps: at, value, meaning: EXACT, parent: container });
        const meaning: Meaning = { kind: "total", search, container };
        for (const [own, inner] of Object.entries(value)) plain(inner, [...at, step(own)], value, meaning);
      } else plain(value, at, container);
    }
  };

  const hit = (own: JsonObject, search: JsonObject, steps: readonly Step[], parent: JsonValue, open: boolean): void => {
    spots.push({ steps, value: own, meaning: EXACT, parent });
    const clauses = sortClauses(search);
    for (const [name, value] of Object.entries(own)) {
      const at = [...steps, step(name)];
      if (OF_EXPLAIN.has(name)) continue;
      if (name === "_id" || name === "_index" || name === "_nested") plain(value, at, own, { kind: "name", open });
      else if (name === "_score") plain(value, at, own, { kind: "score" });
      else if (name === "sort" && isArray(value)) {
        spots.push({ steps: at, value, meaning: EXACT, parent: own });
        for (const [i, one] of value.entries()) plain(one, [...at, { at: i, shown: String(i) }], value, clauses[i] ?? EXACT);
      } else if (name === "matched_queries" && isArray(value)) plain(value, at, own, { kind: "names" });
      else if (name === "matched_queries" && isObject(value)) {
        for (const [clause, score] of Object.entries(value)) plain(score, [...at, step(clause)], value, { kind: "score" });
      } else if (name === "inner_hits" && isObject(value)) {
        for (const [inner, one] of Object.entries(value)) {
          if (isObject(one)) hits(objectAt(one, "hits"), innerSearch(request, inner), [...at, step(inner), step("hits")], one);
        }
      } else plain(value, at, own);
    }
  };

  const aggregation = (
    own: JsonObject,
    definition: JsonObject | null,
    steps: readonly Step[],
    parent: JsonValue,
    key: Meaning = EXACT,
  ): void => {
    spots.push({ steps, value: own, meaning: EXACT, parent });
    const inner = definition === null ? {} : aggsOf(definition);
    for (const [name, value] of Object.entries(own)) {
      const at = [...steps, step(name)];
      const sub = definitionOf(inner, name);
      if (sub !== null && isObject(value)) aggregation(value, sub, at, own);
      else if (name === "key" && key !== EXACT) plain(value, at, own, key);
      else if (name === "buckets" && (isArray(value) || isObject(value))) buckets(value, definition, at, own);
      else if (name === "hits" && isObject(value) && isArray(member(value, "hits"))) {
        hits(value, { size: 3, ...objectAt(definition ?? {}, "top_hits") }, at, own);
      } else metric(value, typeOf(definition), name, at, own);
    }
  };

  const buckets = (list: JsonValue, definition: JsonObject | null, steps: readonly Step[], parent: JsonValue): void => {
    spots.push({ steps, value: list, meaning: { kind: "buckets", definition }, parent });
    const labels = isArray(list) ? bucketLabels(list) : [];
    const items = isArray(list) ? [...list.entries()] : Object.entries(isObject(list) ? list : {});
    for (const [at, item] of items) {
      const shown = typeof at === "number" ? (labels[at] ?? "") : at;
      // A list of buckets that have no key goes by position: a key there is a value like others.
      const named = typeof at === "number" && shown.startsWith("[");
      if (!isObject(item)) continue;
      const key: Meaning = named ? { kind: "name", open: isOpenBucket(definition, parent, list, item) } : EXACT;
      aggregation(item, definition, [...steps, { at, shown }], list, key);
    }
  };

  const metric = (value: JsonValue, type: string, name: string, steps: readonly Step[], parent: JsonValue): void => {
    const sums = SUMS.get(type)?.test(name) === true;
    const below = (inner: JsonValue, at: readonly Step[], around: JsonValue): void => {
      spots.push({
        steps: at,
        value: inner,
        meaning: sums && !isArray(inner) && !isObject(inner) ? { kind: "sum" } : EXACT,
        parent: around,
      });
      if (isArray(inner)) for (const [i, one] of inner.entries()) below(one, [...at, { at: i, shown: String(i) }], inner);
      if (isObject(inner)) for (const [own, one] of Object.entries(inner)) below(one, [...at, step(own)], inner);
    };
    below(value, steps, parent);
  };

  for (const [name, value] of Object.entries(answer)) {
    if (ENVELOPE.has(name)) continue;
    if (name === "hits" && isObject(value)) hits(value, request, [step(name)], answer);
    else if (name === "aggregations" && isObject(value)) {
      for (const [own, one] of Object.entries(value)) {
        if (isObject(one)) aggregation(one, definitionOf(aggsOf(request), own), [step("aggregations"), step(own)], value);
      }
    } else plain(value, [step(name)], answer);
  }
  return spots;
}

/** Whether the bucket is of the rank amid which its list ends. */
function isOpenBucket(definition: JsonObject | null, around: JsonValue, list: JsonValue, bucket: JsonObject): boolean {
  const last = isArray(list) ? list.at(-1) : undefined;
  const others = isObject(around) ? numberAt(around, "sum_other_doc_count") : null;
  return others !== null && others > 0 && isObject(last) && orderOfBuckets(definition, bucket, last) !== "determined";
}

/** Whether the hit is of the rank amid which its page may end. */
function isOpen(search: JsonObject, container: JsonObject, list: readonly JsonValue[], hit: JsonObject): boolean {
  const last = list.at(-1);
  return endOf(search, container, list) !== "whole" && isObject(last) && orderOfHits(search, hit, last) !== "determined";
}

export function step(name: string): Step {
  return { at: name, shown: name };
}

export function pathOf(steps: readonly Step[]): string {
  return steps.map(({ shown }) => `/${pointerToken(shown)}`).join("");
}

/** Members that are sums of doubles, or come of some, by the aggregation's type. */
const SUMS: ReadonlyMap<string, RegExp> = new Map([
  ...["sum", "avg", "weighted_avg", "rate", "bucket_script", "cumulative_sum", "moving_fn", "serial_diff", "normalize"].map(
    (type) => [type, /^value$/] as const,
  ),
  ...["avg_bucket", "sum_bucket", "max_bucket", "min_bucket"].map((type) => [type, /^value$/] as const),
  ["derivative", /^(value|normalized_value)$/],
  ["stats", /^(sum|avg)$/],
  ["extended_stats", /^(sum|avg|sum_of_squares|variance.*|std_dev.*)$/],
  ["stats_bucket", /^(min|max|sum|avg)$/],
  ["extended_stats_bucket", /^(min|max|sum|avg|sum_of_squares|variance.*|std_dev.*)$/],
  ["percentiles_bucket", /^values$/],
  ["geo_centroid", /^location$/],
]);

function definitionOf(definitions: JsonObject, name: string): JsonObject | null {
  const own = member(definitions, name) ?? member(definitions, name.replace(/^[^#]*#/, ""));
  return isObject(own) ? own : null;
}

/** The part of the request that says how the inner hits of this name are sorted. */
function innerSearch(request: JsonValue, name: string): JsonObject {
  const found = [...innerSpecs(request)].find(([own]) => own === name)?.[1];
  return { size: 3, ...found };
}

function* innerSpecs(value: JsonValue): Generator<readonly [string, JsonObject]> {
  if (isArray(value)) for (const one of value) yield* innerSpecs(one);
  if (!isObject(value)) return;
  const spec = member(value, "inner_hits");
  for (const one of isArray(spec) ? spec : [spec]) {
    if (isObject(one)) yield [String(member(one, "name") ?? member(value, "path")), one];
  }
  for (const one of Object.values(value)) yield* innerSpecs(one);
}

/** What the hits of a list are called. */
export function hitLabels(list: readonly JsonValue[]): readonly string[] {
  const hits = list.map((hit) => (isObject(hit) ? hit : {}));
  const indicesOf = Map.groupBy(hits, (hit) => textAt(hit, "_id"));
  const names = hits.map((hit) => {
    const [id, index] = [textAt(hit, "_id"), textAt(hit, "_index")];
    const nested = member(hit, "_nested");
    const several = new Set((indicesOf.get(id) ?? []).map((one) => textAt(one, "_index"))).size > 1;
    return `${several ? `_index=${index},` : ""}${isObject(nested) ? `_nested=${nestedText(nested)},` : ""}_id=${id}`;
  });
  return numbered(names);
}

function textAt(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === "string" ? value : "";
}

function nestedText(nested: JsonObject): string {
  const inner = member(nested, "_nested");
  const own = `${textAt(nested, "field")}.${member(nested, "offset")}`;
  return isObject(inner) ? `${own}.${nestedText(inner)}` : own;
}

/** What the buckets of a list are called: by position where one has no key. */
export function bucketLabels(list: readonly JsonValue[]): readonly string[] {
  const keys = list.map((bucket) => (isObject(bucket) ? member(bucket, "key") : undefined));
  if (keys.includes(undefined)) return list.map((_, at) => String(at));
  return numbered(keys.map((key) => `key=${typeof key === "string" ? key : printJson(key ?? null)}`));
}

function numbered(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return `[${name}${count > 1 ? `#${count}` : ""}]`;
  });
}
