// Several nodes of one cluster: one that is well is asked, another cluster's never is.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, describe, test } from "node:test";
import { ElasticsearchClient } from "../../../src/main/elasticsearch/client.ts";
import { ElasticsearchWatch, type Watched } from "../../../src/main/elasticsearch/watch.ts";

const servers: Server[] = [];

async function startNode(uuid: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ cluster_name: "c", cluster_uuid: uuid, version: { number: "9.4.3" } }));
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function changesOf(client: ElasticsearchClient): {
  readonly watch: ElasticsearchWatch;
  until(fits: (state: Watched) => boolean): Promise<Watched>;
} {
  const waiting: (() => void)[] = [];
  const watch = new ElasticsearchWatch(client, () => waiting.splice(0).forEach((wake) => void wake()));
  const until = async (fits: (state: Watched) => boolean): Promise<Watched> => {
    while (!fits(watch.state)) await new Promise<void>((resolve) => waiting.push(resolve));
    return watch.state;
  };
  return { watch, until };
}

describe("several nodes", { timeout: 60_000 }, () => {
  after(() => {
    for (const server of servers) server.close();
  });

  test("where one goes away the next is asked, and each one's state is told", async () => {
    const [a, b] = [await startNode("one"), await startNode("one")];
    const client = new ElasticsearchClient(`${a.url},${b.url}`);
    const { watch, until } = changesOf(client);
    const first = await watch.start();
    assert.deepEqual([first.status, client.url, first.nodes.map(({ status }) => status)], ["ok", a.url, ["ok", "ok"]]);
    await a.stop();
    const { version } = await client.info();
    assert.deepEqual([version, client.url], ["9.4.3", b.url]);
    const later = await until(({ nodes }) => nodes[0]?.status === "away");
    assert.deepEqual([later.status, later.message, later.clusterUuid, client.url], ["ok", "", "one", b.url]);
    assert.match(later.nodes[0]?.message ?? "", /refused the connection/);
    watch.stop();
    client.close();
    await b.stop();
  });

  test("a node of another cluster is not used, not even where it alone is left", async () => {
    const [a, b] = [await startNode("one"), await startNode("two")];
    const client = new ElasticsearchClient(`${a.url},${b.url}`);
    const { watch, until } = changesOf(client);
    const { nodes } = await watch.start();
    assert.match(nodes[1]?.message ?? "", /another cluster/);
    await a.stop();
    const away = await until(({ status }) => status === "away");
    assert.deepEqual([away.clusterUuid, client.url], ["one", a.url]);
    watch.stop();
    client.close();
    await b.stop();
  });
});
