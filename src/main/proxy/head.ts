// Message heads. `parseRequestHead` and `parseResponseHead` walk the octets of one head once, refuse whatever two readers
// could read differently (RFC 9112 section 11.2), and leave the facts that the proxy needs in one reused record: no strings, no lists.

import { noteField } from "./field.ts";
import { COLON, CR, IS_TARGET, IS_TOKEN, IS_VALUE, LF, octetAt, SPACE, TAB } from "./octets.ts";

/** The head goes on beyond the bytes that are there. */
export const INCOMPLETE = -1;
/** The head is not acceptable; `facts.problem` says why. */
export const BAD = -2;

/** What one head said. Offsets are into the bytes that were parsed. */
export class HeadFacts {
  problem = "";
  start = 0;
  methodEnd = 0;
  targetStart = 0;
  targetEnd = 0;
  /** Where the first field line begins. */
  fieldsStart = 0;
  /** Minor version: 0 or 1. */
  minor = 1;
  status = 0;
  /** -1: no Content-Length. */
  contentLength = -1;
  chunked = false;
  /** A final transfer coding other than chunked: in an answer, the body ends with the connection. */
  otherCoding = false;
  hosts = 0;
  hostLine = 0;
  hostLineEnd = 0;
  hostStart = 0;
  hostEnd = 0;
  originStart = 0;
  originEnd = 0;
  crossSite = false;
  /** Value of x-parallax-backend; both 0 without one. */
  backendStart = 0;
  backendEnd = 0;
  /** PARALLAX-API-PROFILER is given. */
  profiled = false;
  authorized = false;
  expectsContinue = false;
  upgrades = false;
  closes = false;
  keepsAlive = false;
  /** Field lines that are not forwarded: start, end, start, end … */
  readonly dropped: number[] = [];

  reset(start: number): void {
    this.problem = "";
    this.start = start;
    this.minor = 1;
    this.status = 0;
    this.contentLength = -1;
    this.chunked = false;
    this.otherCoding = false;
    this.hosts = 0;
    this.hostStart = 0;
    this.hostEnd = 0;
    this.originStart = 0;
    this.originEnd = 0;
    this.crossSite = false;
    this.backendStart = 0;
    this.backendEnd = 0;
    this.profiled = false;
    this.authorized = false;
    this.expectsContinue = false;
    this.upgrades = false;
    this.closes = false;
    this.keepsAlive = false;
    if (this.dropped.length > 0) this.dropped.length = 0;
  }
}

export type ParseHead = (bytes: Buffer, at: number, facts: HeadFacts) => number;

/** Parses a request head that starts at `at`. Returns the offset after its empty line, INCOMPLETE or BAD. */
export function parseRequestHead(bytes: Buffer, at: number, facts: HeadFacts): number {
  facts.reset(at);
  const length = bytes.length;
  let index = at;
  while (index < length && IS_TOKEN[octetAt(bytes, index)] === 1) index += 1;
  if (index === length) return INCOMPLETE;
  if (index === at || octetAt(bytes, index) !== SPACE) return refuse(facts, "The request line does not begin with a method and one space.");
  facts.methodEnd = index;
  index += 1;
  facts.targetStart = index;
  while (index < length && IS_TARGET[octetAt(bytes, index)] === 1) index += 1;
  if (index === length) return INCOMPLETE;
  if (index === facts.targetStart || octetAt(bytes, index) !== SPACE) return refuse(facts, "The request line has no well-formed target.");
  facts.targetEnd = index;
  index = parseVersion(bytes, index + 1, facts);
  if (index < 0) return index;
  index = endLine(bytes, index, facts);
  if (index < 0) return index;
  facts.fieldsStart = index;
  return parseFields(bytes, index, facts);
}

/** Parses a response head that starts at `at`. Returns the offset after its empty line, INCOMPLETE or BAD. */
export function parseResponseHead(bytes: Buffer, at: number, facts: HeadFacts): number {
  facts.reset(at);
  let index = parseVersion(bytes, at, facts);
  if (index < 0) return index;
  if (bytes.length - index < 5) return INCOMPLETE;
  for (let digit = 1; digit <= 3; digit += 1) facts.status = facts.status * 10 + octetAt(bytes, index + digit) - 0x30;
  const after = octetAt(bytes, index + 4);
  if (octetAt(bytes, index) !== SPACE || !(facts.status >= 100 && facts.status <= 999) || (after !== SPACE && after !== CR)) {
    return refuse(facts, "The status line is malformed.");
  }
  index += 4;
  while (index < bytes.length && IS_VALUE[octetAt(bytes, index)] === 1) index += 1;
  index = endLine(bytes, index, facts);
  if (index < 0) return index;
  facts.fieldsStart = index;
  return parseFields(bytes, index, facts);
}

const HTTP1 = Buffer.from("HTTP/1.", "latin1");

function parseVersion(bytes: Buffer, at: number, facts: HeadFacts): number {
  for (let index = 0; index < HTTP1.length; index += 1) {
    if (at + index >= bytes.length) return INCOMPLETE;
    if (bytes[at + index] !== HTTP1[index]) return refuse(facts, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
  }
  const end = at + HTTP1.length;
  if (end >= bytes.length) return INCOMPLETE;
  facts.minor = octetAt(bytes, end) - 0x30;
  return facts.minor === 0 || facts.minor === 1 ? end + 1 : refuse(facts, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
}

function endLine(bytes: Buffer, at: number, facts: HeadFacts): number {
  if (at >= bytes.length) return INCOMPLETE;
  if (octetAt(bytes, at) !== CR)
    return refuse(facts, "A line of the head ends without carriage return and line feed, or holds a control character.");
  if (at + 1 >= bytes.length) return INCOMPLETE;
  if (octetAt(bytes, at + 1) !== LF) return refuse(facts, "A line of the head holds a bare carriage return.");
  return at + 2;
}

/** Field lines up to and with the empty line; trailers are read by it too. */
export function parseFields(bytes: Buffer, at: number, facts: HeadFacts): number {
  const length = bytes.length;
  let line = at;
  while (line < length) {
    if (octetAt(bytes, line) === CR) return endLine(bytes, line, facts);
    let index = line;
    while (index < length && IS_TOKEN[octetAt(bytes, index)] === 1) index += 1;
    if (index === length) return INCOMPLETE;
    // A line that begins with a space is a folded one (obs-fold); a space before the colon hides a name from some readers.
    if (index === line || octetAt(bytes, index) !== COLON) return refuse(facts, "A header line does not begin with a name and a colon.");
    const nameEnd = index;
    index += 1;
    while (index < length && (octetAt(bytes, index) === SPACE || octetAt(bytes, index) === TAB)) index += 1;
    const valueStart = index;
    while (index < length && IS_VALUE[octetAt(bytes, index)] === 1) index += 1;
    const next = endLine(bytes, index, facts);
    if (next < 0) return next;
    let valueEnd = index;
    while (valueEnd > valueStart && (octetAt(bytes, valueEnd - 1) === SPACE || octetAt(bytes, valueEnd - 1) === TAB)) valueEnd -= 1;
    if (!noteField(bytes, line, nameEnd, valueStart, valueEnd, next, facts)) return BAD;
    line = next;
  }
  return INCOMPLETE;
}

function refuse(facts: HeadFacts, problem: string): number {
  facts.problem = problem;
  return BAD;
}
