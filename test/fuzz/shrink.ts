// Makes a fault small: takes parts out of the request and documents out of the index for as long as the same fault shows.
import { reduce } from "../../src/main/shrink/reduce.ts";
import type { JsonObject } from "../../src/shared/json.ts";
import type { Engines } from "../support/two_engines.ts";
import { documentsOf, type Fault, loadWorld, unload } from "./campaign.ts";
import type { World } from "./generate/world.ts";
import { type Trial, tryRequest } from "./trial.ts";

/** Trials of one shrinking, requests and loads of documents apart: the first are cheap, the others not. */
const REQUEST_TRIALS = 250;
const LOAD_TRIALS = 60;

export interface Small {
  readonly world: Pick<World, "mappings" | "documents" | "shards" | "changes">;
  readonly request: JsonObject;
  readonly trial: Trial;
}

/** The smallest request and documents found that still show the fault. `name` is that of the index used. */
export async function shrink(engines: Engines, fault: Fault, name: string): Promise<Small> {
  const wanted = signature(fault.trial);
  const first = await shrinkRequest(engines, { ...fault }, name, wanted);
  const fewer = await shrinkDocuments(engines, first, name, wanted);
  return await shrinkRequest(engines, fewer, name, wanted);
}

/** What makes two faults the same: the outcome and the last name of the path, or the beginning of the message. */
function signature({ outcome, reason }: Trial): string {
  const [path = ""] = reason.split(": ");
  const last = path
    .replaceAll(/\[[^\]]*\]|\d+/g, "")
    .split("/")
    .findLast((name) => name !== "");
  return `${outcome} ${path.startsWith("/") ? (last ?? "") : reason.slice(0, 60)}`;
}

async function shrinkRequest(engines: Engines, start: Small, name: string, wanted: string): Promise<Small> {
  const loaded = await loadWorld(engines, start.world, name);
  const documents = documentsOf(start.world);
  let { trial } = start;
  const { value: request } = await reduce(start.request, {
    mostTrials: REQUEST_TRIALS,
    holds: async (smaller) => {
      const tried = await tryRequest(loaded, documents, smaller);
      if (signature(tried) !== wanted) return false;
      trial = tried;
      return true;
    },
  });
  await unload(loaded);
  return { ...start, request, trial };
}

async function shrinkDocuments(engines: Engines, start: Small, name: string, wanted: string): Promise<Small> {
  let best = start;
  let left = LOAD_TRIALS;
  const attempt = async (world: Small["world"]): Promise<boolean> => {
    left -= 1;
    const loaded = await loadWorld(engines, world, name).catch(() => null);
    if (loaded === null) return false;
    const trial = await tryRequest(loaded, documentsOf(world), best.request);
    await unload(loaded);
    if (signature(trial) !== wanted) return false;
    best = { ...best, world, trial };
    return true;
  };
  if (best.world.changes.length > 0) await attempt({ ...best.world, changes: [] });
  if (best.world.shards > 1) await attempt({ ...best.world, shards: 1 });
  for (let piece = Math.ceil(best.world.documents.length / 2); piece >= 1 && left > 0; piece = piece > 1 ? Math.ceil(piece / 2) : 0) {
    for (let from = 0; from < best.world.documents.length && left > 0; ) {
      const documents = best.world.documents.toSpliced(from, piece);
      // An empty index answers otherwise: no shard looks at the request closely.
      if (documents.length === 0 || !(await attempt({ ...best.world, documents }))) from += piece;
    }
  }
  return best;
}
