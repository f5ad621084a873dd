// What Elasticsearch acknowledged of any write request: one list of operations, whatever the API. Pure.
import { isObject, type JsonObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import { type Acknowledged, acknowledgedBulk, acknowledgedItems, type Operation, placeOf, resultOf } from "../elasticsearch/bulk.ts";
import { usualItems } from "../elasticsearch/bulk_answer.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import type { Route } from "../elasticsearch/route.ts";
import { BY_QUERY, readByQuery } from "./by_query.ts";

/** A write as it went by, content coding undone. */
export interface WriteRequest {
  readonly method: string;
  readonly route: Route;
  readonly body: Uint8Array;
  readonly status: number;
  readonly answer: Uint8Array;
  /** When Elasticsearch acknowledged it, epoch ms. */
  readonly time: number;
  /** When it was sent, where that is long ago. @default when it was acknowledged */
  readonly began?: number;
  /** The request itself asks to be mirrored, whatever the mode of its index. @default false */
  readonly asked?: boolean;
}

/** Shorter bulks are carried out whole or not at all (`indexing_pressure.memory.split_bulk.watermark.high.bulk_size`). */
const PIECE_BYTES = 1024 * 1024;
const BEGUN = "Elasticsearch refused a bulk that it may have carried out in part";
const NOTHING: Acknowledged = Object.freeze({ operations: [], failed: 0, unknown: 0, reason: "", unknownIn: [] });

export function acknowledged(request: WriteRequest): Acknowledged {
  const { route, status } = request;
  if (status === 0) return NOTHING;
  // One that stopped half-way, at a conflict or when a shard was gone, has changed what it had come to.
  if (BY_QUERY.has(route.endpoint)) return changedByQuery(request, readAnswer(request.answer));
  if (status >= 300 && route.endpoint === "_bulk" && request.body.byteLength >= PIECE_BYTES) {
    return { ...NOTHING, failed: 1, unknown: 1, reason: BEGUN, unknownIn: route.index === "" ? [] : [route.index] };
  }
  if (status >= 300 && status !== 404) return { ...NOTHING, failed: 1 };
  const defaults = { index: route.index, routing: route.params.get("routing") ?? "" };
  const items = route.endpoint === "_bulk" ? usualItems(request.answer) : null;
  const usual = items === null ? null : acknowledgedItems(request.body, items, defaults);
  if (usual !== null) return usual;
  const unknownIn = namesOf(request);
  const answer = readAnswer(request.answer);
  if (answer === null) {
    return { ...NOTHING, unknown: 1, reason: "Elasticsearch's answer is not JSON that can be read", unknownIn };
  }
  if (route.endpoint === "_bulk") return acknowledgedBulk(request.body, answer, defaults);
  return acknowledgedDocument(request, answer);
}

/** The names that a request without known documents went to; none where a script or a pipeline may have sent them anywhere. */
export function namesOf({ route, body }: Pick<WriteRequest, "route" | "body">): readonly string[] {
  if (route.params.has("pipeline")) return [];
  if (route.endpoint !== "_reindex") return route.index === "" ? [] : route.index.split(",");
  const sent = readAnswer(body);
  const dest = sent === null ? undefined : member(sent, "dest");
  const index = isObject(dest) ? member(dest, "index") : undefined;
  const scripted = sent !== null && member(sent, "script") !== undefined;
  const piped = isObject(dest) && member(dest, "pipeline") !== undefined;
  return typeof index === "string" && !scripted && !piped ? [index] : [];
}

function readAnswer(bytes: Uint8Array): JsonObject | null {
  let value: JsonValue;
  try {
    value = parseJson(textOf(bytes));
  } catch {
    return null;
  }
  return isObject(value) ? value : null;
}

function changedByQuery(request: WriteRequest, answer: JsonObject | null): Acknowledged {
  const { endpoint } = request.route;
  const { task, written, deleted } = answer === null ? UNTOLD : readByQuery(answer);
  // A task that runs on has no counts yet; and who failed, or gave no answer that can be read, may have changed anything.
  const untold = task !== "" || answer === null || request.status >= 500;
  const changed = written + deleted || (untold ? 1 : 0);
  const failed = request.status >= 300 ? 1 : 0;
  if (changed === 0) return { ...NOTHING, failed };
  return { ...NOTHING, failed, unknown: changed, reason: `${endpoint} changes documents without naming them`, unknownIn: namesOf(request) };
}

const UNTOLD = Object.freeze({ task: "", written: 0, deleted: 0 });

const ACTION: Readonly<Record<string, Operation["action"]>> = { _create: "create", _update: "update", _doc: "index" };

function acknowledgedDocument({ method, route, body, status }: WriteRequest, answer: JsonObject): Acknowledged {
  const action = method === "DELETE" ? "delete" : (ACTION[route.endpoint] ?? "index");
  const result = resultOf(answer);
  if (status === 404 && result !== "not_found") return { ...NOTHING, failed: 1 };
  const named = member(answer, "_index");
  const index = typeof named === "string" ? named : route.index;
  const own = member(answer, "_id");
  const id = typeof own === "string" ? own : route.id;
  if (id === "" || index === "") {
    const reason = "the answer leaves out which document was written (filter_path)";
    return { ...NOTHING, unknown: 1, reason, unknownIn: index === "" ? [] : [index] };
  }
  const operation: Operation = {
    action,
    index,
    target: route.index,
    id,
    routing: route.params.get("routing") ?? "",
    place: placeOf(answer),
    result,
    source: (action === "index" || action === "create") && isJson(body) ? body : null,
    pipeline: null,
  };
  return { ...NOTHING, operations: [operation] };
}

/** False for the other formats that Elasticsearch takes (YAML, CBOR, SMILE): it gives the document back as JSON. */
function isJson(body: Uint8Array): boolean {
  const first = body.find((byte) => !SPACES.has(byte));
  return first === OPEN_OBJECT;
}

const OPEN_OBJECT = 0x7b;
/** With the three bytes that may stand before any text in UTF-8. */
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
