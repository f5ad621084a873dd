// A captured request as it is copied: its bytes are known, its content coding is undone, and what the connection made is left out.
import type { HeaderPairs } from "../../../shared/exchange.ts";

export interface CopiedRequest {
  readonly method: string;
  /** With scheme, host and port. */
  readonly url: string;
  /** As sent: path and query. */
  readonly path: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
}

const LEFT_OUT = new Set([
  "host",
  "content-length",
  "connection",
  "proxy-connection",
  "keep-alive",
  "te",
  "trailer",
  "upgrade",
  "transfer-encoding",
  "content-encoding",
  "accept-encoding",
  "expect",
  "x-parallax-replay",
]);

/** Headers worth copying: without those of the connection and those whose value was not kept. */
export function copiedHeaders(headers: HeaderPairs): HeaderPairs {
  return headers.filter(([name, value]) => !LEFT_OUT.has(name.toLowerCase()) && !value.endsWith("[redacted]"));
}

/** The body as text; null where its bytes are no UTF-8, or begin with a mark that a reader would swallow. */
export function bodyText(body: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

export function base64(body: Uint8Array): string {
  let binary = "";
  for (const byte of body) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function headerValue(headers: HeaderPairs, name: string): string | undefined {
  return headers.find(([own]) => own.toLowerCase() === name)?.[1];
}
