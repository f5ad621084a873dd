// Long bulks, which Elasticsearch carries out piece by piece as they come: cut by the client, by the end of Parallax, or at a line that
// it refuses. What came before the cut is on both sides.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { until } from "../support/parallax_process.ts";
import { ELASTICSEARCH, figure, type Rig, skip, startRig } from "./rig.ts";

const MB = 1024 * 1024;
/** Of a bulk that says it is a little longer. Elasticsearch takes 100 MB, and begins when a 20th of its memory is full of them. */
const SENT_MB = 90;
const LINE = `{"index":{}}\n{"n":1,"text":"${"word ".repeat(4_000)}"}\n`;

describe("a long bulk that is cut", { skip, timeout: 900_000 }, () => {
  const index = `faults-uploads-${process.pid}`;
  let rig: Rig;

  before(async () => {
    rig = await startRig();
    await rig.makeIndex(index);
  });
  after(() => rig.stop());

  /** Sends all but the end of one; resolves to what cuts it. */
  async function send(): Promise<() => void> {
    const socket = connect(rig.parallax.proxyPort, "127.0.0.1");
    // The other end may go first.
    socket.on("error", () => {});
    const length = SENT_MB * MB + LINE.length;
    const head = `POST /${index}/_bulk HTTP/1.1\r\nhost: 127.0.0.1:${rig.parallax.proxyPort}\r\ncontent-type: application/x-ndjson\r\n`;
    socket.write(`${head}content-length: ${length}\r\n\r\n`);
    for (let sent = 0; sent < SENT_MB * MB; sent += LINE.length) if (!socket.write(LINE)) await once(socket, "drain");
    return () => socket.destroy();
  }

  async function count(): Promise<number> {
    await (await fetch(`${ELASTICSEARCH}/${index}/_refresh`, { method: "POST" })).arrayBuffer();
    return Number(/"count":(\d+)/.exec(await (await fetch(`${ELASTICSEARCH}/${index}/_count`)).text())?.[1]);
  }

  async function equal(how: string, before: number): Promise<void> {
    const sides = await rig.settled(index);
    figure(`${how}: documents that came all the same`, sides.documents - before);
    figure(`${how}: documents, lost, too many, doubled, other`, Object.values(sides).join(", "));
    assert.deepEqual({ ...sides, documents: 0 }, { documents: 0, onlyElasticsearch: 0, onlyClickHouse: 0, twice: 0, otherSource: 0 });
  }

  test("by its client", async () => {
    const before = await count();
    const cut = await send();
    await until(count, (documents) => documents > before, 20_000);
    cut();
    await equal("cut by its client", before);
  });

  test("by the end of Parallax", async () => {
    const before = await count();
    await send();
    await until(count, (documents) => documents > before, 20_000);
    await rig.restart();
    await equal("cut by the end of Parallax", before);
  });

  test("by a line that Elasticsearch refuses", async () => {
    const before = await count();
    const body = `${LINE.repeat(Math.floor((SENT_MB * MB) / LINE.length))}{"nonsense":{}}\n{}\n`;
    const headers = { "content-type": "application/x-ndjson" };
    const answer = await fetch(`${rig.parallax.proxyUrl}/${index}/_bulk`, { method: "POST", headers, body });
    await answer.arrayBuffer();
    assert.equal(answer.status, 400);
    await equal("refused at its end", before);
  });
});
