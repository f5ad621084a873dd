// An https upstream: trusted by its authority, refused with words when it is not, and asked by its own name.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startProxy } from "../../../src/main/proxy/reverse.ts";
import { openRaw, rawRequest } from "../../support/raw_client.ts";
import { recordingTap } from "../../support/recording_tap.ts";

const OPENSSL = "openssl";
const skip = spawnSync(OPENSSL, ["version"]).status === 0 ? false : "openssl is not installed: no certificate to test with";
const GET = "GET /x HTTP/1.1\r\nHost: localhost:9280\r\nA: 1\r\n\r\n";

describe("an https upstream", { skip }, () => {
  let folder: string;
  let ca: string;
  let server: Server;
  let url: string;
  const hosts: (string | undefined)[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "proxy-tls-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const made = spawnSync(OPENSSL, [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost".split(
        " ",
      ),
      ...["-keyout", key, "-out", cert],
    ]);
    assert.equal(made.status, 0, String(made.stderr));
    ca = readFileSync(cert, "utf8");
    server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => {
      hosts.push(request.headers.host);
      const parts: Buffer[] = [];
      request.on("data", (part) => void parts.push(part));
      request.on("end", () => response.end(Buffer.concat(parts)));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = `https://localhost:${typeof address === "object" && address !== null ? address.port : 0}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("is taken with its authority given, and gets its own name as Host", async () => {
    const proxy = await startProxy({ upstream: url, port: 0, trust: { ca }, tap: recordingTap() });
    assert.match((await rawRequest(proxy.port, GET)).start, /200/);
    assert.equal(hosts.at(-1), new URL(url).host);
    const body = randomBytes(5 * 1024 * 1024);
    const client = await openRaw(proxy.port);
    void client.send(Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`), body]));
    assert.ok((await client.response()).body.equals(body));
    client.destroy();
    await proxy.stop();
  });

  test("is refused with its reason when nobody vouches for it, unless told not to ask", async () => {
    const proxy = await startProxy({ upstream: url, port: 0, tap: recordingTap() });
    const answer = await rawRequest(proxy.port, GET);
    assert.match(answer.start, /502/);
    assert.match(answer.body.toString(), /has a certificate that is not trusted/);
    await proxy.stop();
    const trusting = await startProxy({ upstream: url, port: 0, trust: { insecure: true }, tap: recordingTap() });
    assert.match((await rawRequest(trusting.port, GET)).start, /200/);
    await trusting.stop();
  });

  test("a plain http URL for it gives a hint", async () => {
    const proxy = await startProxy({ upstream: url.replace("https:", "http:"), port: 0, tap: recordingTap() });
    const answer = await rawRequest(proxy.port, GET);
    assert.match(answer.start, /400|502/);
    await proxy.stop();
  });
});
