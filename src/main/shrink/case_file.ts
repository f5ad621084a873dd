// A regression case: mapping, documents, request, both answers and the verdict in one JSON file, which the tests against real engines and
// `parallax compare` read. Pure.
import type { Verdict } from "../../shared/exchange.ts";
import {
  isArray,
  isNumber,
  isObject,
  type JsonObject,
  type JsonValue,
  jsonObject,
  member,
  parseJson,
  parseObject,
  printJson,
} from "../../shared/json.ts";
import { isVerdict } from "../exchange/outcome.ts";

export interface CaseDocument {
  readonly id: string;
  /** JSON text. */
  readonly text: string;
  /** Its `_routing`; absent: none of its own. */
  readonly routing?: string;
}

/** An overwrite; or with null a delete. */
export interface CaseChange {
  readonly id: string;
  readonly text: string | null;
}

export interface RegressionCase {
  /** What is wrong, in a line. */
  readonly reason: string;
  readonly shards: number;
  readonly mappings: JsonObject;
  /** The value of `settings.analysis`; null for none. */
  readonly analysis: JsonObject | null;
  readonly documents: readonly CaseDocument[];
  /** In order, after the documents. */
  readonly changes: readonly CaseChange[];
  readonly endpoint: "_search" | "_count";
  readonly params: ReadonlyMap<string, string>;
  readonly request: JsonObject;
  /** As they were when it was kept; null where one is not known. */
  readonly elasticsearch: JsonObject | null;
  readonly clickhouse: JsonObject | null;
  /** What it was then; null where that is not known. */
  readonly verdict: Verdict | null;
  /** Versions of what answered, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Documents that the request reads and that are not among `documents`. */
  readonly documentsLeftOut: number;
}

/** The file's text. What is as by default is left out. */
export function printCase(kept: RegressionCase): string {
  const { reason, shards, mappings, analysis, documents, changes, endpoint, params, request } = kept;
  const routed = documents.flatMap(({ id, routing }) => (routing === undefined ? [] : [[id, routing] as const]));
  const numbered = documents.every(({ id }, i) => id === String(i));
  return `${printJson(
    {
      reason,
      ...(kept.verdict === null ? {} : { verdict: kept.verdict }),
      ...(Object.keys(kept.versions).length === 0 ? {} : { versions: kept.versions }),
      shards,
      ...(analysis === null ? {} : { analysis }),
      mappings,
      ...(numbered ? {} : { ids: documents.map(({ id }) => id) }),
      ...(routed.length === 0 ? {} : { routing: jsonObject(routed) }),
      documents: documents.map(({ text }) => parseJson(text)),
      ...(kept.documentsLeftOut === 0 ? {} : { documents_left_out: kept.documentsLeftOut }),
      changes: changes.map(({ id, text }) => ({ id, source: text === null ? null : parseJson(text) })),
      ...(endpoint === "_search" ? {} : { endpoint }),
      ...(params.size === 0 ? {} : { params: jsonObject(params) }),
      request,
      elasticsearch: kept.elasticsearch,
      clickhouse: kept.clickhouse,
    },
    2,
  )}\n`;
}

/** Reads a file's text; in words, why it is no case. */
export function parseCase(text: string): RegressionCase | string {
  const file = parseObject(text);
  if (file === null) return "it is not a JSON object";
  const [mappings, request, documents] = ["mappings", "request", "documents"].map((name) => member(file, name));
  if (!isObject(request)) return 'it has no "request"';
  if (!isObject(mappings)) return 'it has no "mappings"';
  if (!isArray(documents)) return 'it has no "documents"';
  const [ids, shards, params, versions] = ["ids", "shards", "params", "versions"].map((name) => member(file, name));
  const [reason, verdict, leftOut] = ["reason", "verdict", "documents_left_out"].map((name) => member(file, name));
  const routing = texts(member(file, "routing"));
  if (isArray(ids) && ids.length !== documents.length) return '"ids" has not as many members as "documents"';
  return {
    reason: typeof reason === "string" ? reason : "",
    shards: isNumber(shards) ? Number(shards) : 1,
    mappings,
    analysis: objectOrNull(member(file, "analysis")),
    documents: documents.map((source, i) => documentOf(isArray(ids) ? String(ids[i]) : String(i), source, routing)),
    changes: changesOf(member(file, "changes")),
    endpoint: member(file, "endpoint") === "_count" ? "_count" : "_search",
    params: new Map(Object.entries(texts(params))),
    request,
    elasticsearch: objectOrNull(member(file, "elasticsearch")),
    clickhouse: objectOrNull(member(file, "clickhouse")),
    verdict: typeof verdict === "string" && isVerdict(verdict) ? verdict : null,
    versions: texts(versions),
    documentsLeftOut: isNumber(leftOut) ? Number(leftOut) : 0,
  };
}

function documentOf(id: string, source: JsonValue, routing: Readonly<Record<string, string>>): CaseDocument {
  const own = Object.hasOwn(routing, id) ? routing[id] : undefined;
  return { id, text: printJson(source), ...(own === undefined ? {} : { routing: own }) };
}

function changesOf(value: JsonValue | undefined): readonly CaseChange[] {
  return (isArray(value) ? value : []).filter(isObject).map((change) => {
    const source = member(change, "source") ?? null;
    return { id: String(member(change, "id")), text: source === null ? null : printJson(source) };
  });
}

function objectOrNull(value: JsonValue | undefined): JsonObject | null {
  return isObject(value) ? value : null;
}

function texts(value: JsonValue | undefined): Readonly<Record<string, string>> {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typeof one === "string" ? one : printJson(one)]))
    : {};
}
