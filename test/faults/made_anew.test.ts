// An index that is deleted and made anew while writes to it wait in the journal: nothing of them comes into the new one, whose numbers
// begin anew.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type FaultProxy, startFaultProxy } from "../support/fault_proxy.ts";
import { indexBody, Load } from "./load.ts";
import { ELASTICSEARCH, figure, judgedEqual, type Rig, seeded, skip, startRig } from "./rig.ts";

const BULKS = 10;
const PER_BULK = 100;

describe("an index that is made anew while its writes wait", { skip, timeout: 900_000 }, () => {
  const random = seeded();
  let link: FaultProxy;
  let rig: Rig;

  before(async () => {
    rig = await startRig({
      through: async (port) => {
        link = await startFaultProxy(port);
        return { clickhousePort: link.port };
      },
    });
  });
  after(async () => {
    await rig.stop();
    await link.stop();
  });

  async function write(index: string): Promise<void> {
    const load = new Load(index, random);
    for (let i = 0; i < BULKS; i += 1) assert.ok(await load.send(rig.parallax.proxyUrl, PER_BULK));
  }

  for (const way of ["Parallax", "Elasticsearch itself"]) {
    test(`through ${way} has none of them`, async () => {
      const index = `faults-anew-${process.pid}-${way.length}`;
      await rig.makeIndex(index);
      await write(index);
      await rig.settled(index);
      link.fault = { kind: "down" };
      await write(index);
      // Killed, it has them from the journal alone.
      await rig.restart();
      const url = way === "Parallax" ? rig.parallax.proxyUrl : ELASTICSEARCH;
      await (await fetch(`${url}/${index}`, { method: "DELETE" })).arrayBuffer();
      const headers = { "content-type": "application/json" };
      const made = await fetch(`${url}/${index}`, { method: "PUT", headers, body: indexBody(3) });
      assert.equal(made.status, 200, await made.text());
      await write(index);
      link.fault = null;
      const sides = await rig.settled(index);
      figure(`through ${way}: documents, lost, too many, doubled, other`, Object.values(sides).join(", "));
      assert.deepEqual({ ...sides, documents: 0 }, { documents: 0, onlyElasticsearch: 0, onlyClickHouse: 0, twice: 0, otherSource: 0 });
      const judged = await judgedEqual(rig.parallax, index);
      assert.equal(judged.equal, judged.of, judged.notes);
    });
  }
});
