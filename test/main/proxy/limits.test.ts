// Slow clients, large bodies, many connections: bounded, and nobody else's trouble.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { startProxy } from "../../../src/main/proxy/reverse.ts";
import { jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw, rawRequest } from "../../support/raw_client.ts";
import { recordingTap } from "../../support/recording_tap.ts";

const MIB = 1024 * 1024;
const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

describe("limits", () => {
  test("clients that never end their head are told so, while others are served", async () => {
    const upstream = await startFakeUpstream(() => jsonAnswer("{}"));
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap: recordingTap(), limits: { headMs: 1500 } });
    const slow = await Promise.all(Array.from({ length: 200 }, () => openRaw(proxy.port)));
    await Promise.all(slow.map((client) => client.send("GET / HTTP/1.1\r\nHost: loc")));
    const latencies: number[] = [];
    for (let round = 0; round < 100; round += 1) {
      const began = performance.now();
      assert.match((await rawRequest(proxy.port, GET)).start, /200/);
      latencies.push(performance.now() - began);
    }
    assert.ok((latencies.toSorted((a, b) => a - b)[95] ?? 0) < 200);
    for (const client of slow) {
      assert.match((await client.response()).start, /408/);
      await client.untilEnd();
      client.destroy();
    }
    assert.equal(upstream.requests.length, 100);
    await proxy.stop();
    await upstream.close();
  });

  test("an idle connection is left alone", async () => {
    const upstream = await startFakeUpstream(() => jsonAnswer("{}"));
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap: recordingTap(), limits: { headMs: 1 } });
    const [idle, dripping] = [await openRaw(proxy.port), await openRaw(proxy.port)];
    await dripping.send("G");
    assert.match((await dripping.response()).start, /408/);
    await idle.send(GET);
    assert.match((await idle.response()).start, /200/);
    idle.destroy();
    dripping.destroy();
    await proxy.stop();
    await upstream.close();
  });

  test("a client that reads slowly gets every byte and holds back the upstream, not memory", async () => {
    const pieces = Array.from({ length: 64 }, (_, index) => Buffer.alloc(MIB, index));
    const head = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${64 * MIB}\r\n\r\n`);
    const upstream = await startFakeUpstream(() => [head, ...pieces]);
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap: recordingTap(), responseLimit: 1000 });
    const client = await openRaw(proxy.port);
    client.socket.pause();
    await client.send(GET);
    const written = async (): Promise<number> => {
      let before = -1;
      // Until nothing more is taken: what the two sides' buffers hold is then under way.
      for (;;) {
        const now = upstream.sockets[0]?.bytesWritten ?? 0;
        if (now > 0 && now === before) return now - (upstream.sockets[0]?.writableLength ?? 0);
        before = now;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    assert.ok((await written()) < 40 * MIB);
    client.socket.resume();
    const answer = await client.receive(head.length + 64 * MIB);
    assert.equal(
      createHash("sha256").update(answer.subarray(head.length)).digest("hex"),
      createHash("sha256").update(Buffer.concat(pieces)).digest("hex"),
    );
    client.destroy();
    await proxy.stop();
    await upstream.close();
  });

  test("a body of 100 MiB passes unchanged in flat memory", async () => {
    const sent = createHash("sha256");
    const seen = createHash("sha256");
    let count = 0;
    const server = createServer((socket) => {
      let headEnded = false;
      socket.on("data", (chunk) => {
        const body = headEnded ? chunk : chunk.subarray(chunk.indexOf("\r\n\r\n") + 4);
        headEnded = true;
        count += body.length;
        seen.update(body);
        if (count === 100 * MIB) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: `http://127.0.0.1:${port}`, port: 0, tap, requestLimit: MIB });
    const client = await openRaw(proxy.port);
    const before = process.memoryUsage.rss();
    let most = 0;
    await client.send(`POST /_bulk HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${100 * MIB}\r\n\r\n`);
    for (let index = 0; index < 100; index += 1) {
      const piece = Buffer.alloc(MIB, index);
      sent.update(piece);
      await client.send(piece);
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    assert.match((await client.response()).start, /200/);
    assert.equal(seen.digest("hex"), sent.digest("hex"));
    assert.ok(most < 100 * MIB, `memory grew by ${(most / MIB).toFixed(0)} MiB`);
    const { request } = await tap.exchange("/_bulk");
    assert.deepEqual([request.body.length, request.bodyBytes, request.truncated], [MIB, 100 * MIB, true]);
    client.destroy();
    await proxy.stop();
    server.close();
  });

  test("2,000 connections are served at once", async () => {
    const upstream = await startFakeUpstream(() => jsonAnswer("{}"));
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap });
    const clients = await Promise.all(Array.from({ length: 2000 }, () => openRaw(proxy.port)));
    await Promise.all(
      clients.map(async (client) => {
        await client.send(GET);
        assert.match((await client.response()).start, /200/);
      }),
    );
    assert.equal(proxy.connections(), 2000);
    await tap.settled(2000);
    assert.equal(tap.missedCount, 0);
    for (const client of clients) client.destroy();
    await proxy.stop();
    await upstream.close();
  });

  test("connections over the limit are told so", async () => {
    const upstream = await startFakeUpstream(() => jsonAnswer("{}"));
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap: recordingTap(), limits: { connections: 2 } });
    const taken = [await openRaw(proxy.port), await openRaw(proxy.port)];
    for (const client of taken) {
      await client.send(GET);
      await client.response();
    }
    const third = await openRaw(proxy.port);
    const answer = await third.response();
    assert.match(answer.start, /503/);
    assert.match(answer.body.toString(), /More than 2 connections/);
    for (const client of [...taken, third]) client.destroy();
    await proxy.stop();
    await upstream.close();
  });

  test("many pipelined requests are answered in order", async () => {
    const upstream = await startFakeUpstream((request) => jsonAnswer(JSON.stringify(request.start)));
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap: recordingTap(), limits: { pipelined: 8 } });
    const client = await openRaw(proxy.port);
    await client.send(Array.from({ length: 1000 }, (_, index) => GET.replace("/ ", `/${index} `)).join(""));
    for (let index = 0; index < 1000; index += 1) assert.equal((await client.response()).body.toString(), `"GET /${index} HTTP/1.1"`);
    client.destroy();
    await proxy.stop();
    await upstream.close();
  });
});
