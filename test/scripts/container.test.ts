// What a container adds: ports opened at its own addresses, and a health check that needs no token.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { PROJECT } from "../../scripts/packaging/config.ts";

interface Forwarding {
  forward(address: string, port: number, inner: number): Promise<Server>;
  outerAddresses(): string[];
}
interface Health {
  isHealthy(log: string, now: number): boolean;
}
const bin = (name: string): Promise<unknown> => import(`${pathToFileURL(PROJECT).href}bin/${name}`);
const { forward, outerAddresses } = (await bin("forward.js")) as Forwarding;
const { isHealthy } = (await bin("healthy.js")) as Health;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

test("a forwarded port passes the octets on both ways, each end by itself", async (t) => {
  const inner = createServer({ allowHalfOpen: true }, async (socket) => socket.end(`heard ${await text(socket)}`));
  inner.listen(0, "127.0.0.1");
  await once(inner, "listening");
  const outer = await forward("127.0.0.1", 0, portOf(inner));
  t.after(() => {
    inner.close();
    outer.close();
  });
  const socket = connect({ port: portOf(outer), host: "127.0.0.1", allowHalfOpen: true });
  socket.end("GET / HTTP/1.1");
  assert.equal(await text(socket), "heard GET / HTTP/1.1");
});

test("where nobody listens inside, the client's connection is closed", async (t) => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const inner = portOf(closed);
  closed.close();
  await once(closed, "close");
  const outer = await forward("127.0.0.1", 0, inner);
  t.after(() => outer.close());
  const socket = connect({ port: portOf(outer), host: "127.0.0.1" });
  socket.on("error", () => {});
  await once(socket, "close");
});

test("loopback is not among the addresses that are opened", () => {
  assert.ok(outerAddresses().every((address) => !address.startsWith("127.")));
});

test("healthy is what the newest check says, if it is new", () => {
  const now = Date.parse("2026-01-01T00:00:10Z");
  const line = (message: string, time = "2026-01-01T00:00:05Z"): string => `${JSON.stringify({ level: "info", time, ms: 3, message })}\n`;
  assert.ok(isHealthy(line("starting") + line("ok"), now));
  assert.ok(isHealthy(line("degraded"), now));
  assert.ok(!isHealthy(line("ok") + line("failed"), now));
  assert.ok(!isHealthy(line("ok", "2025-12-31T23:50:00Z"), now));
  assert.ok(!isHealthy("", now));
});
