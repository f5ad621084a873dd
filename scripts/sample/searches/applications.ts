// What a shop's own programs ask: a search page with facets, counts, look-ups, lists.
import type { JsonObject } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { multiSearch, type PlannedRequest, send, serviceHeaders } from "../request.ts";
import { APPS, type KibanaView, MOVIES } from "../views.ts";

/** The search page of a film catalogue: hits with highlights, and the counts of each facet without its own filter. */
export function filmSearch(random: Random): PlannedRequest {
  const words = random.pick(MOVIES.words);
  const genre = random.pick(["Comedy", "Drama", "Action", "Adventure"]);
  const text = { multi_match: { query: words, fields: ["title", "director"], operator: random.pick(["or", "and"]) } };
  const hits: JsonObject = {
    size: 20,
    from: random.pick([0, 0, 20]),
    query: { bool: { must: [text], filter: [{ term: { genre } }] } },
    sort: [{ "imdb.votes": { order: "desc", missing: "_last" } }, { "title.keyword": "asc" }],
    _source: ["title", "released", "director", "imdb.*"],
    // A title is shown whole; pages that were never tuned ask for fragments.
    highlight: { fields: { title: {}, director: {} }, ...(random.chance(0.75) ? { number_of_fragments: 0 } : {}) },
    aggs: { rating: { terms: { field: "rating", size: 10 } } },
  };
  const facet: JsonObject = {
    size: 0,
    query: { bool: { must: [text] } },
    aggs: {
      genre: { terms: { field: "genre", size: 20 } },
      decade: { date_histogram: { field: "released", calendar_interval: "1y", min_doc_count: 1, format: "yyyy" } },
    },
  };
  return multiSearch(
    [
      [{ index: "movies" }, hits],
      [{ index: "movies" }, facet],
    ],
    serviceHeaders("film-catalogue", true),
  );
}

/** A list as a program pages through it: by fields, sorted by value and then by key. */
export function list(random: Random, view: KibanaView): PlannedRequest {
  const field = random.pick(view.measures);
  const [asked, value] = random.pick(view.questions);
  const order = random.pick(["asc", "desc"]);
  const body: JsonObject = {
    size: random.integer(5, 40),
    from: random.integer(0, 60),
    query: {
      bool: {
        must: [{ match: { [asked]: value } }],
        must_not: [{ exists: { field: "nothing.like.this" } }],
        should: [{ exists: { field } }],
        minimum_should_match: random.pick([0, 1]),
      },
    },
    sort: [{ [field]: { order } }, { [view.timeField]: order }],
    _source: random.pick<JsonObject>([{ includes: ["*"] }, { excludes: ["message", "user_agent*"] }]),
    track_total_hits: random.pick<boolean | number>([true, 100, false]),
  };
  return send("POST", `/${view.index}/_search`, serviceHeaders("back-office"), body, { searches: 1 });
}

export function count(random: Random, view: KibanaView): PlannedRequest {
  const [field, value] = random.pick(view.questions);
  const body = random.chance(0.2) ? {} : { query: { bool: { filter: [{ match: { [field]: value } }] } } };
  return send("POST", `/${view.index}/_count`, serviceHeaders("back-office"), body, { searches: 1 });
}

/** A line of the log by its trace, by prefix and by pattern: how people look for one thing. */
export function needle(random: Random): PlannedRequest {
  const digits = random.hex(2);
  const query = random.pick<JsonObject>([
    { prefix: { "trace.id": digits } },
    { wildcard: { "log.logger": { value: `com.shop.*.${random.pick(["Handler", "Cl?ent"])}` } } },
    { terms: { "error.type": ["TimeoutException", "OutOfMemoryError"] } },
    { match_phrase: { message: "connection refused" } },
  ]);
  const body = {
    size: 10,
    query: { bool: { filter: [query] } },
    sort: [{ "@timestamp": "desc" }],
    fields: ["message", "trace.id", "log.logger", "@timestamp"],
    _source: false,
  };
  return send("POST", `/${APPS.index}/_search`, serviceHeaders("on-call"), body, { searches: 1 });
}
