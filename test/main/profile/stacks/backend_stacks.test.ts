// The stacks of both backends: of a real ClickHouse, and of an Elasticsearch that forbids or does not answer.
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { after, describe, test } from "node:test";
import { readClickHouse } from "../../../../src/main/profile/stacks/clickhouse_stacks.ts";
import { readElasticsearch } from "../../../../src/main/profile/stacks/elasticsearch_stacks.ts";

const LIMIT_MS = 60_000;
const url = process.env.PARALLAX_TEST_CLICKHOUSE;

describe("ClickHouse's threads", { skip: url === undefined ? "needs PARALLAX_TEST_CLICKHOUSE" : false }, () => {
  const { username, password, origin } = new URL(url ?? "http://default@127.0.0.1");
  const access = { url: origin, user: username || "default", password, reader: null };

  test("are told with what runs, again and again: the signal that each thread gets ends no server", {
    skip: process.platform !== "linux",
  }, async () => {
    for (let round = 0; round < 5; round += 1) {
      const { threads, missing } = await readClickHouse(access, LIMIT_MS);
      assert.deepEqual(missing, []);
      assert.ok(threads.length > 0);
      assert.ok(threads.every((group) => group.threads > 0 && group.names.length > 0));
      assert.ok(
        threads.some(({ frames }) => frames.some((frame) => !frame.startsWith("0x"))),
        "some functions have names",
      );
    }
  });

  test("are missing with the reason where the server does not let the user in", async () => {
    const { threads, running, missing } = await readClickHouse({ ...access, user: "nobody", password: "x" }, LIMIT_MS);
    assert.deepEqual([threads, running], [[], []]);
    assert.equal(missing.length, 2);
    for (const why of missing) assert.match(why, /^system\.(?:processes|stack_trace) can't be read: .*nobody/s);
  });
});

describe("Elasticsearch's hot threads", () => {
  const servers: ReturnType<typeof createServer>[] = [];
  after(() => {
    for (const server of servers) server.close().closeAllConnections();
  });
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    servers.push(server);
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  };

  test("are its own text", async () => {
    const node = await serve((request, response) => response.end(`::: {node} ${request.url}`));
    assert.deepEqual(await readElasticsearch(node, {}, LIMIT_MS), {
      url: node,
      text: "::: {node} /_nodes/hot_threads?threads=10&interval=200ms",
    });
  });

  test("are missing with what to do where it forbids them", async () => {
    const anonymous = await serve((_, response) => response.writeHead(401).end());
    await assert.rejects(readElasticsearch(anonymous, {}, LIMIT_MS), /give user and password in its URL/);
    const forbidden = await serve((_, response) => response.writeHead(403).end());
    await assert.rejects(readElasticsearch(forbidden, {}, LIMIT_MS), /cluster privilege `monitor`/);
  });

  test("are not waited for without an end", async () => {
    const silent = await serve(() => {});
    await assert.rejects(readElasticsearch(silent, {}, 50), /did not|no answer|within|timed? ?out/i);
  });
});
