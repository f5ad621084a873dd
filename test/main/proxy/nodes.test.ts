// Several nodes behind one endpoint: one that is gone costs the requests that it had, and no other.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { type Proxy as ProxyEndpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw, rawRequest } from "../../support/raw_client.ts";
import { recordingTap } from "../../support/recording_tap.ts";

const CLIENTS = 8;
const EACH = 150;

function startNode(name: string): Promise<FakeUpstream> {
  return startFakeUpstream(() => jsonAnswer(JSON.stringify({ name })));
}

/** Sends requests one after the other, on one connection while it lasts. Gives their statuses. */
async function client(port: number, number: number, sent: (id: string) => void): Promise<readonly string[]> {
  const statuses: string[] = [];
  let connection = await openRaw(port);
  for (let i = 0; i < EACH; i += 1) {
    const id = `/docs/_doc/${number}-${i}`;
    sent(id);
    await connection.send(`PUT ${id} HTTP/1.1\r\nHost: localhost\r\ncontent-length: 2\r\n\r\n{}`);
    const { start } = await connection.response();
    statuses.push(start.split(" ")[1] ?? "");
    if (!start.includes("200")) {
      connection.destroy();
      connection = await openRaw(port);
    }
  }
  connection.end();
  return statuses;
}

const get = (proxy: ProxyEndpoint): Promise<{ readonly start: string; readonly body: Buffer }> =>
  rawRequest(proxy.port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

describe("several nodes", { timeout: 60_000 }, () => {
  let nodes: readonly FakeUpstream[];
  let proxy: ProxyEndpoint;
  const problems: string[] = [];

  before(async () => {
    proxy = await startProxy({
      upstream: "http://127.0.0.1:1",
      port: 0,
      tap: recordingTap(),
      problem: (message) => void problems.push(message),
    });
  });
  beforeEach(async (context) => {
    const made = await Promise.all([startNode("a"), startNode("b")]);
    nodes = made;
    problems.length = 0;
    await proxy.setUpstream(made.map(({ url }) => url).join(", "));
    if ("after" in context) context.after(() => Promise.all(made.map((node) => node.close())));
  });
  after(() => proxy.stop());

  test("one is killed under load: each client loses at most the request that it had there, none is sent twice", async () => {
    const [a, b] = nodes;
    let sent = 0;
    let killed: Promise<void> | undefined;
    const clients = Array.from({ length: CLIENTS }, (_, number) =>
      client(proxy.port, number, () => {
        sent += 1;
        if (sent === (CLIENTS * EACH) / 3) killed = a?.close();
      }),
    );
    const statuses = await Promise.all(clients);
    await killed;
    for (const own of statuses) {
      assert.deepEqual(new Set(own.filter((status) => status !== "502")), new Set(["200"]));
      assert.ok(own.filter((status) => status === "502").length <= 1, own.join(" "));
    }
    const received = [...(a?.requests ?? []), ...(b?.requests ?? [])].map(({ start }) => start);
    assert.equal(new Set(received).size, received.length, "a request reached two nodes, or one twice");
    assert.ok((b?.requests.length ?? 0) >= CLIENTS * EACH * 0.6);
    assert.match(problems[0] ?? "", /takes no connections: requests go to http:/);
  });

  test("the first refuses from the start: clients notice nothing, and go on where they are when it comes back", async () => {
    await nodes[0]?.close();
    for (let i = 0; i < 5; i += 1) assert.match((await get(proxy)).body.toString(), /"b"/);
    assert.equal(problems.length, 1);
  });

  test("the engine's word moves connections that are open, between two exchanges", async () => {
    const connection = await openRaw(proxy.port);
    const ask = async (): Promise<string> => {
      await connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return (await connection.response()).body.toString();
    };
    assert.match(await ask(), /"a"/);
    proxy.prefer(1);
    await proxy.setCapture(true);
    assert.match(await ask(), /"b"/);
    connection.end();
  });

  test("all refuse: 502 with the reason", async () => {
    await Promise.all(nodes.map((node) => node.close()));
    const answer = await get(proxy);
    assert.match(answer.start, /502/);
    assert.match(answer.body.toString(), /refused the connection/);
  });
});
