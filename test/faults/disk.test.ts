// The disk of the data folder is full, for the journal, the capture and ClickHouse's tables alike: traffic goes on, the banner says what
// is not mirrored, and when there is room again it is mirrored. Needs a file system of its own, which only root may mount.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Status } from "../../src/shared/contract.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";
import { indexBody, Load, percentile } from "./load.ts";
import { ELASTICSEARCH, figure, indexInfo, judgedEqual, skip as noReference, seeded, WHOLE } from "./rig.ts";

const SIZE_MB = 400;
const LEFT_BYTES = 2 * 1024 * 1024;
const BULKS = WHOLE ? 600 : 150;
const PER_BULK = 100;

const folder = mkdtempSync(join(tmpdir(), "parallax-faults-disk-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "tmpfs", folder]).status === 0;
const skip = noReference || (mounted ? false : "no file system can be mounted here (only root may)");

describe("a full disk under load", { skip, timeout: 900_000 }, () => {
  const index = `faults-disk-${process.pid}`;
  const filler = join(folder, "filler");
  const load = new Load(index, seeded());
  let parallax: ParallaxProcess;

  before(async () => {
    parallax = await startParallax(["--elasticsearch", ELASTICSEARCH], { data: join(folder, "data") });
    const headers = { "content-type": "application/json" };
    await fetch(`${parallax.proxyUrl}/${index}`, { method: "PUT", headers, body: indexBody(3) });
  });
  after(async () => {
    await fetch(`${ELASTICSEARCH}/${index}`, { method: "DELETE" });
    await parallax.stop();
  });

  const problems = async (): Promise<string> => (await parallax.ask<Status>("/api/status")).problems.join("\n");

  test("costs no client anything, is told, and is made good", async () => {
    for (let i = 0; i < 10; i += 1) assert.ok(await load.send(parallax.proxyUrl, PER_BULK));
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - LEFT_BYTES));
    for (let i = 0; i < BULKS; i += 1) assert.ok(await load.send(parallax.proxyUrl, PER_BULK), "a client noticed");
    figure("bulks answered while the disk was full", BULKS);
    figure("their p99 in ms", Math.round(percentile(load.ms, 99)));
    const told = await until(problems, (text) => /not mirrored/.test(text), 300_000);
    for (const line of told.split("\n")) figure("banner", line.replaceAll(folder, ""));
    assert.match(told, /not mirrored/);
    const full = await indexInfo(parallax, index);
    figure("not mirrored, as shown", full?.notMirrored ?? -1);
    rmSync(filler);
    const started = performance.now();
    await until(
      async () => {
        // A journal that could not be written is tried again by the next write.
        await load.send(parallax.proxyUrl, 1);
        await pause(1_000);
        return await indexInfo(parallax, index);
      },
      (info) => info?.notMirrored === 0 && info.lag.documents === 0 && info.clickhouse.docs === info.elasticsearch.docs,
      180_000,
    );
    figure("seconds until all was mirrored", ((performance.now() - started) / 1000).toFixed(1));
    const well = await until(problems, (text) => text === "", 60_000);
    assert.equal(well, "");
    await fetch(`${parallax.proxyUrl}/${index}/_refresh`, { method: "POST" });
    const info = await until(
      () => indexInfo(parallax, index),
      (found) => found?.clickhouse.docs === found?.elasticsearch.docs,
      60_000,
    );
    figure("documents in Elasticsearch, in ClickHouse", `${info?.elasticsearch.docs}, ${info?.clickhouse.docs}`);
    assert.equal(info?.clickhouse.docs, info?.elasticsearch.docs);
    const judged = await judgedEqual(parallax, index);
    figure(`searches judged equal of ${judged.of}`, judged.equal);
    assert.equal(judged.equal, judged.of, judged.notes);
  });
});

after(() => {
  if (mounted) spawnSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true, force: true });
});
