// Elasticsearch stopped under load and back: clients hear of it at once, as they would without Parallax, and both sides hold the same
// documents after.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startElasticsearch } from "../../scripts/elasticsearch/server.ts";
import { Load } from "./load.ts";
import { DOCUMENTS, figure, indexInfo, judgedEqual, type Rig, seeded, skip, startRig, WHOLE } from "./rig.ts";

const PER_BULK = WHOLE ? 1_000 : 100;
/** How soon a client is told that there is no Elasticsearch. */
const TOLD_MS = 5_000;

describe("Elasticsearch stopped under load", { skip, timeout: 1_200_000 }, () => {
  const index = `faults-stopped-${process.pid}`;
  const load = new Load(index, seeded());
  const folder = mkdtempSync(join(tmpdir(), "parallax-faults-elasticsearch-"));
  let stop: () => Promise<void>;
  let rig: Rig;

  async function start(port: number): Promise<string> {
    const started = await startElasticsearch({ port, dataFolder: folder, heap: "512m", say: () => {} });
    assert.ok(started.ok, started.ok ? "" : started.why);
    stop = () => started.server.stop();
    return started.server.url;
  }

  before(async () => {
    rig = await startRig({ elasticsearch: await start(0) });
    await rig.makeIndex(index);
  });
  after(async () => {
    await rig.stop();
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("and back", async () => {
    let over = false;
    let slowest = 0;
    const writer = async (): Promise<void> => {
      while (!over) {
        const started = performance.now();
        if (await load.send(rig.parallax.proxyUrl, PER_BULK)) continue;
        slowest = Math.max(slowest, performance.now() - started);
        await pause(50);
      }
    };
    const writers = Promise.all([writer(), writer()]);
    const goal = DOCUMENTS / 4;
    while (load.acknowledged < goal) await pause(50);
    const port = Number(new URL(rig.elasticsearch).port);
    await stop();
    await start(port);
    const back = load.acknowledged;
    const started = performance.now();
    while (load.acknowledged === back) await pause(10);
    figure("ms from its return to the first bulk that was acknowledged", Math.round(performance.now() - started));
    while (load.acknowledged < 2 * goal) await pause(50);
    over = true;
    await writers;
    figure("operations acknowledged", load.acknowledged);
    figure("requests that were told that there is no Elasticsearch, slowest ms", `${load.unknown}, ${Math.round(slowest)}`);
    const settling = performance.now();
    const sides = await rig.settled(index);
    figure("seconds until settled", ((performance.now() - settling) / 1000).toFixed(1));
    figure("documents, lost, too many, doubled, other", Object.values(sides).join(", "));
    if (sides.onlyElasticsearch > 0) figure("journal and lag", JSON.stringify(await indexInfo(rig.parallax, index)));
    assert.deepEqual({ ...sides, documents: 0 }, { documents: 0, onlyElasticsearch: 0, onlyClickHouse: 0, twice: 0, otherSource: 0 });
    assert.ok(load.unknown > 0 && slowest < TOLD_MS, `${slowest} ms`);
    const judged = await judgedEqual(rig.parallax, index);
    figure(`searches judged equal of ${judged.of}`, judged.equal);
    assert.equal(judged.equal, judged.of, judged.notes);
  });
});
