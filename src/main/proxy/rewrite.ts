// The few changes to a request's head. Everything else of it stays the client's own bytes, in their order and case.
import type { HeadFacts } from "./head.ts";
import { octetAt, SLASH } from "./octets.ts";
import type { Upstream } from "./upstream.ts";

/** The head `bytes[from, to)` as the upstream is to get it; null when that is just as it came. */
export function rewriteHead(bytes: Buffer, from: number, to: number, facts: HeadFacts, upstream: Upstream): Buffer | null {
  const path = pathStart(bytes, facts);
  const prefix = upstream.prefix !== "" && path === facts.targetStart && octetAt(bytes, path) === SLASH;
  const authorization = upstream.authorization !== null && !facts.authorized;
  const origin = path === facts.targetStart && !prefix;
  if (origin && !authorization && upstream.hostHeader === null && facts.dropped.length === 0) return null;

  const pieces: Buffer[] = [];
  if (prefix) pieces.push(bytes.subarray(from, path), text(upstream.prefix), bytes.subarray(path, facts.fieldsStart));
  else if (!origin) {
    // Without a path the target is that of the whole server (RFC 9112 section 3.2.1).
    const slash = octetAt(bytes, path) === SLASH ? "" : "/";
    pieces.push(bytes.subarray(from, facts.targetStart), text(slash), bytes.subarray(path, facts.fieldsStart));
  } else pieces.push(bytes.subarray(from, facts.fieldsStart));
  if (upstream.hostHeader !== null && facts.hosts === 0) pieces.push(text(`Host: ${upstream.hostHeader}\r\n`));
  let at = facts.fieldsStart;
  for (const [start, end, replacement] of cuts(facts, upstream)) {
    pieces.push(bytes.subarray(at, start), text(replacement));
    at = end;
  }
  // Before the empty line that ends the head.
  pieces.push(bytes.subarray(at, to - 2));
  if (authorization) pieces.push(text(`Authorization: ${upstream.authorization}\r\n`));
  pieces.push(bytes.subarray(to - 2, to));
  return Buffer.concat(pieces);
}

/** Where the path begins in a target, which may be in absolute form (RFC 9112 section 3.2.2). */
function pathStart(bytes: Buffer, { targetStart, targetEnd }: HeadFacts): number {
  if (octetAt(bytes, targetStart) === SLASH) return targetStart;
  const target = bytes.toString("latin1", targetStart, targetEnd);
  const [origin = ""] = /^https?:\/\/[^/?#]*/i.exec(target) ?? [];
  return targetStart + origin.length;
}

function cuts(facts: HeadFacts, upstream: Upstream): (readonly [start: number, end: number, replacement: string])[] {
  const found: [number, number, string][] = [];
  for (let index = 0; index < facts.dropped.length; index += 2) found.push([facts.dropped[index] ?? 0, facts.dropped[index + 1] ?? 0, ""]);
  if (upstream.hostHeader !== null && facts.hosts > 0) found.push([facts.hostLine, facts.hostLineEnd, `Host: ${upstream.hostHeader}\r\n`]);
  return found.sort((a, b) => a[0] - b[0]);
}

function text(value: string): Buffer {
  return Buffer.from(value, "latin1");
}
