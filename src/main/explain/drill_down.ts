// The search for the documents behind a place, and what its answers on both sides say about them. Pure.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, objectAt, printJson } from "../../shared/json.ts";
import { bucketFilters, leavesQuery, type TypeOf } from "./bucket_filter.ts";
import type { ExplainedPlace } from "./place.ts";

/** No more documents of a side are looked at. */
export const MOST_DOCUMENTS = 1_000;

/** A document as one side's answer has it. */
export interface Found {
  readonly index: string;
  readonly id: string;
  readonly routing: string;
  readonly seqNo: number;
  /** Its doc values of the fields that count, JSON text. */
  readonly values: string;
}

export interface Finding {
  readonly total: number;
  readonly documents: readonly Found[];
}

/** One document that is not the same on both sides. */
export interface Unlike {
  readonly key: string;
  readonly elasticsearch: Found | null;
  readonly clickhouse: Found | null;
}

export interface Beside {
  readonly unlike: readonly Unlike[];
  readonly alike: number;
}

/** The search of both sides. `fields`: those whose doc values are shown. Throws NoFilter. */
export function drillDown(request: JsonObject, place: ExplainedPlace, fields: readonly string[], typeOf: TypeOf): JsonObject {
  const query = leavesQuery(place.levels) ? undefined : member(request, "query");
  const after = place.kind === "aggregation" ? undefined : member(request, "post_filter");
  const hit: readonly JsonObject[] = place.hit === null ? [] : [{ ids: { values: [place.hit.id] } }];
  const filters = [query, after].filter(isObject).concat(bucketFilters(place.levels, typeOf), hit);
  const runtime = member(request, "runtime_mappings");
  return {
    query: filters.length === 0 ? { match_all: {} } : { bool: { filter: filters } },
    size: MOST_DOCUMENTS,
    track_total_hits: true,
    _source: false,
    seq_no_primary_term: true,
    ...(fields.length === 0 ? {} : { docvalue_fields: fields.map((field) => ({ field })) }),
    ...(runtime === undefined ? {} : { runtime_mappings: runtime }),
  };
}

/** The same search among what one clause more leaves. */
export function narrowed(search: JsonObject, clause: JsonObject): JsonObject {
  return { ...search, query: { bool: { filter: [objectAt(search, "query"), clause] } } };
}

/** The same search among some documents alone. */
export function among(search: JsonObject, documents: readonly Found[]): JsonObject {
  return narrowed(search, { ids: { values: documents.map(({ id }) => id) } });
}

/** A search for documents wherever they stand, chosen or not. */
export function present(documents: readonly Found[]): JsonObject {
  return {
    query: { ids: { values: documents.map(({ id }) => id) } },
    size: MOST_DOCUMENTS,
    track_total_hits: true,
    _source: false,
    seq_no_primary_term: true,
  };
}

/** Reads one side's answer. */
export function findingOf(answer: JsonObject): Finding {
  const hits = objectAt(answer, "hits");
  const total = member(objectAt(hits, "total"), "value");
  const list = member(hits, "hits");
  const documents = (isArray(list) ? list : []).filter(isObject).map((hit) => ({
    index: textOf(member(hit, "_index")),
    id: textOf(member(hit, "_id")),
    routing: textOf(member(hit, "_routing")),
    seqNo: Number(member(hit, "_seq_no") ?? -1),
    values: printJson(member(hit, "fields") ?? {}),
  }));
  return { total: isNumber(total) ? Number(total) : documents.length, documents };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

export function keyOf({ index, id }: Pick<Found, "index" | "id">): string {
  return `${index}\0${id}`;
}

/** What stands on one side only, in another version or with other values. */
export function beside(elasticsearch: readonly Found[], clickhouse: readonly Found[]): Beside {
  const ours = new Map(clickhouse.map((found) => [keyOf(found), found]));
  const theirs = new Map(elasticsearch.map((found) => [keyOf(found), found]));
  const unlike: Unlike[] = [];
  let alike = 0;
  for (const [key, found] of theirs) {
    const own = ours.get(key);
    if (own?.seqNo === found.seqNo && own.values === found.values) alike += 1;
    else unlike.push({ key, elasticsearch: found, clickhouse: own ?? null });
  }
  for (const [key, found] of ours) if (!theirs.has(key)) unlike.push({ key, elasticsearch: null, clickhouse: found });
  return { unlike, alike };
}
