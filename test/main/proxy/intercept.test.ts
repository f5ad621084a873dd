// The intercept proxy on its own: which way requests go, and that what passes is what was sent.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect as connectPlain, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Intercept, startIntercept } from "../../../src/main/proxy/intercept/intercept.ts";
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { answering, openTlsTunnel, openTunnel, SERVER_AUTHORITY, type SocketServer, startSocketServer } from "../../support/intercepted.ts";
import { until } from "../../support/parallax_process.ts";
import { openRaw, rawRequest } from "../../support/raw_client.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const ELSEWHERE = "es.test:9200";

describe("the intercept proxy", () => {
  const folder = mkdtempSync(join(tmpdir(), "intercept-"));
  let endpoint: FakeUpstream;
  let plain: FakeUpstream;
  let tap: RecordingTap;
  let proxy: Intercept;
  const closing: (() => Promise<void>)[] = [];
  const problems: string[] = [];

  before(async () => {
    endpoint = await startFakeUpstream(() => jsonAnswer('{"from":"endpoint"}'));
    plain = await startFakeUpstream(() => jsonAnswer('{"from":"elsewhere"}'));
    tap = recordingTap();
    const { certificate: ca } = SERVER_AUTHORITY;
    const elsewhere = { endpoint: endpoint.port, elasticsearchHosts: [ELSEWHERE], passThrough: ["localhost.test"] };
    proxy = await startIntercept({ port: 0, tap, folder, ...elsewhere, ca, ownPorts: [1], problem: (message) => problems.push(message) });
  });
  after(async () => {
    await proxy.stop();
    for (const close of [endpoint.close, plain.close, ...closing]) await close();
    rmSync(folder, { recursive: true });
  });

  /** A server of TLS for 127.0.0.1 that lives as long as the tests. */
  async function secure(answer: Parameters<typeof answering>[0], host = "127.0.0.1"): Promise<SocketServer> {
    const server = await startSocketServer(answering(answer), host);
    closing.push(server.close);
    return server;
  }
  const trusted = async (): Promise<string> => {
    const { body } = await rawRequest(proxy.port, "GET /ca.pem HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    return body.toString();
  };
  const inTunnel = async (port: number, host = "127.0.0.1") => openTlsTunnel(proxy.port, `${host}:${port}`, { ca: await trusted(), host });

  test("passes http as it is but for the target, and captures it with its URL", async () => {
    const origin = `http://127.0.0.1:${plain.port}`;
    const fields = `Host: 127.0.0.1:${plain.port}\r\nx-Case: a\r\nX-CASE: b\r\nAccept:  */* \r\n`;
    const sent = `GET ${origin}/a/%2F//..?q=1 HTTP/1.1\r\n${fields}Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\n`;
    assert.match((await rawRequest(proxy.port, sent)).body.toString(), /elsewhere/);
    assert.equal(plain.received.at(-1)?.toString(), `GET /a/%2F//..?q=1 HTTP/1.1\r\n${fields}\r\n`);
    const { request, response } = await tap.exchange(`${origin}/a/%2F//..?q=1`);
    assert.deepEqual([request.method, response?.status, response?.body.toString()], ["GET", 200, '{"from":"elsewhere"}']);
  });

  test("puts a path where the URL has none, and the target's name where Host says another", async () => {
    await rawRequest(proxy.port, `OPTIONS http://127.0.0.1:${plain.port}?x HTTP/1.1\r\nHost: other.test\r\n\r\n`);
    assert.equal(plain.received.at(-1)?.toString(), `OPTIONS /?x HTTP/1.1\r\nHost: 127.0.0.1:${plain.port}\r\n\r\n`);
  });

  test("sends each request of one connection to its own server", async () => {
    const other = await startFakeUpstream(() => jsonAnswer('{"from":"other"}'));
    closing.push(other.close);
    const client = await openRaw(proxy.port);
    for (const [port, from] of [
      [plain.port, "elsewhere"],
      [other.port, "other"],
      [plain.port, "elsewhere"],
    ] as const) {
      await client.send(
        `POST http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
      );
      assert.match((await client.response()).body.toString(), new RegExp(from));
    }
    client.destroy();
    assert.equal(other.requests[0]?.body.toString(), "hi");
  });

  test("never has requests to two servers under way on one connection", async () => {
    const silent = await startFakeUpstream(() => undefined);
    closing.push(silent.close);
    const client = await openRaw(proxy.port);
    const get = (port: number): string => `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    const before = plain.requests.length;
    await client.send(get(silent.port) + get(plain.port));
    await until(
      () => silent.requests.length,
      (count) => count > 0,
    );
    for (const socket of silent.sockets) socket.destroy();
    await client.untilEnd();
    assert.equal(plain.requests.length, before);
  });

  test("hands requests to Elasticsearch to the endpoint, uncaptured and with what is meant for Parallax", async () => {
    await rawRequest(
      proxy.port,
      `DELETE http://${ELSEWHERE}/_pit HTTP/1.1\r\nHost: ${ELSEWHERE}\r\nX-Parallax-Backend: clickhouse\r\nContent-Length: 2\r\n\r\n{}`,
    );
    const sent = endpoint.received.at(-1)?.toString();
    assert.equal(
      sent,
      `DELETE /_pit HTTP/1.1\r\nHost: 127.0.0.1:${endpoint.port}\r\nX-Parallax-Backend: clickhouse\r\nContent-Length: 2\r\n\r\n{}`,
    );
    await rawRequest(proxy.port, `GET http://localhost:${endpoint.port}/ HTTP/1.1\r\nHost: localhost:${endpoint.port}\r\n\r\n`);
    assert.match(endpoint.received.at(-1)?.toString() ?? "", /^GET \/ HTTP\/1.1\r\nHost: localhost:/);
    const client = await openTlsTunnel(proxy.port, ELSEWHERE, { ca: await trusted(), servername: "es.test" });
    await client.send(`GET /_cat HTTP/1.1\r\nHost: ${ELSEWHERE}\r\n\r\n`);
    assert.match((await client.response()).body.toString(), /endpoint/);
    client.destroy();
    await rawRequest(proxy.port, `GET http://127.0.0.1:${plain.port}/after HTTP/1.1\r\nHost: 127.0.0.1:${plain.port}\r\n\r\n`);
    await tap.exchange(`http://127.0.0.1:${plain.port}/after`);
    assert.ok(tap.heads.every(({ target }) => !/_pit|_cat|es\.test/.test(target)));
  });

  test("opens TLS under its own authority and passes what is in it", async () => {
    const answer =
      "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 Fine\r\nX-a: 1\r\nx-A: 2\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: t\r\n\r\n";
    const heads: string[] = [];
    const server = await secure((head, socket) => {
      heads.push(head);
      socket.write(answer);
    });
    const client = await inTunnel(server.port);
    assert.equal(client.tls.authorized, true);
    const head = `GET /in?a=b HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nB: 1\r\nb: 2\r\n\r\n`;
    await client.send(head);
    assert.equal((await client.receive(answer.length)).toString(), answer);
    client.destroy();
    assert.deepEqual(heads, [head]);
    const { request, response } = await tap.exchange(`https://127.0.0.1:${server.port}/in?a=b`);
    assert.deepEqual([request.headers.length, response?.reason, response?.body.toString()], [3, "Fine", "abc"]);
  });

  test("proves the name that the client asks for, and asks the server to prove it", async () => {
    const server = await secure((_head, socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), "named.test");
    const client = await openTlsTunnel(proxy.port, `127.0.0.1:${server.port}`, { ca: await trusted(), servername: "named.test" });
    assert.match(client.tls.getPeerCertificate().subjectaltname ?? "", /DNS:named\.test/);
    await client.send("GET / HTTP/1.1\r\nHost: named.test\r\n\r\n");
    assert.match((await client.response()).start, /200/);
    client.destroy();
  });

  test("says in words why a server is not trusted", async () => {
    const server = await secure((_head, socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), "somebody.test");
    const client = await inTunnel(server.port);
    await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const { start, body } = await client.response();
    client.destroy();
    assert.match(start, /502/);
    assert.match(
      body.toString(),
      new RegExp(`https://127.0.0.1:${server.port} has a certificate that is not trusted: .*does not match.*--intercept-ca FILE`),
    );
    const { error } = await tap.exchange(`https://127.0.0.1:${server.port}/`);
    assert.match(error, /not trusted/);
  });

  test("says where nothing listens", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => void gone.listen(0, "127.0.0.1", resolve));
    const address = gone.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((resolve) => gone.close(resolve));
    const { start, body } = await rawRequest(proxy.port, `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    assert.match(`${start} ${body}`, /502.*http:\/\/127\.0\.0\.1:\d+ refused the connection: nothing listens there\./);
  });

  for (const [how, head] of [
    ["a length", "Content-Length: 1000\r\n"],
    ["chunks", "Transfer-Encoding: chunked\r\n"],
    ["the connection's end", ""],
  ] as const) {
    test(`breaks off an answer framed by ${how} whose server dies in its middle`, async () => {
      const body = how === "chunks" ? "3\r\nabc\r\n" : "abc";
      const server = await startSocketServer(
        answering((_head, socket) => void socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n${body}`, () => socket.resetAndDestroy())),
        null,
      );
      closing.push(server.close);
      const client = await openRaw(proxy.port);
      await client.send(`GET http://127.0.0.1:${server.port}/${head.length} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
      const { bytes, error } = await client.untilEnd();
      assert.ok(!bytes.toString().endsWith("0\r\n\r\n"));
      if (how === "the connection's end") assert.equal(error, "ECONNRESET");
      const exchange = await tap.exchange(`http://127.0.0.1:${server.port}/${head.length}`);
      assert.match(exchange.error, /broke the connection|closed the connection/);
    });
  }

  test("breaks off within TLS without TLS's own end", async () => {
    // Only an orderly end of TLS may pass for the end of this answer.
    const server = await secure((_head, socket) => socket.write("HTTP/1.1 200 OK\r\n\r\nabc", () => socket.destroy()));
    const client = await inTunnel(server.port);
    const ended = Promise.withResolvers<string>();
    client.tls.once("error", (error: NodeJS.ErrnoException) => ended.resolve(error.code ?? "error"));
    client.tls.once("end", () => ended.resolve("end"));
    client.tls.once("close", () => ended.resolve("close"));
    await client.send("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n");
    await client.receive("HTTP/1.1 200 OK\r\n\r\nabc".length);
    await ended.promise;
    const exchange = await tap.exchange(`https://127.0.0.1:${server.port}/cut`);
    assert.equal(exchange.response?.status, 200);
  });

  test("tunnels an upgrade, as of WebSockets, in both directions", async () => {
    const server = await secure((head, socket, rest) => {
      assert.match(head, /Sec-WebSocket-Protocol: mine/);
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      if (rest.length > 0) socket.write(rest);
      socket.pipe(socket);
    });
    const client = await inTunnel(server.port);
    await client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mine\r\n\r\n");
    assert.match((await client.response()).start, /101/);
    const bytes = randomBytes(300_000);
    const [, back] = await Promise.all([client.send(bytes), client.receive(bytes.length)]);
    assert.ok(back.equals(bytes));
    client.destroy();
  });

  test("goes on with HTTP/1.1 where HTTP/2 is offered beside it, and refuses HTTP/2 alone", async () => {
    const server = await secure((_head, socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    const ca = await trusted();
    const both = await openTlsTunnel(proxy.port, `127.0.0.1:${server.port}`, { ca, host: "127.0.0.1", ALPNProtocols: ["h2", "http/1.1"] });
    assert.equal(both.tls.alpnProtocol, "http/1.1");
    both.destroy();
    const alone = openTlsTunnel(proxy.port, `127.0.0.1:${server.port}`, { ca, host: "127.0.0.1", ALPNProtocols: ["h2"] });
    await assert.rejects(alone, /no application protocol|closed|NO_APPLICATION_PROTOCOL/i);
    const preface = await openRaw(proxy.port);
    await preface.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert.match((await preface.response()).start, /400/);
    preface.destroy();
  });

  test("names a host whose client does not trust it, once", async () => {
    const refused = (): Promise<unknown> =>
      openTlsTunnel(proxy.port, "untrusting.test:443", { servername: "untrusting.test", ca: SERVER_AUTHORITY.certificate });
    await assert.rejects(refused());
    await assert.rejects(refused());
    const told = (): readonly string[] => problems.filter((problem) => problem.includes("untrusting.test"));
    await until(told, ({ length }) => length > 0);
    assert.equal(told().length, 1);
    assert.match(told()[0] ?? "", /does it trust Parallax's certificate\?/);
  });

  test("passes a body longer than what is captured, whole", async () => {
    const part = randomBytes(1024 * 1024);
    const parts = 136;
    const server = await secure((_head, socket) => {
      let left = parts;
      const more = (): void => {
        while (left > 0) {
          left -= 1;
          if (!socket.write(part)) {
            socket.once("drain", more);
            return;
          }
        }
      };
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${parts * part.length}\r\n\r\n`);
      more();
    });
    const wanted = createHash("sha256");
    for (let count = 0; count < parts; count += 1) wanted.update(part);
    const client = await inTunnel(server.port);
    await client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
    await client.receive(`HTTP/1.1 200 OK\r\nContent-Length: ${parts * part.length}\r\n\r\n`.length);
    const got = createHash("sha256");
    for (let count = 0; count < parts; count += 1) got.update(await client.receive(part.length));
    client.destroy();
    assert.equal(got.digest("hex"), wanted.digest("hex"));
    const { response } = await tap.exchange(`https://127.0.0.1:${server.port}/long`);
    assert.deepEqual([response?.truncated, response?.bodyBytes], [true, parts * part.length]);
  });

  test("is not to be had as a way to Parallax's own ports", async () => {
    for (const host of ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "127.1"]) {
      const url = `http://${host}:${proxy.port}/`;
      const { start, body } = await rawRequest(proxy.port, `GET ${url} HTTP/1.1\r\nHost: ${host}:${proxy.port}\r\n\r\n`);
      assert.match(`${start} ${body}`, /403.*Parallax itself|502.*Parallax itself/, host);
    }
    await assert.rejects(openTunnel(proxy.port, `127.0.0.1:${proxy.port}`), /403.*Parallax itself/);
    await assert.rejects(openTunnel(proxy.port, "127.0.0.1:1"), /403.*Parallax itself/);
  });

  test("refuses what names no server, or names it in two ways", async () => {
    const sent: readonly (readonly [string, RegExp])[] = [
      ["GET / HTTP/1.1\r\nHost: example.test\r\n\r\n", /400.*tell it to your client/],
      ["CONNECT example.test HTTP/1.1\r\nHost: a\r\n\r\n", /400.*host:port/],
      ["CONNECT user@example.test:443 HTTP/1.1\r\nHost: a\r\n\r\n", /400.*host:port/],
      ["GET http://user:pw@example.test/ HTTP/1.1\r\nHost: example.test\r\n\r\n", /400.*does not name a server/],
      ["GET ftp://example.test/ HTTP/1.1\r\nHost: example.test\r\n\r\n", /400.*does not name a server/],
      [`GET http://127.0.0.1:${plain.port}/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`, /400.*more than one Host/],
      [
        `POST http://127.0.0.1:${plain.port}/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
        /400.*both given/,
      ],
      ["nonsense\r\n\r\n", /400/],
    ];
    const before = plain.requests.length;
    for (const [request, wanted] of sent) {
      const { start, body } = await rawRequest(proxy.port, request);
      assert.match(`${start} ${body}`, wanted, request);
    }
    assert.equal(plain.requests.length, before);
  });

  test("leaves the TLS of a host unread where it is told to", async () => {
    const unread = recordingTap();
    const server = await secure((_head, socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    const passing = await startIntercept({ port: 0, tap: unread, folder, endpoint: endpoint.port, passThrough: ["127.0.0.*"] });
    const client = await openTlsTunnel(passing.port, `127.0.0.1:${server.port}`, { ca: SERVER_AUTHORITY.certificate, host: "127.0.0.1" });
    await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.equal((await client.response()).body.toString(), "ok");
    client.destroy();
    await assert.rejects(openTunnel(passing.port, "127.0.0.1:2"), /502.*refused the connection/);
    await passing.stop();
    assert.deepEqual(unread.heads, []);
  });

  test("passes a tunnel that speaks neither TLS nor HTTP", async () => {
    const server = await startSocketServer((socket) => void socket.pipe(socket), null);
    closing.push(server.close);
    const client = await openTunnel(proxy.port, `127.0.0.1:${server.port}`);
    const bytes = Buffer.concat([Buffer.from([1]), randomBytes(50_000)]);
    await client.send(bytes);
    assert.ok((await client.receive(bytes.length)).equals(bytes));
    client.destroy();
  });

  test("reads plain HTTP in a tunnel", async () => {
    const client = await openTunnel(proxy.port, `127.0.0.1:${plain.port}`);
    await client.send(`GET /tunnelled HTTP/1.1\r\nHost: 127.0.0.1:${plain.port}\r\n\r\n`);
    assert.match((await client.response()).body.toString(), /elsewhere/);
    client.destroy();
    await tap.exchange(`http://127.0.0.1:${plain.port}/tunnelled`);
  });

  test("gives its certificate to whoever asks it directly or by its name, by TLS too", async () => {
    const pem = readFileSync(join(folder, "ca.pem"), "utf8");
    assert.equal(await trusted(), pem);
    const named = await rawRequest(proxy.port, "GET http://parallax.local/ HTTP/1.1\r\nHost: parallax.local\r\n\r\n");
    assert.match(named.body.toString(), /<h3>Firefox<\/h3>/);
    const client = await openTlsTunnel(proxy.port, "parallax.local:443", { ca: pem, servername: "parallax.local" });
    await client.send("GET /ca.crt HTTP/1.1\r\nHost: parallax.local\r\n\r\n");
    assert.equal((await client.response()).body.toString("base64"), pem.replace(/-----.*-----|\n/g, ""));
    client.destroy();
    assert.match((await rawRequest(proxy.port, "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")).start, /404/);
    assert.match((await rawRequest(proxy.port, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")).start, /405/);
  });

  test("gives way when its port is taken, unless that one was asked for", async () => {
    const options = { tap: recordingTap(), folder, endpoint: endpoint.port };
    await assert.rejects(
      startIntercept({ ...options, port: proxy.port, exactPort: true }),
      /Port \d+ on 127.0.0.1 is taken.*--intercept-port/,
    );
    const next = await startIntercept({ ...options, port: proxy.port });
    assert.notEqual(next.port, proxy.port);
    await next.stop();
  });

  test("ends when stopped, with tunnels open", async () => {
    const other = await startIntercept({ port: 0, tap: recordingTap(), folder, endpoint: endpoint.port });
    const idle = connectPlain(other.port, "127.0.0.1");
    idle.on("error", () => {});
    const tunnel = await openTunnel(other.port, `127.0.0.1:${plain.port}`);
    await other.stop();
    await tunnel.untilEnd();
    assert.equal(other.connections(), 0);
    idle.destroy();
  });
});
