// A campaign: worlds one after the other, requests on each, outcomes counted. The same seed gives the same requests.
import { seededRandom } from "../../scripts/sample/random.ts";
import { isObject, type JsonObject, parseJson } from "../../src/shared/json.ts";
import { type Engines, type Index, type Loaded, load, send } from "../support/two_engines.ts";
import { anySearch } from "./generate/search.ts";
import { makeWorld, type World } from "./generate/world.ts";
import { FAULTS, type Outcome, type Trial, tryRequest } from "./trial.ts";

const REQUESTS_PER_WORLD = 40;
const DOCUMENTS = [40, 200, 600];

export interface Campaign {
  readonly engines: Engines;
  readonly seed: number;
  readonly requests: number;
  /** Epoch ms after which no further world is begun. */
  readonly until: number;
  /** Name of the indices, with a number after it. */
  readonly prefix: string;
}

export interface Fault {
  readonly world: World;
  readonly request: JsonObject;
  readonly trial: Trial;
}

export interface Tally {
  readonly outcomes: ReadonlyMap<Outcome, number>;
  /** How often each reason of `unsupported` was given. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly requests: number;
}

/** Runs a campaign; each fault is told as it is found. */
export async function runCampaign(campaign: Campaign, told: (fault: Fault, loaded: Loaded) => Promise<void>): Promise<Tally> {
  const outcomes = new Map<Outcome, number>();
  const reasons = new Map<string, number>();
  let requests = 0;
  for (let at = 0; requests < campaign.requests && Date.now() < campaign.until; at += 1) {
    const world = makeWorld(campaign.seed * 10_000 + at, DOCUMENTS[at % DOCUMENTS.length] ?? 40);
    const name = `${campaign.prefix}-${at}`;
    const loaded = await loadWorld(campaign.engines, world, name);
    const documents = documentsOf(world);
    const random = seededRandom(world.seed ^ 0x5eed);
    for (let i = 0; i < REQUESTS_PER_WORLD && requests < campaign.requests; i += 1) {
      const request = anySearch({ random, world });
      const trial = await tryRequest(loaded, documents, request);
      requests += 1;
      outcomes.set(trial.outcome, (outcomes.get(trial.outcome) ?? 0) + 1);
      if (trial.outcome === "unsupported") reasons.set(trial.reason, (reasons.get(trial.reason) ?? 0) + 1);
      if (FAULTS.has(trial.outcome)) await told({ world, request, trial }, loaded);
    }
    await unload(loaded);
  }
  return { outcomes, reasons, requests };
}

export async function loadWorld(
  engines: Engines,
  world: Pick<World, "mappings" | "documents" | "shards" | "changes"> & Pick<Index, "ids" | "analysis" | "routing">,
  name: string,
): Promise<Loaded> {
  const { mappings, documents, shards, changes, ids, analysis, routing } = world;
  return await load(engines, {
    ...{ name, mappings, documents, shards, changes },
    ...(ids === undefined ? {} : { ids }),
    ...(routing === undefined ? {} : { routing }),
    ...(analysis === undefined ? {} : { analysis }),
  });
}

export async function unload({ engines, table }: Loaded): Promise<void> {
  await send(engines, "DELETE", `/${table.index}`);
  await engines.clickhouse.command(`DROP TABLE IF EXISTS \`${table.database}\`.\`${table.table}\` SYNC`);
}

/** Everything that was written, overwritten or not. */
export function documentsOf(world: Pick<World, "documents" | "changes">): readonly JsonObject[] {
  const texts = [...world.documents, ...world.changes.flatMap(({ text }) => text ?? [])];
  return texts.map(parseJson).filter(isObject);
}
