// elasticdump: an index out and into another.
import { join } from "node:path";
import { npmClient } from "../../scripts/clients/npm_client.ts";
import { testClient } from "./client_day.ts";

testClient({
  name: "elasticdump 6.125.1",
  recipe: () => npmClient("elasticdump-6.125.1", { elasticdump: "6.125.1" }),
  command: (folder) => [process.execPath, join(import.meta.dirname, "work", "elasticdump.mjs"), folder],
  modes: ["tap", "compare", "clickhouse"],
});
