// The telemetry report of a Parallax that plays the sample: asked for, on schedule, at the end, and sent where it is told to.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Telemetry, TelemetryReport } from "../../src/shared/telemetry.ts";
import { startParallax, until } from "../support/parallax_process.ts";

const LIMIT_MS = 60_000;

describe("the telemetry report", () => {
  const data = mkdtempSync(join(tmpdir(), "parallax-telemetry-"));
  after(() => rmSync(data, { recursive: true, force: true }));
  const file = join(data, "logs", "telemetry.json");
  const read = (name: string): TelemetryReport => JSON.parse(readFileSync(name, "utf8"));

  test("is live, written on schedule and at the end, and sent where it is told to", async () => {
    const received: TelemetryReport[] = [];
    const receiver = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request.setEncoding("utf8")) body += piece;
      received.push(JSON.parse(body));
      response.end();
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const address = receiver.address();
    const url = `http://me:s3cret@127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
    const parallax = await startParallax(["--sample", "--telemetry-interval", "1", "--telemetry-url", url], { data });
    try {
      const searched = await until(
        () => parallax.ask<TelemetryReport>("/api/telemetry"),
        ({ clickhouse_queries, elastic_queries }) => clickhouse_queries.count > 0 && elastic_queries.count > 0,
        LIMIT_MS,
      );
      assert.equal(searched.report_type, "on-demand");
      assert.ok(searched.elastic_queries.count > 0 && searched.elastic_queries.avg_time_sec > 0);
      assert.equal(searched.elasticsearch.status, "recorded");
      const told = await parallax.call<Telemetry>("telemetry.get");
      assert.equal(told.file, file);
      assert.equal(told.intervalSeconds, 1);
      assert.doesNotMatch(JSON.stringify(told), /s3cret/);
      await until(
        () => received.length,
        (count) => count > 0,
        LIMIT_MS,
      );
      assert.equal(received[0]?.report_type, "on-schedule");
      assert.equal(received[0]?.instanceId, searched.instanceId);
    } finally {
      await parallax.stop();
      receiver.closeAllConnections();
      receiver.close();
    }
    assert.equal(read(file).report_type, "on-shutdown");
    assert.equal(read(`${file}.1`).report_type, "on-schedule");
    assert.doesNotMatch(readFileSync(join(data, "logs", "parallax.log"), "utf8"), /s3cret/);
  });

  test("is sent nowhere where no URL is given", async () => {
    const parallax = await startParallax(["--sample"], { data });
    try {
      assert.equal((await parallax.call<Telemetry>("telemetry.get")).url, null);
    } finally {
      await parallax.stop();
    }
    assert.ok(existsSync(file));
  });
});
