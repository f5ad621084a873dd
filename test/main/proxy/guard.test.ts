// Who may ask, and whom: other servers are never asked, web pages of other sites write nothing.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { type Proxy as ProxyEndpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw, rawRequest } from "../../support/raw_client.ts";
import { recordingTap } from "../../support/recording_tap.ts";

describe("the guard", () => {
  let upstream: FakeUpstream;
  let elsewhere: FakeUpstream;
  let proxy: ProxyEndpoint;

  before(async () => {
    upstream = await startFakeUpstream(() => jsonAnswer("{}"));
    elsewhere = await startFakeUpstream(() => jsonAnswer("{}"));
    proxy = await startProxy({ upstream: upstream.url, port: 0, names: ["search.example"], tap: recordingTap() });
  });
  after(async () => {
    await proxy.stop();
    await Promise.all([upstream.close(), elsewhere.close()]);
  });
  beforeEach(() => {
    upstream.requests.length = 0;
  });

  const ask = async (line: string, ...fields: string[]): Promise<number> => {
    const answer = await rawRequest(
      proxy.port,
      `${line} HTTP/1.1\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`,
      line.startsWith("HEAD"),
    );
    return Number(answer.start.split(" ")[1]);
  };
  const HOST = "Host: 127.0.0.1:9280";

  test("targets that name another server are refused and no one is asked", async () => {
    const other = `127.0.0.1:${elsewhere.port}`;
    for (const target of [
      `http://${other}/x`,
      `https://${other}/`,
      `//${other}/x`,
      other,
      "*",
      "http:",
      "?x",
      "x",
      "\\\\host\\x",
      "http://169.254.169.254/latest",
    ]) {
      assert.equal(await ask(`GET ${target}`, HOST), 400, target);
    }
    assert.equal(await ask(`CONNECT ${other}`, `Host: ${other}`), 405);
    assert.equal(upstream.requests.length + elsewhere.sockets.length, 0);
  });

  test("paths that only look odd pass as they are", async () => {
    for (const target of ["/a//b", "/../_search", "/%2F%2Fhost/", "/a?u=http://host/", "/a#b", "/@host/"])
      assert.equal(await ask(`GET ${target}`, HOST), 200);
    assert.deepEqual(
      upstream.requests.map(({ start }) => start.split(" ")[1]),
      ["/a//b", "/../_search", "/%2F%2Fhost/", "/a?u=http://host/", "/a#b", "/@host/"],
    );
    assert.equal(await ask("OPTIONS *", HOST), 200);
  });

  test("only names of this endpoint are taken as Host", async () => {
    for (const host of [
      "localhost",
      "LOCALHOST:9280",
      "127.0.0.1",
      "127.1.2.3:80",
      "[::1]:9280",
      "kibana.localhost",
      "search.example:443",
    ]) {
      assert.equal(await ask("GET /", `Host: ${host}`), 200, host);
    }
    for (const host of [
      "evil.example",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "evil.example:9280",
      "",
      "10.0.0.1",
      "user@localhost",
      "localhost:9280:1",
      "localhost/",
      "localhost,evil",
      "[::2]",
      "notlocalhost",
    ]) {
      assert.equal(await ask("GET /", `Host: ${host}`), 403, host);
    }
  });

  test("pages of other sites can't write", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      assert.equal(await ask(`${method} /_bulk`, HOST, "Origin: https://evil.example"), 403);
      assert.equal(await ask(`${method} /_bulk`, HOST, "Origin: null"), 403);
      assert.equal(await ask(`${method} /_bulk`, HOST, "Sec-Fetch-Site: cross-site"), 403);
      assert.equal(await ask(`${method} /_bulk`, HOST, "Origin: http://127.0.0.1.evil.example"), 403);
      assert.equal(await ask(`${method} /_bulk`, HOST, "Origin: http://localhost:9280", "Sec-Fetch-Site: cross-site"), 403);
    }
    assert.equal(await ask("GET /", HOST, "Origin: https://evil.example", "Connection: Upgrade", "Upgrade: websocket"), 403);
    assert.equal(upstream.requests.length, 0);
  });

  test("reading, and pages and programs of this machine, pass", async () => {
    assert.equal(await ask("GET /_search", HOST, "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"), 200);
    assert.equal(await ask("HEAD /", HOST, "Sec-Fetch-Site: cross-site"), 200);
    assert.equal(await ask("POST /_search", HOST, "Origin: http://localhost:5601", "Sec-Fetch-Site: same-site"), 200);
    assert.equal(await ask("POST /_search", HOST, "Origin: https://search.example"), 200);
    assert.equal(await ask("POST /_search", HOST), 200);
  });

  test("an upstream that is the proxy itself is not asked", async () => {
    const self = await startProxy({ upstream: upstream.url, port: 0, tap: recordingTap() });
    await self.setUpstream(`http://localhost:${self.port}`);
    const answer = await rawRequest(self.port, `GET / HTTP/1.1\r\n${HOST}\r\n\r\n`);
    assert.match(answer.start, /502/);
    assert.match(answer.body.toString(), /is this proxy itself/);
    await self.stop();
  });

  test("the proxy's own headers are not forwarded, all others are", async () => {
    const connection = await openRaw(proxy.port);
    await connection.send(
      `GET / HTTP/1.1\r\n${HOST}\r\nX-Parallax-Backend: compare\r\nA: 1\r\nparallax-api-profiler: pprof\r\na: 2\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
    );
    await connection.response();
    connection.destroy();
    assert.equal(
      upstream.requests[0]?.wire.toString(),
      `GET / HTTP/1.1\r\n${HOST}\r\nA: 1\r\na: 2\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n`,
    );
  });

  test("user, password and path of the upstream's URL are used, the client's own authorization first", async () => {
    const named = await startProxy({ upstream: `http://us%40er:p%3Ass@127.0.0.1:${upstream.port}/pre/fix/`, port: 0, tap: recordingTap() });
    await rawRequest(named.port, `GET /_search?x HTTP/1.1\r\n${HOST}\r\nB: 1\r\n\r\n`);
    await rawRequest(named.port, `GET / HTTP/1.1\r\n${HOST}\r\nauthorization: ApiKey x\r\n\r\n`);
    const basic = Buffer.from("us@er:p:ss").toString("base64");
    assert.deepEqual(
      upstream.requests.map(({ wire }) => wire.toString()),
      [
        `GET /pre/fix/_search?x HTTP/1.1\r\n${HOST}\r\nB: 1\r\nAuthorization: Basic ${basic}\r\n\r\n`,
        `GET /pre/fix/ HTTP/1.1\r\n${HOST}\r\nauthorization: ApiKey x\r\n\r\n`,
      ],
    );
    await named.stop();
  });
});
