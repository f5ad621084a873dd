// Words by their places and their spelling, made at random: the same documents must be found by both engines, on one shard
// and on three. A small vocabulary and short texts, so that words repeat, turn round and come near each other.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isArray, isObject, type JsonObject, member, printJson } from "../../src/shared/json.ts";
import { seededRandom } from "../support/random.ts";
import { inBothShardings, skipWithout } from "../support/sharded_cases.ts";
import { connectEngines, type Loaded, runBoth } from "../support/two_engines.ts";
import { type Make, makers } from "./text_query_makers.ts";

const engines = connectEngines("parity_text_queries");
const skip = skipWithout(engines);
const SEED = Number(process.env.PARALLAX_TEST_SEED ?? 7);
const ROUNDS = Number(process.env.PARALLAX_TEST_ROUNDS ?? 60);
const MAPPING: JsonObject = {
  properties: {
    seq: { type: "integer" },
    t: { type: "text" },
    u: { type: "text" },
    en: { type: "text", analyzer: "english" },
    kw: { type: "keyword" },
  },
};

function documents(count: number): readonly string[] {
  const { next } = seededRandom(SEED);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const letters = () => Array.from({ length: 1 + Math.floor(next() * 7) }, () => pick(["a", "b", "c", "é", "A", "1", "日", "😀"])).join("");
  const text = () => Array.from({ length: Math.floor(next() * 9) }, () => pick(["a", "b", "c", "d", "e", "the"])).join(" ");
  const spelled = () =>
    Array.from({ length: Math.floor(next() * 3) }, () =>
      Array.from({ length: 2 + Math.floor(next() * 6) }, () => pick(["a", "b", "c", "é"])).join(""),
    ).join(" ");
  return Array.from({ length: count }, (_, seq) =>
    printJson({
      seq,
      t: next() < 0.2 ? [text(), text()] : text(),
      u: spelled(),
      en: text(),
      kw: next() < 0.3 ? [letters(), letters()] : letters(),
    }),
  );
}

function idsOf(answer: JsonObject): readonly string[] {
  const hits = member(answer, "hits");
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  return (isArray(list) ? list : []).map((hit) => (isObject(hit) ? String(member(hit, "_id")) : ""));
}

async function compare(make: Make, name: string, indices: readonly Loaded[]): Promise<string> {
  const { next } = seededRandom(SEED + name.length);
  const failures: string[] = [];
  let unsupported = 0;
  let found = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const query = make(next);
    const body: JsonObject = { query, size: 1000, sort: ["seq"], _source: false, track_total_hits: true };
    for (const index of indices) {
      const { elasticsearch, translation, answer } = await runBoth([index], body);
      if (translation.kind === "unsupported") {
        unsupported += 1;
        continue;
      }
      const refused = member(elasticsearch, "error") !== undefined;
      if (refused || translation.kind === "rejected") {
        if (refused !== (translation.kind === "rejected"))
          failures.push(`${printJson(query)} ${translation.kind} ${printJson(elasticsearch).slice(0, 300)}`);
        continue;
      }
      const [theirs, ours] = [idsOf(elasticsearch), idsOf(answer === null ? {} : answer.body)];
      found += theirs.length;
      if (printJson(theirs) !== printJson(ours)) {
        const missing = theirs.filter((id) => !ours.includes(id));
        const extra = ours.filter((id) => !theirs.includes(id));
        failures.push(`${index.table.shards} shard(s): ${printJson(query)}\n   missing ${missing.slice(0, 5)} extra ${extra.slice(0, 5)}`);
      }
    }
  }
  assert.deepEqual(failures, [], `seed ${SEED}: ${failures.length} differ:\n${failures.slice(0, 8).join("\n")}`);
  assert.ok(found > 0, "no document was ever found");
  return `${ROUNDS} queries, ${found} hits, ${unsupported} times unsupported`;
}

describe("text queries on both engines", { skip }, () => {
  const loaded = inBothShardings(engines, "parity-text-queries", () => ({ mappings: MAPPING, documents: documents(600) }));
  for (const [name, make] of Object.entries(makers)) {
    test(`${name} at random`, async (context) => {
      context.diagnostic(await compare(make, name, [...loaded.values()]));
    });
  }
});
