// Reads documents back from Elasticsearch, in real time and byte for byte: what a script or a pipeline made of them.
import { isObject, member, parseJson, printJson } from "../../shared/json.ts";
import { type Operation, type Place, placeOf } from "../elasticsearch/bulk.ts";
import { ElasticsearchAway, type ElasticsearchClient, ElasticsearchRefused } from "../elasticsearch/client.ts";
import { rawItems, rawMember, rawMembers, textOf } from "../elasticsearch/raw_json.ts";

export interface StoredDocument {
  readonly id: string;
  readonly routing: string;
  readonly place: Place;
  readonly source: Uint8Array;
}

const BATCH = 500;

/**
 * The documents as they are now; those that are gone by now are left out (their delete comes by itself). Throws ElasticsearchRefused,
 * and ElasticsearchAway also where the shard of one is not to be reached.
 */
export async function readBack(
  elasticsearch: ElasticsearchClient,
  index: string,
  operations: readonly Operation[],
): Promise<readonly StoredDocument[]> {
  const wanted = [...new Map(operations.map((operation) => [`${operation.routing}\0${operation.id}`, operation])).values()];
  const stored: StoredDocument[] = [];
  for (let from = 0; from < wanted.length; from += BATCH) {
    const docs = wanted.slice(from, from + BATCH).map(({ id, routing }) => ({ _id: id, ...(routing === "" ? {} : { routing }) }));
    const answer = await elasticsearch.request("POST", `/${encodeURIComponent(index)}/_mget`, printJson({ docs }));
    if (answer.status >= 400) {
      const reason = `reading documents of ${index} back gave ${answer.status}: ${textOf(answer.body).slice(0, 300)}`;
      throw new ElasticsearchRefused(answer.status, reason);
    }
    stored.push(...readDocuments(index, answer.body));
  }
  return stored;
}

function readDocuments(index: string, body: Uint8Array): readonly StoredDocument[] {
  const docs = rawMember(body, "docs");
  return docs === undefined ? [] : rawItems(docs).flatMap((bytes) => readStored(bytes) ?? nothingOf(index, bytes));
}

// Not to be told is not to be gone: a shard that is still being recovered gives each of its documents an error, in an answer of 200.
function nothingOf(index: string, bytes: Uint8Array): readonly StoredDocument[] {
  const error = rawMember(bytes, "error");
  const told = error === undefined ? "" : textOf(error).slice(0, 300);
  if (told === "" || told.includes('"index_not_found_exception"')) return [];
  throw new ElasticsearchAway(`reading a document of ${index} back gave ${told}`);
}

/** A document as `_mget`, `_doc` or a hit of `_search` gives it; null for one that is not there, or without its source or number. */
export function readStored(bytes: Uint8Array): StoredDocument | null {
  const members = rawMembers(bytes);
  const source = members.find(({ name }) => name === "_source")?.value;
  const small = members.filter(({ name }) => name !== "_source");
  const head = parseJson(`{${small.map(({ name, value }) => `${JSON.stringify(name)}:${textOf(value)}`).join(",")}}`);
  if (!isObject(head) || source === undefined || member(head, "found") === false) return null;
  const place = placeOf(head);
  const id = member(head, "_id");
  const routing = member(head, "_routing");
  if (place === null || typeof id !== "string") return null;
  return { id, routing: typeof routing === "string" ? routing : "", place, source };
}
