// A network that fails between Parallax and its servers: replies cut after ClickHouse applied an insert, tokens that are forgotten before
// the retry, and Toxiproxy's seven faults on each link. Nothing is lost, doubled or left hanging.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type Fault, type FaultProxy, startFaultProxy } from "../support/fault_proxy.ts";
import { until } from "../support/parallax_process.ts";
import { Load, percentile } from "./load.ts";
import { ELASTICSEARCH, figure, judgedEqual, type Rig, seeded, skip, startRig, WHOLE } from "./rig.ts";
import type { Sides } from "./sides.ts";
import { tableOf } from "./sides.ts";

const CUTS = WHOLE ? 1_000 : 60;
const FORGOTTEN = WHOLE ? 50 : 5;
const FAULT_MS = WHOLE ? 10_000 : 2_000;
/** No client waits longer for an answer or an error; nor does the mirror for what it missed. */
const HUNG_MS = 10_000;
const HEALED_MS = 90_000;
const FAULTS: readonly Fault[] = [
  { kind: "latency", ms: 100 },
  { kind: "bandwidth", bytesPerSecond: 100_000 },
  { kind: "timeout", ms: 1_000 },
  { kind: "reset_peer", ms: 20 },
  { kind: "slicer", bytes: 64 },
  { kind: "limit_data", bytes: 1_500 },
  { kind: "down" },
];
const EQUAL = { onlyElasticsearch: 0, onlyClickHouse: 0, twice: 0, otherSource: 0 };

describe("a network that fails", { skip, timeout: 3_600_000 }, () => {
  const index = `faults-network-${process.pid}`;
  const random = seeded();
  const load = new Load(index, random);
  let links: { readonly clickhouse: FaultProxy; readonly elasticsearch: FaultProxy };
  let rig: Rig;

  before(async () => {
    rig = await startRig({
      through: async (port) => {
        const target = new URL(ELASTICSEARCH);
        links = { clickhouse: await startFaultProxy(port), elasticsearch: await startFaultProxy(Number(target.port)) };
        return { clickhousePort: links.clickhouse.port, elasticsearch: `http://127.0.0.1:${links.elasticsearch.port}` };
      },
    });
    await rig.makeIndex(index, WHOLE);
  });
  after(async () => {
    await rig.stop();
    await Promise.all([links.clickhouse.stop(), links.elasticsearch.stop()]);
  });

  function assertEqual(what: string, { documents, ...sides }: Sides): void {
    figure(`${what}: documents, lost, too many, doubled, other`, [documents, ...Object.values(sides)].join(", "));
    assert.deepEqual(sides, EQUAL);
  }

  test(`${CUTS} replies cut after an insert was applied`, async () => {
    let cuts = 0;
    links.clickhouse.cut = (line) => {
      const cutting = line.includes("INSERT") && cuts < CUTS && random.below(3) > 0;
      if (cutting) cuts += 1;
      return cutting;
    };
    while (cuts < CUTS) {
      await Promise.all([load.send(rig.parallax.proxyUrl, 10), load.send(rig.parallax.proxyUrl, 10)]);
      await pause(5);
    }
    links.clickhouse.cut = null;
    figure("replies cut", cuts);
    assertEqual("replies cut", await rig.settled(index));
  });

  test(`${FORGOTTEN} tokens forgotten between an insert and its retry`, async () => {
    const table = await tableOf(rig.client, index);
    const window = (size: number) =>
      rig.client.command(`ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = ${size}`);
    for (let i = 0; i < FORGOTTEN; i += 1) {
      let cut = false;
      links.clickhouse.cut = (line) => {
        if (!line.includes("INSERT")) return false;
        cut = true;
        links.clickhouse.fault = { kind: "down" };
        return true;
      };
      await load.send(rig.parallax.proxyUrl, 10);
      await until(
        () => cut,
        (done) => done,
      );
      await window(0);
      await window(1000);
      links.clickhouse.cut = null;
      links.clickhouse.fault = null;
      await pause(300);
    }
    assertEqual("tokens forgotten", await rig.settled(index));
  });

  for (const link of ["clickhouse", "elasticsearch"] as const) {
    for (const fault of FAULTS) {
      test(`${fault.kind} to ${link}`, async () => {
        const { length } = load.ms;
        const [requests, unknown] = [load.requests, load.unknown];
        let slowest = 0;
        links[link].fault = fault;
        const end = Date.now() + FAULT_MS;
        const writer = async (): Promise<void> => {
          while (Date.now() < end) {
            const started = performance.now();
            if (!(await load.send(rig.parallax.proxyUrl, 20))) await pause(20);
            slowest = Math.max(slowest, performance.now() - started);
          }
        };
        await Promise.all([writer(), writer()]);
        links[link].fault = null;
        const healing = performance.now();
        assertEqual(`${fault.kind} to ${link}`, await rig.settled(index, HEALED_MS));
        const healed = performance.now() - healing;
        const times = load.ms.slice(length);
        figure(`${fault.kind} to ${link}: answered, not answered`, `${load.requests - requests}, ${load.unknown - unknown}`);
        figure(
          `${fault.kind} to ${link}: p99 and slowest ms, ms until settled`,
          [percentile(times, 99), slowest, healed].map(Math.round).join(", "),
        );
        assert.ok(slowest < HUNG_MS, `a client waited ${slowest} ms`);
        if (link === "clickhouse") assert.equal(load.unknown, unknown, "a client noticed");
      });
    }
  }

  test("searches are compared as before", async () => {
    const judged = await judgedEqual(rig.parallax, index);
    figure(`searches judged equal of ${judged.of}`, judged.equal);
    assert.equal(judged.equal, judged.of, judged.notes);
  });
});
