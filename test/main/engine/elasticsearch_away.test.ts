// An Elasticsearch that is away, wrong, or behind TLS: clients are told at once in its own error shape, the banner says what
// to do, and everything goes on by itself when it comes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import type { ExchangePage, Health, SqlAnswer, Status, Verdicts } from "../../../src/shared/contract.ts";
import { startCountingCluster } from "../../support/counting_cluster.ts";
import { freePort, type ParallaxProcess, startParallax, until } from "../../support/parallax_process.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

async function ask(parallax: ParallaxProcess, path: string, body?: string, type = "application/json"): Promise<Answer> {
  const started = performance.now();
  const init = body === undefined ? {} : { method: "POST", body, headers: { "content-type": type } };
  const answer = await fetch(parallax.proxyUrl + path, init);
  return { status: answer.status, body: await answer.text(), ms: performance.now() - started };
}

function bulkOf(index: string, from: number, count: number): string {
  const lines = Array.from({ length: count }, (_, i) => `{"index":{"_index":"${index}","_id":"${from + i}"}}\n{"n":${from + i}}\n`);
  return lines.join("");
}

function assertBadGateway(answer: Answer, words: RegExp): void {
  assert.equal(answer.status, 502, answer.body);
  const { error, status } = JSON.parse(answer.body);
  assert.equal(status, 502);
  assert.equal(error.type, error.root_cause[0].type);
  assert.match(error.reason, words);
}

/** Writes that the journal keeps. */
function writesIn(data: string): number {
  const journal = new DatabaseSync(join(data, "journal.sqlite"), { readOnly: true });
  try {
    return Number(journal.prepare("SELECT count(*) AS writes FROM writes").get()?.writes);
  } finally {
    journal.close();
  }
}

const statusOf = (parallax: ParallaxProcess): Promise<Status> => parallax.ask<Status>("/api/status");

describe("an Elasticsearch that is away at the start", { timeout: 120_000 }, () => {
  test("is told of at once, met when it comes, and mirrored into its own tables now and after the next start", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const data = mkdtempSync(join(tmpdir(), "parallax-away-"));
    let parallax = await startParallax(["--elasticsearch", url], { data });
    let elasticsearch: Awaited<ReturnType<typeof startCountingCluster>> | undefined;
    try {
      for (let i = 0; i < 3; i += 1) {
        const answer = await ask(parallax, "/logs/_search", '{"size":0}');
        assertBadGateway(answer, /refused the connection: nothing listens there/);
        assert.ok(answer.ms < 1000, `answered after ${answer.ms} ms`);
      }
      assert.equal((await parallax.ask<Health>("/api/health")).status, "degraded");
      const away = await statusOf(parallax);
      assert.equal(away.elasticsearch.status, "away");
      assert.match(away.problems.join("\n"), new RegExp(`${url} refused the connection: nothing listens there. Start it`));
      const page = await parallax.ask<ExchangePage>("/api/exchanges?limit=3");
      assert.deepEqual(
        page.exchanges.map(({ truncated }) => truncated),
        [false, false, false],
      );
      const verdicts = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === 3,
      );
      assert.equal(verdicts.counts.not_compared, 3);
      assertBadGateway(await ask(parallax, "/_bulk", bulkOf("logs", 1_000, 50), "application/x-ndjson"), /refused the connection/);
      // It came nowhere: there is nothing to ask of it later, and many of them would fill the journal.
      assert.equal(
        await until(
          () => writesIn(data),
          (writes) => writes === 0,
        ),
        0,
      );

      elasticsearch = await startCountingCluster({ port });
      // The first write comes before anyone has noticed that it is back.
      const written = await ask(parallax, "/_bulk?refresh=true", bulkOf("logs", 0, 50), "application/x-ndjson");
      assert.equal(written.status, 200, written.body);
      await ask(parallax, "/logs/_search", '{"size":0}');
      const judged = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === 4,
      );
      const newest = await parallax.ask<ExchangePage>("/api/exchanges?limit=2");
      assert.equal(judged.counts.equal + judged.counts.equivalent, 1, newest.exchanges[0]?.note);
      assert.match(newest.exchanges[1]?.note ?? "", /^mirrored 50$/);
      const back = await until(
        () => statusOf(parallax),
        ({ elasticsearch: { status } }) => status === "ok",
        5_000,
      );
      assert.deepEqual(back.problems, []);
      assert.equal((await parallax.ask<Health>("/api/health")).status, "ok");
      const first = await databases(parallax);
      assert.equal(first.length, 1);

      assert.equal((await parallax.end("SIGTERM")).code, 0);
      parallax = await startParallax(["--elasticsearch", url], { data });
      await ask(parallax, "/logs/_search", '{"size":0}');
      const again = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === 5,
      );
      assert.equal(again.counts.equal + again.counts.equivalent, 2, JSON.stringify(again));
      assert.deepEqual(await databases(parallax), first);
    } finally {
      await parallax.stop();
      await elasticsearch?.stop();
      rmSync(data, { recursive: true, force: true });
    }
  });

  test("gets a mirror of its own when another cluster takes its address", async () => {
    const port = await freePort();
    let elasticsearch = await startCountingCluster({ port, uuid: "first" });
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url]);
    try {
      await ask(parallax, "/_bulk?refresh=true", bulkOf("logs", 0, 10), "application/x-ndjson");
      await until(
        () => databases(parallax),
        (names) => names.length === 1,
      );
      await elasticsearch.stop();
      await until(
        () => statusOf(parallax),
        ({ elasticsearch: { status } }) => status === "away",
        15_000,
      );
      elasticsearch = await startCountingCluster({ port, uuid: "second" });
      await ask(parallax, "/_bulk?refresh=true", bulkOf("logs", 0, 4), "application/x-ndjson");
      await ask(parallax, "/logs/_search", '{"size":0}');
      const { counts } = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === 1,
      );
      assert.equal(counts.equal + counts.equivalent, 1, JSON.stringify(counts));
      assert.equal((await databases(parallax)).length, 2);
    } finally {
      await parallax.stop();
      await elasticsearch.stop();
    }
  });
});

