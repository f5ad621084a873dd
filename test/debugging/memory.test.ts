// What memory is used for, as the manual asks for it, of a Parallax that plays the sample.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Status } from "../../src/shared/contract.ts";
import type { MemoryReport } from "../../src/shared/memory.ts";
import { type ParallaxProcess, processesWith, startParallax, until } from "../support/parallax_process.ts";

const LIMIT_MS = 60_000;
/** The promise is 0.8 after a million documents (npm run bench:memory); this one is young and busy. */
const LEAST_SHARE = 0.6;

describe("what memory is used for", () => {
  let parallax: ParallaxProcess;
  before(async () => {
    parallax = await startParallax(["--sample"]);
  });
  after(() => parallax.stop());

  const text = async (path: string): Promise<string> => {
    const answer = await fetch(parallax.interfaceUrl + path);
    assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
    assert.equal(answer.status, 200);
    return await answer.text();
  };

  test("is told as text: process, summary, top sizes, ClickHouse, objects by type", async () => {
    const heap = await text("/api/status/heap");
    const [first = "", , title] = heap.split("\n");
    assert.match(first, /^Process memory information: pmem\(rss=\d+/);
    assert.equal(title, "Memory use summary:");
    for (const line of [
      /^ {3}V8 main old space +: +\d+$/m,
      /^ {3}V8 heap of proxy +: +\d+$/m,
      /^ {3}\*\*Total accounted for memory\*\* +: +\d+$/m,
      /^ {3}\*\*Unaccounted for memory \(rss-total_accounted_for\)\*\*: +-?\d+$/m,
      /^Top pipes by their state/m,
      /^ClickHouse memory use summary \(http/m,
      /^ +types \| +# objects \| +total size$/m,
      /^ +Object \| +\d+ \| +[\d.]+ [KM]B$/m,
    ]) {
      assert.match(heap, line);
    }
    assert.doesNotMatch(await text("/api/status/heap?objects=false"), /# objects/);
  });

  test("sums up to what is accounted for, and is most of what the process has", async () => {
    const { process, parts, accounted, unaccounted, problems, objects } = await parallax.ask<MemoryReport>("/api/memory");
    assert.deepEqual(problems, []);
    assert.equal(objects, null);
    assert.equal(
      parts.reduce((sum, { bytes }) => sum + bytes, 0),
      accounted,
    );
    assert.equal(process.rss - accounted, unaccounted);
    if (process.vms === null) return; // this system tells of heaps alone
    assert.ok(accounted > LEAST_SHARE * process.rss, `${accounted} of ${process.rss}`);
  });

  test("is one snapshot for two who ask at once", async () => {
    const [one, other] = await Promise.all([
      parallax.ask<MemoryReport>("/api/memory?objects=true"),
      parallax.ask<MemoryReport>("/api/memory?objects=true"),
    ]);
    assert.ok((one.objects?.count ?? 0) > 10_000);
    assert.ok((other.objects?.types.length ?? 0) > 10);
  });

  test("is told of the machine by the status, with version, start and uptime", async () => {
    const status = await parallax.ask<Status>("/api/status");
    assert.equal(status.node_version, status.version);
    assert.match(status.node_start_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(status.node_uptime, /^\d+ hours, \d+ minutes, \d+ seconds$/);
    const { total, available, used, free, percent } = status.virtual_memory;
    assert.ok(total > 0 && available > 0 && used > 0 && free > 0 && percent > 0);
  });

  test("is told of the allocators, by thread, arena and bin", async () => {
    const stats = await text("/api/status/debugmallocstats");
    assert.match(stats, /^V8 heap of main\n\nspace +size +physical +used +available\n/m);
    assert.match(stats, /^# code_and_metadata_size +=/m);
    assert.match(stats, /^malloc/m);
    assert.match(stats, /jemalloc/);
  });

  test("is told of the rest while ClickHouse is away", async () => {
    const [child] = processesWith(`${parallax.data}/clickhouse`);
    assert.ok(child !== undefined, "the embedded ClickHouse runs");
    process.kill(child, "SIGSTOP");
    try {
      const { parts, clickhouse } = await parallax.ask<MemoryReport>("/api/memory");
      assert.ok(parts.some(({ name }) => name === "V8 main old space"));
      assert.ok(clickhouse.problems.length > 0, "it says what ClickHouse did not tell");
      assert.match(await text("/api/status/debugmallocstats"), /^V8 heap of main[\s\S]*ClickHouse/);
    } finally {
      process.kill(child, "SIGCONT");
    }
    const back = await until(
      () => parallax.ask<MemoryReport>("/api/memory").then(({ clickhouse }) => clickhouse.problems),
      (problems) => problems.length === 0,
      LIMIT_MS,
    );
    assert.deepEqual(back, []);
  });
});
