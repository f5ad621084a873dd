// The wire under attack and under weight: the hostile requests cut at every octet, ten thousand mutations, two thousand clients that
// never end their heads, bodies of gigabytes. Needs no Elasticsearch: what stands behind the proxy here takes note of every byte.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, test } from "node:test";
import { type Proxy as Endpoint, startProxy } from "../../src/main/proxy/reverse.ts";
import { chunks, HOST, post, REFUSED, SMUGGLED } from "../corpus/hostile_requests.ts";
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from "../support/fake_upstream.ts";
import { openRaw, rawRequest } from "../support/raw_client.ts";
import { type RecordingTap, recordingTap } from "../support/recording_tap.ts";
import { percentile } from "./load.ts";
import { figure, seeded } from "./rig.ts";

const MUTATIONS = 10_000;
const SLOW_CLIENTS = 2000;
const GOOD_REQUESTS = 400;
const AT_ONCE = 16;
const GIB = 1024 ** 3;
const GROWTH_MIB = 150;
const GET = `GET / HTTP/1.1\r\n${HOST}\r\n`;

interface Wire {
  readonly upstream: FakeUpstream;
  readonly proxy: Endpoint;
  readonly tap: RecordingTap;
  /** Faults of the proxy's own. */
  readonly problems: string[];
  stop(): Promise<void>;
}

/** What is still open when a test is over, however it ended. */
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function startWire(): Promise<Wire> {
  const problems: string[] = [];
  const tap = recordingTap();
  const upstream = await startFakeUpstream(() => jsonAnswer("{}"));
  const proxy = await startProxy({ upstream: upstream.url, port: 0, tap, problem: (message) => void problems.push(message) });
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await upstream.close();
  };
  open.push(stop);
  return { upstream, proxy, tap, problems, stop };
}

async function inLanes<T>(all: readonly T[], step: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(step));
}

describe("a wire under attack", { timeout: 1_800_000 }, () => {
  test("refuses every hostile request wherever it is cut in two", async () => {
    const wire = await startWire();
    const cases = Object.entries(REFUSED).flatMap(([name, text]) => {
      const bytes = Buffer.from(text, "latin1");
      return Array.from({ length: bytes.length }, (_, cut) => ({ name, bytes, cut }));
    });
    await inLanes(cases, async ({ name, bytes, cut }) => {
      const client = await openRaw(wire.proxy.port);
      const [answer] = await Promise.all([client.response(), client.sendPieces(bytes, [cut])]);
      assert.match(answer.start, /^HTTP\/1\.1 4\d\d /, `${name}, cut at ${cut}`);
      await client.untilEnd();
      client.destroy();
    });
    figure("hostile requests, each cut at each of its octets", cases.length);
    figure("of them seen by the upstream", wire.upstream.requests.length);
    assert.equal(wire.upstream.requests.length, 0);
    assert.deepEqual(wire.problems, []);
  });

  test("forwards of mutated requests nothing but what was sent, framed as it was read", async () => {
    const random = seeded();
    const wire = await startWire();
    const { requests } = wire.upstream;
    let forwarded = 0;
    for (let round = 0; round < MUTATIONS; round += 1) {
      const text = mutated(random);
      const client = await openRaw(wire.proxy.port);
      await client.send(Buffer.from(text, "latin1"));
      client.end();
      await client.untilEnd();
      client.destroy();
      const where = `seed ${random.seed}, round ${round}: ${JSON.stringify(text)}`;
      let from = 0;
      for (const { wire: sent, start } of requests) {
        const at = text.indexOf(sent.toString("latin1"), from);
        assert.ok(at >= from, `not sent: ${start}; ${where}`);
        from = at + sent.length;
        // What stands in a body that came through whole is nobody's request.
        if (start.includes("_smuggled")) assert.ok(!text.includes(HIDDEN), where);
      }
      forwarded += requests.length;
      requests.length = 0;
    }
    figure("mutated requests", MUTATIONS);
    figure("requests forwarded, each as it was sent", forwarded);
    await wire.stop();
    // The proxy and what stands behind it tell the same requests apart.
    assert.equal(wire.tap.exchanges.filter(({ response, error }) => response !== null && error === "").length, forwarded);
    assert.deepEqual(wire.problems, []);
  });

  test("serves others while two thousand clients send their heads without end", async () => {
    const wire = await startWire();
    const alone = await latencies(wire.proxy.port);
    const slow = await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => openRaw(wire.proxy.port)));
    await Promise.all(slow.map((client) => client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ")));
    let next = 0;
    // Each sends an octet a second, and not all at one moment: this process is the one that measures, too.
    const dripping = setInterval(() => {
      for (let count = SLOW_CLIENTS / 50; count > 0; count -= 1) {
        const socket = slow[next]?.socket;
        next = (next + 1) % SLOW_CLIENTS;
        if (socket?.destroyed === false) socket.write("x");
      }
    }, 20);
    open.push(async () => clearInterval(dripping));
    const beside = await latencies(wire.proxy.port);
    for (const client of slow) client.destroy();
    figure("p99 of a request, ms", percentile(alone, 99).toFixed(1));
    figure(`p99 beside ${SLOW_CLIENTS} slow clients, ms`, percentile(beside, 99).toFixed(1));
    assert.ok(percentile(beside, 99) < Math.max(50, 10 * percentile(alone, 99)));
    assert.deepEqual(wire.problems, []);
  });
});

