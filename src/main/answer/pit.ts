// Points in time: `INDEX/_pit`, `DELETE _pit`, and searches in one. The id says all of it: the indices, the highest number of
// each shard's changes at that moment, and how long it holds; every answer gives a newer id that holds longer.
import { randomUUID } from "node:crypto";
import {
  isArray,
  isObject,
  JsonSyntaxError,
  type JsonValue,
  jsonObject,
  member,
  parseJson,
  parseObject,
  printJson,
} from "../../shared/json.ts";
import type { Pin } from "../exchange/run_search.ts";
import { readSearches } from "../exchange/search_request.ts";
import { withTieBreak } from "../exchange/tie_break.ts";
import { idPrefix, timeValue } from "./contexts.ts";
import { INDICES, unknownParameter } from "./parameters.ts";
import { changedSince, pinTables } from "./pin.ts";
import { declinedBy, run } from "./search.ts";
import { type Backend, type Call, declined, type Endpoint, type EndpointAnswer, json } from "./types.ts";

const PREFIX = idPrefix("pit");
const MOST_CLOSED = 10_000;
/** Elasticsearch's own limit. */
const LONGEST_MS = 86_400_000;

interface PointInTime {
  /** Of this point in time, however often its id was made anew. */
  readonly name: string;
  /** Epoch ms. */
  readonly until: number;
  readonly pin: Pin;
}

/** Names of points in time that were closed before their time. */
const closed = new Set<string>();

export const pit: Endpoint = {
  paths: ["POST /{index}/_pit"],
  async answer(call, backend) {
    const unknown = unknownParameter(call.params, [...INDICES, "keep_alive", "preference", "allow_partial_search_results"]);
    if (unknown !== "") return declined("unsupported", unknown);
    const keepMs = timeValue(call.params.get("keep_alive") ?? "");
    const plain = call.body.trim() === "" || call.body.trim() === "{}";
    if (keepMs === null || keepMs > LONGEST_MS || !plain)
      return declined("unsupported", "a point in time with a filter, or without a time, is Elasticsearch's to open");
    const tables = await backend.tables(call.index, call.params);
    if (tables.kind !== "found") return tables;
    if (tables.value.length === 0) return declined("unsupported", "a point in time of no index is Elasticsearch's to open");
    const pin = await pinTables(tables.value, backend);
    const shards = tables.value.reduce((sum, table) => sum + table.shards, 0);
    const id = printPit({ name: randomUUID(), until: call.now + keepMs, pin });
    return json({ id, _shards: { total: shards, successful: shards, skipped: 0, failed: 0 } });
  },
};

export const pitDelete: Endpoint = {
  paths: ["DELETE /_pit"],
  asks: () => "held",
  async answer(call) {
    const id = member(parseObject(call.body) ?? {}, "id");
    const own = typeof id === "string" ? readPit(id) : null;
    if (own === null) return declined("unsupported", "the point in time is Elasticsearch's");
    const open = !closed.has(own.name) && own.until > call.now;
    if (closed.size >= MOST_CLOSED) closed.clear();
    closed.add(own.name);
    const freed = open ? own.pin.reduce((sum, { highest }) => sum + Math.max(1, highest.size), 0) : 0;
    return json({ succeeded: open, num_freed: freed }, [], open ? 200 : 404);
  },
};

/** The search of a call whose body names a point in time. */
export async function searchInPit(call: Call, backend: Backend): Promise<EndpointAnswer> {
  const [sent] = readSearches(call, call.body).searches;
  const named = sent === undefined ? undefined : member(sent.body, "pit");
  const id = isObject(named) ? member(named, "id") : undefined;
  const own = typeof id === "string" ? readPit(id) : null;
  if (sent === undefined || !isObject(named) || own === null) return declined("unsupported", "the point in time is Elasticsearch's");
  if (call.index !== "") return refused(400, "action_request_validation_exception", INDEX_NAMED);
  if (closed.has(own.name) || own.until <= call.now)
    return refused(404, "search_context_missing_exception", "No search context found for the point in time");
  if (call.params.has("sort"))
    return { ...declined("unsupported", "?sort: an order in the URL, in a point in time, has no SQL"), final: true };
  const keepAlive = member(named, "keep_alive");
  const keepMs = typeof keepAlive === "string" ? timeValue(keepAlive) : null;
  const until = Math.max(own.until, keepMs === null ? 0 : call.now + keepMs);
  const body = jsonObject(Object.entries(sent.body).filter(([name]) => name !== "pit"));
  const search = { ...sent, body: withTieBreak(body), index: own.pin.map(({ index }) => index).join(",") };
  const { outcome, part } = await run(search, backend, { pin: own.pin });
  if (outcome.kind === "rejected") return { kind: "rejected", error: outcome.error, indices: outcome.indices, parts: [part] };
  if (outcome.kind !== "answered") return { ...declinedBy(outcome, [part]), final: true };
  if (await changedSince(own.pin, backend)) {
    const reason = "documents were overwritten or deleted since, and the tables hold only their newest state";
    return refused(404, "search_context_missing_exception", reason);
  }
  return json({ pit_id: printPit({ ...own, until }), ...outcome.body }, [part]);
}

const INDEX_NAMED = "Validation Failed: 1: [indices] cannot be used with point in time. Do not specify any index with point in time.;";

function refused(status: number, errorType: string, reason: string): EndpointAnswer {
  return { kind: "rejected", error: { status, errorType, reason } };
}

function printPit({ name, until, pin }: PointInTime): string {
  const own = pin.map(({ index, highest, documents }): JsonValue => [index, documents, [...highest].flat()]);
  return PREFIX + Buffer.from(printJson([name, until, own]), "utf8").toString("base64url");
}

/** null for what is no id of ours. */
function readPit(id: string): PointInTime | null {
  if (!id.startsWith(PREFIX)) return null;
  const value = parsedOrNull(Buffer.from(id.slice(PREFIX.length), "base64url").toString("utf8"));
  if (!isArray(value)) return null;
  const [name, until, pin] = value;
  if (typeof name !== "string" || typeof until !== "number" || !isArray(pin)) return null;
  const tables = pin.flatMap((own) => (isArray(own) ? [pinnedOf(own)] : []));
  return tables.length === pin.length && tables.length > 0 ? { name, until, pin: tables } : null;
}

function pinnedOf([index, documents, flat]: readonly JsonValue[]): Pin[number] {
  const numbers = isArray(flat) ? flat.map(Number) : [];
  const highest = new Map(numbers.flatMap((shard, i) => (i % 2 === 0 ? [[shard, numbers[i + 1] ?? -1] as const] : [])));
  return { index: String(index ?? ""), documents: Number(documents ?? -1), highest };
}

function parsedOrNull(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}
