// `_doc/ID`, `_source/ID` and `_mget`. What is written is seen at once, as Elasticsearch's own realtime reads see it.
import { isArray, isObject, type JsonObject, type JsonValue, member, parseObject, printJson } from "../../shared/json.ts";
import type { IndexTable } from "../translate/types.ts";
import { sourceFilter } from "../translate/uri.ts";
import { readDocuments, type Wanted } from "./documents.ts";
import { itemsOf } from "./elsewhere.ts";
import { unknownParameter } from "./parameters.ts";
import { rejection } from "./rejection.ts";
import { type Backend, type Call, declined, type Endpoint, type EndpointAnswer, type Found, json } from "./types.ts";

const PARAMETERS = ["routing", "_source", "_source_includes", "_source_excludes", "realtime", "refresh", "preference"] as const;

export const doc: Endpoint = {
  paths: ["GET /{index}/_doc/{id}", "HEAD /{index}/_doc/{id}"],
  async answer(call, backend) {
    const found = await documentOf(call, backend);
    if (found.kind !== "found") return found;
    return json(found.value, [], member(found.value, "found") === true ? 200 : 404);
  },
};

export const source: Endpoint = {
  paths: ["GET /{index}/_source/{id}", "HEAD /{index}/_source/{id}"],
  async answer(call, backend) {
    const found = await documentOf(call, backend);
    if (found.kind !== "found") return found;
    const own = member(found.value, "_source");
    if (isObject(own)) return json(own);
    const what = member(found.value, "found") === true ? "Source not found" : "Document not found";
    const reason = `${what} [${String(member(found.value, "_index"))}]/[${call.id}]`;
    return { kind: "rejected", error: { status: 404, errorType: "resource_not_found_exception", reason } };
  },
};

async function documentOf({ index, id, params }: Call, backend: Backend): Promise<Found<JsonObject>> {
  const unknown = unknownParameter(params, PARAMETERS);
  if (unknown !== "") return declined("unsupported", unknown);
  const table = await oneTable(index, backend);
  if (table.kind !== "found") return table;
  const wanted: Wanted = { id, routing: params.get("routing") ?? "", source: sourceFilter(params) };
  const [own] = await readDocuments(table.value, [wanted], backend);
  return own === undefined ? declined("failed", "no answer of ClickHouse") : { kind: "found", value: own };
}

async function oneTable(index: string, backend: Backend): Promise<Found<IndexTable>> {
  const tables = await backend.tables(index, new Map());
  if (tables.kind !== "found") return tables;
  const [only, ...others] = tables.value;
  // An alias of several, or a pattern: Elasticsearch says which of its ways to refuse that is the one.
  if (only === undefined || others.length > 0 || /[*,]/.test(index))
    return declined("unsupported", `[${index}] is not the name of one index`);
  return { kind: "found", value: only };
}

export const mget: Endpoint = {
  paths: ["GET /_mget", "POST /_mget", "GET /{index}/_mget", "POST /{index}/_mget"],
  asks: (call) => {
    const wanted = readWanted(call);
    const named = typeof wanted === "string" ? [call.index] : wanted.map(({ index }) => index);
    return named.map((expression) => ({ expression, params: NO_PARAMS }));
  },
  async answer(call, backend) {
    const unknown = unknownParameter(call.params, PARAMETERS);
    if (unknown !== "") return declined("unsupported", unknown);
    const wanted = readWanted(call);
    if (typeof wanted === "string") return declined("unsupported", wanted);
    const ours = wanted.filter(({ position }) => !call.theirs.has(position));
    const docs = await Promise.all([...Map.groupBy(ours, ({ index }) => index)].map(([index, own]) => readIndex(index, own, backend)));
    const refused = docs.find((each) => !("docs" in each));
    if (refused !== undefined && !("docs" in refused)) return refused;
    const byPosition = new Map(docs.flatMap((each) => ("docs" in each ? each.docs : [])));
    const theirs = await readElsewhere(call);
    if ("kind" in theirs) return theirs;
    for (const [position, own] of theirs.docs) byPosition.set(position, own);
    const answer = json({ docs: wanted.map(({ position }): JsonValue => byPosition.get(position) ?? null) });
    return { ...answer, elsewhere: new Set(call.theirs.keys()) };
  },
};

const NO_PARAMS: ReadonlyMap<string, string> = new Map();

/** The documents that are Elasticsearch's to read, each asked for as the client did. */
async function readElsewhere({ theirs, elsewhere, body }: Call): Promise<Docs> {
  const docs = member(parseObject(body) ?? {}, "docs");
  if (theirs.size === 0 || elsewhere === null || !isArray(docs)) return { docs: [] };
  const positions = [...theirs.keys()];
  const items = positions.map((at) => docs[at] ?? null);
  const read = await itemsOf(elsewhere, printJson({ docs: items }), "docs", items.length);
  return "kind" in read ? read : { docs: read.flatMap((own, i) => (isObject(own) ? [[positions[i] ?? 0, own] as const] : [])) };
}

interface WantedIn extends Wanted {
  readonly index: string;
  readonly position: number;
}

function readWanted({ index, params, body }: Call): readonly WantedIn[] | string {
  const request = parseObject(body);
  if (request === null) return "the body is not a JSON object";
  const ids = member(request, "ids");
  const docs = isArray(ids) ? ids.map((id): JsonObject => ({ _id: id })) : member(request, "docs");
  const other = Object.keys(request).find((name) => name !== "ids" && name !== "docs");
  if (!isArray(docs) || docs.length === 0 || other !== undefined) return "the body has not just ids or docs";
  const wanted: WantedIn[] = [];
  for (const [position, item] of docs.entries()) {
    const one: JsonObject = isObject(item) ? item : { _id: item };
    const unknown = Object.keys(one).find((name) => !["_id", "_index", "routing", "_source"].includes(name));
    const id = member(one, "_id");
    const own = member(one, "_index") ?? index;
    if (unknown !== undefined) return `[${unknown}] of a document is Elasticsearch's to answer`;
    if ((typeof id !== "string" && typeof id !== "number") || typeof own !== "string" || own === "")
      return "a document without index or id";
    const routing = member(one, "routing") ?? params.get("routing") ?? "";
    wanted.push({ position, id: String(id), index: own, routing: String(routing), source: member(one, "_source") ?? sourceFilter(params) });
  }
  return wanted;
}

type Docs = { readonly docs: readonly (readonly [position: number, doc: JsonObject])[] } | EndpointAnswer;

async function readIndex(index: string, wanted: readonly WantedIn[], backend: Backend): Promise<Docs> {
  const table = await oneTable(index, backend);
  if (table.kind === "declined") return table;
  if (table.kind === "rejected") {
    const refusal = rejection(table.error);
    return { docs: wanted.map(({ position, id }) => [position, { _index: index, _id: id, error: member(refusal, "error") ?? null }]) };
  }
  const docs = await readDocuments(table.value, wanted, backend);
  return { docs: docs.map((own, i) => [wanted[i]?.position ?? 0, own]) };
}
