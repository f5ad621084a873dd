// The few header fields that the proxy reads, and what each may say. Framing fields are held to the one form that nobody
// reads differently: one Content-Length of digits, or one `chunked` (RFC 9112 sections 6.1 to 6.3).
import type { HeadFacts } from "./head.ts";
import { latin1, octetAt, sameText } from "./octets.ts";

const name = (text: string): Buffer => Buffer.from(text, "latin1");
const HOST = name("host");
const ORIGIN = name("origin");
const EXPECT = name("expect");
const UPGRADE = name("upgrade");
const CONNECTION = name("connection");
const AUTHORIZATION = name("authorization");
const CONTENT_LENGTH = name("content-length");
const SEC_FETCH_SITE = name("sec-fetch-site");
const HTTP2_SETTINGS = name("http2-settings");
const TRANSFER_ENCODING = name("transfer-encoding");
const BACKEND_OVERRIDE = name("x-parallax-backend");
const API_PROFILER = name("parallax-api-profiler");
// Both are for the next proxy, which we are.
const PROXY_CONNECTION = name("proxy-connection");
const PROXY_AUTHORIZATION = name("proxy-authorization");
const CHUNKED = name("chunked");
const CROSS_SITE = name("cross-site");
const CONTINUE = name("100-continue");
const KEEP_ALIVE = name("keep-alive");
const CLOSE = name("close");

/** Takes one field line into `facts`. False when it makes the head unacceptable; `facts.problem` then says why. */
export function noteField(
  bytes: Buffer,
  line: number,
  nameEnd: number,
  valueStart: number,
  valueEnd: number,
  next: number,
  facts: HeadFacts,
): boolean {
  // By length first: most lines are none of these and cost one comparison.
  switch (nameEnd - line) {
    case 4:
      if (sameText(bytes, line, nameEnd, HOST)) noteHost(line, valueStart, valueEnd, next, facts);
      return true;
    case 6:
      if (sameText(bytes, line, nameEnd, ORIGIN)) {
        facts.originStart = valueStart;
        facts.originEnd = valueEnd;
      } else if (sameText(bytes, line, nameEnd, EXPECT)) {
        facts.expectsContinue = sameText(bytes, valueStart, valueEnd, CONTINUE);
      }
      return true;
    case 7:
      if (sameText(bytes, line, nameEnd, UPGRADE)) noteUpgrade(bytes, line, valueStart, valueEnd, next, facts);
      return true;
    case 10:
      return !sameText(bytes, line, nameEnd, CONNECTION) || noteConnection(bytes, valueStart, valueEnd, facts);
    case 13:
      if (sameText(bytes, line, nameEnd, AUTHORIZATION)) facts.authorized = true;
      return true;
    case 14:
      if (sameText(bytes, line, nameEnd, CONTENT_LENGTH)) return noteLength(bytes, valueStart, valueEnd, facts);
      if (sameText(bytes, line, nameEnd, SEC_FETCH_SITE)) facts.crossSite = sameText(bytes, valueStart, valueEnd, CROSS_SITE);
      else if (sameText(bytes, line, nameEnd, HTTP2_SETTINGS)) facts.dropped.push(line, next);
      return true;
    case 16:
      if (sameText(bytes, line, nameEnd, PROXY_CONNECTION)) facts.dropped.push(line, next);
      return true;
    case 19:
      if (sameText(bytes, line, nameEnd, PROXY_AUTHORIZATION)) facts.dropped.push(line, next);
      return true;
    case 17:
      return !sameText(bytes, line, nameEnd, TRANSFER_ENCODING) || noteCoding(bytes, valueStart, valueEnd, facts);
    case 18:
      return !sameText(bytes, line, nameEnd, BACKEND_OVERRIDE) || noteBackend(line, valueStart, valueEnd, next, facts);
    case 21:
      return !sameText(bytes, line, nameEnd, API_PROFILER) || noteProfiler(line, next, facts);
    default:
      return true;
  }
}

