// What a search page asks by Searchkit and by Elastic's Search UI: search_pages.mjs FOLDER URL PREFIX.
import { ask, day, fill, MAPPINGS, SETTINGS } from "./day.mjs";

const COUNT = 2000;
const PLACES = [
  { query: "quick", page: 0, hitsPerPage: 10, facets: ["host", "tags", "bytes"] },
  { query: "füchse sleep", page: 2, hitsPerPage: 5, facets: ["host"], facetFilters: [["host:host-1", "host:host-2"]] },
  { query: "", page: 0, hitsPerPage: 20, facets: ["*"], numericFilters: ["bytes>=500", "bytes<=5000"] },
];

await day(async ({ url, prefix, require }) => {
  const index = `${prefix}-shop`;
  await ask(url, index, { mappings: MAPPINGS, settings: SETTINGS }, "PUT");
  await fill(url, index, COUNT);

  const { default: Searchkit } = require("@searchkit/api");
  const facets = [
    { attribute: "host", field: "host", type: "string" },
    { attribute: "tags", field: "tags", type: "string" },
    { attribute: "bytes", field: "bytes", type: "numeric" },
  ];
  const settings = {
    search_attributes: [{ field: "text", weight: 2 }],
    result_attributes: ["n", "text", "host"],
    highlight_attributes: ["text"],
    facet_attributes: facets,
    filter_attributes: facets,
  };
  const page = Searchkit({ connection: { host: url }, search_settings: settings });
  const searchkit = await page.handleRequest(PLACES.map((params) => ({ indexName: index, params })));
  for (const result of searchkit.results) delete result.processingTimeMS;

  const { default: Connector } = require("@elastic/search-ui-elasticsearch-connector");
  const connector = new Connector({ host: url, index });
  const query = {
    search_fields: { text: { weight: 3 } },
    result_fields: { text: { snippet: {} }, host: { raw: {} }, n: { raw: {} } },
    disjunctiveFacets: ["host"],
    facets: {
      host: { type: "value", size: 30 },
      bytes: {
        type: "range",
        ranges: [
          { from: 0, to: 5000, name: "few" },
          { from: 5000, name: "many" },
        ],
      },
    },
  };
  const state = { searchTerm: "quick jump", current: 1, resultsPerPage: 10, sortList: [], filters: [] };
  const chosen = { ...state, filters: [{ field: "host", values: ["host-3"], type: "any" }], current: 2 };
  const ui = [await connector.onSearch(state, query), await connector.onSearch(chosen, query)];
  for (const result of ui) {
    delete result.requestId;
    delete result.rawResponse.took;
  }
  return { searchkit, ui };
});
