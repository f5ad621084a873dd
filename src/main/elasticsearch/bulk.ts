// A bulk request beside its answer: which documents Elasticsearch acknowledged, under which _id and _seq_no. Documents stay
// slices of the request's bytes, never parsed here.
import {
  isArray,
  isNumber,
  isObject,
  type JsonNumber,
  type JsonObject,
  JsonSyntaxError,
  type JsonValue,
  member,
  parseJson,
} from "../../shared/json.ts";
import type { BulkItem } from "./bulk_answer.ts";
import { textOf } from "./raw_json.ts";

export type WriteAction = "index" | "create" | "update" | "delete";

/** One acknowledged change of one document. */
export interface Operation {
  readonly action: WriteAction;
  /** The concrete index, as the answer names it. */
  readonly index: string;
  /** What the request named: that index, an alias, a data stream, or an index whose pipeline sent it on. */
  readonly target: string;
  readonly id: string;
  /** "" when none was given. */
  readonly routing: string;
  /** null where the answer leaves it out (filter_path): the document has to be read back. */
  readonly place: Place | null;
  readonly result: "created" | "updated" | "deleted" | "not_found" | "noop" | "";
  /** The document's bytes; null for update and delete. */
  readonly source: Uint8Array | null;
  /** The item's own ingest pipeline; null when it names none. */
  readonly pipeline: string | null;
}

export interface Place {
  readonly seqNo: number;
  readonly primaryTerm: number;
  /** A RawNumber's text survives in an external version past 2^53. */
  readonly version: bigint;
}

export interface Acknowledged {
  readonly operations: readonly Operation[];
  /** Items that Elasticsearch refused. */
  readonly failed: number;
  /** Items that it may have taken, but that nothing is known of. */
  readonly unknown: number;
  /** Why there are unknown ones; "" otherwise. */
  readonly reason: string;
  /** Names (of indices, aliases or data streams) that the unknown ones went to; empty where even that is not known. */
  readonly unknownIn: readonly string[];
}

/** One action of the request's body. */
export interface BulkLine {
  readonly action: WriteAction;
  readonly meta: JsonObject;
  readonly source: Uint8Array | null;
}

const ACTIONS: ReadonlySet<string> = new Set(["index", "create", "update", "delete"]);
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const NO_META: JsonObject = Object.freeze({});
const NO_BYTES = new Uint8Array(0);
// What an action line says beyond its name matters only when it names one of these.
const TELLING = /routing|pipeline|_index|_id/;

/** The actions of a bulk body. Throws JsonSyntaxError. */
export function readBulkRequest(body: Uint8Array): readonly BulkLine[] {
  const lines: BulkLine[] = [];
  let at = 0;
  const nextLine = (): Uint8Array | null => {
    if (at >= body.length) return null;
    const newline = body.indexOf(NEWLINE, at);
    const end = newline === -1 ? body.length : newline;
    const line = body.subarray(at, end > at && body[end - 1] === RETURN ? end - 1 : end);
    at = end + 1;
    return line;
  };
  let before: Uint8Array = NO_BYTES;
  let read: Action | null = null;
  for (let line = nextLine(); line !== null; line = nextLine()) {
    // Most say what the one before says.
    if (read === null || !sameBytes(line, before)) {
      const text = textOf(line);
      if (text.trim() === "") continue;
      read = readActionLine(text);
      before = line;
    }
    const { action, meta } = read;
    const source = action === "delete" ? null : nextLine();
    if (source === null && action !== "delete") throw new JsonSyntaxError(`no document follows the last ${action}`);
    lines.push({ action, meta, source });
  }
  return lines;
}

