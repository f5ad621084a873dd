// A head's text as pairs. Only ever given heads that the proxy's thread has checked already.
import type { HeaderPairs } from "../../shared/exchange.ts";

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly headers: HeaderPairs;
}

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headers: HeaderPairs;
}

const SPACE = 0x20;
const TAB = 0x09;

/** `text`: the head up to and with its empty line, one character an octet. */
export function readRequestHead(text: string): RequestHead {
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

/** As `readRequestHead`. */
export function readResponseHead(text: string): ResponseHead {
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
    // Only spaces and tabs are optional around a value; `trim` would take octet 0xA0 too.
    let from = colon + 1;
    let to = end;
    while (from < to && isBlank(text.charCodeAt(from))) from += 1;
    while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
    pairs.push([text.slice(line, colon), text.slice(from, to)]);
    line = end + 2;
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
