// A fault made small, as a file: mapping, settings, documents, request and both answers as they were when it was found.
import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseCase, printCase } from "../../src/main/shrink/case_file.ts";
import { type JsonObject, printJson } from "../../src/shared/json.ts";
import type { Index } from "../support/two_engines.ts";
import type { Small } from "./shrink.ts";

const FOLDER = join(import.meta.dirname, "../parity/regressions");

export interface Regression {
  readonly name: string;
  readonly world: Small["world"] & Pick<Index, "ids" | "analysis" | "routing">;
  readonly request: JsonObject;
  readonly params: ReadonlyMap<string, string>;
}

/** Writes a case, named by what is wrong; without a name by its outcome and a hash. Returns the path. */
export function keepRegression({ world, request, trial }: Small, name?: string): string {
  const { shards, mappings, documents, changes } = world;
  const { elasticsearch, clickhouse, outcome, reason } = trial;
  const text = printCase({
    ...{ shards, mappings, changes, request, elasticsearch, clickhouse },
    ...{ reason: `${outcome}: ${reason}`, documents: documents.map((source, i) => ({ id: String(i), text: source })) },
    ...{ analysis: null, endpoint: "_search", params: new Map(), verdict: null, versions: {}, documentsLeftOut: 0 },
  });
  const hash = createHash("sha1").update(printJson(request)).digest("hex").slice(0, 8);
  const path = join(FOLDER, `${name?.replaceAll(" ", "_") ?? `${trial.outcome}-${hash}`}.json`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** All cases that were kept, and those of the folder that PARALLAX_TEST_CASES names. */
export function readRegressions(): readonly Regression[] {
  const given = process.env.PARALLAX_TEST_CASES;
  const folders = given === undefined ? [FOLDER] : [FOLDER, given];
  return folders.flatMap((folder) => globSync(join(folder, "*.json")).toSorted().map(readRegression));
}

function readRegression(path: string): Regression {
  const read = parseCase(readFileSync(path, "utf8"));
  if (typeof read === "string") throw new Error(`${path}: ${read}`);
  const { mappings, shards, documents, changes, analysis, endpoint, params, request } = read;
  return {
    name: basename(path, ".json"),
    // What a count counts is what a search says in all.
    request: endpoint === "_count" ? { ...request, size: 0, track_total_hits: true } : request,
    params,
    world: {
      mappings,
      shards,
      changes,
      documents: documents.map(({ text }) => text),
      ids: documents.map(({ id }) => id),
      routing: new Map(documents.flatMap(({ id, routing }) => (routing === undefined ? [] : [[id, routing] as const]))),
      ...(analysis === null ? {} : { analysis }),
    },
  };
}
