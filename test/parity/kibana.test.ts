// Kibana's own sample data and requests that Kibana really sent, on both engines. Both lie outside the project
// (PARALLAX_SHARED, else ../shared beside it): where they are not, the tests skip.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type Random, seededRandom } from "../../scripts/sample/random.ts";
import type { PlannedRequest } from "../../scripts/sample/request.ts";
import { list } from "../../scripts/sample/searches/applications.ts";
import { controls } from "../../scripts/sample/searches/controls.ts";
import { discover, nextPage } from "../../scripts/sample/searches/discover.ts";
import { dashboard, otherBucket, timeShift } from "../../scripts/sample/searches/lens.ts";
import { coordinateMap, map } from "../../scripts/sample/searches/maps.ts";
import { someWindow } from "../../scripts/sample/searches/shapes.ts";
import { timeSeries } from "../../scripts/sample/searches/tsvb.ts";
import type { KibanaView } from "../../scripts/sample/views.ts";
import { isObject, type JsonObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";
import { fittingDocuments } from "../corpus/fitting_documents.ts";
import { judgeLive } from "../support/live_judge.ts";
import { connectEngines, type Loaded, load, send } from "../support/two_engines.ts";
import { holdTo, type JudgedSearch, printVerdicts } from "../support/verdict_report.ts";
import { KIBANA_VIEWS } from "./kibana_views.ts";

const shared = process.env.PARALLAX_SHARED ?? join(import.meta.dirname, "../../../shared");
const engines = connectEngines("kibana_parity");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";
const skip = engines === null ? missing : existsSync(join(shared, "data/sample")) ? false : `no sample data in ${shared}`;
const SEED = Number(process.env.PARALLAX_TEST_SEED ?? 41);

function sampleIndex(name: string): { readonly mappings: JsonObject; readonly documents: readonly string[] } {
  const mappings = parseJson(readFileSync(join(shared, `data/sample/${name}.mapping.json`), "utf8"));
  const text = gunzipSync(readFileSync(join(shared, `data/sample/${name}.json.gz`))).toString("utf8");
  assert.ok(isObject(mappings));
  return { mappings, documents: text.trim().split("\n") };
}

async function loaded(name: string, index: { readonly mappings: JsonObject; readonly documents: readonly string[] }): Promise<Loaded> {
  assert.ok(engines);
  after(() => send(engines, "DELETE", `/${name}`));
  return load(engines, { name, ...index });
}

function searchesOver(random: Random, view: KibanaView): PlannedRequest[] {
  return Array.from({ length: 3 }, () => someWindow(random, view, Number.MAX_SAFE_INTEGER)).flatMap((window) => [
    ...dashboard(random, view, window, 20),
    ...discover(random, view, window),
    ...timeSeries(random, view, window),
    ...controls(random, view, window),
    ...map(random, view, window),
    ...coordinateMap(random, view, window),
    otherBucket(random, view, window),
    timeShift(random, view, window),
    nextPage(random, view, window),
    list(random, view),
  ]);
}

async function judgeAll(
  on: Loaded,
  searches: readonly { name: string; params: ReadonlyMap<string, string>; body: JsonValue }[],
): Promise<JudgedSearch[]> {
  const judged: JudgedSearch[] = [];
  for (const { name, params, body } of searches) if (isObject(body)) judged.push(await judgeLive(on, { name, params, body }));
  return judged;
}

describe("Kibana's sample data", { skip, concurrency: 1 }, () => {
  for (const view of KIBANA_VIEWS) {
    test(`${view.index}: what Kibana would ask has the same answers`, { timeout: 180_000 }, async () => {
      const on = await loaded(`kibana-${view.index}`, sampleIndex(view.index));
      const random = seededRandom(SEED);
      const searches = searchesOver(random, view).map(({ target, body }, at) => ({
        name: `${view.index}#${at}`,
        params: new Map(new URLSearchParams(target.split("?")[1] ?? "")),
        body: parseJson(body.toString("utf8")),
      }));
      const judged = await judgeAll(on, searches);
      printVerdicts(`Kibana's ${view.index}, seed ${SEED}`, judged);
      holdTo({ searches: 80, agreeing: 0.95 }, judged);
    });
  }
});

interface Asked {
  readonly id: string;
  readonly path: string;
  readonly body: JsonObject;
  readonly params: ReadonlyMap<string, string>;
}

function corpus(): Asked[] {
  const lines = readFileSync(join(shared, "corpus/kibana-requests.jsonl"), "utf8").trim().split("\n");
  return lines.flatMap((line): Asked[] => {
    const request = parseJson(line);
    const body = isObject(request) ? member(request, "body") : undefined;
    const params = isObject(request) ? member(request, "params") : undefined;
    if (!isObject(request) || !isObject(body)) return [];
    const own = isObject(params)
      ? Object.entries(params).filter(([name]) => name === "track_total_hits" || name === "ignore_unavailable")
      : [];
    return [
      {
        id: String(request.id),
        path: String(request.path),
        body,
        params: new Map(own.map(([name, value]) => [name, String(value)])),
      },
    ];
  });
}

describe("requests that Kibana sent", { skip, concurrency: 1 }, () => {
  test("over its e-commerce data", { timeout: 120_000 }, async () => {
    const on = await loaded("kibana-orders", sampleIndex("ecommerce"));
    const asked = corpus().filter(({ path }) => path.includes("ecommerce"));
    const dated = asked.map(({ id, params, body }) => {
      const text = JSON.stringify(body).replaceAll("2024-01-01", "2016-12-01").replaceAll("2024-02-01", "2017-02-01");
      return { name: id, params, body: parseJson(text) };
    });
    const judged = await judgeAll(on, dated);
    printVerdicts("requests of Kibana over its e-commerce data", judged);
    holdTo({ searches: 10, agreeing: 0.9 }, judged);
  });

  test("over documents made to fit them", { timeout: 180_000 }, async () => {
    const asked = corpus().filter(({ path }) => !path.includes("ecommerce"));
    const fitting = fittingDocuments(
      asked.map(({ body }) => body),
      3000,
      SEED,
    );
    const on = await loaded("kibana-requests", fitting);
    const judged = await judgeAll(
      on,
      asked.map(({ id, params, body }) => ({ name: id, params, body })),
    );
    // The reference server lacks the module for `lang: expression`; what it refuses for that can't be compared.
    const comparable = judged.filter(({ reason }) => !/script_lang not supported/.test(reason));
    printVerdicts(`requests of Kibana over fitting documents, seed ${SEED}, ${judged.length - comparable.length} left out`, comparable);
    holdTo({ searches: 140, agreeing: 0.9 }, comparable);
  });
});
