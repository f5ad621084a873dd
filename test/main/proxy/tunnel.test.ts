// Interim answers and connections that turn into something else.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:net";
import { after, before, describe, test } from "node:test";
import { type Proxy as ProxyEndpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import { openRaw } from "../../support/raw_client.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
const UPGRADE = "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
const OFFER = "POST /_bulk HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

describe("interim answers and tunnels", () => {
  let server: Server;
  let proxy: ProxyEndpoint;
  let tap: RecordingTap;

  before(async () => {
    // Answers by path: echoes after a switch, refuses to switch, continues, refuses to.
    server = createServer({ allowHalfOpen: true }, (socket) => {
      let head = "";
      socket.on("error", () => socket.destroy());
      const heads = (chunk: Buffer): void => {
        head += chunk.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        const rest = head.slice(end + 4);
        if (head.startsWith("GET /echo ")) {
          socket.off("data", heads);
          socket.write(SWITCH + rest);
          socket.on("data", (bytes) => {
            if (!socket.write(bytes)) socket.pause();
          });
          socket.on("drain", () => socket.resume());
          socket.on("end", () => socket.end());
        } else if (head.startsWith("POST /_bulk ")) {
          if (rest.length === 0) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
          if (rest.length >= 5) socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n${rest}`);
        } else if (head.startsWith("POST ")) {
          socket.write("HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n");
          head = "";
        } else {
          head = head.slice(end + 4);
          socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        }
      };
      socket.on("data", heads);
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    tap = recordingTap();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    proxy = await startProxy({ upstream: `http://127.0.0.1:${port}`, port: 0, tap });
  });
  after(async () => {
    await proxy.stop();
    server.close();
  });

  test("10 MiB pass through an upgraded connection and back", async () => {
    const client = await openRaw(proxy.port);
    await client.send(UPGRADE);
    assert.equal((await client.receive(SWITCH.length)).toString(), SWITCH);
    const data = randomBytes(10 * 1024 * 1024);
    void client.send(data);
    const echoed = await client.receive(data.length);
    assert.ok(echoed.equals(data));
    client.end();
    assert.equal((await client.untilEnd()).bytes.length, 0);
    await tap.settled(1);
    assert.equal(tap.exchanges[0]?.response?.status, 101);
    assert.equal(tap.exchanges[0]?.error, "");
  });

  test("bytes that follow the upgrade at once wait for it and pass", async () => {
    const client = await openRaw(proxy.port);
    await client.send(`${UPGRADE}GET / not HTTP`);
    assert.equal((await client.receive(SWITCH.length + 14)).toString(), `${SWITCH}GET / not HTTP`);
    client.destroy();
  });

  test("an upgrade that is not taken leaves an ordinary connection", async () => {
    const client = await openRaw(proxy.port);
    await client.send(`${UPGRADE.replace("/echo", "/other")}GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    assert.match((await client.response()).start, /200/);
    assert.match((await client.response()).start, /200/);
    client.destroy();
  });

  test("a body that waits for 100 Continue is sent after it", async () => {
    const client = await openRaw(proxy.port);
    await client.send(OFFER);
    assert.match((await client.response()).start, /100 Continue/);
    await client.send("12345");
    assert.equal((await client.response()).body.toString(), "12345");
    client.destroy();
  });

  test("a refused expectation ends the connection, since body and next request could not be told apart", async () => {
    const client = await openRaw(proxy.port);
    await client.send(OFFER.replace("/_bulk", "/refuse"));
    assert.match((await client.response()).start, /417/);
    assert.equal((await client.untilEnd()).bytes.length, 0);
    client.destroy();
  });
});
