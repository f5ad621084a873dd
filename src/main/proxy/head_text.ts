// A head's text as pairs. Only ever given heads that the proxy's thread has checked already.
import type { HeaderPairs } from "../../shared/exchange.ts";

export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly version: string;
}

export interface StatusLine {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
}

/** One character an octet, as Node has it too. */
export function headText(bytes: Buffer): string {
  return bytes.latin1Slice(0, bytes.length);
}

export function readRequestHead(text: string): RequestLine & { readonly headers: HeaderPairs } {
  const end = text.indexOf("\r\n");
  const first = text.indexOf(" ");
  const second = text.indexOf(" ", first + 1);
  return {
    method: text.slice(0, first),
    target: text.slice(first + 1, second),
    version: text.slice(second + 6, end),
    headers: readPairs(text, end + 2),
  };
}

export function readResponseHead(text: string): StatusLine & { readonly headers: HeaderPairs } {
  const end = text.indexOf("\r\n");
  return {
    version: text.slice(5, 8),
    status: Number(text.slice(9, 12)),
    reason: text.slice(13, end),
    headers: readPairs(text, end + 2),
  };
}

function readPairs(text: string, start: number): HeaderPairs {
  const pairs: (readonly [string, string])[] = [];
  for (let line = start; ; ) {
    const end = text.indexOf("\r\n", line);
    if (end <= line) return pairs;
    const colon = text.indexOf(":", line);
    pairs.push([text.slice(line, colon), trimBlanks(text.slice(colon + 1, end))]);
    line = end + 2;
  }
}

/** Only spaces and tabs are optional around a value; `trim` would take octet 0xA0 too. */
function trimBlanks(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, "");
}
