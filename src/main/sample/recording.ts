// The recording's file: one JSON object a line, compressed as one. The first line says what it is; each other line is one
// request with the answer that Elasticsearch gave. Bodies are the bytes as they were on the wire, transfer coding undone.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import type { HeaderPairs } from "../../shared/exchange.ts";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, objectAt, parseJson } from "../../shared/json.ts";

export const RECORDING_FORMAT = "parallax-sample";
export const RECORDING_VERSION = 1;
export const RECORDING_FILE = join(import.meta.dirname, "recording", "elasticsearch-9.4.3.ndjson.br");

/** What a write left behind that its own answer does not say: asked for at the recording, right after it. */
export interface Facts {
  /** Index → its answer to `GET /index`, whole (`{aliases, mappings, settings}`). Only of indices that changed. */
  readonly indices: JsonObject;
  /** Index → id → `_source` of documents that an update changed. */
  readonly documents: JsonObject;
}

export interface RecordedExchange {
  /** Milliseconds after the start at which the request is sent. */
  readonly at: number;
  readonly method: string;
  readonly target: string;
  /** Without Host, Connection and Content-Length. */
  readonly headers: HeaderPairs;
  readonly body: Buffer;
  readonly status: number;
  readonly reason: string;
  readonly responseHeaders: HeaderPairs;
  readonly responseBody: Buffer;
  /** What Elasticsearch took, from the request's last byte to the answer's. */
  readonly ms: number;
  readonly searches: number;
  /** Index that it writes to, "" for none. */
  readonly writes: string;
  readonly facts: Facts;
}

export interface Recording {
  readonly elasticsearch: string;
  readonly exchanges: readonly RecordedExchange[];
}

/** Reads the recording. Throws with the file's name when it is missing or not one. */
export async function readRecording(file = RECORDING_FILE): Promise<Recording> {
  const text = (await promisify(brotliDecompress)(await readFile(file))).toString("utf8");
  const [head = "", ...lines] = text.trimEnd().split("\n");
  const about = parseJson(head);
  if (!isObject(about) || about.format !== RECORDING_FORMAT || about.version !== RECORDING_VERSION) {
    throw new Error(`${file} is not a recording that this version reads: run npm run record-sample`);
  }
  return { elasticsearch: String(about.elasticsearch), exchanges: lines.map((line) => exchangeOf(parseJson(line))) };
}

/** The JSON of one exchange, one line of the file. */
export function exchangeLine(exchange: RecordedExchange): JsonObject {
  return {
    ...exchange,
    headers: exchange.headers.map(([name, value]) => [name, value]),
    responseHeaders: exchange.responseHeaders.map(([name, value]) => [name, value]),
    body: bodyJson(exchange.body),
    responseBody: bodyJson(exchange.responseBody),
    facts: { indices: exchange.facts.indices, documents: exchange.facts.documents },
  };
}

// Text stays text, which compresses; what is not UTF-8 is kept in base64.
function bodyJson(body: Buffer): JsonValue {
  const text = body.toString("utf8");
  return Buffer.from(text).equals(body) ? text : { base64: body.toString("base64") };
}

function exchangeOf(line: JsonValue): RecordedExchange {
  if (!isObject(line)) throw new Error("a line of the recording is not an object");
  const facts = member(line, "facts");
  return {
    at: numberOf(line, "at"),
    method: textOf(line, "method"),
    target: textOf(line, "target"),
    headers: headersOf(line, "headers"),
    body: bodyOf(line, "body"),
    status: numberOf(line, "status"),
    reason: textOf(line, "reason"),
    responseHeaders: headersOf(line, "responseHeaders"),
    responseBody: bodyOf(line, "responseBody"),
    ms: numberOf(line, "ms"),
    searches: numberOf(line, "searches"),
    writes: textOf(line, "writes"),
    facts: { indices: objectAt(facts, "indices"), documents: objectAt(facts, "documents") },
  };
}

function numberOf(line: JsonObject, name: string): number {
  const value = member(line, name);
  return isNumber(value) ? Number(value) : 0;
}

function textOf(line: JsonObject, name: string): string {
  const value = member(line, name);
  return typeof value === "string" ? value : "";
}

function bodyOf(line: JsonObject, name: string): Buffer {
  const value = member(line, name);
  if (typeof value === "string") return Buffer.from(value);
  return isObject(value) ? Buffer.from(textOf(value, "base64"), "base64") : Buffer.alloc(0);
}

function headersOf(line: JsonObject, name: string): HeaderPairs {
  const value = member(line, name);
  if (!isArray(value)) return [];
  return value.flatMap((pair) => (isArray(pair) ? [[String(pair[0]), String(pair[1])] as const] : []));
}
