// The documents that the recorded Elasticsearch holds at a point of the replay: what the writes answered so far made,
// changed and deleted. Needed for the questions that are not in the recording: counts and look-ups by id.
import { gunzipSync } from "node:zlib";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson, printJson } from "../../shared/json.ts";
import type { RecordedExchange } from "./recording.ts";

export interface RecordedDocument {
  readonly id: string;
  /** `_source`, JSON text as sent. */
  readonly source: string;
  readonly version: number;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

export class RecordedDocuments {
  readonly #indices = new Map<string, Map<string, RecordedDocument>>();

  count(index: string): number {
    return this.#indices.get(index)?.size ?? 0;
  }

  find(index: string, id: string): RecordedDocument | undefined {
    return this.#indices.get(index)?.get(id);
  }

  /** Takes in what one answered write did. */
  apply(exchange: RecordedExchange): void {
    if (exchange.writes === "" || exchange.responseBody.length === 0) return;
    const answer = parseJson(exchange.responseBody.toString("utf8"));
    if (!isObject(answer)) return;
    const items = member(answer, "items");
    if (isArray(items)) this.#applyBulk(exchange, items);
    else if (exchange.status < 300) this.#applyOne(exchange, answer, singleSource(exchange));
  }

  #applyBulk(exchange: RecordedExchange, items: readonly JsonValue[]): void {
    const sources = bulkSources(decodedBody(exchange));
    items.forEach((item, position) => {
      const result = isObject(item) ? Object.values(item)[0] : undefined;
      if (isObject(result) && Number(member(result, "status")) < 300) this.#applyOne(exchange, result, sources[position]);
    });
  }

  #applyOne(exchange: RecordedExchange, result: JsonObject, sent: string | undefined): void {
    const index = String(member(result, "_index") ?? exchange.writes);
    const id = String(member(result, "_id") ?? "");
    const outcome = member(result, "result");
    const documents = this.#indices.get(index) ?? new Map<string, RecordedDocument>();
    this.#indices.set(index, documents);
    if (outcome === "deleted") documents.delete(id);
    if (outcome !== "created" && outcome !== "updated") return;
    const updated = factSource(exchange, index, id);
    const numberOf = (name: string): number => {
      const value = member(result, name);
      return isNumber(value) ? Number(value) : 0;
    };
    documents.set(id, {
      id,
      source: updated ?? sent ?? "{}",
      version: numberOf("_version"),
      seqNo: numberOf("_seq_no"),
      primaryTerm: numberOf("_primary_term"),
    });
  }
}

function factSource(exchange: RecordedExchange, index: string, id: string): string | undefined {
  const documents = member(exchange.facts.documents, index);
  const source = isObject(documents) ? member(documents, id) : undefined;
  return source === undefined ? undefined : printJson(source);
}

function singleSource(exchange: RecordedExchange): string | undefined {
  return exchange.body.length === 0 ? undefined : exchange.body.toString("utf8");
}

function decodedBody(exchange: RecordedExchange): string {
  const zipped = exchange.headers.some(([name, value]) => name.toLowerCase() === "content-encoding" && value === "gzip");
  return (zipped ? gunzipSync(exchange.body) : exchange.body).toString("utf8");
}

// The document line of each item, in order; none for a delete.
function bulkSources(text: string): (string | undefined)[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const sources: (string | undefined)[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const isDelete = /^\s*\{\s*"delete"/.test(lines[at] ?? "");
    if (!isDelete) at += 1;
    sources.push(isDelete ? undefined : lines[at]);
  }
  return sources;
}
