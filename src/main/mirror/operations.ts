// What Elasticsearch acknowledged of any write request: one list of operations, whatever the API. Pure.
import { isNumber, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import { type Acknowledged, acknowledgedBulk, type Operation, placeOf, resultOf } from "../elasticsearch/bulk.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import type { Route } from "../elasticsearch/route.ts";

/** A write as it went by, content coding undone. */
export interface WriteRequest {
  readonly method: string;
  readonly route: Route;
  readonly body: Uint8Array;
  readonly status: number;
  readonly answer: Uint8Array;
  /** When Elasticsearch acknowledged it, epoch ms. */
  readonly time: number;
}

const NOTHING: Acknowledged = Object.freeze({ operations: [], failed: 0, unknown: 0, reason: "", unknownIn: [] });

/** Writes that name no documents: what they changed is not mirrored. */
const BY_QUERY = new Set(["_update_by_query", "_delete_by_query", "_reindex"]);

export function acknowledged(request: WriteRequest): Acknowledged {
  const { route, status } = request;
  if (status === 0) return NOTHING;
  if (status >= 300 && status !== 404) return { ...NOTHING, failed: 1 };
  const unknownIn = namesOf(request);
  const answer = readAnswer(request.answer);
  if (answer === null) {
    return { ...NOTHING, unknown: 1, reason: "Elasticsearch's answer is not JSON that can be read", unknownIn };
  }
  if (route.endpoint === "_bulk")
    return acknowledgedBulk(request.body, answer, { index: route.index, routing: route.params.get("routing") ?? "" });
  if (BY_QUERY.has(route.endpoint)) return { ...changedByQuery(route.endpoint, answer), unknownIn };
  return acknowledgedDocument(request, answer);
}

/** The names that a request without known documents went to. */
function namesOf({ route, body }: WriteRequest): readonly string[] {
  if (route.endpoint !== "_reindex") return route.index === "" ? [] : route.index.split(",");
  const sent = readAnswer(body);
  const dest = sent === null ? undefined : member(sent, "dest");
  const index = isObject(dest) ? member(dest, "index") : undefined;
  return typeof index === "string" ? [index] : [];
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

function changedByQuery(endpoint: string, answer: JsonObject): Acknowledged {
  const count = (name: string): number => {
    const value = member(answer, name);
    return isNumber(value) ? Number(value) : 0;
  };
  // A task that runs on (wait_for_completion=false) has no counts yet.
  const changed = member(answer, "task") === undefined ? count("created") + count("updated") + count("deleted") : 1;
  return { ...NOTHING, unknown: changed, reason: changed === 0 ? "" : `${endpoint} changes documents without naming them` };
}

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
