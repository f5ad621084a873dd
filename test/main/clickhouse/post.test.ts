// Posting to a server that misbehaves: closed connections, half answers, none at all.
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { describe, test } from "node:test";
import { formBody, Poster } from "../../../src/main/clickhouse/post.ts";

async function serving(listener: RequestListener, ask: (url: URL, poster: Poster) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const poster = new Poster();
  try {
    await ask(new URL(`http://127.0.0.1:${address.port}/`), poster);
  } finally {
    poster.close();
    server.closeAllConnections();
    server.close();
  }
}

const body = formBody([["query", "SELECT 1"]]);
const never = new AbortController().signal;

describe("posting", () => {
  test("takes another connection where the kept one was closed meanwhile", async () => {
    let requests = 0;
    await serving(
      (request, response) => {
        requests += 1;
        request.resume();
        if (requests === 2) request.socket.destroy();
        else response.end(`answer ${requests}`);
      },
      async (url, poster) => {
        assert.equal((await poster.post(url, body, {}, { signal: never })).text, "answer 1");
        assert.equal((await poster.post(url, body, {}, { signal: never })).text, "answer 3");
      },
    );
  });

  test("fails where an answer breaks off", async () => {
    await serving(
      (request, response) => {
        request.resume();
        response.writeHead(200, { "content-length": "100" });
        response.write("half", () => request.socket.destroy());
      },
      async (url, poster) => assert.rejects(poster.post(url, body, {}, { signal: never })),
    );
  });

  test("ends with its signal", async () => {
    const stop = new AbortController();
    await serving(
      (request) => {
        request.resume();
        stop.abort();
      },
      async (url, poster) => assert.rejects(poster.post(url, body, {}, { signal: stop.signal })),
    );
  });

  test("sends each field as it is, line ends too", async () => {
    await serving(
      async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const type = request.headers["content-type"] ?? "";
        const form = await new Response(Buffer.concat(chunks), { headers: { "content-type": type } }).formData();
        response.end(JSON.stringify([...form]));
      },
      async (url, poster) => {
        const fields = [
          ["param_p0", "é😀\n'--"],
          ["query", "SELECT\n  1"],
        ] as const;
        const { text, status } = await poster.post(url, formBody(fields), {}, { signal: never });
        assert.deepEqual([status, JSON.parse(text)], [200, fields]);
      },
    );
  });
});
