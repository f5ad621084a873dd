// Elastic's JavaScript client: the version that the project has, and those before it, which ask in other dialects.
import { join } from "node:path";
import { npmClient } from "../../scripts/clients/npm_client.ts";
import type { Recipe } from "../../scripts/clients/recipe.ts";
import { testClient } from "./client_day.ts";

const PROGRAM = join(import.meta.dirname, "work", "javascript.mjs");
const MODULE = "@elastic/elasticsearch";

const own = (): Recipe => ({ ok: true, folder: join(import.meta.dirname, "../..") });
const fetched = (version: string) => (): Recipe => npmClient(`elasticsearch-${version}`, { [MODULE]: version });

for (const [version, recipe, modes] of [
  ["9.4.3", own, ["tap", "compare", "clickhouse"]],
  ["8.19.2", fetched("8.19.2"), ["tap", "compare"]],
  ["7.17.14", fetched("7.17.14"), ["tap", "compare"]],
  ["7.13.0", fetched("7.13.0"), ["tap", "compare"]],
] as const) {
  testClient({
    name: `${MODULE} ${version}`,
    recipe,
    command: (folder) => [process.execPath, PROGRAM, folder, MODULE, version.slice(0, 1)],
    modes,
  });
}