const HIDDEN = post("Content-Length: 40\r\nX: y\r\n", SMUGGLED.padEnd(40, " "));
const GOOD = [
  chunks("5\r\n12345\r\n3;x=y\r\nabc\r\n0\r\nX-T: 1\r\n\r\n"),
  HIDDEN,
  `GET /_search HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n{}`,
  chunks("1\r\na\r\n0\r\n\r\n") + GET,
  post("Content-Length: 0\r\n") + post("Content-Length: 3\r\n", "abc") + GET,
] as const;
const JUNK = [
  ...["\r", "\n", "\r\n", " ", "\t", ":", "0", "\x00", ";", ",", "\x0b", "\x85", "-", "+", "0x", "5\r\n", "0\r\n\r\n"],
  ...["Transfer-Encoding: chunked\r\n", "Content-Length: 3\r\n", "Connection: content-length\r\n", "Host: x\r\n", SMUGGLED],
] as const;

/** One to three changes to a good request: something put in, left out or said twice. */
function mutated(random: ReturnType<typeof seeded>): string {
  let text = random.pick(GOOD);
  for (let changes = 1 + random.below(3); changes > 0; changes -= 1) {
    const at = random.below(text.length + 1);
    const end = Math.min(text.length, at + random.below(4));
    const put = random.below(4) === 0 ? text.slice(at, at + random.below(20)).repeat(2) : random.pick([...JUNK]);
    text = text.slice(0, at) + (random.below(4) === 0 ? "" : put) + text.slice(end);
  }
  return text;
}

async function latencies(port: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let request = 0; request < GOOD_REQUESTS; request += 1) {
    const began = performance.now();
    assert.match((await rawRequest(port, GET)).start, /200/);
    found.push(performance.now() - began);
  }
  return found;
}

/** A mebibyte that bodies repeat, so that each octet of them is known by its place. */
const BLOCK = Buffer.from(Uint8Array.from({ length: 1024 ** 2 }, (_, at) => (at * 31 + (at >> 8) * 7) & 0xff));

/** Compares a body with what it is to be, as it comes. */
class Checked {
  bytes = 0;
  wrong = 0;

  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const from = this.bytes % BLOCK.length;
      const length = Math.min(chunk.length - at, BLOCK.length - from);
      if (BLOCK.compare(chunk, at, at + length, from, from + length) !== 0) this.wrong += 1;
      this.bytes += length;
      at += length;
    }
  }
}

/** Takes one body of `expected` octets and answers, or sends one of `sending`. */
async function startLarge(seen: Checked, expected: number, sending: number): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((socket) => {
    let inBody = false;
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      seen.take(inBody ? chunk : chunk.subarray(chunk.indexOf("\r\n\r\n") + 4));
      inBody = true;
      if (seen.bytes < expected) return;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${sending}\r\n\r\n`);
      void pour(socket, sending);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`, server };
}

async function pour(socket: NodeJS.WritableStream, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += BLOCK.length) {
    if (!socket.write(BLOCK)) await new Promise((resolve) => socket.once("drain", resolve));
  }
}

/** The proxy in a process of its own, whose memory can be looked at. */
async function startAlone(url: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const file = join(import.meta.dirname, "..", "bench", "proxy_process.ts");
  const child = spawn(process.execPath, [file, "wire", url], { stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) return { child, port: JSON.parse(line).port };
  throw new Error("the proxy said nothing");
}

function residentMiB(child: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

const skip = process.platform === "linux" ? false : "memory is read from /proc";

describe("bodies of gigabytes", { skip, timeout: 1_800_000 }, () => {
  for (const [what, up, down] of [
    ["a response of 5 GiB", 0, 5 * GIB],
    ["a bulk of 1 GiB", GIB, 0],
  ] as const) {
    test(`${what} passes unchanged in flat memory`, async () => {
      const [sent, received] = [new Checked(), new Checked()];
      const { url, server } = await startLarge(sent, up, down);
      const { child, port } = await startAlone(url);
      open.push(async () => {
        child.kill();
        server.close();
      });
      const { socket } = await openRaw(port);
      socket.removeAllListeners("data");
      const before = residentMiB(child);
      let most = before;
      const watching = setInterval(() => {
        most = Math.max(most, residentMiB(child));
      }, 50);
      open.push(async () => clearInterval(watching));
      socket.write(`POST /_bulk HTTP/1.1\r\n${HOST}Content-Length: ${up}\r\n\r\n`);
      const whole = new Promise<void>((resolve, reject) => {
        let inBody = false;
        const take = (chunk: Buffer): void => {
          received.take(inBody ? chunk : chunk.subarray(chunk.indexOf("\r\n\r\n") + 4));
          inBody = true;
          if (received.bytes >= down) resolve();
        };
        socket.on("data", take).once("close", () => reject(new Error(`the connection ended after ${received.bytes} bytes`)));
      });
      await Promise.all([whole, pour(socket, up)]);
      figure(`${what}: octets, wrong`, `${Math.max(sent.bytes, received.bytes)}, ${sent.wrong + received.wrong}`);
      figure(`${what}: memory grew by, MiB`, (most - before).toFixed(0));
      assert.deepEqual([sent.bytes, sent.wrong, received.bytes, received.wrong], [up, 0, down, 0]);
      assert.ok(most - before < GROWTH_MIB);
      socket.destroy();
    });
  }
});
