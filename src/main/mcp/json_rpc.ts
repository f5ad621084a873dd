// JSON-RPC 2.0, as far as the Model Context Protocol has need of it. Messages are lossless JSON: an id or an argument keeps its digits.
import { isNumber, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
/** Protocols up to 2025-11-25; later ones say INVALID_PARAMS. */
export const RESOURCE_NOT_FOUND = -32002;
/** The HTTP headers say another thing than the body. */
export const HEADER_MISMATCH = -32020;
export const UNSUPPORTED_PROTOCOL_VERSION = -32022;

/** What a call of the protocol can't be answered for. `data`: as the protocol says for its code. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject;
}

export interface RpcMessage {
  /** undefined: a notification, which has no answer. */
  readonly id: JsonValue | undefined;
  readonly method: string;
  readonly params: JsonObject;
}

/** Null where `value` is no request and no notification. */
export function readMessage(value: JsonValue): RpcMessage | null {
  if (!isObject(value) || member(value, "jsonrpc") !== "2.0") return null;
  const [id, method, params = {}] = [member(value, "id"), member(value, "method"), member(value, "params")];
  if (typeof method !== "string" || !isObject(params)) return null;
  if (id !== undefined && typeof id !== "string" && !isNumber(id)) return null;
  return { id, method, params };
}

/** The answer to a request. */
export function resultOf(id: JsonValue, result: JsonObject): JsonObject {
  return { jsonrpc: "2.0", id, result };
}

/** `id` is null where the message could not be read. */
export function errorOf(id: JsonValue, { code, message, data }: RpcError): JsonObject {
  return { jsonrpc: "2.0", id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}