type Action = Pick<BulkLine, "action" | "meta">;

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a;
  if (b.length !== length) return false;
  for (let i = 0; i < length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function readActionLine(text: string): Action {
  const quick = /^\s*\{\s*"(index|create|update|delete)"\s*:/.exec(text)?.[1];
  if (isAction(quick) && !TELLING.test(text)) return { action: quick, meta: NO_META };
  const value = parseJson(text);
  const [name, meta] = isObject(value) ? (Object.entries(value)[0] ?? []) : [];
  if (!isAction(name)) throw new JsonSyntaxError(`no bulk action: ${text.slice(0, 100)}`);
  return { action: name, meta: isObject(meta) ? meta : NO_META };
}

function isAction(name: string | undefined): name is WriteAction {
  return name !== undefined && ACTIONS.has(name);
}

/** What holds for lines that do not say otherwise: the path's index and the request's routing. */
export interface BulkDefaults {
  readonly index: string;
  readonly routing: string;
}

/** What Elasticsearch acknowledged of a bulk. `answer` is the parsed response. */
export function acknowledgedBulk(body: Uint8Array, answer: JsonObject, defaults: BulkDefaults): Acknowledged {
  const { index } = defaults;
  let lines: readonly BulkLine[];
  try {
    lines = readBulkRequest(body);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const reason = `the bulk body can't be read: ${error.message}`;
    return { operations: [], failed: 0, unknown: 1, reason, unknownIn: index === "" ? [] : [index] };
  }
  const items = member(answer, "items");
  if (!isArray(items) || items.length !== lines.length) return withoutItems(lines, answer, defaults);
  const operations: Operation[] = [];
  let failed = 0;
  const unknown: BulkLine[] = [];
  for (const [i, line] of lines.entries()) {
    const result = itemResult(items[i]);
    if (result !== null && isFailed(result)) {
      failed += 1;
      continue;
    }
    const operation = result === null ? null : operationOf(line, result, defaults);
    if (operation === null) unknown.push(line);
    else operations.push(operation);
  }
  return { operations, failed, ...unknownLines(unknown, index, NO_IDS) };
}

/** The same of a bulk whose items were read from the bytes of its answer; null where they are not those of its lines. */
export function acknowledgedItems(body: Uint8Array, items: readonly BulkItem[], defaults: BulkDefaults): Acknowledged | null {
  let lines: readonly BulkLine[];
  try {
    lines = readBulkRequest(body);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return null;
  }
  if (lines.length !== items.length) return null;
  const unnamed = namedBy(NO_META, defaults);
  const operations = items.map(({ index, id, place, result }, at): Operation => {
    const { action, meta, source: sent } = lines[at] ?? NO_LINE;
    const { target, routing, pipeline } = meta === NO_META ? unnamed : namedBy(meta, defaults);
    return { action, index, target, id, routing, place, result, source: action === "update" ? null : sent, pipeline };
  });
  return { operations, failed: 0, unknown: 0, reason: "", unknownIn: [] };
}

const NO_LINE: BulkLine = Object.freeze({ action: "index", meta: NO_META, source: null });

/** What an action line says of its document beside the `_id`. */
function namedBy(meta: JsonObject, { index, routing }: BulkDefaults): Pick<Operation, "target" | "routing" | "pipeline"> {
  return {
    target: text(meta, "_index") ?? index,
    routing: text(meta, "routing") ?? text(meta, "_routing") ?? routing,
    pipeline: text(meta, "pipeline"),
  };
}

function unknownLines(lines: readonly BulkLine[], index: string, reason: string): Pick<Acknowledged, "unknown" | "reason" | "unknownIn"> {
  const names = new Set(lines.map(({ meta }) => text(meta, "_index") ?? index));
  names.delete("");
  return { unknown: lines.length, reason: lines.length === 0 ? "" : reason, unknownIn: [...names] };
}

const NO_IDS = "the answer leaves out which documents were written (filter_path), and the request gave no _id";

// `filter_path=errors` and the like: without errors every line was taken.
function withoutItems(lines: readonly BulkLine[], answer: JsonObject, defaults: BulkDefaults): Acknowledged {
  const { index } = defaults;
  if (member(answer, "errors") !== false) {
    const reason = "the answer does not say which documents were written (filter_path)";
    return { operations: [], failed: 0, ...unknownLines(lines, index, reason) };
  }
  const unknown = lines.filter((line) => operationOf(line, NO_META, defaults) === null);
  const operations = lines.map((line) => operationOf(line, NO_META, defaults)).filter((operation) => operation !== null);
  return { operations, failed: 0, ...unknownLines(unknown, index, NO_IDS) };
}

/** How many documents of each index an answer says were changed; null when it does not say. Of a write of any kind. */
export function changedByIndex(answer: JsonObject): ReadonlyMap<string, number> | null {
  const items = member(answer, "items");
  const results = isArray(items) ? items.map(itemResult) : [answer];
  const changed = new Map<string, number>();
  for (const result of results) {
    const index = result === null ? null : text(result, "_index");
    if (result === null || index === null) return null;
    if (isFailed(result)) continue;
    const outcome = resultOf(result);
    if (outcome === "") return null;
    if (outcome !== "noop" && outcome !== "not_found") changed.set(index, (changed.get(index) ?? 0) + 1);
  }
  return changed;
}

function itemResult(item: JsonValue | undefined): JsonObject | null {
  const result = isObject(item) ? Object.values(item)[0] : undefined;
  return isObject(result) ? result : null;
}

function isFailed(result: JsonObject): boolean {
  if (member(result, "error") !== undefined) return true;
  const status = member(result, "status");
  // A delete of nothing is 404 without an error: acknowledged, and it took a sequence number.
  return typeof status === "number" && status >= 300 && status !== 404;
}

function operationOf(line: BulkLine, result: JsonObject, defaults: BulkDefaults): Operation | null {
  const named = namedBy(line.meta, defaults);
  const concrete = text(result, "_index") ?? named.target;
  const id = text(result, "_id") ?? text(line.meta, "_id");
  if (id === null || concrete === "") return null;
  return {
    action: line.action,
    index: concrete,
    id,
    ...named,
    place: placeOf(result),
    result: resultOf(result),
    source: line.action === "update" ? null : line.source,
  };
}

/** `_seq_no`, `_primary_term` and `_version` of one document's answer. */
export function placeOf(result: JsonObject): Place | null {
  const seqNo = member(result, "_seq_no");
  const primaryTerm = member(result, "_primary_term");
  const version = member(result, "_version");
  if (!isNumber(seqNo) || !isNumber(primaryTerm) || !isNumber(version)) return null;
  return { seqNo: Number(seqNo), primaryTerm: Number(primaryTerm), version: wholeNumber(version) };
}

function wholeNumber(value: JsonNumber): bigint {
  return typeof value === "number" ? BigInt(value) : BigInt(String(value));
}

const RESULTS = ["created", "updated", "deleted", "not_found", "noop"] as const;

export function resultOf(result: JsonObject): Operation["result"] {
  const own = member(result, "result");
  return RESULTS.find((known) => known === own) ?? "";
}

function text(object: JsonObject, name: string): string | null {
  const value = member(object, name);
  return typeof value === "string" || isNumber(value) ? String(value) : null;
}
