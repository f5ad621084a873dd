// Quiet when equal: Elasticsearch against itself. Generated searches, and those that Kibana sent, are asked twice in one point in time while
// others write to the index; the matcher must call no two answers different. `npm run selftest -- --searches 5000` asks as many as is promised.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { seededRandom as fuzzRandom } from "../../scripts/sample/random.ts";
import { dropDatabase } from "../../src/main/clickhouse/schema.ts";
import { match } from "../../src/main/matcher/index.ts";
import type { Comparison } from "../../src/shared/exchange.ts";
import { isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { fittingDocuments } from "../corpus/fitting_documents.ts";
import { loadWorld, unload } from "../fuzz/campaign.ts";
import { anySearch } from "../fuzz/generate/search.ts";
import { makeWorld } from "../fuzz/generate/world.ts";
import { shuffled } from "../main/matcher/harness.ts";
import { disturb } from "../support/disturbance.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { connectEngines, type Engines, type Loaded, load, runClickHouse, send } from "../support/two_engines.ts";

const SEARCHES = Number(process.env.PARALLAX_SELF_SEARCHES ?? 500);
const SEARCHES_PER_WORLD = 100;
const DOCUMENTS = [200, 600];
const DEFAULT_SEED = 8002;

const engines = connectEngines("self_test");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";
const corpus = join(process.env.PARALLAX_SHARED ?? join(import.meta.dirname, "../../../shared"), "corpus/kibana-requests.jsonl");

interface Tally {
  readonly verdicts: Map<string, number>;
  readonly rules: Map<string, number>;
  readonly complaints: string[];
  searches: number;
  written: number;
}

describe("Elasticsearch against itself", { skip: engines === null ? missing : false, concurrency: 1 }, () => {
  const tally: Tally = { verdicts: new Map(), rules: new Map(), complaints: [], searches: 0, written: 0 };
  const random = seededRandom(DEFAULT_SEED);

  test("the searches that Kibana sent are never different", {
    skip: existsSync(corpus) ? false : `there is no ${corpus}`,
    timeout: 240_000,
  }, async () => {
    assert.ok(engines);
    const bodies = kibanaBodies();
    const { mappings, documents } = fittingDocuments(bodies, 1000, random.seed);
    const loaded = await load(engines, { name: "self-test-kibana", mappings, documents, shards: 3 });
    await askedTwice(loaded, documents, bodies.slice(0, Math.max(50, Math.floor(SEARCHES / 4))), random, tally);
    await unload(loaded);
    assert.deepEqual(tally.complaints, []);
  });

  test(`${SEARCHES} searches are never different`, { timeout: Math.max(240_000, SEARCHES * 400) }, async () => {
    assert.ok(engines);
    for (let at = 0; tally.searches < SEARCHES; at += 1) {
      const world = { ...makeWorld(random.seed * 100 + at, DOCUMENTS[at % 2] ?? 200), shards: at % 2 === 0 ? 3 : 1 };
      const loaded = await loadWorld(engines, world, `self-test-${at}`);
      const draw = { random: fuzzRandom(world.seed ^ 0x5e1f), world };
      const count = Math.min(SEARCHES_PER_WORLD, SEARCHES - tally.searches);
      const bodies = Array.from({ length: count }, () => anySearch(draw));
      await askedTwice(loaded, world.documents, bodies, random, tally);
      await unload(loaded);
    }
    console.log(
      `seed ${random.seed}: ${tally.searches} searches asked twice, ${tally.written} writes meanwhile: ${printed(tally.verdicts)}`,
    );
    console.log(`by rules: ${printed(tally.rules)}`);
    assert.deepEqual(tally.complaints.slice(0, 20), []);
    assert.ok(tally.written > 0, "nothing was written meanwhile");
  });
});

function printed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ");
}

function kibanaBodies(): readonly JsonObject[] {
  return readFileSync(corpus, "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => {
      const request = parseJson(line);
      const body = isObject(request) ? member(request, "body") : undefined;
      return isObject(body) && member(body, "pit") === undefined ? [body] : [];
    });
}

/** Asks each search twice in one point in time: all of them once, then all again in another order. */
async function askedTwice(
  loaded: Loaded,
  documents: readonly string[],
  bodies: readonly JsonObject[],
  random: Random,
  tally: Tally,
): Promise<void> {
  const { engines, table } = loaded;
  const opened = await send(engines, "POST", `/${table.index}/_pit?keep_alive=5m`, "");
  const id = isObject(opened) ? member(opened, "id") : undefined;
  assert.ok(typeof id === "string", printJson(opened));
  const others = disturb(engines, table.index, documents, seededRandom(random.seed));
  try {
    const requests = bodies.map((body): JsonObject => ({ ...body, pit: { id, keep_alive: "5m" } }));
    const first: JsonObject[] = [];
    for (const request of requests) first.push(await asked(engines, request));
    for (const at of shuffled([...requests.keys()], random.below)) {
      const [body, request, before] = [bodies[at], requests[at], first[at]];
      if (body === undefined || request === undefined || before === undefined) continue;
      const again = await asked(engines, request);
      judgeTwice(await compared(loaded, { body, request, before, again }), request, tally);
    }
  } finally {
    tally.written += await others.stop();
    await send(engines, "DELETE", "/_pit", printJson({ id }));
  }
}

async function asked(engines: Engines, request: JsonObject): Promise<JsonObject> {
  const answer = await send(engines, "POST", "/_search", printJson(request));
  assert.ok(isObject(answer));
  return answer;
}

interface Twice {
  readonly body: JsonObject;
  readonly request: JsonObject;
  readonly before: JsonObject;
  readonly again: JsonObject;
}

/** With the tolerances of the product only where the answers are not the same without. */
async function compared({ engines, table }: Loaded, { body, request, before, again }: Twice): Promise<Comparison> {
  const judged = { endpoint: "search", request, elasticsearch: before, clickhouse: again } as const;
  const plain = match({ ...judged, tolerances: [] });
  if (plain.verdict !== "different") return plain;
  const input = { endpoint: "search", body, params: new Map<string, string>(), tables: [table], now: Date.now() } as const;
  const { answer } = await runClickHouse(engines.clickhouse, input).catch(() => ({ answer: null }));
  return match({ ...judged, tolerances: answer?.tolerances ?? [] });
}

function judgeTwice({ verdict, differences, rules }: Comparison, request: JsonObject, tally: Tally): void {
  tally.searches += 1;
  tally.verdicts.set(verdict, (tally.verdicts.get(verdict) ?? 0) + 1);
  for (const { rule } of rules) tally.rules.set(rule, (tally.rules.get(rule) ?? 0) + 1);
  if (verdict !== "different") return;
  const [first] = differences;
  tally.complaints.push(`${first?.path}: ${first?.elasticsearch} <> ${first?.clickhouse} in ${printJson(request)}`);
}

after(async () => {
  await engines?.clickhouse.command(dropDatabase("self_test"));
  await engines?.clickhouse.close();
});
