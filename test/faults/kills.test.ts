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
/** How long after it is wanted ClickHouse is killed, at most. */
const UP_MS = WHOLE ? 6_000 : 500;
/** How often it comes to a seam before it is killed there, at most. */
const PASSES = 4;
const PRELOAD = pathToFileURL(join(import.meta.dirname, "seams.ts")).href;

describe("servers killed under load", { skip, timeout: 3_600_000 }, () => {
  const index = `faults-kills-${process.pid}`;
  const random = seeded();
  const load = new Load(index, random);
  let rig: Rig;

  before(async () => {
    rig = await startRig();
    await rig.makeIndex(index, false);
  });
  after(() => rig.stop());

  /** Writers side by side until the killing is over and so many documents were created; never more meanwhile than `most` says. */
  async function write(documents: number, most: () => number, killing: Promise<void>): Promise<void> {
    let over = false;
    const writer = async (): Promise<void> => {
      while (!over || load.created < documents) {
        if ((!over && load.created >= most()) || !(await load.send(rig.parallax.proxyUrl, PER_BULK))) await pause(20);
      }
    };
    const ended = killing.finally(() => {
      over = true;
    });
    await Promise.all([ended, ...Array.from({ length: WRITERS }, writer)]);
  }

  /** Starts Parallax so that it is killed when it has come to the seam so often; false when `over` came before. */
  async function killAt(seam: Seam, passes: number, over: () => boolean): Promise<boolean> {
    const env = { PARALLAX_FAULT_SEAM: seam, PARALLAX_FAULT_AFTER: String(passes) };
    // What the last one left is inserted while the next starts: it may come to its seam before anybody asks it anything.
    const killed = await rig.restart({ preload: PRELOAD, env }).then(
      () => false,
      (error: unknown) => /ended with SIGKILL|fetch failed/.test(String(error)) || Promise.reject(error),
    );
    if (killed) return true;
    const dead = (): boolean => !lives(rig.parallax.pid);
    await until(() => dead() || over(), Boolean, 300_000);
    // What was written last may be on its way to it.
    return await until(dead, Boolean, 5_000);
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
    const share = DOCUMENTS / 2 / KILLS;
    const up = (): number | null => (rig.clickhouse.state.status === "ok" ? rig.clickhouse.pid : null);
    let kills = 0;
    const killing = async (): Promise<void> => {
      let last = 0;
      while (kills < KILLS) {
        const next = share * (kills + random.next());
        await until(
          () => up() !== null && up() !== last && load.created >= next,
          (ready) => ready,
          600_000,
        );
        // Among the inserts of what was written while it was gone, or after them.
        await pause(random.below(UP_MS));
        const pid = up();
        if (pid === null) continue;
        process.kill(pid, "SIGKILL");
        last = pid;
        kills += 1;
      }
    };
    // While it starts again there is another share to write.
    await write(DOCUMENTS / 2, () => share * (kills + 1), killing());
    figure("ClickHouse killed", kills);
    figure("documents created", load.created);
    figure("operations acknowledged", load.acknowledged);
    figure("operations refused", load.refused);
    assert.equal(load.unknown, 0, "a client noticed");
    await equal("ClickHouse killed");
  });

  test(`Parallax ${OWN_KILLS} times, at each seam`, async () => {
    const kills = new Map<Seam, number>();
    const begun = load.created;
    const share = (DOCUMENTS - begun) / OWN_KILLS;
    let tries = 0;
    const killing = async (): Promise<void> => {
      for (let killed = 0; killed < OWN_KILLS; tries += 1) {
        const seam = SEAMS[killed % SEAMS.length] ?? SEAMS[0];
        const passes = tries === killed ? 1 + random.below(PASSES) : 1;
        if (!(await killAt(seam, passes, () => load.created >= most()))) continue;
        kills.set(seam, (kills.get(seam) ?? 0) + 1);
        killed += 1;
      }
      await rig.restart();
    };
    // Clients go on while it is gone: they are told of no answer, and send again.
    const most = (): number => begun + share * (tries + 1);
    await write(DOCUMENTS, most, killing());
    for (const [seam, times] of kills) figure(`Parallax killed ${seam}`, times);
    figure("Parallax came to no seam within its share of the documents", tries - OWN_KILLS);
    figure("documents created", load.created);
    figure("operations acknowledged", load.acknowledged);
    figure("requests without an answer, sent again", `${load.unknown}, ${load.resent}`);
    await equal("Parallax killed");
  });
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
