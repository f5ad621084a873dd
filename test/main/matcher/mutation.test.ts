// Loud when not equal: every seeded change to a right answer is found at its own place. Quiet when equal: shuffles within ties never are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import { isArray, isObject, printJson } from "../../../src/shared/json.ts";
import { changeAnswer, emptyTally, printCounts } from "../../support/mutations/campaign.ts";
import { seededRandom } from "../../support/random.ts";
import { answer, REQUEST } from "./answers.ts";
import type { Chance } from "./harness.ts";
import { chance, object, shuffled } from "./harness.ts";

const ANSWERS = 250;
const CHANGES_PER_ANSWER = 20;
const SEED = Number(process.env.PARALLAX_TEST_SEED ?? 20_260_101);

test(`each of ${ANSWERS * CHANGES_PER_ANSWER} seeded changes to right answers is found at its place, or left open by its rule (seed ${SEED})`, (t) => {
  const random = seededRandom(SEED);
  const tally = emptyTally();
  for (let at = 0; at < ANSWERS; at += 1) {
    const right = object(printJson(answer(chance(SEED + at))));
    changeAnswer({ answer: right, request: REQUEST }, CHANGES_PER_ANSWER, random, tally);
  }
  t.diagnostic(printCounts(tally));
  assert.deepEqual(tally.complaints.slice(0, 20), []);
  for (const what of [
    "count",
    "null",
    "type",
    "digit past 2^53",
    "order of hits",
    "order of buckets",
    "element gone of hits",
    "element added of buckets",
  ]) {
    assert.ok((tally.counts.get(what) ?? 0) > 0, `no change of the kind: ${what}`);
  }
});

test(`an answer equals itself, member order and ties shuffled (seed ${SEED})`, () => {
  const random = chance(SEED);
  const verdicts = new Set<string>();
  for (let round = 0; round < 300; round += 1) {
    const right = answer(random);
    const other = { ...shuffledMembers(right, random), took: 77 };
    const result = match({
      endpoint: "search",
      request: REQUEST,
      elasticsearch: right,
      clickhouse: object(printJson(other)),
      tolerances: [],
    });
    assert.deepEqual(result.differences, []);
    verdicts.add(result.verdict);
    const self = match({ endpoint: "search", request: REQUEST, elasticsearch: right, clickhouse: right, tolerances: [] });
    assert.deepEqual([self.verdict, self.comparedLeaves], ["equal", self.totalLeaves]);
  }
  assert.ok(verdicts.has("equivalent"), "some shuffle moved tied hits");
});

function shuffledMembers(value: JsonObject, random: Chance): JsonObject {
  const members = shuffled(Object.entries(value), random);
  return Object.fromEntries(members.map(([name, item]) => [name, shuffledValue(name, item, random)]));
}

function shuffledValue(name: string, value: JsonValue, random: Chance): JsonValue {
  if (isObject(value)) return shuffledMembers(value, random);
  if (!isArray(value)) return value;
  const items = value.map((item) => shuffledValue("", item, random));
  return name === "hits" ? shuffledTies(items, random) : items;
}

function shuffledTies(hits: readonly JsonValue[], random: Chance): readonly JsonValue[] {
  const groups = new Map<string, JsonValue[]>();
  for (const hit of hits) {
    const key = isObject(hit) ? printJson(hit.sort ?? null) : "";
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(hit);
  }
  return [...groups.values()].flatMap((group) => shuffled(group, random));
}
