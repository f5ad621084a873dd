// What search pages are made with: Searchkit's API and the connector of Elastic's Search UI.
import { join } from "node:path";
import { npmClient } from "../../scripts/clients/npm_client.ts";
import { testClient } from "./client_day.ts";

testClient({
  name: "Searchkit 4.14.0 and Search UI 1.24.2",
  recipe: () => npmClient("search-pages", { "@searchkit/api": "4.14.0", "@elastic/search-ui-elasticsearch-connector": "1.24.2" }),
  command: (folder) => [process.execPath, join(import.meta.dirname, "work", "search_pages.mjs"), folder],
  modes: ["tap", "compare", "clickhouse"],
});
