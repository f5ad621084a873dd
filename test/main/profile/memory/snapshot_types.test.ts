import assert from "node:assert/strict";
import { describe, test } from "node:test";
import v8 from "node:v8";
import { SnapshotTypes } from "../../../../src/main/profile/memory/snapshot_types.ts";
import { newSeed, seededRandom } from "../../../support/random.ts";

class Heliotrope {
  readonly name = 'a "quoted" \\ name';
}

async function snapshot(): Promise<string> {
  let text = "";
  for await (const piece of v8.getHeapSnapshot()) text += String(piece);
  return text;
}

describe("the types of a heap snapshot", () => {
  test("are added up the same, however the text is cut", async () => {
    const kept = Array.from({ length: 3210 }, () => new Heliotrope());
    const text = await snapshot();
    const { nodes, strings, snapshot: head } = JSON.parse(text);
    const fields = head.meta.node_fields.length;
    const size = head.meta.node_fields.indexOf("self_size");
    const seed = newSeed();
    const random = seededRandom(seed);
    const types = new SnapshotTypes();
    for (let at = 0; at < text.length; ) {
      const to = at + 1 + random.below(200_000);
      types.add(text.slice(at, to));
      at = to;
    }
    const found = types.result(7);
    let bytes = 0;
    for (let at = size; at < nodes.length; at += fields) bytes += nodes[at];
    assert.equal(found.count, nodes.length / fields, `seed ${seed}`);
    assert.equal(found.bytes, bytes, `seed ${seed}`);
    assert.equal(found.ms, 7);
    assert.ok(strings.length > 0);
    const own = found.types.find(({ type }) => type === "Heliotrope");
    assert.equal(own?.count, kept.length, `seed ${seed}: ${found.types.map(({ type }) => type).join(", ")}`);
  });

  test("are refused where the snapshot ends early, or is none", () => {
    const types = new SnapshotTypes();
    types.add('{"snapshot":{"meta":{"node_fields":["type","name","self_size"],"node_types":[["hidden"]]}},\n"nodes":[0,0,16');
    assert.throws(() => types.result(0), /no end/);
    assert.throws(() => new SnapshotTypes().add('{"snapshot":{"meta":{}},\n"nodes":['), /layout/);
  });

  test("take names apart from strings with quotes and escapes, cut anywhere", () => {
    const text =
      '{"snapshot":{"meta":{"node_fields":["type","name","self_size"],"node_types":[["hidden","object","closure","string"]]}},\n' +
      '"nodes":[1,1,16\n,1,2,24\n,2,0,32\n,3,1,40\n,2,3,8],\n"edges":[1,2,3],\n"strings":["","Fo\\"o\\\\","B[a]r\\u0041","go"]}';
    const types = new SnapshotTypes();
    for (const character of text) types.add(character);
    assert.deepEqual(types.result(0).types, [
      { type: "(string)", count: 1, bytes: 40 },
      { type: "function (anonymous)", count: 1, bytes: 32 },
      { type: "B[a]rA", count: 1, bytes: 24 },
      { type: 'Fo"o\\', count: 1, bytes: 16 },
      { type: "function (go)", count: 1, bytes: 8 },
    ]);
  });
});
