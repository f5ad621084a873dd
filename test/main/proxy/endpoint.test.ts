// The endpoint as a whole: ports, switching upstream and capture, stopping, limits of what is copied.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, mock, test } from "node:test";
import { Worker } from "node:worker_threads";
import { ProxyError } from "../../../src/main/proxy/proxy_error.ts";
import { startProxy } from "../../../src/main/proxy/reverse.ts";
import { END, jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw, rawRequest } from "../../support/raw_client.ts";
import { recordingTap } from "../../support/recording_tap.ts";

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

async function takenPort(): Promise<{ readonly port: number; free(): Promise<void> }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    free: async () => void (await new Promise((done) => server.close(done))),
  };
}

describe("the endpoint", () => {
  test("a taken default port gives way to the next free one", async () => {
    const taken = await takenPort();
    const proxy = await startProxy({ upstream: "http://127.0.0.1:1", port: taken.port, tap: recordingTap() });
    assert.ok(proxy.port > taken.port && proxy.port <= taken.port + 100);
    assert.equal(proxy.url, `http://127.0.0.1:${proxy.port}`);
    await proxy.stop();
    await taken.free();
  });

  test("a taken exact port fails the start with a message that names it", async () => {
    const taken = await takenPort();
    const start = startProxy({ upstream: "http://127.0.0.1:1", port: taken.port, exactPort: true, tap: recordingTap() });
    await assert.rejects(
      start,
      (error) => error instanceof ProxyError && error.code === "port_taken" && error.message.includes(String(taken.port)),
    );
    await taken.free();
  });

  test("a wrong upstream URL fails the start with a message that quotes it without its password", async () => {
    for (const url of ["localhost:9200", "ftp://host", "http://", "http://u:secret@h:99999", "http://h/?q=1", "nonsense"]) {
      const start = startProxy({ upstream: url, port: 0, tap: recordingTap() });
      await assert.rejects(
        start,
        (error) => error instanceof ProxyError && error.code === "bad_upstream" && !error.message.includes("secret"),
        url,
      );
    }
  });

  test("requests go to the new upstream once it is set, on kept connections too", async () => {
    const [one, two] = await Promise.all([startFakeUpstream(() => jsonAnswer('"one"')), startFakeUpstream(() => jsonAnswer('"two"'))]);
    const proxy = await startProxy({ upstream: one.url, port: 0, tap: recordingTap() });
    const client = await openRaw(proxy.port);
    await client.send(get("/"));
    assert.equal((await client.response()).body.toString(), '"one"');
    await proxy.setUpstream(two.url);
    await client.send(get("/"));
    assert.equal((await client.response()).body.toString(), '"two"');
    await assert.rejects(proxy.setUpstream("nonsense"), ProxyError);
    client.destroy();
    await proxy.stop();
    await Promise.all([one.close(), two.close()]);
  });

  test("capture can be switched; ids go on from the number given", async () => {
    const upstream = await startFakeUpstream(() => jsonAnswer("{}"));
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap, firstId: 41, capture: false });
    await rawRequest(proxy.port, get("/off"));
    await proxy.setCapture(true);
    await rawRequest(proxy.port, get("/on"));
    await rawRequest(proxy.port, get("/on2"));
    await tap.settled(2);
    await proxy.setCapture(false);
    await rawRequest(proxy.port, get("/off"));
    await proxy.stop();
    assert.deepEqual(
      tap.exchanges.map(({ id, request }) => [id, request.target]),
      [
        [41, "/on"],
        [42, "/on2"],
      ],
    );
    await upstream.close();
  });

  test("bodies beyond the capture limits pass whole and are copied cut", async () => {
    const answer = "y".repeat(300_000);
    const upstream = await startFakeUpstream(() => jsonAnswer(answer));
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap, requestLimit: 10_000, responseLimit: 20_000 });
    const body = "x".repeat(200_000);
    const got = await rawRequest(proxy.port, `POST /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    assert.equal(got.body.toString(), answer);
    assert.equal(upstream.requests[0]?.body.toString(), body);
    const { request, response } = await tap.exchange("/big");
    assert.deepEqual([request.body.length, request.bodyBytes, request.truncated], [10_000, 200_000, true]);
    assert.deepEqual([response?.body.length, response?.bodyBytes, response?.truncated], [20_000, 300_000, true]);
    await proxy.stop();
    await upstream.close();
  });

  test("stopping lets an answer on its way end, cuts idle connections, frees the port and tells the tap the last exchange", async () => {
    const asked = Promise.withResolvers<void>();
    const upstream = await startFakeUpstream((_request, socket) => {
      asked.resolve();
      setTimeout(() => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"), 100);
      return undefined;
    });
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap });
    const [idle, busy] = [await openRaw(proxy.port), await openRaw(proxy.port)];
    await busy.send(get("/last"));
    await asked.promise;
    assert.equal(proxy.connections(), 2);
    const stopped = proxy.stop();
    assert.equal((await busy.response()).body.toString(), "{}");
    await idle.untilEnd();
    await stopped;
    assert.equal(tap.exchanges[0]?.error, "");
    const again = createServer().listen(proxy.port, "127.0.0.1");
    await once(again, "listening");
    again.close();
    await proxy.stop();
    await upstream.close();
  });

  test("stopping cuts what does not end by itself, and says so", async () => {
    const asked = Promise.withResolvers<void>();
    const upstream = await startFakeUpstream(() => {
      asked.resolve();
      return undefined;
    });
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap });
    const client = await openRaw(proxy.port);
    await client.send(get("/never"));
    await asked.promise;
    const began = Date.now();
    await proxy.stop();
    assert.ok(Date.now() - began < 4000);
    assert.notEqual((await tap.exchange("/never")).error, "");
    client.destroy();
    await upstream.close();
  });

  test("a tap that throws costs the client nothing", async () => {
    const upstream = await startFakeUpstream(() => [...jsonAnswer("{}"), END]);
    const problems: string[] = [];
    const fail = (): never => {
      throw new Error("the engine is broken");
    };
    const proxy = await startProxy({
      upstream: upstream.url,
      port: 0,
      tap: { requested: fail, exchanged: fail, missed: fail },
      problem: (message) => void problems.push(message),
    });
    for (let round = 0; round < 3; round += 1) assert.match((await rawRequest(proxy.port, get("/"))).start, /200/);
    await proxy.stop();
    assert.match(problems[0] ?? "", /The tap failed: Error: the engine is broken/);
    await upstream.close();
  });

  test("a thread that dies is started again on the same port, and what it had open is told as broken", async () => {
    const asked = Promise.withResolvers<void>();
    const upstream = await startFakeUpstream((request) => {
      if (!request.start.includes("/lost")) return jsonAnswer("{}");
      asked.resolve();
      return undefined;
    });
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: upstream.url, port: 0, tap });
    const client = await openRaw(proxy.port);
    await client.send(get("/lost"));
    await asked.promise;
    while (tap.heads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const spy = mock.method(Worker.prototype, "postMessage", function (this: Worker) {
      void this.terminate();
    });
    await proxy.setCapture(true);
    spy.mock.restore();
    assert.match((await tap.exchange("/lost")).error, /The proxy's thread failed/);
    await client.untilEnd();
    const deadline = Date.now() + 10_000;
    let status = "";
    while (status === "" && Date.now() < deadline)
      status = await rawRequest(proxy.port, get("/again")).then(
        ({ start }) => start,
        () => "",
      );
    assert.match(status, /200/);
    assert.equal((await tap.exchange("/again")).id, 2);
    client.destroy();
    await proxy.stop();
    await upstream.close();
  });

  test("a busy engine does not delay the wire", async () => {
    const file = join(import.meta.dirname, "../../bench/proxy_process.ts");
    const upstream = spawn(process.execPath, [file, "upstream"], { stdio: ["ignore", "pipe", "inherit"] });
    const { port } = JSON.parse(String((await once(upstream.stdout, "data"))[0]));
    const tap = recordingTap();
    const proxy = await startProxy({ upstream: `http://127.0.0.1:${port}`, port: 0, tap, queueBytes: 32 * 1024 });
    // The load begins before the engine is busy and outlasts it, however slow the machine: what is missed is missed in between.
    const load = spawn(process.execPath, [file, "load", String(proxy.port), "4", "4"], { stdio: ["ignore", "pipe", "inherit"] });
    let figures = "";
    load.stdout.on("data", (chunk) => {
      figures += String(chunk);
    });
    await tap.settled(1);
    const until = Date.now() + 2500;
    while (Date.now() < until);
    if (load.exitCode === null) await once(load, "close");
    const { rate, p99 } = JSON.parse(figures);
    assert.ok(rate > 200 && p99 < 500, `${rate} requests a second, p99 ${p99} ms`);
    upstream.kill();
    await proxy.stop();
    assert.ok(tap.missedCount > 0, "the queue was full meanwhile");
  });
});
