// Fragments of the unified highlighter over long texts, by random options, on both engines.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isArray, isObject, type JsonObject, type JsonValue, member, printJson } from "../../src/shared/json.ts";
import { seededRandom } from "../support/random.ts";
import { connectEngines, differences, type Loaded, load, runBoth, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_highlight");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const seed = Number(process.env.PARALLAX_TEST_SEED ?? 20261122);
const random = seededRandom(seed);
const pick = <T>(list: readonly T[]): T => {
  const found = list[Math.floor(random.next() * list.length)];
  if (found === undefined) throw new Error("an empty list");
  return found;
};
const upTo = (most: number): number => Math.floor(random.next() * (most + 1));

const WORDS = "quick brown fox jumps over the lazy dog error timeout server restarted Kafka Apache request failed user login".split(" ");
const ODD = [
  "it's",
  "e.g.",
  "3.14",
  "10.0.0.1",
  "GET /a?b=c",
  "foo-bar",
  "(see below)",
  '"quoted"',
  "naïve",
  "日本",
  "<b>",
  "a/b",
  "--",
  "50%",
];
const ENDS = [". ", ". ", ". ", "! ", "? ", "; ", ", ", "...\n", ".\n\n", ".  "];

function text(): string {
  const sentences = Array.from({ length: 1 + upTo(8) }, () => {
    const words = Array.from({ length: 1 + upTo(random.next() < 0.2 ? 60 : 14) }, () => (random.next() < 0.1 ? pick(ODD) : pick(WORDS)));
    const [first = "", ...others] = words;
    return [random.next() < 0.8 ? first.charAt(0).toUpperCase() + first.slice(1) : first, ...others].join(" ") + pick(ENDS);
  });
  return sentences.join("");
}

function options(): JsonObject {
  const chosen: Record<string, JsonValue> = {};
  if (random.next() < 0.7) chosen.fragment_size = pick([0, 1, 10, 18, 40, 100, 150, 500, 2147483647]);
  if (random.next() < 0.5) chosen.number_of_fragments = pick([0, 1, 2, 3, 5, 50]);
  if (random.next() < 0.3) chosen.order = pick(["score", "none"]);
  if (random.next() < 0.2) chosen.boundary_scanner = pick(["word", "sentence"]);
  if (random.next() < 0.2) chosen.encoder = "html";
  if (random.next() < 0.3) chosen.require_field_match = random.next() < 0.5;
  if (random.next() < 0.1) chosen.tags_schema = "styled";
  if (random.next() < 0.2) Object.assign(chosen, { no_match_size: pick([5, 20, 100, 5000]), number_of_fragments: pick([0, 0, 1, 3, 5]) });
  if (random.next() < 0.1) chosen.highlight_query = { match: { body: pick(WORDS) } };
  return chosen;
}

function query(): JsonObject {
  const chance = random.next();
  if (chance < 0.5) return { match: { body: [pick(WORDS), pick(WORDS), pick(WORDS)].slice(upTo(2)).join(" ") } };
  if (chance < 0.7) return { match_phrase: { body: `${pick(WORDS)} ${pick(WORDS)}` } };
  if (chance < 0.8) return { prefix: { body: pick(["e", "re", "qu", "f"]) } };
  if (chance < 0.9) return { query_string: { query: `${pick(WORDS)} AND body:${pick(WORDS)}` } };
  return { bool: { must: [{ match: { body: pick(WORDS) } }], should: [{ match: { title: pick(WORDS) } }] } };
}

const highlightsOf = (hits: JsonValue | undefined): JsonValue => {
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  return (isArray(list) ? list : []).map((hit) => (isObject(hit) ? [member(hit, "_id") ?? null, member(hit, "highlight") ?? null] : null));
};

describe(`fragments of long texts, seed ${seed}`, { skip }, () => {
  let index: Loaded | undefined;
  before(async () => {
    if (engines === null) return;
    const documents = Array.from({ length: 200 }, (_, seq) =>
      printJson({ seq, title: text(), body: random.next() < 0.2 ? [text(), text(), text()] : text(), kw: pick(WORDS) }),
    );
    const properties = { seq: { type: "integer" }, title: { type: "text" }, body: { type: "text" }, kw: { type: "keyword" } };
    index = await load(engines, { name: "parity-highlight", mappings: { properties }, documents });
  });
  after(async () => {
    if (engines !== null) await send(engines, "DELETE", "/parity-highlight");
  });

  test("are cut and chosen as Elasticsearch cuts and chooses them", async () => {
    assert.ok(index !== undefined);
    const failures: string[] = [];
    for (let i = 0; i < 150; i += 1) {
      const fields = pick<JsonValue>([{ body: {} }, { "*": {} }, { body: options(), title: {} }, [{ title: {} }, { body: options() }]]);
      const body: JsonObject = { query: query(), size: 200, sort: ["seq"], _source: false, highlight: { fields, ...options() } };
      const { elasticsearch, translation, answer } = await runBoth([index], body);
      if (translation.kind === "unsupported" && printJson(body).includes("no_match_size")) continue;
      if (translation.kind !== "translated") failures.push(`${printJson(body)}\n  ${translation.kind}`);
      else {
        const ours = answer === null ? undefined : member(answer.body, "hits");
        const differing = differences(highlightsOf(member(elasticsearch, "hits")), highlightsOf(ours));
        if (differing.length > 0) failures.push(`${printJson(body)}\n  ${differing.slice(0, 3).join("\n  ")}`);
      }
    }
    assert.equal(failures.length, 0, `${failures.length} of 150 differ:\n${failures.slice(0, 6).join("\n")}`);
  });
});
