// `movies`: films with titles, makers, takings and ratings. Many fields are missing in many of them.
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import { type BulkItem, type DocumentSource, date, double, integer, keyword, long, object, textWithKeyword } from "../source.ts";
import { readObjects } from "./registry_data.ts";

export function movies(): DocumentSource {
  return {
    index: "movies",
    creation: {
      settings: { number_of_shards: 1, number_of_replicas: 0 },
      mappings: {
        properties: {
          title: textWithKeyword,
          released: { ...date, format: "yyyy-MM-dd" },
          director: textWithKeyword,
          distributor: keyword,
          genre: keyword,
          source: keyword,
          rating: keyword,
          minutes: integer,
          gross: object({ us: long, worldwide: long }),
          budget: long,
          imdb: object({ rating: double, votes: integer }),
          tomatoes: integer,
        },
      },
    },
    bulkSize: 800,
    items: readObjects("movies.json").map(
      (movie, number): BulkItem => ({ action: "create", meta: { _id: String(number + 1) }, document: filmOf(movie) }),
    ),
  };
}

function filmOf(movie: JsonObject): JsonValue {
  const take = (name: string): JsonValue => movie[name] ?? null;
  const title = take("Title");
  const released = Date.parse(`${String(take("Release Date"))} UTC`);
  return {
    title: title === null ? null : String(title),
    ...(Number.isNaN(released) ? {} : { released: new Date(released).toISOString().slice(0, 10) }),
    director: take("Director"),
    distributor: take("Distributor"),
    genre: take("Major Genre"),
    source: take("Source"),
    rating: take("MPAA Rating"),
    minutes: take("Running Time min"),
    gross: { us: take("US Gross"), worldwide: take("Worldwide Gross") },
    budget: take("Production Budget"),
    imdb: { rating: take("IMDB Rating"), votes: take("IMDB Votes") },
    tomatoes: take("Rotten Tomatoes Rating"),
  };
}
