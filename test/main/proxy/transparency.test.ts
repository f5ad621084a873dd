// Seeded exchanges of every framing and coding through the proxy, compared byte for byte at both ends and in the copy.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { type Proxy as ProxyEndpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import type { TappedExchange } from "../../../src/main/proxy/tap.ts";
import { END, type FakeUpstream, startFakeUpstream } from "../../support/fake_upstream.ts";
import { newSeed } from "../../support/random.ts";
import { openRaw } from "../../support/raw_client.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const SEED = newSeed();
const EXCHANGES = 2000;

type Pairs = readonly (readonly [string, string])[];

interface Message {
  readonly wire: Buffer;
  readonly headers: Pairs;
  /** Without transfer coding. */
  readonly body: Buffer;
}

interface Planned {
  readonly number: number;
  readonly method: string;
  readonly target: string;
  readonly request: Message;
  readonly status: number;
  readonly response: Message;
  /** What the upstream sends: interim answers, then the response. */
  readonly answerWire: Buffer;
  readonly closeDelimited: boolean;
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = randomFrom(SEED);
const below = (limit: number): number => Math.floor(random() * limit);
function pick<T>(...choices: readonly T[]): T {
  const choice = choices[below(choices.length)];
  if (choice === undefined) throw new Error("nothing to pick from");
  return choice;
}

function payload(): { readonly bytes: Buffer; readonly coding: string } {
  const size = pick(0, 1, 2, 17, 600, 2048, 9000, 70_000, 200_000);
  const plain = Buffer.from(Array.from({ length: size }, () => below(256)));
  const coding = pick("identity", "gzip", "deflate", "br", "zstd");
  return { bytes: encoded(plain, coding), coding };
}

function encoded(plain: Buffer, coding: string): Buffer {
  switch (coding) {
    case "gzip":
      return gzipSync(plain);
    case "deflate":
      return random() < 0.5 ? deflateSync(plain) : deflateRawSync(plain);
    case "br":
      return brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
    case "zstd":
      return zstdCompressSync(plain);
    default:
      return plain;
  }
}

function chunked(body: Buffer, trailers: boolean): Buffer {
  const parts: Buffer[] = [];
  const most = body.length < 3000 ? pick(1, 7, 1000) : pick(977, 16_384, 100_000);
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + below(most));
    const extension = pick("", "", "", ";name=value", ';q="a b"');
    const digits = pick(size.toString(16), size.toString(16).toUpperCase(), `00${size.toString(16)}`);
    parts.push(Buffer.from(`${digits}${extension}\r\n`), body.subarray(at, at + size), Buffer.from("\r\n"));
    at += size;
  }
  parts.push(Buffer.from(trailers ? "0\r\nX-Trailer: one\r\nx-trailer: two\r\n\r\n" : "0\r\n\r\n"));
  return Buffer.concat(parts);
}

const EXTRA: Pairs = [
  ["X-Opaque-Id", "dashboard:é"],
  ["x-DuPlicate", "1"],
  ["X-Duplicate", "2"],
  ["Accept", "application/vnd.elasticsearch+json; compatible-with=9"],
  ["Cookie", "a=b; c=d"],
  ["Empty", ""],
  ["Keep-Alive", "timeout=5"],
  ["TE", "trailers"],
  ["X-Elastic-Product", "Elasticsearch"],
];

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

function printMessage(start: string, headers: Pairs, tail: Buffer): Buffer {
  const lines = headers.map(([name, value]) => `${name}:${pick(" ", "", "\t ")}${value}${pick("", "", " ")}\r\n`).join("");
  return Buffer.concat([Buffer.from(`${start}\r\n${lines}\r\n`, "latin1"), tail]);
}

function message(start: string, framing: string, fixed: Pairs): Message {
  const { bytes, coding } = framing === "none" ? { bytes: Buffer.alloc(0), coding: "identity" } : payload();
  const own: (readonly [string, string])[] = [...fixed, ...shuffled(EXTRA).slice(0, below(EXTRA.length))];
  if (coding !== "identity") own.push(["Content-Encoding", coding]);
  const trailers = framing === "chunked" && random() < 0.3;
  if (trailers) own.push(["Trailer", "X-Trailer"]);
  if (framing === "length") own.push([pick("Content-Length", "content-length", "CONTENT-length"), String(bytes.length)]);
  if (framing === "chunked") own.push([pick("Transfer-Encoding", "transfer-encoding"), pick("chunked", "Chunked")]);
  const headers = shuffled(own);
  return { headers, body: bytes, wire: printMessage(start, headers, framing === "chunked" ? chunked(bytes, trailers) : bytes) };
}

const TARGETS = [
  "/_search?size=0",
  "/a%2Fb/_doc/1",
  "/logs-*,-x/_search",
  "/i//_search/../x?q=%20",
  "/_bulk",
  "/_msearch?a=b&&c",
  "/é/_count",
  "/",
];

