// What the recorded Elasticsearch answers beside the recording: its indices, mappings, counts and documents as they are
// at this point of the replay. Parallax's own stages ask these; anything else is `undefined`.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member, parseJson, printJson } from "../../shared/json.ts";
import { type RecordedDocument, RecordedDocuments } from "./recorded_documents.ts";
import type { RecordedExchange } from "./recording.ts";

export interface SideAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
}

type Question = (cluster: RecordedCluster, indices: readonly string[], body: JsonValue, rest: string) => SideAnswer;

const INDEX_QUESTIONS: Readonly<Record<string, Question>> = {
  "": (cluster, indices) => ok(cluster.describe(indices, ["aliases", "mappings", "settings"])),
  _mapping: (cluster, indices) => ok(cluster.describe(indices, ["mappings"])),
  _mappings: (cluster, indices) => ok(cluster.describe(indices, ["mappings"])),
  _settings: (cluster, indices) => ok(cluster.describe(indices, ["settings"])),
  _alias: (cluster, indices) => ok(cluster.describe(indices, ["aliases"])),
  _aliases: (cluster, indices) => ok(cluster.describe(indices, ["aliases"])),
  _count: (cluster, indices) => ok({ count: cluster.total(indices), _shards: shards(indices.length) }),
  _stats: (cluster, indices) => ok(cluster.stats(indices)),
  _refresh: (_cluster, indices) => ok({ _shards: shards(indices.length) }),
  _mget: (cluster, indices, body) => ({ status: 200, body: cluster.documents(indices[0] ?? "", body) }),
  _doc: (cluster, indices, _body, id) => cluster.document(indices[0] ?? "", id),
};

export class RecordedCluster {
  readonly #documents = new RecordedDocuments();
  readonly #indices = new Map<string, JsonObject>();

  /** Takes in an exchange whose answer is on its way to the client. */
  apply(exchange: RecordedExchange): void {
    for (const [index, description] of Object.entries(exchange.facts.indices)) {
      if (isObject(description)) this.#indices.set(index, description);
    }
    this.#documents.apply(exchange);
  }

  /** The answer to a question about the present state; undefined when it is not one. */
  answer(target: string, body: Buffer): SideAnswer | undefined {
    const [path = "", query = ""] = target.split("?");
    const parts = path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
    if (path === "/_cluster/health") return ok({ cluster_name: "reference", status: "green", timed_out: false, number_of_nodes: 1 });
    if (parts[0] === "_resolve") return this.#resolved(parts[2] ?? "*");
    if (parts[0] === "_cat" && parts[1] === "indices") return ok(this.#listed(this.resolve(parts[2] ?? "*")));
    const named = parts[0] === "_all" || (parts[0] !== undefined && !parts[0].startsWith("_"));
    const expression = named ? (parts[0] ?? "*") : "*";
    const question = (named ? parts[1] : parts[0]) ?? "";
    if (!named && question === "") return undefined;
    const handler = Object.hasOwn(INDEX_QUESTIONS, question) ? INDEX_QUESTIONS[question] : undefined;
    if (handler === undefined) return undefined;
    const indices = this.resolve(expression);
    const lenient = /ignore_unavailable=true|allow_no_indices=true/.test(query) || expression.includes("*") || question === "_mget";
    if (indices.length === 0 && !lenient) return missingIndex(expression);
    return handler(this, indices, readBody(body), parts.at(-1) ?? "");
  }

  /** The indices that an expression names: lists, patterns and exclusions. */
  resolve(expression: string): string[] {
    const chosen = new Set<string>();
    for (const part of expression.split(",")) {
      const excluded = part.startsWith("-");
      const pattern = new RegExp(`^${(excluded ? part.slice(1) : part).replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
      for (const index of this.#indices.keys()) {
        if (part !== "_all" && !pattern.test(index)) continue;
        if (excluded) chosen.delete(index);
        else chosen.add(index);
      }
    }
    return [...chosen].toSorted();
  }

  describe(indices: readonly string[], parts: readonly string[]): JsonObject {
    return jsonObject(
      indices.map((index) => {
        const description = this.#indices.get(index) ?? {};
        return [index, jsonObject(parts.map((part) => [part, member(description, part) ?? {}] as const))] as const;
      }),
    );
  }

  total(indices: readonly string[]): number {
    return indices.reduce((sum, index) => sum + this.#documents.count(index), 0);
  }

  stats(indices: readonly string[]): JsonObject {
    const of = (count: number): JsonObject => ({ docs: { count, deleted: 0 } });
    const each = (index: string): JsonObject => ({ primaries: of(this.#documents.count(index)), total: of(this.#documents.count(index)) });
    return {
      _shards: shards(indices.length),
      _all: { primaries: of(this.total(indices)), total: of(this.total(indices)) },
      indices: jsonObject(indices.map((index) => [index, each(index)] as const)),
    };
  }

  /** Answer to `_mget`: `{docs: [{_index, _id}]}` or `{ids: […]}`. */
  documents(index: string, body: JsonValue): string {
    const wanted = isObject(body) ? body : {};
    const ids = member(wanted, "ids");
    const docs = member(wanted, "docs");
    const asked = isArray(ids)
      ? ids.map((id) => [index, String(id)] as const)
      : (isArray(docs) ? docs : []).flatMap((doc) =>
          isObject(doc) ? [[String(member(doc, "_index") ?? index), String(member(doc, "_id"))] as const] : [],
        );
    return `{"docs":[${asked.map(([from, id]) => documentText(from, id, this.#documents.find(from, id))).join(",")}]}`;
  }

  document(index: string, id: string): SideAnswer {
    const found = this.#documents.find(index, id);
    return { status: found === undefined ? 404 : 200, body: documentText(index, id, found) };
  }

  #resolved(expression: string): SideAnswer {
    const indices = this.resolve(expression).map((name) => ({ name, attributes: ["open"] }));
    if (indices.length === 0 && !expression.includes("*")) return missingIndex(expression);
    return ok({ indices, aliases: [], data_streams: [] });
  }

  #listed(indices: readonly string[]): JsonValue {
    return indices.map((index) => ({
      health: "green",
      status: "open",
      index,
      "docs.count": String(this.#documents.count(index)),
      "docs.deleted": "0",
      "store.size": "0b",
    }));
  }
}

function documentText(index: string, id: string, found: RecordedDocument | undefined): string {
  const head = `"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id)}`;
  if (found === undefined) return `{${head},"found":false}`;
  const { version, seqNo, primaryTerm, source } = found;
  return `{${head},"_version":${version},"_seq_no":${seqNo},"_primary_term":${primaryTerm},"found":true,"_source":${source}}`;
}

function ok(value: JsonValue): SideAnswer {
  return { status: 200, body: printJson(value) };
}

function shards(total: number): JsonObject {
  return { total, successful: total, skipped: 0, failed: 0 };
}

function missingIndex(index: string): SideAnswer {
  const cause: JsonObject = {
    type: "index_not_found_exception",
    reason: `no such index [${index}]`,
    index,
    "resource.type": "index_or_alias",
    "resource.id": index,
  };
  return { status: 404, body: printJson({ error: { root_cause: [cause], ...cause }, status: 404 }) };
}

function readBody(body: Buffer): JsonValue {
  try {
    return body.length === 0 ? {} : parseJson(body.toString("utf8"));
  } catch {
    return {};
  }
}