async function databases(parallax: ParallaxProcess): Promise<readonly string[]> {
  const sql = "SELECT name FROM system.databases WHERE name LIKE 'parallax%' ORDER BY name";
  return (await parallax.call<SqlAnswer>("sql.run", { sql })).rows.flat();
}

describe("a wrong Elasticsearch URL", { timeout: 120_000 }, () => {
  let folder: string;
  let tls: { readonly key: string; readonly cert: string } | null = null;
  let parallax: ParallaxProcess;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "parallax-wrong-url-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const made = spawnSync("openssl", ["req", ...kind, ...subject, "-keyout", key, "-out", cert]);
    if (made.status === 0) tls = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
    parallax = await startParallax(["--elasticsearch", `http://127.0.0.1:${await freePort()}`]);
  });
  after(async () => {
    await parallax.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const point = (url: string): Promise<Status> => parallax.call<Status>("elasticsearch.set", { url });

  test("with a host that has no address says so", async () => {
    const { problems } = await point("http://no-such-host.invalid:9200");
    assert.match(problems.join("\n"), /The host of http:\/\/no-such-host.invalid:9200 can't be found. Check the name/);
    const answer = await ask(parallax, "/_search", '{"size":0}');
    assertBadGateway(answer, /the name no-such-host.invalid has no address. Check the URL/);
    assert.ok(answer.ms < 1000, `answered after ${answer.ms} ms`);
  });

  test("of some other server passes its answers all the same, and says what it is not", async () => {
    const server = createServer((request, response) => {
      response.setHeader("content-type", "text/plain");
      request.resume().on("end", () => response.end(`you asked for ${request.url}`));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    const { problems, elasticsearch } = await point(url);
    assert.equal(elasticsearch.status, "away");
    assert.match(problems.join("\n"), new RegExp(`What answers at ${url} is not Elasticsearch`));
    assert.equal((await ask(parallax, "/any/thing")).body, "you asked for /any/thing");
    assert.equal((await ask(parallax, "/x/_doc/1", '{"n":1}')).status, 200);
    assert.equal((await ask(parallax, "/x/_search", '{"size":0}')).body, "you asked for /x/_search");
    const { exchanges } = await until(
      () => parallax.ask<ExchangePage>("/api/exchanges?limit=2"),
      (page) => page.exchanges.every(({ note }) => note !== ""),
    );
    for (const { note } of exchanges) assert.match(note, /which cluster this is can't be told: What answers at .* is not Elasticsearch/);
    assert.equal(exchanges[0]?.verdict, "not_compared");
    server.closeAllConnections();
    server.close();
  });

  test("with https for a plain port, and with http for a TLS port, says which of both to try", async (t) => {
    const plain = await startCountingCluster();
    const wrong = plain.url.replace("http:", "https:");
    assert.match((await point(wrong)).problems.join("\n"), /does not speak TLS as expected .*Try http:\/\//);
    assertBadGateway(await ask(parallax, "/_search", '{"size":0}'), /does not speak TLS as expected .*use an http:\/\/ URL/);
    await plain.stop();
    if (tls === null) return t.skip("openssl is not installed: no certificate to test with");
    const secure = await startCountingCluster({ tls });
    assert.match((await point(secure.url.replace("https:", "http:"))).problems.join("\n"), /use https:\/\//);
    await secure.stop();
  });

  test("whose certificate nobody vouches for names the flags that help, and they do", async (t) => {
    if (tls === null) return t.skip("openssl is not installed: no certificate to test with");
    const secure = await startCountingCluster({ tls });
    assert.match((await point(secure.url)).problems.join("\n"), /certificate of .* is not trusted .*--elasticsearch-ca FILE/);
    assertBadGateway(await ask(parallax, "/_search", '{"size":0}'), /certificate that is not trusted.*--elasticsearch-ca FILE/);
    const ways = { authority: ["--elasticsearch-ca", join(folder, "cert.pem")], insecure: ["--elasticsearch-insecure"] };
    for (const [index, flags] of Object.entries(ways)) {
      const trusting = await startParallax(["--elasticsearch", secure.url, ...flags]);
      try {
        assert.equal((await statusOf(trusting)).elasticsearch.status, "ok");
        assert.equal((await ask(trusting, "/_bulk?refresh=true", bulkOf(index, 0, 5), "application/x-ndjson")).status, 200);
        await ask(trusting, `/${index}/_count`, "{}");
        const { counts } = await until(
          () => trusting.ask<Verdicts>("/api/verdicts"),
          ({ total }) => total === 1,
        );
        const { exchanges } = await trusting.ask<ExchangePage>("/api/exchanges?limit=2");
        assert.equal(counts.equal, 1, exchanges.map(({ note }) => note).join("\n"));
      } finally {
        await trusting.stop();
      }
    }
    await secure.stop();
  });

  test("without the password that it asks for lets clients with one through, and says what it lacks itself", async () => {
    const secret = `Basic ${Buffer.from("elastic:secret").toString("base64")}`;
    const secured = await startCountingCluster({
      answer: (request, response) => {
        if (request.headers.authorization === secret) return false;
        response.writeHead(401, { "content-type": "application/json" });
        response.end('{"error":{"type":"security_exception","reason":"missing authentication credentials"},"status":401}');
        return true;
      },
    });
    assert.match((await point(secured.url)).problems.join("\n"), /asks who Parallax is \(401\): requests pass, .* Give user and password/);
    assert.equal((await ask(parallax, "/_search", "{}")).status, 401);
    const headers = { authorization: secret, "content-type": "application/x-ndjson" };
    const bulk = { method: "POST", headers, body: bulkOf("logs", 0, 5) };
    assert.equal((await fetch(`${parallax.proxyUrl}/_bulk`, bulk)).status, 200);
    const named = secured.url.replace("//", "//elastic:secret@");
    const { problems, elasticsearch } = await point(named);
    assert.deepEqual([problems, elasticsearch.status, elasticsearch.url], [[], "ok", secured.url]);
    assert.equal((await fetch(`${parallax.proxyUrl}/_bulk`, { ...bulk, body: bulkOf("more", 0, 5) })).status, 200);
    const { exchanges } = await until(
      () => parallax.ask<ExchangePage>("/api/exchanges?limit=1"),
      (page) => /^mirrored/.test(page.exchanges[0]?.note ?? ""),
    );
    assert.equal(exchanges[0]?.note, "mirrored 5");
    await secured.stop();
  });

  test("that is the proxy's own says so", async () => {
    const { problems } = await point(`http://localhost:${parallax.proxyPort}`);
    assert.match(problems.join("\n"), /is this proxy itself. Point Parallax at Elasticsearch's own port/);
    assertBadGateway(await ask(parallax, "/_search", "{}"), /is this proxy itself/);
  });

  test("that is none is refused, and the one before stays", async () => {
    const elasticsearch = await startCountingCluster();
    await point(elasticsearch.url);
    for (const url of ["localhost:9200", "ftp://x", "http://", "http://x:9200/?a=b", "http://u%zz@x", ""]) {
      await assert.rejects(point(url), /409|400.*(no http or https URL|give only scheme|stray %)/, url);
      assert.equal((await ask(parallax, "/", undefined)).status, 200);
    }
    await elasticsearch.stop();
  });
});
