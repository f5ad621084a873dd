// Searches that ask for what SQL does not have: scripts, statistics of words, moving windows. They belong to real traffic,
// and a session without them would look better than the truth.
import type { JsonObject } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { kibanaHeaders, kibanaSearch, type PlannedRequest, send, serviceHeaders } from "../request.ts";
import { APPS, MOVIES, WEB } from "../views.ts";
import { aggregationBody, boolQuery, dateHistogram, timeRange, type Window } from "./shapes.ts";

export function beyond(random: Random, window: Window): PlannedRequest[] {
  const query = boolQuery([timeRange(WEB, window)]);
  const slow: JsonObject = {
    ...aggregationBody(WEB, { "0": { terms: { field: "slow", size: 2 } } }, query),
    runtime_mappings: { slow: { type: "boolean", script: { source: "emit(doc['response_time'].value > 1)" } } },
  };
  const kilobytes: JsonObject = {
    size: 5,
    query,
    sort: [{ "@timestamp": "desc" }],
    _source: false,
    script_fields: { kilobytes: { script: { source: "doc['http.response.body.bytes'].value / 1024", lang: "painless" } } },
  };
  const words = aggregationBody(
    APPS,
    { keywords: { significant_text: { field: "message", size: 5 } } },
    boolQuery([{ term: { "log.level": "error" } }]),
  );
  const moving = aggregationBody(
    WEB,
    {
      "2": {
        ...dateHistogram(random, WEB, window),
        aggs: {
          "1": { avg: { field: "response_time" } },
          "3": { moving_fn: { buckets_path: "1", window: 5, script: "MovingFunctions.unweightedAvg(values)" } },
        },
      },
    },
    query,
  );
  const ranked = {
    size: 5,
    query: {
      function_score: {
        query: { match: { title: "love" } },
        script_score: { script: "_score * (doc['imdb.votes'].size() == 0 ? 1 : Math.log(1 + doc['imdb.votes'].value))" },
      },
    },
  };
  const alike = {
    size: 5,
    query: { more_like_this: { fields: ["title"], like: "star wars the empire", min_term_freq: 1, min_doc_freq: 2 } },
  };
  return [
    kibanaSearch(random, WEB, `lens:${WEB.id}`, slow),
    kibanaSearch(random, WEB, `discover:${WEB.id}`, kilobytes),
    send("POST", `/${APPS.index}/_search`, kibanaHeaders("ml:anomaly"), words, { searches: 1 }),
    kibanaSearch(random, WEB, `visualize:${WEB.id}`, moving),
    send("POST", `/${MOVIES.index}/_search`, serviceHeaders("film-catalogue"), ranked, { searches: 1 }),
    send("POST", `/${MOVIES.index}/_search`, serviceHeaders("film-catalogue"), alike, { searches: 1 }),
  ];
}

/** Requests that Elasticsearch itself refuses, with what it answers. */
export function refused(random: Random, window: Window): PlannedRequest[] {
  const query = boolQuery([timeRange(WEB, window)]);
  return [
    send("POST", "/web-acess/_search", kibanaHeaders("dev_tools"), { query: { match_all: {} } }, { searches: 1, status: 404 }),
    kibanaSearch(random, WEB, `lens:${WEB.id}`, aggregationBody(WEB, { "0": { terms: { field: "message", size: 5 } } }, query)),
    send("POST", "/movies/_search", kibanaHeaders("dev_tools"), { query: { mach: { title: "love" } } }, { searches: 1, status: 400 }),
    send("GET", "/web-access/_search", kibanaHeaders("dev_tools"), { from: 9990, size: 500 }, { searches: 1, status: 400 }),
  ].map((request, at) => (at === 1 ? { ...request, status: 400 } : request));
}
