// A campaign of ES|QL: worlds one after the other, pipelines on each, outcomes counted. The same seed gives the same requests.
import { seededRandom } from "../../../scripts/sample/random.ts";
import { isObject, type JsonObject, jsonObject, member, parseJson, printJson } from "../../../src/shared/json.ts";
import type { Loaded } from "../../support/two_engines.ts";
import { type Campaign, loadWorld, type Tally, unload } from "../campaign.ts";
import { makeWorld, type World } from "../generate/world.ts";
import { FAULTS, type Outcome, type Trial } from "../trial.ts";
import { anyPipeline } from "./pipeline.ts";
import { smallerQueries } from "./text.ts";
import { tryPipeline } from "./trial.ts";

const REQUESTS_PER_WORLD = 60;
const DOCUMENTS = [30, 120, 400];
const SHRINKING = 150;

export interface PipelineFault {
  readonly seed: number;
  readonly shards: number;
  readonly request: JsonObject;
  readonly trial: Trial;
}

/** Runs a campaign; each fault is told as it is found, made small where `shrink` asks for it. */
export async function runPipelines(
  { engines, seed, requests: most, until, prefix }: Campaign,
  shrink: boolean,
  told: (fault: PipelineFault) => void,
): Promise<Tally> {
  const outcomes = new Map<Outcome, number>();
  const reasons = new Map<string, number>();
  let requests = 0;
  for (let at = 0; requests < most && Date.now() < until; at += 1) {
    const world = withoutModules(makeWorld(seed * 10_000 + at, DOCUMENTS[at % DOCUMENTS.length] ?? 30));
    const name = `${prefix}-${at}`;
    const loaded = await loadWorld(engines, world, name);
    const random = seededRandom(world.seed ^ 0xe59);
    for (let i = 0; i < REQUESTS_PER_WORLD && requests < most && Date.now() < until; i += 1) {
      const request = anyPipeline(random, world, name);
      const trial = await tryPipeline(loaded, request);
      requests += 1;
      outcomes.set(trial.outcome, (outcomes.get(trial.outcome) ?? 0) + 1);
      if (trial.outcome === "unsupported") reasons.set(trial.reason, (reasons.get(trial.reason) ?? 0) + 1);
      if (!FAULTS.has(trial.outcome)) continue;
      const small = shrink ? await smallest(loaded, request, trial) : { request, trial };
      told({ seed: world.seed, shards: world.shards, ...small });
    }
    await unload(loaded);
  }
  return { outcomes, reasons, requests };
}

/** The reference of ES|QL comes without the analyzers of modules. */
function withoutModules(world: World): World {
  const mappings = parseJson(printJson(world.mappings).replaceAll('"analyzer":"english"', '"analyzer":"simple"'));
  return isObject(mappings) ? { ...world, mappings } : world;
}

/** The request with all parts taken away without which the same outcome still comes of it. */
async function smallest(loaded: Loaded, request: JsonObject, trial: Trial): Promise<Pick<PipelineFault, "request" | "trial">> {
  let best = { request, trial };
  let left = SHRINKING;
  for (let progress = true; progress && left > 0; ) {
    progress = false;
    for (const smaller of smallerBodies(best.request)) {
      left -= 1;
      if (left <= 0) break;
      const again = await tryPipeline(loaded, smaller);
      if (again.outcome !== trial.outcome || again.reason.slice(0, 12) !== best.trial.reason.slice(0, 12)) continue;
      best = { request: smaller, trial: again };
      progress = true;
      break;
    }
  }
  return best;
}

function smallerBodies(request: JsonObject): readonly JsonObject[] {
  const members = Object.entries(request);
  const without = members.flatMap(([name], i) => (name === "query" || name === "params" ? [] : [jsonObject(members.toSpliced(i, 1))]));
  return [...without, ...smallerQueries(String(member(request, "query"))).map((query) => ({ ...request, query }))];
}
