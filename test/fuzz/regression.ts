// A fault made small, as a file: mapping, settings, documents, request and both answers as they were when it was found.
import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isArray, isNumber, isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import type { Small } from "./shrink.ts";

const FOLDER = join(import.meta.dirname, "../parity/regressions");

export interface Regression {
  readonly name: string;
  readonly world: Small["world"];
  readonly request: JsonObject;
}

/** Writes a case, named by what is wrong; without a name by its outcome and a hash. Returns the path. */
export function keepRegression({ world, request, trial }: Small, name?: string): string {
  const { shards, mappings, documents, changes } = world;
  const text = printJson(
    {
      reason: `${trial.outcome}: ${trial.reason}`,
      shards,
      mappings,
      documents: documents.map(parseJson),
      changes: changes.map(({ id, text: source }) => ({ id, source: source === null ? null : parseJson(source) })),
      request,
      elasticsearch: trial.elasticsearch,
      clickhouse: trial.clickhouse,
    },
    2,
  );
  const hash = createHash("sha1").update(printJson(request)).digest("hex").slice(0, 8);
  const path = join(FOLDER, `${name?.replaceAll(" ", "_") ?? `${trial.outcome}-${hash}`}.json`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, `${text}\n`);
  return path;
}

/** All cases that were kept. */
export function readRegressions(): readonly Regression[] {
  return globSync(join(FOLDER, "*.json")).toSorted().map(readRegression);
}

function readRegression(path: string): Regression {
  const value = parseJson(readFileSync(path, "utf8"));
  const object = isObject(value) ? value : {};
  const [mappings, request, shards] = ["mappings", "request", "shards"].map((name) => member(object, name));
  const [documents, changes] = ["documents", "changes"].map((name) => member(object, name));
  return {
    name: basename(path, ".json"),
    request: isObject(request) ? request : {},
    world: {
      mappings: isObject(mappings) ? mappings : {},
      shards: isNumber(shards) ? Number(shards) : 1,
      documents: isArray(documents) ? documents.map((document) => printJson(document)) : [],
      changes: (isArray(changes) ? changes : []).filter(isObject).map((change) => {
        const source = member(change, "source") ?? null;
        return { id: String(member(change, "id")), text: source === null ? null : printJson(source) };
      }),
    },
  };
}
