// Others in the data folder: another Parallax, another program in the session, the last start's ClickHouse.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import type { ExchangePage, Status } from "../../../src/shared/contract.ts";
import { type CountingCluster, startCountingCluster } from "../../support/counting_cluster.ts";
import { freePort, runParallax, startParallax, until } from "../../support/parallax_process.ts";

describe("the data folder", { timeout: 120_000 }, () => {
  let elasticsearch: CountingCluster;
  let data: string;
  before(async () => {
    elasticsearch = await startCountingCluster();
    data = mkdtempSync(join(tmpdir(), "parallax-data-"));
  });
  after(async () => {
    await elasticsearch.stop();
    rmSync(data, { recursive: true, force: true });
  });

  test("is one Parallax's alone, and the next one's when that was killed", async () => {
    const first = await startParallax(["--elasticsearch", elasticsearch.url], { data });
    const ports = [
      "--port",
      String(await freePort()),
      "--ui-port",
      String(await freePort()),
      "--clickhouse-port",
      String(await freePort()),
    ];
    const second = await runParallax(["serve", "--no-open", "--data", data, ...ports]);
    assert.equal(second.code, 2, second.output);
    assert.ok(second.output.includes(`The data folder ${data} is in use by another Parallax. Use that one, or give this one a folder`));
    assert.equal((await fetch(`${first.proxyUrl}/`)).status, 200);
    await first.end("SIGKILL");
    const next = await startParallax(["--elasticsearch", elasticsearch.url], { data });
    const { clickhouse, problems } = await next.ask<Status>("/api/status");
    assert.deepEqual([clickhouse.status, problems], ["ok", []]);
    await next.stop();
  });

  test("lets another program write to the session for a while: exchanges wait, and none is lost", async () => {
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { data });
    const status = (): Promise<Status> => parallax.ask<Status>("/api/status");
    try {
      const before = (await status()).capture.exchanges;
      const other = new DatabaseSync(join(data, "sessions", "current.parallax"));
      other.exec("BEGIN IMMEDIATE");
      for (let i = 0; i < 50; i += 1) assert.equal((await fetch(`${parallax.proxyUrl}/?n=${i}`)).status, 200);
      const held = await until(status, ({ problems }) => problems.length > 0);
      assert.match(
        held.problems.join("\n"),
        /current.parallax is being written by another program: new exchanges wait. Close that program/,
      );
      other.exec("ROLLBACK");
      other.close();
      const well = await until(status, ({ problems, capture }) => problems.length === 0 && capture.exchanges === before + 50);
      assert.deepEqual([well.problems, well.capture.exchanges, well.capture.missed], [[], before + 50, 0]);
      assert.equal((await parallax.ask<ExchangePage>("/api/exchanges")).total, before + 50);
    } finally {
      await parallax.stop();
    }
  });
});
