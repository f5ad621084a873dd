// A full disk, really full: clients are answered as before, the banner says what is not kept, and all goes on when there is
// room again. Needs a file system of its own, which only root may mount.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { ExchangePage, Health, Status, Verdicts } from "../../../src/shared/contract.ts";
import { type CountingCluster, startCountingCluster } from "../../support/counting_cluster.ts";
import { type ParallaxProcess, startParallax, until } from "../../support/parallax_process.ts";

const SIZE = 160;
const LEFT_BYTES = 3 * 1024 * 1024;
const REQUESTS = 60;

const folder = mkdtempSync(join(tmpdir(), "parallax-full-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}m`, "tmpfs", folder]).status === 0;
const skip = mounted ? false : "no file system can be mounted here (only root may)";

describe("a full disk", { skip, timeout: 120_000 }, () => {
  const filler = join(folder, "filler");
  const noise = randomBytes(128 * 1024).toString("base64");
  let elasticsearch: CountingCluster;
  let parallax: ParallaxProcess;

  before(async () => {
    elasticsearch = await startCountingCluster();
    parallax = await startParallax(["--elasticsearch", elasticsearch.url], { data: join(folder, "data") });
  });
  after(async () => {
    await parallax.stop();
    await elasticsearch.stop();
  });

  async function bulk(index: string, id: number): Promise<number> {
    const body = `{"index":{"_index":"${index}","_id":"${id}"}}\n{"n":${id},"name":"${noise}"}\n`;
    const answer = await fetch(`${parallax.proxyUrl}/_bulk?refresh=true`, { method: "POST", body });
    await answer.arrayBuffer();
    return answer.status;
  }

  const status = (): Promise<Status> => parallax.ask<Status>("/api/status");

  test("costs no client anything, is told, and is over when there is room", async () => {
    assert.equal(await bulk("logs", 0), 200);
    await until(status, ({ capture }) => capture.exchanges === 1);
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - LEFT_BYTES));
    for (let i = 1; i <= REQUESTS; i += 1) assert.equal(await bulk("logs", i), 200);
    const full = await until(status, ({ problems }) => problems.some((problem) => problem.includes("can't be written")));
    assert.match(full.problems.join("\n"), /The session .*current.parallax can't be written .*new exchanges are not kept. Free some space/);
    assert.ok([200, 503].includes((await fetch(`${parallax.interfaceUrl}/api/health`)).status));
    assert.equal((await fetch(`${parallax.proxyUrl}/`)).status, 200);
    process.stdout.write(`  full: ${JSON.stringify(full.capture)}; ${full.problems.join(" | ")}\n`);

    rmSync(filler);
    const well = await until(status, ({ problems }) => problems.length === 0, 40_000);
    assert.deepEqual(well.problems, []);
    const before = well.capture.exchanges;
    assert.equal(await bulk("later", 1), 200);
    assert.equal((await fetch(`${parallax.proxyUrl}/later/_search`, { method: "POST", body: '{"size":0}' })).status, 200);
    const { counts } = await until(
      () => parallax.ask<Verdicts>("/api/verdicts"),
      ({ total }) => total === 1,
      30_000,
    );
    assert.equal(counts.equal, 1, JSON.stringify(counts));
    const after = await until(status, ({ capture }) => capture.exchanges === before + 2);
    assert.equal(after.capture.exchanges, before + 2);
    // What is neither kept nor counted would be lost in silence. Two requests above were no bulks.
    assert.equal(after.capture.exchanges + after.capture.missed, REQUESTS + 4);
    assert.equal((await parallax.ask<Health>("/api/health")).status, "ok");
    assert.ok(!readdirSync(join(folder, "data", "sessions")).some((name) => name.includes("corrupt")));
    await parallax.ask<ExchangePage>("/api/exchanges?limit=5000");
  });
});

after(() => {
  if (mounted) spawnSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true, force: true });
});
