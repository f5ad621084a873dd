// Requests that two readers could frame differently never reach the upstream; what is framed well is followed at every cut.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { type Proxy as ProxyEndpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import { chunks, HOST, post, REFUSED, SMUGGLED } from "../../corpus/hostile_requests.ts";
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw, type RawMessage, rawRequest } from "../../support/raw_client.ts";
import { recordingTap } from "../../support/recording_tap.ts";

function assertErrorShape(answer: RawMessage): void {
  const body = JSON.parse(answer.body.toString());
  const status = Number(answer.start.split(" ")[1]);
  assert.ok(status >= 400 && status < 500, answer.start);
  assert.equal(body.status, status);
  assert.equal(body.error.root_cause[0].reason, body.error.reason);
  assert.ok(body.error.reason.length > 20 && body.error.type.length > 5);
}

describe("framing", () => {
  let upstream: FakeUpstream;
  let proxy: ProxyEndpoint;

  before(async () => {
    upstream = await startFakeUpstream(() => jsonAnswer("{}"));
    proxy = await startProxy({ upstream: upstream.url, port: 0, tap: recordingTap() });
  });
  after(async () => {
    await proxy.stop();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.requests.length = 0;
  });

  for (const [name, bytes] of Object.entries(REFUSED)) {
    test(`${name} is refused and the connection closed`, async () => {
      const connection = await openRaw(proxy.port);
      await connection.send(Buffer.from(bytes, "latin1"));
      assertErrorShape(await connection.response());
      await connection.untilEnd();
      assert.deepEqual(
        upstream.requests.map(({ start }) => start),
        [],
      );
      connection.destroy();
    });
  }

  test("what is refused is refused at whatever octets it is cut", async () => {
    const cases = Object.entries(REFUSED);
    for (let at = 0; at < cases.length; at += 16) {
      await Promise.all(
        cases.slice(at, at + 16).map(async ([name, text]) => {
          const bytes = Buffer.from(text, "latin1");
          const connection = await openRaw(proxy.port);
          const every = Array.from({ length: bytes.length }, (_, index) => index);
          await Promise.all([connection.sendPieces(bytes, every), connection.response().then(assertErrorShape)]).catch((error: unknown) => {
            throw new Error(`${name}: ${String(error)}`);
          });
          connection.destroy();
        }),
      );
    }
    assert.equal(upstream.requests.length, 0);
  });

  test("good requests sent before a bad one are answered first", async () => {
    const connection = await openRaw(proxy.port);
    await connection.send(
      `GET /one HTTP/1.1\r\n${HOST}\r\nGET /two HTTP/1.1\r\n${HOST}\r\nGET /three HTTP/1.1\r\n${HOST}Content-Length: x\r\n\r\n`,
    );
    assert.match((await connection.response()).start, /200/);
    assert.match((await connection.response()).start, /200/);
    assertErrorShape(await connection.response());
    await connection.untilEnd();
    assert.equal(upstream.requests.length, 2);
    connection.destroy();
  });

  test("what follows a refused request is thrown away", async () => {
    const connection = await openRaw(proxy.port);
    await connection.send(post("Content-Length: 1\r\nContent-Length: 2\r\n", `x${SMUGGLED.repeat(50)}`));
    assertErrorShape(await connection.response());
    assert.equal((await connection.untilEnd()).bytes.length, 0);
    assert.equal(upstream.requests.length, 0);
    connection.destroy();
  });

  test("a head over the limit is refused with 431", async () => {
    const answer = await rawRequest(proxy.port, `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(70_000)}\r\n\r\n`);
    assert.match(answer.start, /431/);
    assertErrorShape(answer);
  });

  test("an empty line before a request is ignored", async () => {
    assert.match((await rawRequest(proxy.port, `\r\n\r\nGET / HTTP/1.1\r\n${HOST}\r\n`)).start, /200/);
    assert.ok(upstream.requests[0]?.wire.toString().startsWith("GET / HTTP/1.1"));
  });

  test("seeded mutations of good requests never make the upstream see a request that was not sent", async () => {
    let seed = 20_260_711;
    const below = (limit: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return seed % limit;
    };
    const good = [
      chunks("5\r\n12345\r\n3;x=y\r\nabc\r\n0\r\nX-T: 1\r\n\r\n"),
      post("Content-Length: 40\r\nX: y\r\n", SMUGGLED.padEnd(40, " ")),
      `GET /_search HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n{}`,
    ];
    const junk = ["\r", "\n", "\r\n", " ", "\t", ":", "0", "\x00", "Transfer-Encoding: chunked\r\n", "Content-Length: 3\r\n", "5\r\n"];
    for (let round = 0; round < 300; round += 1) {
      const base = good[below(good.length)] ?? "";
      const at = below(base.length);
      const mutated = base.slice(0, at) + (junk[below(junk.length)] ?? "") + base.slice(at + below(3));
      const connection = await openRaw(proxy.port);
      await connection.send(Buffer.from(mutated, "latin1"));
      connection.end();
      await connection.untilEnd();
      connection.destroy();
      for (const request of upstream.requests) {
        assert.ok(mutated.includes(request.wire.toString("latin1")), `seed 20260711, round ${round}: ${JSON.stringify(mutated)}`);
        // The smuggled request lies in the second one's body; nobody may take it for a request when that body is intact.
        if (request.start.includes("_smuggled")) assert.ok(!mutated.includes(good[1] ?? ""));
      }
      upstream.requests.length = 0;
    }
  });
});