function noteHost(line: number, valueStart: number, valueEnd: number, next: number, facts: HeadFacts): void {
  facts.hosts += 1;
  facts.hostLine = line;
  facts.hostLineEnd = next;
  facts.hostStart = valueStart;
  facts.hostEnd = valueEnd;
}

function noteBackend(line: number, valueStart: number, valueEnd: number, next: number, facts: HeadFacts): boolean {
  if (facts.backendEnd > 0) return refuse(facts, "x-parallax-backend is given twice.");
  facts.dropped.push(line, next);
  facts.backendStart = valueStart;
  facts.backendEnd = valueEnd;
  return true;
}

function noteProfiler(line: number, next: number, facts: HeadFacts): boolean {
  if (facts.profiled) return refuse(facts, "PARALLAX-API-PROFILER is given twice.");
  facts.dropped.push(line, next);
  facts.profiled = true;
  return true;
}

/** A connection that turned into HTTP/2 could no longer be followed, so its writes would go unmirrored: a server may ignore
 *  an upgrade (RFC 9110 section 7.8), so this one is not offered to it. */
function noteUpgrade(bytes: Buffer, line: number, valueStart: number, valueEnd: number, next: number, facts: HeadFacts): void {
  if (/\bh2c\b/i.test(latin1(bytes, valueStart, valueEnd))) facts.dropped.push(line, next);
  else facts.upgrades = true;
}

function noteConnection(bytes: Buffer, valueStart: number, valueEnd: number, facts: HeadFacts): boolean {
  if (sameText(bytes, valueStart, valueEnd, KEEP_ALIVE)) facts.keepsAlive = true;
  else if (sameText(bytes, valueStart, valueEnd, CLOSE)) facts.closes = true;
  else return noteOptions(latin1(bytes, valueStart, valueEnd), facts);
  return true;
}

/** A hop that obeys `Connection: content-length` would strip the framing that we have followed. */
const NEVER_HOP_BY_HOP: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "host", "authorization", "content-type"]);

function noteOptions(value: string, facts: HeadFacts): boolean {
  for (const part of value.toLowerCase().split(",")) {
    const option = part.trim();
    if (option === "close") facts.closes = true;
    else if (option === "keep-alive") facts.keepsAlive = true;
    else if (NEVER_HOP_BY_HOP.has(option)) return refuse(facts, `The Connection header names ${option}, which belongs to the whole way.`);
  }
  return true;
}

function noteLength(bytes: Buffer, valueStart: number, valueEnd: number, facts: HeadFacts): boolean {
  let length = 0;
  if (valueEnd === valueStart || valueEnd - valueStart > 15) return refuse(facts, "Content-Length is not a number of at most 15 digits.");
  for (let index = valueStart; index < valueEnd; index += 1) {
    const digit = octetAt(bytes, index) - 0x30;
    if (digit < 0 || digit > 9) return refuse(facts, "Content-Length is not a plain number.");
    length = length * 10 + digit;
  }
  if (facts.contentLength >= 0) return refuse(facts, "Content-Length is given twice.");
  if (facts.chunked || facts.otherCoding) return refuse(facts, "Content-Length and Transfer-Encoding are both given.");
  facts.contentLength = length;
  return true;
}

function noteCoding(bytes: Buffer, valueStart: number, valueEnd: number, facts: HeadFacts): boolean {
  if (facts.chunked || facts.otherCoding) return refuse(facts, "Transfer-Encoding is given twice.");
  if (facts.contentLength >= 0) return refuse(facts, "Content-Length and Transfer-Encoding are both given.");
  if (facts.minor === 0) return refuse(facts, "HTTP/1.0 has no Transfer-Encoding.");
  if (sameText(bytes, valueStart, valueEnd, CHUNKED)) facts.chunked = true;
  else facts.otherCoding = true;
  return true;
}

function refuse(facts: HeadFacts, problem: string): boolean {
  facts.problem = problem;
  return false;
}
