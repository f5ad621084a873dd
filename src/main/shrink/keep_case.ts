// A search that was made small, kept as a regression case: with the mapping of its index and the documents that it reads.
import { Buffer } from "node:buffer";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  member,
  numberAt,
  objectAt,
  parseObject,
  printJson,
} from "../../shared/json.ts";
import type { ShrunkSearch } from "../../shared/shrink.ts";
import type { ElasticsearchAnswer, PassedRequest } from "../elasticsearch/pass_on.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { route } from "../elasticsearch/route.ts";
import { type CaseDocument, printCase, type RegressionCase } from "./case_file.ts";

/** Most documents of a case: those of the answers, then others that the query matches. */
const MOST_DOCUMENTS = 200;

export type Ask = (request: PassedRequest) => Promise<ElasticsearchAnswer>;

/** The case of `shrunk`; in words, why there can be none. `headers`: with what credentials the documents are asked for. */
export async function caseOf(
  shrunk: ShrunkSearch,
  {
    ask,
    headers,
    versions,
  }: { readonly ask: Ask; readonly headers: PassedRequest["headers"]; readonly versions: RegressionCase["versions"] },
): Promise<RegressionCase | string> {
  const request = parseObject(shrunk.request);
  if (request === null) return "The request is not JSON.";
  const routed = route("POST", shrunk.target);
  const asked = async (method: string, target: string, body?: JsonObject): Promise<JsonObject | string> => {
    const own: PassedRequest["headers"] = [
      ...headers.filter(([name]) => !/^content-(type|encoding)$/i.test(name)),
      ["content-type", "application/json"],
    ];
    const answer = await ask({ method, target, headers: own, body: Buffer.from(body === undefined ? "" : printJson(body)) });
    const value = parseObject(textOf(answer.body));
    return value === null || answer.status >= 400
      ? `Elasticsearch answered ${answer.status} to ${method} ${target.split("?", 1)[0]}.`
      : value;
  };
  const answers = [shrunk.elasticsearch, shrunk.clickhouse].map((text) => (text === null ? null : parseObject(text)));
  const found = await documentsOf(asked, routed.index, request, answers);
  if (typeof found === "string") return found;
  const described = await asked("GET", `/${encodeURIComponent(found.index || routed.index)}`);
  if (typeof described === "string") return described;
  const [name = ""] = Object.keys(described);
  const settings = objectAt(objectAt(objectAt(described, name), "settings"), "index");
  const analysis = member(settings, "analysis");
  const [elasticsearch = null, clickhouse = null] = answers;
  const { comparison } = shrunk;
  const [first] = comparison.differences;
  return {
    reason: `${comparison.verdict}: ${first === undefined ? comparison.reason : `${first.path}: ${first.elasticsearch ?? "nothing"} <> ${first.clickhouse ?? "nothing"}`}`,
    shards: Number(member(settings, "number_of_shards") ?? 1),
    mappings: objectAt(objectAt(described, name), "mappings"),
    analysis: isObject(analysis) ? analysis : null,
    documents: found.documents,
    changes: [],
    endpoint: routed.endpoint === "_count" ? "_count" : "_search",
    params: routed.params,
    request,
    elasticsearch,
    clickhouse,
    verdict: comparison.verdict,
    versions,
    documentsLeftOut: found.leftOut,
  };
}

/** Writes it as `<folder>/NAME.json`; returns the path. Throws where the file is there already, or can't be written. */
export function writeCase(folder: string, name: string, kept: RegressionCase): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, printCase(kept), { flag: "wx", mode: 0o600 });
  return file;
}

interface Found {
  /** The one that most of them are in; "" where there are none. */
  readonly index: string;
  readonly documents: readonly CaseDocument[];
  readonly leftOut: number;
}

async function documentsOf(
  asked: (method: string, target: string, body?: JsonObject) => Promise<JsonObject | string>,
  index: string,
  request: JsonObject,
  answers: readonly (JsonObject | null)[],
): Promise<Found | string> {
  const target = `${index === "" ? "" : `/${encodeURIComponent(index).replaceAll("%2C", ",")}`}/_search`;
  const names = [...new Set(answers.flatMap((answer) => (answer === null ? [] : [...namesIn(answer)])))].slice(0, MOST_DOCUMENTS);
  const byName = names.length === 0 ? [] : await hitsOf(asked, target, { ids: { values: names } });
  if (typeof byName === "string") return byName;
  const query = member(request, "query") ?? { match_all: {} };
  const matched = await hitsOf(asked, target, query);
  // A query that Elasticsearch refuses, or that needs the rest of its request, matches nothing by itself.
  const { hits = [], total = 0 } = typeof matched === "string" ? {} : { hits: matched, total: matched.length };
  const all = [...byName, ...hits];
  const counts = Map.groupBy(all, (hit) => hit.index);
  const [most = ""] = [...counts].toSorted((a, b) => b[1].length - a[1].length).map(([name]) => name);
  const own = new Map(all.filter((hit) => hit.index === most).map(({ index: _index, ...document }) => [document.id, document]));
  const documents = [...own.values()].slice(0, MOST_DOCUMENTS);
  const counted = total < MOST_DOCUMENTS ? total : await countOf(asked, target, query);
  return { index: most, documents, leftOut: Math.max(0, counted - documents.length) };
}

interface Hit extends CaseDocument {
  readonly index: string;
}

type Asking = (method: string, target: string, body?: JsonObject) => Promise<JsonObject | string>;

async function hitsOf(asked: Asking, target: string, query: JsonValue): Promise<readonly Hit[] | string> {
  const answer = await asked("POST", target, {
    size: MOST_DOCUMENTS,
    query,
    _source: true,
    stored_fields: ["_source", "_routing"],
    sort: ["_doc"],
  });
  if (typeof answer === "string") return answer;
  const hits = member(objectAt(answer, "hits"), "hits");
  return (isArray(hits) ? hits : []).filter(isObject).flatMap((hit) => {
    const [index, id, source, routing] = ["_index", "_id", "_source", "_routing"].map((name) => member(hit, name));
    if (typeof index !== "string" || typeof id !== "string" || !isObject(source)) return [];
    return [{ index, id, text: printJson(source), ...(typeof routing === "string" ? { routing } : {}) }];
  });
}

async function countOf(asked: Asking, target: string, query: JsonValue): Promise<number> {
  const answer = await asked("POST", target.replace(/_search$/, "_count"), { query });
  return typeof answer === "string" ? 0 : (numberAt(answer, "count") ?? 0);
}

/** The `_id` of every hit in an answer, also of those inside aggregations. */
function* namesIn(value: JsonValue): Generator<string> {
  if (isArray(value)) for (const one of value) yield* namesIn(one);
  if (!isObject(value)) return;
  const id = member(value, "_id");
  if (typeof id === "string") yield id;
  for (const [name, inner] of Object.entries(value)) if (name !== "_source" && name !== "fields") yield* namesIn(inner);
}
