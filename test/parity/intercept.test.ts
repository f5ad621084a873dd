// The intercept proxy before a real Elasticsearch, by http and by https: what goes through it is mirrored, judged and answered as
// through the endpoint.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { after, before, describe, test } from "node:test";
import { Client, HttpConnection } from "@elastic/elasticsearch";
import type { ExchangePage, Status, Verdicts } from "../../src/shared/contract.ts";
import type { InterceptInfo } from "../../src/shared/intercept.ts";
import { SERVER_AUTHORITY, type SocketServer, startSocketServer } from "../support/intercepted.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;

for (const scheme of ["http", "https"] as const) {
  const index = `intercepted-${scheme}`;

  describe(`the intercept proxy before an Elasticsearch of ${scheme}`, { skip, concurrency: 1, timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "intercept-parity-"));
    let front: SocketServer;
    let parallax: ParallaxProcess;
    let direct: Client;
    let through: Client;
    let info: InterceptInfo;

    before(async () => {
      direct = new Client({ node: address });
      await direct.indices.delete({ index, ignore_unavailable: true });
      const { hostname, port } = new URL(address);
      // Ends TLS, where there is any, and passes everything on.
      front = await startSocketServer(
        (socket) => {
          const behind = connect({ host: hostname, port: Number(port) });
          pipeline(socket, behind, () => {});
          pipeline(behind, socket, () => {});
        },
        scheme === "https" ? "localhost" : null,
      );
      const ca = join(folder, "server.pem");
      writeFileSync(ca, SERVER_AUTHORITY.certificate);
      const node = `${scheme}://localhost:${front.port}`;
      const intercept = ["--intercept-elasticsearch", "search.test:443"];
      const backend = clickhouse === "" ? [] : ["--clickhouse", clickhouse];
      parallax = await startParallax(["--elasticsearch", node, "--elasticsearch-ca", ca, ...intercept, ...backend]);
      info = await parallax.ask<InterceptInfo>("/api/intercept");
      const tls = { ca: info.authority.pem };
      through = new Client({ node, Connection: HttpConnection, proxy: info.url, tls, maxRetries: 0 });
      await through.indices.create({
        index,
        settings: { number_of_shards: 3, number_of_replicas: 0 },
        mappings: { properties: { n: { type: "long" }, group: { type: "keyword" } } },
      });
      const datasource = Array.from({ length: 200 }, (_, n) => ({ n, group: `g${n % 4}` }));
      const { successful } = await through.helpers.bulk({
        datasource,
        onDocument: ({ n }) => ({ index: { _index: index, _id: `d${n}` } }),
        refresh: true,
      });
      assert.equal(successful, 200);
    });
    after(async () => {
      await through?.close();
      await parallax?.stop();
      await front?.close();
      await direct.indices.delete({ index, ignore_unavailable: true });
      await direct.close();
      rmSync(folder, { recursive: true });
    });

    test("mirrors writes and judges searches", async () => {
      const search = { index, size: 5, sort: [{ n: "desc" as const }], aggs: { by: { terms: { field: "group" } } } };
      const [here, there] = [await through.search(search), await direct.search(search)];
      assert.deepEqual([here.hits.hits, here.aggregations], [there.hits.hits, there.aggregations]);
      await through.count({ index, query: { range: { n: { gte: 100 } } } });
      const { counts } = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ counts }) => counts.equal + counts.equivalent >= 2,
        60_000,
      );
      assert.deepEqual([counts.equal + counts.equivalent, counts.different, counts.failed], [2, 0, 0]);
    });

    test("lets a request name who answers it", async () => {
      const { body, headers } = await through.search(
        { index, size: 1, sort: ["n"] },
        { meta: true, headers: { "x-parallax-backend": "clickhouse" } },
      );
      assert.equal(Object.entries(headers ?? {}).find(([name]) => name === "x-parallax-source")?.[1], "clickhouse");
      assert.equal(body.hits.hits[0]?._id, "d0");
    });

    test("reaches the same Elasticsearch by a name of the user's", async () => {
      const named = new Client({
        node: "https://search.test",
        Connection: HttpConnection,
        proxy: info.url,
        tls: { ca: info.authority.pem },
        maxRetries: 0,
      });
      assert.equal((await named.count({ index })).count, 200);
      await named.close();
    });

    test("captures other hosts with their URL, and neither mirrors nor judges them", async () => {
      const { port } = new URL(address);
      const elsewhere = new Client({
        node: `http://127.0.0.2:${port}`,
        Connection: HttpConnection,
        proxy: info.url,
        auth: { username: "elastic", password: "secret-of-elsewhere" },
        maxRetries: 0,
      });
      await elsewhere.info().catch(() => undefined);
      await elsewhere.close();
      const url = `http://127.0.0.2:${port}/`;
      const page = await until(
        () => parallax.ask<ExchangePage>("/api/exchanges?limit=100"),
        ({ exchanges }) => exchanges.some(({ path }) => path === url),
        60_000,
      );
      const found = page.exchanges.find(({ path }) => path === url);
      assert.deepEqual([found?.kind, found?.verdict, found?.index], ["other", null, ""]);
      const whole = await (await fetch(`${parallax.interfaceUrl}/api/exchanges/${found?.id}`)).text();
      assert.ok(!whole.includes(Buffer.from("elastic:secret-of-elsewhere").toString("base64")));
      const own = page.exchanges.filter(({ index: of }) => of === index);
      assert.ok(own.length > 0 && own.every(({ path }) => path.startsWith("/")));
    });

    test("is turned off and on", async () => {
      const off = await parallax.call<Status>("intercept.set", { on: false });
      assert.equal(off.intercept.on, false);
      const on = await parallax.call<Status>("intercept.set", { on: true });
      assert.equal((await fetch(on.intercept.url)).status, 200);
      assert.equal((await parallax.ask<InterceptInfo>("/api/intercept")).authority.fingerprint, info.authority.fingerprint);
      assert.equal(await (await fetch(`${parallax.interfaceUrl}/api/intercept/ca.pem`)).text(), info.authority.pem);
    });
  });
}
