// The two messages of an exchange as rules, script and breakpoints see and change them. Bodies keep their content coding.
import type { HeaderPairs } from "../../shared/exchange.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";

export interface RequestMessage {
  readonly method: string;
  /** Path and query, as on the wire. */
  readonly target: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
}

export interface ResponseMessage {
  readonly status: number;
  /** Reason phrase; "" for the usual one. */
  readonly reason: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
}

export function headerOf(headers: HeaderPairs, name: string): string {
  const wanted = name.toLowerCase();
  return headers.find(([own]) => own.toLowerCase() === wanted)?.[1] ?? "";
}

export function withoutHeader(headers: HeaderPairs, name: string): HeaderPairs {
  const wanted = name.toLowerCase();
  return headers.filter(([own]) => own.toLowerCase() !== wanted);
}

/** In the place of the first of that name, else at the end. */
export function withHeader(headers: HeaderPairs, name: string, value: string): HeaderPairs {
  const wanted = name.toLowerCase();
  const at = headers.findIndex(([own]) => own.toLowerCase() === wanted);
  const others = withoutHeader(headers, name);
  return at === -1 ? [...headers, [name, value]] : [...others.slice(0, at), [name, value], ...others.slice(at)];
}

/** Content coding undone; null when it can't be. */
export function decoded({ headers, body }: { readonly headers: HeaderPairs; readonly body: Uint8Array }): Uint8Array | null {
  try {
    return decodeBody(headers, body);
  } catch (error) {
    if (error instanceof UndecodableBody) return null;
    throw error;
  }
}

/** The message with another body, which has no content coding. */
export function withBody<M extends { readonly headers: HeaderPairs; readonly body: Uint8Array }>(message: M, body: Uint8Array): M {
  return { ...message, headers: withoutHeader(message.headers, "content-encoding"), body };
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a header's value may not hold
const BAD_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]/;
/** They say where a message ends, or for whom: the proxy writes them itself. */
const FRAMING: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "host", "connection", "trailer", "upgrade"]);

/** "" or why these can't be sent. */
export function headersProblem(headers: HeaderPairs): string {
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) return `${JSON.stringify(name)} is no name of a header`;
    if (BAD_VALUE.test(value)) return `the value of ${name} holds characters that a header can't have`;
  }
  return "";
}

/** "" or why a rule can't set or remove a header of this name. */
export function nameProblem(name: string): string {
  if (!TOKEN.test(name)) return `${JSON.stringify(name)} is no name of a header`;
  return FRAMING.has(name.toLowerCase()) ? `${name} is written by the proxy itself` : "";
}

/** "" or why a request can't have this target. */
export function targetProblem(target: string): string {
  if (!target.startsWith("/") || target.startsWith("//")) return `the path ${JSON.stringify(target)} does not begin with one slash`;
  return /^[\x21-\x7e]+$/.test(target)
    ? ""
    : `the path ${JSON.stringify(target)} holds a space or another character that has to be percent-encoded`;
}
