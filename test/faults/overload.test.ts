// ClickHouse stands still under load: clients notice nothing, memory stays bounded, no search is judged wrongly, a forced one sees what
// was acknowledged or is told in time, and all is caught up after. Where it is away for so long that the journal is full, what is not
// mirrored is counted exactly, and copied when it is back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { ExchangePage, Status } from "../../src/shared/contract.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault_proxy.ts";
import { until } from "../support/parallax_process.ts";
import { Load, percentile } from "./load.ts";
import { ELASTICSEARCH, figure, indexInfo, judgedEqual, type Rig, search, seeded, skip, startRig, verdicts, WHOLE } from "./rig.ts";
import { compareSides } from "./sides.ts";

const ROUNDS = WHOLE ? 5 : 3;
const ROUND_MS = WHOLE ? 60_000 : 5_000;
const RSS_MB = 1_000;
/** A forced request is answered within ten seconds; a loaded machine is given some more. */
const FORCED_MS = 13_000;
const EQUAL = { documents: 0, onlyElasticsearch: 0, onlyClickHouse: 0, twice: 0, otherSource: 0 };

describe("a ClickHouse that stands still", { skip, timeout: 3_600_000 }, () => {
  const index = `faults-paused-${process.pid}`;
  const load = new Load(index, seeded());
  let rig: Rig;
  let searches = 0;

  before(async () => {
    rig = await startRig();
    await rig.makeIndex(index);
  });
  after(() => rig.stop());

  /** Bulks for a round, searches beside them; p99 of the bulks in ms. */
  async function round(): Promise<number> {
    const { length } = load.ms;
    const end = Date.now() + ROUND_MS;
    const write = async (): Promise<void> => {
      while (Date.now() < end) assert.ok(await load.send(rig.parallax.proxyUrl, 100), "a client noticed");
    };
    const ask = async (): Promise<void> => {
      for (; Date.now() < end; await pause(200)) {
        assert.ok(await search(rig.parallax, index, searches), "a search was not answered");
        searches += 1;
      }
    };
    await Promise.all([write(), write(), ask()]);
    return percentile(load.ms.slice(length), 99);
  }

  /** Resident memory of Parallax, MB. */
  function rss(): number {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${rig.parallax.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  }

  test("costs clients nothing, and catches up", async () => {
    const [running, paused]: [number[], number[]] = [[], []];
    let most = 0;
    const watching = setInterval(() => {
      most = Math.max(most, rss());
    }, 200);
    try {
      await round();
      for (let i = 0; i < ROUNDS; i += 1) {
        running.push(await round());
        const { pid } = rig.clickhouse;
        assert.ok(pid !== null, "ClickHouse runs");
        process.kill(pid, "SIGSTOP");
        paused.push(await round());
        if (rig.clickhouse.pid === pid) process.kill(pid, "SIGCONT");
      }
    } finally {
      clearInterval(watching);
    }
    const [without, beside] = [percentile(running, 50), percentile(paused, 50)];
    figure("documents a second", Math.round((load.acknowledged / (ROUND_MS * (2 * ROUNDS + 1))) * 1000));
    figure("bulk p99 ms, running", running.map(Math.round).join(", "));
    figure("bulk p99 ms, paused", paused.map(Math.round).join(", "));
    figure("median of paused / median of running", (beside / without).toFixed(2));
    figure("most resident memory, MB", Math.round(most));
    const started = performance.now();
    const sides = await rig.settled(index);
    figure("seconds until all was caught up", ((performance.now() - started) / 1000).toFixed(1));
    figure("documents, lost, too many, doubled, other", Object.values(sides).join(", "));
    assert.deepEqual({ ...sides, documents: 0 }, EQUAL);
    assert.ok(most < RSS_MB, `${most} MB`);
    // Short rounds on a machine with other work say little.
    assert.ok(beside / without < (WHOLE ? 1.1 : 2), `${beside} / ${without}`);
    const counts = await verdicts(rig.parallax, searches);
    figure("searches meanwhile", JSON.stringify(counts));
    assert.deepEqual([counts.different, counts.failed], [0, 0]);
    const { exchanges } = await rig.parallax.ask<ExchangePage>("/api/exchanges?limit=2000&filter=~verdict%20not_compared");
    const reasons = new Set(exchanges.map(({ note }) => note.replaceAll(/\d+/g, "N").replaceAll(index, "it")));
    figure("not compared", [...reasons].join(" | "));
    const judged = await judgedEqual(rig.parallax, index);
    assert.equal(judged.equal, judged.of, judged.notes);
  });

  test("lets a forced request see all that was acknowledged, or says within ten seconds that it can't", async () => {
    const [seen, refused]: [number[], number[]] = [[], []];
    const own = `${index}-forced`;
    await rig.makeIndex(own);
    let written = 1;
    for (let i = 0; i < 30; i += 1) {
      const stops = i % 10 === 9;
      const { pid } = rig.clickhouse;
      assert.ok(pid !== null, "ClickHouse runs");
      if (stops) process.kill(pid, "SIGSTOP");
      const line = `{"index":{}}\n{"n":1}\n`;
      const answer = await fetch(`${rig.parallax.proxyUrl}/${own}/_bulk`, {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: line.repeat(20),
      });
      await answer.arrayBuffer();
      written += 20;
      const started = performance.now();
      const forced = await fetch(`${rig.parallax.proxyUrl}/${own}/_count`, { headers: { "x-parallax-backend": "clickhouse" } });
      const ms = performance.now() - started;
      const body = await forced.text();
      if (stops && rig.clickhouse.pid === pid) process.kill(pid, "SIGCONT");
      if (forced.status === 200) {
        assert.equal(Number(/"count":(\d+)/.exec(body)?.[1]), written, "a forced request sees every acknowledged write");
        seen.push(ms);
      } else {
        assert.equal(forced.status, 503, body);
        refused.push(ms);
      }
    }
    figure("forced requests that saw all, slowest ms", `${seen.length}, ${Math.round(Math.max(0, ...seen))}`);
    figure("forced requests refused, slowest ms", `${refused.length}, ${Math.round(Math.max(0, ...refused))}`);
    assert.ok(Math.max(...seen, ...refused) < FORCED_MS);
    assert.ok(seen.length >= 20);
  });
});

describe("a journal that is full", { skip, timeout: 600_000 }, () => {
  const index = `faults-full-${process.pid}`;
  const load = new Load(index, seeded());
  let link: FaultProxy;
  let rig: Rig;

  before(async () => {
    rig = await startRig({
      flags: ["--journal-cap", String(1024 ** 2)],
      through: async (port) => {
        link = await startFaultProxy(port);
        return { clickhousePort: link.port };
      },
    });
    await rig.makeIndex(index);
  });
  after(async () => {
    await rig.stop();
    await link.stop();
  });

  /** Operations that wait in the journal with their bodies, as its file says. */
  function kept(): number {
    const db = new DatabaseSync(join(rig.parallax.data, "journal.sqlite"), { readOnly: true });
    try {
      const rows = db
        .prepare("SELECT answers.body AS answer FROM answers JOIN bodies ON bodies.row = answers.row WHERE answers.body IS NOT NULL")
        .all();
      return rows.reduce((sum, { answer }) => sum + changed(Buffer.from(answer instanceof Uint8Array ? answer : []).toString()), 0);
    } finally {
      db.close();
    }
  }

  const changed = (answer: string): number => [...answer.matchAll(/"result":"(?:created|updated|deleted)"/g)].length;

  test("lets traffic go on, counts what is not mirrored, and is made good", async () => {
    await rig.settled(index);
    link.fault = { kind: "down" };
    let written = 0;
    for (let i = 0; i < 40; i += 1) {
      const body = load.bulk(300);
      const headers = { "content-type": "application/x-ndjson", "accept-encoding": "identity" };
      const answer = await fetch(`${rig.parallax.proxyUrl}/${index}/_bulk`, { method: "POST", headers, body });
      assert.equal(answer.status, 200);
      written += changed(await answer.text());
    }
    figure("operations acknowledged meanwhile", written);
    const info = await until(
      () => indexInfo(rig.parallax, index),
      (found) => found !== undefined && found.notMirrored > 0 && found.notMirrored + kept() === written,
      120_000,
    );
    figure("operations that the journal keeps", kept());
    figure("not mirrored, as shown", info?.notMirrored ?? -1);
    assert.equal((info?.notMirrored ?? 0) + kept(), written);
    const { problems } = await rig.parallax.ask<Status>("/api/status");
    assert.match(problems.join("\n"), new RegExp(`not mirrored.*${info?.notMirrored} of ${index}`));
    link.fault = null;
    await until(
      () => indexInfo(rig.parallax, index),
      (found) => found?.notMirrored === 0 && found.clickhouse.docs === found.elasticsearch.docs,
      120_000,
    );
    const sides = await compareSides(ELASTICSEARCH, rig.client, index);
    figure("documents, lost, too many, doubled, other", Object.values(sides).join(", "));
    assert.deepEqual({ ...sides, documents: 0 }, EQUAL);
    const judged = await judgedEqual(rig.parallax, index);
    figure(`searches judged equal of ${judged.of}`, judged.equal);
    assert.equal(judged.equal, judged.of, judged.notes);
  });
});
