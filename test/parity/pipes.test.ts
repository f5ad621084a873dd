// Pipes of a whole Parallax beside a real Elasticsearch: a backfill that a kill interrupts goes on by itself; a stopped mirror lets
// writes wait; what is kept back runs when it is started.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import type { Status } from "../../src/shared/contract.ts";
import type { IndexInfo } from "../../src/shared/index_info.ts";
import type { PipeInfo } from "../../src/shared/pipe.ts";
import { type ParallaxProcess, runParallax, startParallax, until } from "../support/parallax_process.ts";
import { newSeed, seededRandom } from "../support/random.ts";
import { makeIndex } from "../support/reconciled_index.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH;
const skip = address === undefined ? "needs a real Elasticsearch: set PARALLAX_TEST_ELASTICSEARCH to its URL" : false;
const INDEX = "pipes-parity";
const DOCUMENTS = 20_000;
const LIMIT_MS = 90_000;

describe("pipes beside a real Elasticsearch", { skip, concurrency: false, timeout: 600_000 }, () => {
  if (address === undefined) return;
  const elasticsearch = new ElasticsearchClient(address);
  const random = seededRandom(newSeed());
  console.log(`seed ${random.seed}`);
  after(async () => {
    await elasticsearch.request("DELETE", `/${INDEX}*`);
    elasticsearch.close();
  });

  async function withData(work: (start: () => Promise<ParallaxProcess>, data: string) => Promise<void>): Promise<void> {
    const data = mkdtempSync(join(tmpdir(), "parallax-pipes-"));
    const running: ParallaxProcess[] = [];
    const start = async (): Promise<ParallaxProcess> => {
      const parallax = await startParallax(["--elasticsearch", address ?? ""], { data });
      running.push(parallax);
      return parallax;
    };
    try {
      await work(start, data);
    } finally {
      await Promise.all(running.map((parallax) => parallax.stop()));
      rmSync(data, { recursive: true, force: true });
    }
  }

  const pipe = async (parallax: ParallaxProcess, id: string): Promise<PipeInfo | undefined> =>
    (await parallax.ask<readonly PipeInfo[]>("/api/pipes")).find((each) => each.id === id);
  const index = async (parallax: ParallaxProcess): Promise<IndexInfo | undefined> =>
    (await parallax.ask<readonly IndexInfo[]>("/api/indices")).find(({ name }) => name === INDEX);
  const pump = (parallax: ParallaxProcess, id: string, fields: string): Promise<Response> =>
    fetch(`${parallax.interfaceUrl}/api/pipes/${id}/pump`, { method: "POST", body: new URLSearchParams(fields) });

  test("a backfill goes on after a kill, is refused twice at once, and ends with both sides equal", async () => {
    await makeIndex(elasticsearch, INDEX, 2, DOCUMENTS, random);
    await withData(async (start) => {
      const first = await start();
      const url = `${first.interfaceUrl}/api/indices/${INDEX}/backfill`;
      const begun = await fetch(url, { method: "POST", body: '{"rate":4000}' });
      assert.equal(begun.status, 200, await begun.clone().text());
      const again = await fetch(url, { method: "POST" });
      assert.deepEqual([again.status, JSON.parse(await again.text()).error.code], [409, "pipe_running"]);
      const unknown = await fetch(url.replace(INDEX, `${INDEX}-nowhere`), { method: "POST" });
      assert.deepEqual([unknown.status, JSON.parse(await unknown.text()).error.code], [404, "no_index"]);
      await until(
        () => index(first),
        (found) => (found?.clickhouse.docs ?? 0) > 2_000,
        LIMIT_MS,
      );
      await first.end("SIGKILL");
      const second = await start();
      const resumed = await until(
        () => pipe(second, `backfill-${INDEX}`),
        (found) => found !== undefined && found.state !== "running",
        LIMIT_MS,
      );
      assert.deepEqual([resumed?.state, resumed?.rate, resumed?.lastError], ["stopped", 4000, ""]);
      const info = await index(second);
      assert.equal(info?.clickhouse.docs, info?.elasticsearch.docs);
      assert.ok((info?.reconciled?.ok ?? false) && (info?.ratio ?? 0) > 0, JSON.stringify(info));
      assert.ok((resumed?.report?.written ?? 0) < (info?.elasticsearch.docs ?? 0), "what was copied before was not copied again");
      await second.end("SIGKILL");
      const third = await start();
      assert.equal(await pipe(third, `backfill-${INDEX}`), undefined, "a backfill that is over is not wanted any more");
      const port = String(third.interfacePort);
      const { code, output } = await runParallax(["reconcile", `${INDEX}*`, "--exact", "--ui-port", port], { limitMs: LIMIT_MS });
      assert.equal(code, 0, output);
      assert.match(output, new RegExp(`${INDEX}: Both sides had the same`));
    });
  });

  test("writes wait in the journal while the mirror is stopped, and pipes that are kept back until they are started", async () => {
    await makeIndex(elasticsearch, INDEX, 1, 10, random);
    await withData(async (start, data) => {
      writeFileSync(join(data, "startup_options.json"), '{"task_manager":{"disable_pump_scheduler":true}}');
      const parallax = await start();
      assert.equal((await pipe(parallax, "mirror"))?.state, "kept-back");
      for (let i = 0; i < 5; i += 1) {
        const answer = await fetch(`${parallax.proxyUrl}/${INDEX}-new/_doc/n${i}`, {
          method: "PUT",
          headers: { "content-type": "application/json" },
          body: `{"n":${i}}`,
        });
        assert.ok(answer.ok);
        await answer.arrayBuffer();
      }
      const waiting = await until(
        () => parallax.ask<Status>("/api/status"),
        ({ journal }) => journal.writes >= 5,
        LIMIT_MS,
      );
      assert.deepEqual([waiting.journal.writes, waiting.journal.problem], [5, ""]);
      const docs = async (): Promise<readonly [number | null, number]> => {
        const all = await parallax.ask<readonly IndexInfo[]>("/api/indices");
        const found = all.find(({ name }) => name === `${INDEX}-new`);
        return [found?.clickhouse.docs ?? null, found?.lag.documents ?? -1];
      };
      await until(docs, ([, lag]) => lag === 5, LIMIT_MS);
      assert.deepEqual(await docs(), [null, 5]);
      assert.equal((await pump(parallax, "mirror", "operation=stop&profiler=true")).status, 409);
      assert.equal((await pump(parallax, "mirror", "operation=run")).status, 400);
      assert.equal((await pump(parallax, "mirrors", "operation=start")).status, 404);
      assert.equal((await pump(parallax, "mirror", "operation=start")).status, 200);
      await until(docs, ([rows, lag]) => rows === 5 && lag === 0, LIMIT_MS);
      assert.equal((await pump(parallax, "mirror", "operation=stop")).status, 200);
      assert.equal((await pipe(parallax, "mirror"))?.state, "stopped");
    });
  });
});
