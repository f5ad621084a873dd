// Servers killed under load: ClickHouse at random, Parallax at each seam, Elasticsearch stopped and back. Then both sides hold the
// same documents, each once.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { until } from "../support/parallax_process.ts";
import { Load } from "./load.ts";
import { DOCUMENTS, figure, judgedEqual, type Rig, seeded, skip, startRig, WHOLE } from "./rig.ts";
import { SEAMS, type Seam } from "./seams.ts";

const KILLS = Number(process.env.PARALLAX_FAULT_KILLS ?? (WHOLE ? 20 : 5));
/** Of Parallax: each seam at least once. */
const OWN_KILLS = WHOLE ? KILLS : Math.max(SEAMS.length, 2 * KILLS);
const PER_BULK = WHOLE ? 1_000 : 100;
const WRITERS = 2;
const PRELOAD = pathToFileURL(join(import.meta.dirname, "seams.ts")).href;

describe("servers killed under load", { skip, timeout: 3_600_000 }, () => {
  const index = `faults-kills-${process.pid}`;
  const random = seeded();
  const load = new Load(index, random);
  let rig: Rig;

  before(async () => {
    rig = await startRig();
    await rig.makeIndex(index, WHOLE);
  });
  after(() => rig.stop());

  /** Writers side by side until `over`. */
  async function write(over: () => boolean): Promise<void> {
    const writer = async (): Promise<void> => {
      while (!over()) if (!(await load.send(rig.parallax.proxyUrl, PER_BULK))) await pause(20);
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  }

  async function equal(what: string): Promise<void> {
    const started = performance.now();
    const sides = await rig.settled(index);
    figure(`${what}: seconds until settled`, ((performance.now() - started) / 1000).toFixed(1));
    for (const [name, value] of Object.entries(sides)) figure(`${what}: ${name}`, value);
    assert.deepEqual({ ...sides, documents: 0 }, { documents: 0, onlyElasticsearch: 0, onlyClickHouse: 0, twice: 0, otherSource: 0 });
    const judged = await judgedEqual(rig.parallax, index);
    figure(`${what}: searches judged equal of ${judged.of}`, judged.equal);
    assert.equal(judged.equal, judged.of, judged.notes);
  }

  test(`ClickHouse ${KILLS} times at random`, async () => {
    let kills = 0;
    let over = false;
    const killing = (async () => {
      const every = DOCUMENTS / 2 / (KILLS + 1);
      for (; kills < KILLS; kills += 1) {
        const next = load.acknowledged + every * (0.5 + random.next());
        await until(
          () => load.acknowledged,
          (written) => written >= next,
          600_000,
        );
        await until(
          () => rig.clickhouse.pid,
          (pid) => pid !== null && rig.clickhouse.state.status === "ok",
          60_000,
        );
        process.kill(rig.clickhouse.pid ?? 0, "SIGKILL");
        await pause(random.below(500));
      }
    })().finally(() => {
      over = true;
    });
    await Promise.all([write(() => over && load.acknowledged >= DOCUMENTS / 2), killing]);
    figure("ClickHouse killed", kills);
    figure("operations acknowledged", load.acknowledged);
    figure("operations refused", load.refused);
    assert.equal(load.unknown, 0, "a client noticed");
    await equal("ClickHouse killed");
  });

  test(`Parallax ${OWN_KILLS} times, at each seam`, async () => {
    const kills = new Map<Seam, number>();
    for (let i = 0; i < OWN_KILLS; i += 1) {
      const seam = SEAMS[i % SEAMS.length] ?? SEAMS[0];
      const passes = String(1 + random.below(12));
      const env = { PARALLAX_FAULT_SEAM: seam, PARALLAX_FAULT_AFTER: passes };
      // What the last one left is inserted while the next starts: it may come to its seam before anybody asks it anything.
      const killed = await rig.restart({ preload: PRELOAD, env }).then(
        () => false,
        (error: unknown) => /ended with SIGKILL|fetch failed/.test(String(error)) || Promise.reject(error),
      );
      if (killed) {
        kills.set(seam, (kills.get(seam) ?? 0) + 1);
        continue;
      }
      const goal = load.acknowledged + DOCUMENTS / 2 / OWN_KILLS;
      const unknown = load.unknown;
      await write(() => load.unknown > unknown || load.acknowledged > goal + 100 * PER_BULK);
      const { signal } = await rig.parallax.end("SIGKILL");
      assert.equal(signal, "SIGKILL");
      if (load.unknown > unknown) kills.set(seam, (kills.get(seam) ?? 0) + 1);
    }
    await rig.restart();
    await write(() => load.acknowledged >= DOCUMENTS);
    for (const [seam, times] of kills) figure(`Parallax killed ${seam}`, times);
    figure("operations acknowledged", load.acknowledged);
    figure("requests without an answer", load.unknown);
    await equal("Parallax killed");
  });
});