function plan(number: number): Planned {
  const method = pick("GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH");
  const target = pick(...TARGETS);
  const framing = method === "HEAD" ? "none" : pick("none", "length", "length", "chunked");
  const request = message(`${method} ${target} HTTP/1.1`, framing, [
    [pick("Host", "host", "HOST"), pick("127.0.0.1:9280", "localhost:9280", "localhost", "[::1]:1")],
    ["X-Number", String(number)],
  ]);
  const status = pick(200, 200, 200, 201, 404, 204, 304);
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  const answerFraming = bodiless ? "none" : pick("length", "length", "chunked", "close");
  const closeDelimited = answerFraming === "close";
  const fixed: Pairs =
    method === "HEAD" && random() < 0.5 ? [["content-length", "4711"]] : status === 304 ? [["Content-Length", "99"]] : [];
  const response = message(`HTTP/1.1 ${status} ${pick("OK", "", "Any Words at all")}`, answerFraming, fixed);
  const interim = random() < 0.15 ? pick("HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n") : "";
  return {
    number,
    method,
    target,
    request,
    status,
    response,
    answerWire: Buffer.concat([Buffer.from(interim), response.wire]),
    closeDelimited,
  };
}

function pieces(bytes: Buffer): readonly Buffer[] {
  const cuts = shuffled(Array.from({ length: pick(0, 0, 1, 3, 12) }, () => below(bytes.length))).toSorted((a, b) => a - b);
  return [...cuts, bytes.length]
    .map((cut, index) => bytes.subarray(index === 0 ? 0 : cuts[index - 1], cut))
    .filter((piece) => piece.length > 0);
}

describe(`bytes pass unchanged (PARALLAX_TEST_SEED=${SEED})`, () => {
  const plans = Array.from({ length: EXCHANGES }, (_, number) => plan(number));
  let upstream: FakeUpstream;
  let proxy: ProxyEndpoint;
  let tap: RecordingTap;

  before(async () => {
    tap = recordingTap();
    upstream = await startFakeUpstream((request) => {
      const planned = plans[Number(request.headers.find(([name]) => name === "X-Number")?.[1])];
      if (planned === undefined) throw new Error(`no plan for ${request.start}`);
      return planned.closeDelimited ? [...pieces(planned.answerWire), END] : pieces(planned.answerWire);
    });
    proxy = await startProxy({ upstream: upstream.url, port: 0, tap });
  });
  after(async () => {
    await proxy.stop();
    await upstream.close();
  });

  test(`${EXCHANGES} exchanges differ in no byte, either way`, async () => {
    const groups: Planned[][] = [[]];
    for (const planned of plans) {
      const group = groups.at(-1);
      group?.push(planned);
      // Only the last answer of a connection can be ended by it.
      if (planned.closeDelimited || group?.length === 8) groups.push([]);
    }
    for (let at = 0; at < groups.length; at += 8) await Promise.all(groups.slice(at, at + 8).map(runGroup));
    assert.equal(upstream.requests.length, EXCHANGES);
  });

  /** One connection; some requests are sent before the answers to those before them. */
  async function runGroup(group: readonly Planned[]): Promise<void> {
    const connection = await openRaw(proxy.port);
    let due: Planned[] = [];
    for (const planned of group) {
      const { wire } = planned.request;
      await connection.sendPieces(
        wire,
        shuffled(Array.from({ length: pick(0, 0, 1, 5) }, () => below(wire.length))).toSorted((a, b) => a - b),
      );
      due.push(planned);
      if (random() < 0.4 && planned !== group.at(-1)) continue;
      for (const answered of due) {
        const bytes = await connection.receive(answered.answerWire.length);
        assert.ok(bytes.equals(answered.answerWire), `answer ${answered.number} differs`);
      }
      due = [];
    }
    assert.equal(connection.unread, 0);
    if (group.at(-1)?.closeDelimited) assert.equal((await connection.untilEnd()).bytes.length, 0);
    connection.destroy();
    const sent = Buffer.concat(group.map(({ request }) => request.wire));
    assert.ok(upstream.received.some((bytes) => bytes.equals(sent)) || group.length === 0, `requests from ${group[0]?.number} differ`);
  }

  test("the copies are the same messages, without transfer coding", async () => {
    await tap.settled(EXCHANGES);
    assert.equal(tap.missedCount, 0);
    assert.equal(tap.heads.length, EXCHANGES);
    const byNumber = new Map(tap.exchanges.map((exchange) => [numberOf(exchange), exchange]));
    for (const planned of plans) {
      const exchange = byNumber.get(planned.number);
      assert.ok(exchange, `exchange ${planned.number} was not tapped`);
      const { request, response } = exchange;
      assert.equal(exchange.error, "");
      assert.equal(request.method, planned.method);
      assert.equal(request.target, planned.target);
      assert.deepEqual(request.headers, planned.request.headers);
      assert.ok(planned.request.body.equals(request.body), `request body ${planned.number} differs`);
      assert.equal(request.bodyBytes, planned.request.body.length);
      assert.equal(response?.status, planned.status);
      assert.deepEqual(response?.headers, planned.response.headers);
      assert.ok(planned.response.body.equals(response?.body ?? Buffer.alloc(1)), `response body ${planned.number} differs`);
      assert.equal(request.truncated || response?.truncated, false);
      const { requestSent = -1, firstByte = -1, lastByte = -1 } = exchange.phases;
      assert.ok(requestSent >= 0 && firstByte >= 0 && lastByte >= firstByte);
    }
  });

  test("exchanges are announced in the order of their ids", () => {
    assert.deepEqual(
      tap.heads.map(({ id }) => id),
      Array.from({ length: EXCHANGES }, (_, index) => index + 1),
    );
  });
});

function numberOf(exchange: TappedExchange): number {
  return Number(exchange.request.headers.find(([name]) => name === "X-Number")?.[1]);
}
