import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { after, describe, test } from "node:test";
import { ElasticsearchAway, ElasticsearchClient, ElasticsearchRefused } from "../../../src/main/elasticsearch/client.ts";

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

async function serve(listener: RequestListener): Promise<ElasticsearchClient> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const client = new ElasticsearchClient(`http://me:p%40ss@127.0.0.1:${address.port}/prefix`);
  closing.push(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return client;
}

describe("the client for Elasticsearch", () => {
  test("sends credentials and the prefix, and never shows the password", async () => {
    const client = await serve((request, response) => {
      response.end(JSON.stringify({ version: { number: "9.4.3" }, cluster_name: `${request.url} ${request.headers.authorization}` }));
    });
    const info = await client.info();
    assert.equal(info.version, "9.4.3");
    assert.equal(info.clusterName, `/prefix/ Basic ${Buffer.from("me:p@ss").toString("base64")}`);
    assert.doesNotMatch(client.url, /p@ss|p%40ss/);
  });

  test("sends the body of a DELETE with its length, as part of that request", async () => {
    const client = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end(JSON.stringify({ sent: Buffer.concat(chunks).toString() }));
    });
    assert.deepEqual(await client.json("DELETE", "/_search/scroll", '{"scroll_id":"é"}'), { sent: '{"scroll_id":"é"}' });
    assert.deepEqual(await client.json("GET", "/"), { sent: "" });
  });

  test("tells a refused request from a server that is not Elasticsearch", async () => {
    const refusing = await serve((_, response) => response.writeHead(404).end('{"error":"no such index [x]"}'));
    await assert.rejects(refusing.json("GET", "/x"), (error) => error instanceof ElasticsearchRefused && error.status === 404);
    const other = await serve((_, response) => response.end("<html>hello</html>"));
    await assert.rejects(other.info(), (error) => error instanceof ElasticsearchAway && /is not Elasticsearch/.test(error.message));
  });

  test("says what to do when nothing listens, no name is found, or TLS is wrong", async () => {
    const gone = createTcpServer();
    gone.listen(0, "127.0.0.1");
    await once(gone, "listening");
    const address = gone.address();
    assert.ok(typeof address === "object" && address !== null);
    gone.close();
    await assert.rejects(new ElasticsearchClient(`http://127.0.0.1:${address.port}`).info(), /nothing listens there/);
    await assert.rejects(new ElasticsearchClient("http://no-such-host.invalid:9200").info(), /can't be found|can't be reached/);
    const plain = createServer((_, response) => response.end("{}"));
    plain.listen(0, "127.0.0.1");
    await once(plain, "listening");
    closing.push(() => plain.close());
    const port = plain.address();
    assert.ok(typeof port === "object" && port !== null);
    await assert.rejects(new ElasticsearchClient(`https://127.0.0.1:${port.port}`).info(), /TLS|closed the connection|can't be reached/);
  });
});
