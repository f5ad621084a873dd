// Bulks of which Elasticsearch refuses a part, or all: 400, 404, 409, 413, 429. ClickHouse has a row for each item that was
// acknowledged, and none for the others.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isArray, isObject, type JsonObject, member, parseJson } from "../../src/shared/json.ts";
import { ELASTICSEARCH, figure, type Rig, seeded, skip, startRig, WHOLE } from "./rig.ts";
import { tableOf } from "./sides.ts";

const BULKS = WHOLE ? 500 : 40;
const PER_BULK = 50;
const CHANGED = new Set(["created", "updated", "deleted"]);
/** More than Elasticsearch takes by default. */
const TOO_LONG = 101 * 1024 * 1024;

describe("bulks that are refused in part", { skip, timeout: 600_000 }, () => {
  const random = seeded();
  const indices = [`faults-refused-${process.pid}`, `faults-blocked-${process.pid}`] as const;
  let rig: Rig;

  before(async () => {
    rig = await startRig();
    for (const index of indices) await rig.makeIndex(index);
    await fetch(`${ELASTICSEARCH}/${indices[1]}/_settings`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: '{"index.blocks.read_only_allow_delete":true}',
    });
  });
  after(() => rig.stop());

  function action(next: () => number): string {
    const kind = random.below(8);
    const id = kind < 2 ? next() : random.below(500);
    const open = `{"_index":"${indices[0]}","_id":"d${id}"}`;
    if (kind < 2) return `{"index":${open}}\n{"n":${id}}\n`;
    if (kind === 2) return `{"index":${open}}\n{"n":"no number"}\n`;
    if (kind === 3) return `{"create":${open}}\n{"n":${id}}\n`;
    if (kind === 4) return `{"update":${open}}\n{"doc":{"n":${random.below(9)}}}\n`;
    if (kind === 5) return `{"delete":${open}}\n`;
    if (kind === 6) return `{"index":{"_index":"${indices[1]}","_id":"d${id}"}}\n{"n":1}\n`;
    return `{"update":{"_index":"${indices[0]}","_id":"none${id}"}}\n{"doc":{"n":1}}\n`;
  }

  async function send(body: string): Promise<{ readonly status: number; readonly items: readonly JsonObject[] }> {
    const answer = await fetch(`${rig.parallax.proxyUrl}/_bulk`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body,
    });
    const parsed = parseJson(await answer.text());
    const items = isObject(parsed) ? member(parsed, "items") : undefined;
    const results = isArray(items) ? items.flatMap((item) => (isObject(item) ? Object.values(item).filter(isObject) : [])) : [];
    return { status: answer.status, items: results };
  }

  test("leave a row for each item that was acknowledged", async () => {
    const statuses = new Map<number, number>();
    /** `_id number` of what was acknowledged. */
    const given = new Set<string>();
    /** The last number of each document: an update that was followed by another before it was read back has no row of its own. */
    const last = new Map<string, number>();
    let next = 1_000;
    for (let i = 0; i < BULKS; i += 1) {
      const seen = new Set<string>();
      const lines = Array.from({ length: PER_BULK }, () => action(() => next++)).filter((line) => {
        const id = /"_id":"[^"]*"/.exec(line)?.[0] ?? "";
        return !seen.has(id) && seen.add(id);
      });
      for (const item of (await send(lines.join(""))).items) {
        const status = Number(member(item, "status"));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (CHANGED.has(String(member(item, "result")))) given.add(`${member(item, "_id")} ${member(item, "_seq_no")}`);
        if (CHANGED.has(String(member(item, "result")))) last.set(String(member(item, "_id")), Number(member(item, "_seq_no")));
      }
    }
    for (const [status, times] of [...statuses].toSorted(([a], [b]) => a - b)) figure(`items with status ${status}`, times);
    for (const status of [200, 201, 400, 404, 409, 429]) assert.ok(statuses.has(status), `${status} was met`);
    const rows = async (): Promise<ReadonlySet<string>> => {
      const sql = `SELECT concat(_id, ' ', toString(_seq_no)) AS row FROM ${await tableOf(rig.client, indices[0])} WHERE _id != 'first'`;
      return new Set((await rig.client.query({ sql, params: [] }, { asWriter: true })).rows.map(({ row }) => String(row)));
    };
    const expected = new Set([...last].map(([id, number]) => `${id} ${number}`));
    const sides = await rig.settled(indices[0]);
    const ours = await rows();
    figure("items acknowledged", given.size);
    figure("rows", ours.size);
    figure("documents without the row of their last change", expected.difference(ours).size);
    figure("rows without an acknowledged item", ours.difference(given).size);
    assert.deepEqual([expected.difference(ours).size, ours.difference(given).size], [0, 0]);
    assert.deepEqual({ ...sides, documents: 0 }, { documents: 0, onlyElasticsearch: 0, onlyClickHouse: 0, twice: 0, otherSource: 0 });
    const blocked = await rig.settled(indices[1]);
    assert.deepEqual([blocked.documents, blocked.onlyClickHouse], [1, 0]);
  });

  test("leave none of a bulk that is too long", async () => {
    const line = `{"index":{"_index":"${indices[0]}"}}\n{"n":1,"text":"${"x".repeat(1_000_000)}"}\n`;
    const status = await send(line.repeat(Math.ceil(TOO_LONG / line.length))).then(
      (answer) => answer.status,
      () => 0,
    );
    figure("status of a bulk of 101 MB (0: the connection was closed)", status);
    assert.ok(status === 413 || status === 0);
    const sides = await rig.settled(indices[0]);
    figure("documents of it in ClickHouse", sides.onlyClickHouse);
    assert.deepEqual([sides.onlyClickHouse, sides.onlyElasticsearch], [0, 0]);
  });
});
