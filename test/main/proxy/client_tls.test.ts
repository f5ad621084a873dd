// Clients that speak TLS to the endpoint: opened with our own certificate or the user's, passed unread, refused; and those without
// TLS on the same port.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { BadOption } from "../../../src/main/config/json_file.ts";
import { clientTls } from "../../../src/main/config/tls_options.ts";
import type { ClientTls } from "../../../src/main/proxy/client_tls.ts";
import { type Identity, makeAuthority, makeHostIdentity } from "../../../src/main/proxy/intercept/certificate.ts";
import { type Proxy as Endpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { until } from "../../support/parallax_process.ts";
import { rawRequest, readMessage } from "../../support/raw_client.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const authority = makeAuthority("Tests", new Date());
const identity = (host: string): Identity => makeHostIdentity(authority, host, new Date());
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nx-Case: é\r\n\r\n`;

/** Asks over TLS, trusting `ca`; gives the answer's body. */
async function askTls(port: number, ca: string, path: string, host = "127.0.0.1"): Promise<string> {
  const name = host === "127.0.0.1" ? {} : { servername: host };
  const socket: TLSSocket = connect({ host: "127.0.0.1", port, ca, ...name, ALPNProtocols: ["h2", "http/1.1"] });
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the connection ended")));
    socket.once("secureConnect", () => socket.write(Buffer.from(get(path), "latin1")));
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const answer = readMessage(bytes);
      if (answer === null) return;
      resolve(answer.body.toString());
      socket.destroy();
    });
  });
}

describe("clients that speak TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "client-tls-"));
  const closing: (() => Promise<unknown>)[] = [];
  const problems: string[] = [];
  let upstream: FakeUpstream;

  before(async () => {
    upstream = await startFakeUpstream((request) => jsonAnswer(JSON.stringify(request.start)));
  });
  after(async () => {
    for (const close of closing) await close();
    await upstream.close();
    rmSync(folder, { recursive: true });
  });

  /** What the proxy's thread says comes when it comes. */
  async function told(what: RegExp): Promise<void> {
    assert.ok(await until(() => problems.some((message) => what.test(message)), Boolean));
  }

  async function endpoint(how: ClientTls | null, url = upstream.url): Promise<Endpoint & { readonly tap: RecordingTap }> {
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: url, port: 0, tap, clientTls: how, problem: (message) => void problems.push(message) });
    closing.push(() => proxy.stop());
    return Object.assign(proxy, { tap });
  }

  test("are served with a given certificate, and captured as others are, and clients without TLS beside them", async () => {
    const { certificate: cert, key } = identity("127.0.0.1");
    const { port, tap } = await endpoint({ kind: "given", cert, key });
    assert.equal(await askTls(port, authority.certificate, "/_search?a"), '"GET /_search?a HTTP/1.1"');
    assert.equal(upstream.received.at(-1)?.toString("latin1"), get("/_search?a"));
    assert.equal((await tap.exchange("/_search?a")).response?.status, 200);
    assert.equal((await rawRequest(port, get("/plain"))).body.toString(), '"GET /plain HTTP/1.1"');
    await assert.rejects(askTls(port, makeAuthority("Others", new Date()).certificate, "/"), /self-signed|unable to/);
  });

  test("are served under an authority of our own, by whatever name they ask for", async () => {
    const own = join(folder, "intercept");
    const { port } = await endpoint({ kind: "own", folder: own });
    assert.equal((await rawRequest(port, get("/first"))).body.toString(), '"GET /first HTTP/1.1"');
    await assert.rejects(askTls(port, authority.certificate, "/"));
    const ca = readFileSync(join(own, "ca.pem"), "utf8");
    assert.equal(await askTls(port, ca, "/a"), '"GET /a HTTP/1.1"');
    assert.equal(await askTls(port, ca, "/b", "localhost"), '"GET /b HTTP/1.1"');
  });

  test("pass unread to an Elasticsearch that speaks TLS, and nothing of them is captured", async () => {
    const { certificate: cert, key } = identity("127.0.0.1");
    const server = createServer({ cert, key }, (request, response) => response.end(`read by the server: ${request.url}`));
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    closing.push(async () => server.close());
    const address = server.address();
    const { port, tap } = await endpoint({ kind: "pass" }, `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
    assert.equal(await askTls(port, authority.certificate, "/x"), "read by the server: /x");
    assert.equal(tap.heads.length, 0);
    await told(/passes unread, and is neither captured nor mirrored/);
  });

  test("are not passed to an Elasticsearch without TLS", async () => {
    const { port } = await endpoint({ kind: "pass" });
    await assert.rejects(askTls(port, authority.certificate, "/"));
    await told(/--tls pass needs an https URL/);
  });

  test("are refused where nothing is said of them", async () => {
    const { port } = await endpoint(null);
    await assert.rejects(askTls(port, authority.certificate, "/"));
  });

  test("options that don't fit are named", () => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const [mine, other] = [identity("localhost"), identity("localhost")];
    const [cert, key] = [file("cert.pem", mine.certificate), file("key.pem", mine.key)];
    const ended = makeHostIdentity(authority, "localhost", new Date(Date.now() - 500 * 86_400_000));
    const old = { cert: file("old.pem", ended.certificate), key: file("old-key.pem", ended.key) };
    const none = { tls: null, cert: null, key: null, folder, mode: "tap", elasticsearch: "https://es:9200" } as const;
    assert.deepEqual(clientTls({ ...none, cert, key }), { kind: "given", cert: mine.certificate, key: mine.key });
    assert.deepEqual(clientTls({ ...none, tls: "own" }), { kind: "own", folder: join(folder, "intercept") });
    assert.deepEqual(clientTls({ ...none, tls: "pass" }), { kind: "pass" });
    assert.equal(clientTls(none), null);
    const refused = (values: Partial<Parameters<typeof clientTls>[0]>, why: RegExp): void =>
      assert.throws(
        () => clientTls({ ...none, ...values }),
        (error) => error instanceof BadOption && why.test(error.message),
      );
    refused({ cert }, /go together/);
    refused({ cert, key, tls: "own" }, /contradict/);
    refused({ cert, key: file("other.pem", other.key) }, /is not the key of the certificate/);
    refused({ cert: key, key }, /tls-cert\).*holds no PEM certificate/);
    refused({ cert, key: cert }, /tls-key\).*holds no PEM private key/);
    refused({ cert: join(folder, "none"), key }, /can't be read/);
    refused(old, /has ended on/);
    refused({ tls: "passs" }, /there are "off", "own" and "pass"/);
    refused({ tls: "pass", mode: "compare" }, /needs mode \(--mode\) tap/);
    refused({ tls: "pass", elasticsearch: "http://es:9200" }, /needs an https/);
  });
});
