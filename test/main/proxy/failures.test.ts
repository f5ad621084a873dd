// The client never hangs and never takes a broken answer for a whole one.
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { type Proxy as ProxyEndpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import { type FakeUpstream, jsonAnswer, type Script, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw, rawRequest } from "../../support/raw_client.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const GET = "GET /_search HTTP/1.1\r\nHost: localhost\r\n\r\n";
const BODY = "x".repeat(100_000);

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("an upstream that fails", () => {
  let upstream: FakeUpstream;
  let proxy: ProxyEndpoint;
  let tap: RecordingTap;
  let script: Script;

  before(async () => {
    tap = recordingTap();
    upstream = await startFakeUpstream((request, socket) => script(request, socket));
    proxy = await startProxy({ upstream: upstream.url, port: 0, tap });
  });
  after(async () => {
    await proxy.stop();
    await upstream.close();
  });

  test("nothing listens: 502 in Elasticsearch's shape within a second, and again once it listens, an answer", async () => {
    const port = await unusedPort();
    const deadTap = recordingTap();
    const dead = await startProxy({ upstream: `http://user:secret@127.0.0.1:${port}`, port: 0, tap: deadTap });
    const began = Date.now();
    const answer = await rawRequest(dead.port, GET);
    assert.ok(Date.now() - began < 1000);
    assert.match(answer.start, /^HTTP\/1\.1 502 /);
    const body = JSON.parse(answer.body.toString());
    assert.equal(body.status, 502);
    assert.equal(body.error.root_cause[0].type, body.error.type);
    assert.match(body.error.reason, new RegExp(`^Elasticsearch at http://127\\.0\\.0\\.1:${port} refused the connection: `));
    assert.ok(!answer.body.toString().includes("secret"));
    await deadTap.settled(1);
    assert.equal(deadTap.exchanges[0]?.response, null);
    assert.equal(deadTap.exchanges[0]?.error, body.error.reason);

    script = () => jsonAnswer("{}");
    await dead.setUpstream(upstream.url);
    assert.match((await rawRequest(dead.port, GET)).start, /200/);
    await dead.stop();
  });

  test("an answer to HEAD has no body, a refusal neither", async () => {
    const dead = await startProxy({ upstream: `http://127.0.0.1:${await unusedPort()}`, port: 0, tap: recordingTap() });
    const connection = await openRaw(dead.port);
    await connection.send(GET.replace("GET", "HEAD"));
    assert.match((await connection.response(true)).start, /502/);
    assert.equal((await connection.untilEnd()).bytes.length, 0);
    connection.destroy();
    await dead.stop();
  });

  test("a name without an address and TLS where there is none are told apart", async () => {
    const nowhere = await startProxy({ upstream: "http://no-such-host.invalid:9200", port: 0, tap: recordingTap() });
    assert.match((await rawRequest(nowhere.port, GET)).body.toString(), /could not be found: the name no-such-host\.invalid/);
    await nowhere.setUpstream(`https://127.0.0.1:${upstream.port}`);
    script = () => jsonAnswer("{}");
    upstream.sockets.length = 0;
    const answered = rawRequest(nowhere.port, GET);
    // The fake upstream waits for a head that TLS never sends; a real one would close.
    const deadline = Date.now() + 5000;
    while (upstream.sockets.length === 0 && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
    upstream.sockets[0]?.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    const { start, body } = await answered;
    assert.match(start, /502/);
    assert.match(body.toString(), /does not speak TLS as expected/);
    await nowhere.stop();
  });

  test("a large request to a dead upstream still gets its answer", async () => {
    const dead = await startProxy({ upstream: `http://127.0.0.1:${await unusedPort()}`, port: 0, tap: recordingTap() });
    const connection = await openRaw(dead.port);
    await connection.send("POST /_bulk HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n\r\n");
    void connection.send(Buffer.alloc(5_000_000));
    assert.match((await connection.response()).start, /502/);
    connection.destroy();
    await dead.stop();
  });

  const HEAD = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${BODY.length}\r\n\r\n`);
  const DEATHS: readonly [string, (socket: Socket) => void][] = [
    ["closes", (socket) => void socket.end()],
    ["resets", (socket) => void socket.resetAndDestroy()],
  ];
  for (const [how, die] of DEATHS) {
    test(`it ${how} before a byte or in the head: 502`, async () => {
      for (const sent of ["", "HTTP/1.1 200 OK\r\ncontent-le"]) {
        script = (_request, socket) => {
          if (sent === "") die(socket);
          else socket.write(sent, () => setImmediate(() => die(socket)));
          return undefined;
        };
        const answer = await rawRequest(proxy.port, GET);
        assert.match(answer.start, /502/);
        assert.match(JSON.parse(answer.body.toString()).error.reason, /before its answer was complete/);
      }
    });

    for (const share of [0, 0.01, 0.5, 0.99]) {
      test(`it ${how} after ${share * 100} % of the body: the client sees it within a second`, async () => {
        const target = `/${how}/${share}`;
        let died = 0;
        script = (_request, socket) => {
          socket.write(Buffer.concat([HEAD, Buffer.from(BODY.slice(0, BODY.length * share))]), () => {
            // Once the client has read something, so that the head is known to have gone through.
            client.socket.once("data", () => {
              died = Date.now();
              die(socket);
            });
          });
          return undefined;
        };
        const client = await openRaw(proxy.port);
        await client.send(GET.replace("/_search", target));
        const { bytes } = await client.untilEnd();
        assert.ok(Date.now() - died < 1000);
        assert.ok(bytes.length < HEAD.length + BODY.length);
        client.destroy();
        const exchange = await tap.exchange(target);
        assert.match(exchange.error, /before its answer was complete/);
        assert.equal(exchange.response?.truncated, true);
      });
    }

    test(`it ${how} within a chunk: the client sees no last chunk`, async () => {
      script = (_request, socket) => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n", () => {
          client.socket.once("data", () => die(socket));
        });
        return undefined;
      };
      const client = await openRaw(proxy.port);
      await client.send(GET);
      assert.ok(!(await client.untilEnd()).bytes.toString().includes("\r\n0\r\n"));
      client.destroy();
    });
  }

  test("a reset within an answer that only the connection's end would end reaches the client as a reset", async () => {
    script = (_request, socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\nsome", () => client.socket.once("data", () => socket.resetAndDestroy()));
      return undefined;
    };
    const client = await openRaw(proxy.port);
    const broken = new Promise<string>(
      (resolve) => void client.socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "")),
    );
    await client.send(GET);
    assert.equal(await broken, "ECONNRESET");
  });

  test("malformed answers become 502 and nothing of them reaches the client", async () => {
    for (const answer of [
      "SSH-2.0-OpenSSH_9.2\r\n",
      "HTTP/2 200 OK\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    ]) {
      script = () => [Buffer.from(answer)];
      const got = await rawRequest(proxy.port, GET);
      assert.match(got.start, /502/, answer);
      assert.match(got.body.toString(), /malformed answer|switched protocols/, answer);
    }
  });

  test("an upstream that restarts between two requests costs the client nothing", async () => {
    script = () => jsonAnswer("{}");
    const client = await openRaw(proxy.port);
    await client.send(GET);
    await client.response();
    const connections = upstream.sockets.length;
    const socket = upstream.sockets.at(-1);
    const gone = new Promise((resolve) => socket?.once("close", resolve));
    socket?.end();
    await gone;
    await client.send(GET);
    assert.match((await client.response()).start, /200/);
    assert.equal(upstream.sockets.length, connections + 1);
    client.destroy();
  });

  test("an answer that announces the connection's end ends it", async () => {
    script = (_request, socket) => {
      socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}");
      return undefined;
    };
    const client = await openRaw(proxy.port);
    await client.send(GET);
    assert.ok((await client.untilEnd()).bytes.toString().endsWith("{}"));
    client.destroy();
  });

  test("what was pipelined after a request for the connection's end gets no answer", async () => {
    script = (_request, socket) => {
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
      return undefined;
    };
    const client = await openRaw(proxy.port);
    await client.send(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n") + GET);
    assert.ok((await client.untilEnd()).bytes.toString().endsWith("\r\n\r\n{}"));
    client.destroy();
  });

  test("bytes that nobody asked for cost only the idle upstream connection", async () => {
    script = () => jsonAnswer("{}");
    const client = await openRaw(proxy.port);
    await client.send(GET);
    await client.response();
    const socket = upstream.sockets.at(-1);
    const gone = new Promise((resolve) => socket?.once("close", resolve));
    socket?.write("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n");
    await gone;
    await client.send(GET);
    assert.match((await client.response()).start, /200/);
    client.destroy();
  });

  test("a client that leaves takes its upstream connection along", async () => {
    const arrived = Promise.withResolvers<Socket>();
    script = (_request, socket) => {
      arrived.resolve(socket);
      return undefined;
    };
    const client = await openRaw(proxy.port);
    await client.send(GET.replace("/_search", "/left"));
    const socket = await arrived.promise;
    const closed = new Promise((resolve) => void socket.once("close", resolve));
    client.destroy();
    await closed;
    assert.match((await tap.exchange("/left")).error, /^The client closed the connection/);
  });

  test("a client that only ends its sending side gets its answer", async () => {
    script = () => jsonAnswer('{"late":true}');
    const client = await openRaw(proxy.port);
    await client.send(GET);
    client.end();
    assert.match((await client.untilEnd()).bytes.toString(), /late/);
  });

  test("an early answer passes while the request goes on", async () => {
    const early = await new Promise<{ readonly port: number; close(): void }>((resolve) => {
      const server = createServer((socket) => {
        socket.once("data", () => socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n"));
        socket.on("error", () => socket.destroy());
      });
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve({ port: typeof address === "object" && address !== null ? address.port : 0, close: () => void server.close() });
      });
    });
    const endpoint = await startProxy({ upstream: `http://127.0.0.1:${early.port}`, port: 0, tap: recordingTap() });
    const client = await openRaw(endpoint.port);
    await client.send("POST /_bulk HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345");
    assert.match((await client.response()).start, /413/);
    client.destroy();
    await endpoint.stop();
    early.close();
  });
});
