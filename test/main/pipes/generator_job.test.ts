import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import { generatorJob } from "../../../src/main/pipes/generator_job.ts";
import { begin } from "../../../src/main/pipes/generators/begin.ts";
import { RememberedGenerators } from "../../../src/main/pipes/generators/remembered.ts";
import { Pipe } from "../../../src/main/pipes/pipe.ts";
import type { GenerateRequest } from "../../../src/shared/pipe.ts";

const folder = mkdtempSync(join(tmpdir(), "parallax-generate-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const log = { write: () => {}, flushed: () => Promise.resolve() };
let files = 0;

/** An Elasticsearch without data streams; `turn`: the status of the whole of the n-th bulk, or of each of its items. */
async function elasticsearch(turn: (bulk: number) => { readonly whole?: number; readonly item?: number } = () => ({})) {
  const ids = new Set<string>();
  const asked: string[] = [];
  let bulks = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { method = "", url = "" } = request;
    asked.push(`${method} ${url}`);
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(method === "HEAD" ? "" : JSON.stringify(value));
    };
    if (method === "HEAD") return answer(404, {});
    if (url === "/_data_stream") return answer(400, { error: "no handler found" });
    if (!url.endsWith("/_bulk")) return answer(200, { acknowledged: true });
    const { whole = 200, item } = turn(bulks++);
    if (whole !== 200) return answer(whole, { error: { type: "busy", reason: "too many" } });
    const items = [...body.matchAll(/\{"create":\{"_id":"([^"]+)"\}\}/g)].map(([, id = ""]) => {
      const status = item ?? (ids.has(id) ? 409 : 201);
      if (status === 201) ids.add(id);
      return { create: { _id: id, status, ...(status < 300 ? {} : { error: { type: "mapper_exception", reason: "no such field" } }) } };
    });
    answer(200, { errors: items.some(({ create }) => create.status >= 300), items });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  after(() => server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}`, ids, asked };
}

function begun(endpoint: string | (() => string | null), request: Omit<GenerateRequest, "kind">, remembered = remember()) {
  const { generator, entry } = begin({ kind: "orders", ...request }, "c1", (name) => remembered.one("c1", name), Date.now());
  remembered.put(entry);
  const job = generatorJob({ generator, cluster: "c1", remembered, endpoint: typeof endpoint === "string" ? () => endpoint : endpoint });
  return { pipe: new Pipe(job, { autorun: true, log, changed: () => {} }), remembered, entry };
}

function remember(): RememberedGenerators {
  files += 1;
  return new RememberedGenerators(join(folder, `generators-${files}.json`), assert.fail);
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}

describe("a generator", () => {
  test("makes its index and so many documents, each once, and is not wanted any more", async () => {
    const server = await elasticsearch();
    const { pipe, remembered, entry } = begun(server.url, { documents: 2_500, rate: 0 });
    pipe.run(entry.rate);
    await until(() => !pipe.running);
    assert.equal(pipe.info().result, "Made 2\u2009500 documents in all.");
    assert.equal(server.ids.size, 2_500);
    assert.ok(server.asked.includes("PUT /shop-orders"));
    const kept = new RememberedGenerators(join(folder, `generators-${files}.json`), assert.fail).one("c1", "orders");
    assert.deepEqual([kept?.made, kept?.wanted], [2_500, false]);
    assert.deepEqual(remembered.of("another"), []);
  });

  test("goes on with the next number after it was stopped", async () => {
    const server = await elasticsearch();
    const first = begun(server.url, { rate: 0 });
    first.pipe.run(null);
    await until(() => server.ids.size >= 3_000);
    await first.pipe.stop();
    const made = first.remembered.one("c1", "orders")?.made ?? 0;
    assert.ok(made >= 2_000, `${made}`);
    const before = server.asked.length;
    const second = begun(server.url, { rate: 0, documents: made + 500 }, first.remembered);
    second.pipe.run(null);
    await until(() => !second.pipe.running);
    assert.equal(second.pipe.info().state, "stopped");
    assert.equal(server.asked.slice(before).filter((line) => line.endsWith("/_bulk")).length, 1);
    assert.ok(server.ids.has(`orders-1-${made + 499}`) && !server.ids.has(`orders-1-${made + 1_500}`));
  });

  test("sends again what Elasticsearch was too busy for", async () => {
    const server = await elasticsearch((bulk) => (bulk === 0 ? { whole: 503 } : bulk === 1 ? { item: 429 } : {}));
    const { pipe } = begun(server.url, { documents: 10, rate: 0 });
    pipe.run(null);
    await until(() => !pipe.running);
    assert.deepEqual([pipe.info().state, server.ids.size], ["stopped", 10]);
  });

  test("fails with Elasticsearch's reason where all is refused", async () => {
    const server = await elasticsearch(() => ({ item: 400 }));
    const { pipe } = begun(server.url, { documents: 10, rate: 0 });
    pipe.run(null);
    await until(() => !pipe.running);
    assert.deepEqual(
      [pipe.info().state, pipe.info().lastError],
      ["failed", "Elasticsearch refused all 10 documents: mapper_exception: no such field"],
    );
  });

  test("waits while the proxy is stopped, and goes on once it listens", async () => {
    const server = await elasticsearch();
    let url: string | null = null;
    const { pipe, remembered } = begun(() => url, { documents: 10, rate: 0 });
    pipe.run(null);
    await until(() => pipe.info().lastError !== "");
    assert.match(pipe.info().lastError, /proxy is stopped.*goes on once it is started/);
    assert.equal(remembered.one("c1", "orders")?.wanted, true);
    url = server.url;
    await until(() => !pipe.running);
    assert.deepEqual([pipe.info().state, pipe.info().lastError, server.ids.size], ["stopped", "", 10]);
  });
});
