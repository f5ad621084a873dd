// A session and a HAR are played at a server that writes down what it gets, octet by octet.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import { compileFilter, type Session } from "../../../src/main/capture/index.ts";
import { scheduledReplay, sessionReplayJob } from "../../../src/main/pipes/session_replay_job.ts";
import { openRecorded } from "../../../src/main/replay/open_recorded.ts";
import { playRequests } from "../../../src/main/replay/player.ts";
import { sessionRequests } from "../../../src/main/replay/session_requests.ts";
import type { HeaderPairs } from "../../../src/shared/exchange.ts";
import { runParallax } from "../../support/parallax_process.ts";
import { bytes, exchange, folder, NOON, session } from "../capture/records.ts";

interface Got {
  readonly line: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const NDJSON = '{"index":{}}\n{"n":9007199254740993,"u":"\u2028é"}\r\n\n';

describe("a replay", () => {
  let server: Server;
  let url = "";
  let got: Got[] = [];

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        got.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: Buffer.concat(chunks).toString("latin1") });
        response.writeHead(request.url?.includes("missing") === true ? 404 : 200).end("{}");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = `http://joe:p%40w@127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/base/`;
  });
  after(() => server.close());

  function filled(context: TestContext): Session {
    got = [];
    const s = session(context);
    const headers: HeaderPairs = [
      ["Host", "old:9200"],
      ["Content-Length", "99"],
      ["Cookie", "[redacted]"],
      ["Content-Type", "application/x-ndjson"],
    ];
    const request = { version: "1.1", headers, bodyBytes: 5, truncated: false };
    s.put(exchange(1, { path: "/_bulk?refresh", kind: "write", endpoint: "_bulk", request }), { request: bytes(NDJSON) });
    s.put(exchange(2, { method: "GET", path: "/missing/_doc/1", kind: "get", time: NOON + 3_600_000 }));
    s.put(exchange(3, { request: { ...request, truncated: true } }), { request: bytes("{") });
    s.put(exchange(4, { method: "GET", path: "http://other:1/x%20y?z", kind: "other", time: NOON + 7_200_000 }));
    return s;
  }

  test("sends each request that was captured whole as it was, in order, under its own name", async (context) => {
    const s = filled(context);
    let skipped = 0;
    const onSkipped = (): void => {
      skipped += 1;
    };
    const requests = sessionRequests(s, { speed: Number.POSITIVE_INFINITY, onSkipped });
    const result = await playRequests(requests, { url, signal: new AbortController().signal, onProgress: () => {} });
    assert.deepEqual([result, skipped], [{ played: 3, failed: 1 }, 1]);
    assert.deepEqual(got.map(({ line }) => line).toSorted(), ["GET /base/missing/_doc/1", "GET /base/x%20y?z", "POST /base/_bulk?refresh"]);
    assert.equal(got[0]?.body, Buffer.from(NDJSON).toString("latin1"));
    assert.equal(got[0]?.headers["x-parallax-replay"], "1");
    assert.equal(got[0]?.headers.authorization, `Basic ${Buffer.from("joe:p@w").toString("base64")}`);
    assert.equal(got[0]?.headers.cookie, undefined);
    assert.ok(got.every(({ headers }) => headers.host !== "old:9200"));
  });

  test("keeps the pace of the session, or another, and stops when it is told to", async (context) => {
    const s = filled(context);
    const speeds: number[][] = [];
    for (const speed of [1, 10]) {
      const times: number[] = [];
      for await (const { at } of sessionRequests(s, { speed, onSkipped: () => {} })) times.push(at);
      speeds.push(times);
    }
    assert.deepEqual(speeds, [
      [0, 3_599_999, 7_199_999],
      [0, 359_999.9, 719_999.9],
    ]);
    const stop = new AbortController();
    const playing = playRequests(sessionRequests(s, { speed: 1, onSkipped: () => {} }), {
      url,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    assert.equal((await playing).played, 1);
  });

  test("is a pipe, too", async (context) => {
    const s = filled(context);
    const compiled = compileFilter("~m get");
    assert.ok(compiled.ok);
    const job = sessionReplayJob({ session: s, filter: compiled.filter, url, speed: Number.POSITIVE_INFINITY });
    const totals: (number | null)[] = [];
    const outcome = await job.run({
      signal: new AbortController().signal,
      rate: null,
      progress: ({ total }) => totals.push(total),
      problem: () => {},
    });
    assert.deepEqual([outcome.sentence, totals], ["Played 2 requests. 1 were not answered with the recorded status.", [2, 2]]);
  });

  test("by a schedule leaves out what was sent again: the session does not double with each run", async (context) => {
    const s = filled(context);
    const again: HeaderPairs = [["x-parallax-replay", "2"]];
    s.put(exchange(5, { method: "GET", path: "/again", request: { version: "1.1", headers: again, bodyBytes: 0, truncated: false } }));
    const signal = new AbortController().signal;
    const run = { signal, rate: null, progress: () => {}, problem: () => {} };
    const sentence = async (filter: string) => (await scheduledReplay(s, url, { every: "1h", speed: 0, filter }).run(run)).sentence;
    assert.match(await sentence(""), /^Played 3 requests\./);
    assert.match(await sentence("~m get | ~u again"), /^Played 2 requests\./);
    assert.ok(got.every(({ line }) => !line.includes("again")));
    assert.throws(() => scheduledReplay(s, url, { filter: "~nonsense" }), /Its filter can't be read/);
    assert.throws(() => scheduledReplay(s, null, {}), /The proxy is stopped/);
    assert.throws(() => scheduledReplay(null, url, {}), /No session is open/);
  });

  test("takes a HAR with the credentials in it, and leaves no file behind", async (context) => {
    filled(context);
    const file = join(folder(context), "x.har");
    const entry = {
      request: { method: "PUT", url: "http://a/b", headers: [{ name: "Authorization", value: "Bearer t" }], postData: { text: NDJSON } },
      response: { status: 200 },
    };
    writeFileSync(file, JSON.stringify({ log: { entries: [entry] } }));
    const recorded = await openRecorded(file, { redact: false });
    const requests = sessionRequests(recorded.session, { speed: 1, onSkipped: () => {} });
    await playRequests(requests, { url, signal: new AbortController().signal, onProgress: () => {} });
    await recorded.close();
    assert.deepEqual(
      [got[0]?.line, got[0]?.body, got[0]?.headers.authorization],
      ["PUT /base/b", Buffer.from(NDJSON).toString("latin1"), "Bearer t"],
    );
    assert.ok(!existsSync(recorded.session.file));
  });

  test("and export and import are verbs", async (context) => {
    const s = filled(context);
    s.flush();
    const folderOf = folder(context);
    const [har, again] = [join(folderOf, "x.har"), join(folderOf, "again.parallax")];
    const run = (...args: readonly string[]) => runParallax(args, { limitMs: 60_000 });
    const exported = await run("export", "--session", s.file, "--filter", "~m get", "--out", har);
    assert.equal(exported.code, 0, exported.output);
    const imported = await run("import", har, "--out", again);
    assert.deepEqual([imported.code, imported.output.trim()], [0, `2 exchanges in ${again}`]);
    const played = await run("replay", again, "--to", url, "--speed", "max", "--fail-on-difference");
    assert.equal(played.code, 1, played.output);
    assert.match(played.output, /Played 2 requests\. 1 were not answered with the recorded status\./);
    const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
      [["replay", again], 2, /Usage/],
      [["replay", again, "--to", url, "--speed", "fast"], 2, /original, max, or a factor/],
      [["export", "--session", s.file, "--filter", "~nope"], 2, /position 1 of the filter/],
      [["import", har, "--out", again], 2, /exists/],
    ];
    for (const [args, code, message] of wrong) {
      const result = await run(...args);
      assert.equal(result.code, code, result.output);
      assert.match(result.output, message);
    }
  });
});
