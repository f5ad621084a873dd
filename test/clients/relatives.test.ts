// Clients that are related to Elastic's own: OpenSearch's, which forked from version 7, and the one before that.
import { join } from "node:path";
import { npmClient } from "../../scripts/clients/npm_client.ts";
import { testClient } from "./client_day.ts";

for (const [module, version] of [
  ["@opensearch-project/opensearch", "3.9.0"],
  ["elasticsearch", "16.7.3"],
] as const) {
  testClient({
    name: `${module} ${version}`,
    recipe: () => npmClient(`${module.split("/").at(-1)}-${version}`, { [module]: version }),
    command: (folder) => [process.execPath, join(import.meta.dirname, "work", "relatives.mjs"), folder, module],
    modes: ["tap", "compare", "clickhouse"],
  });
}
