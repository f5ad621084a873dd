// What the window hears: an exchange within 300 ms of its answer, whoever else does not listen.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import type { ExchangePage, Status } from "../../../src/shared/contract.ts";
import { startCountingCluster } from "../../support/counting_cluster.ts";
import { startParallax, until } from "../../support/parallax_process.ts";

const WITHIN_MS = 300;

describe("server-sent events", { timeout: 120_000 }, () => {
  test("tell of an exchange soon after its answer, and a deaf listener costs nothing", async () => {
    const elasticsearch = await startCountingCluster();
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { noToken: false });
    const deaf = connect({ host: "127.0.0.1", port: parallax.interfacePort });
    const leaving = new AbortController();
    try {
      deaf.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${parallax.interfacePort}\r\n\r\n`);
      await once(deaf, "data");
      deaf.pause();
      const heard = new Map<string, number>();
      const stream = await fetch(`${parallax.interfaceUrl}/api/events`, { signal: leaving.signal });
      assert.equal(stream.headers.get("content-type"), "text/event-stream");
      void listen(stream, heard).catch(() => undefined);

      const delays: number[] = [];
      for (let i = 0; i < 20; i += 1) {
        const path = `/_cluster/health?n=${i}`;
        await (await fetch(parallax.proxyUrl + path)).arrayBuffer();
        const answered = performance.now();
        const time = await until(
          () => heard.get(path),
          (found) => found !== undefined,
          2_000,
        );
        delays.push((time ?? Number.POSITIVE_INFINITY) - answered);
      }
      process.stdout.write(`  events came ${delays.map((ms) => Math.round(ms)).join(", ")} ms after the answer\n`);
      const median = delays.toSorted((a, b) => a - b)[delays.length / 2] ?? Number.POSITIVE_INFINITY;
      assert.ok(median < WITHIN_MS, `${median} ms`);

      const many = Array.from({ length: 3000 }, (_, i) => i);
      for (let at = 0; at < many.length; at += 50) {
        await Promise.all(many.slice(at, at + 50).map(async (n) => (await fetch(`${parallax.proxyUrl}/_cat?n=${n}`)).arrayBuffer()));
      }
      const { total } = await until(
        () => parallax.ask<ExchangePage>("/api/exchanges?limit=1"),
        (page) => page.total === 3020,
      );
      assert.equal(total, 3020);
      const status = await parallax.ask<Status>("/api/status");
      assert.deepEqual([status.capture.missed, status.problems], [0, []]);
      assert.match(parallax.printed(), /token +\S{20,}/);
      await assert.rejects(parallax.call("session.clear"), /401/);
    } finally {
      leaving.abort();
      deaf.destroy();
      await parallax.stop();
      await elasticsearch.stop();
    }
  });
});

/** Notes when each path was first heard of. */
async function listen(stream: Response, heard: Map<string, number>): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
      if (name !== "exchanges" || data === undefined) continue;
      for (const { path } of JSON.parse(data).changed) if (!heard.has(path)) heard.set(path, performance.now());
    }
  }
}
