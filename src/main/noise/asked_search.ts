// The search of an exchange that is asked several times, as each side is asked it.
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { member } from "../../shared/json.ts";
import { shapeOf } from "../capture/shape.ts";
import { decodeBody } from "../elasticsearch/body.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { route } from "../elasticsearch/route.ts";
import { paramsAgain } from "../exchange/params_again.ts";
import { readSearches, type SearchRequest } from "../exchange/search_request.ts";
import { targetOf } from "../explain/sides.ts";

export interface AskedSearch {
  readonly search: SearchRequest;
  /** Path and query that Elasticsearch is asked by. */
  readonly target: string;
  readonly shape: string;
  readonly sketch: string;
}

/** Answers are read and compared beside all other work: longer ones would hold that up. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** The search at `position`; in words, why it can't be asked again. `body` as sent. Throws UndecodableBody. */
export function askedSearch(detail: ExchangeDetail, body: Uint8Array, position: number): AskedSearch | string {
  const routed = route(detail.method, detail.path);
  if (detail.kind !== "search") return "It is no search.";
  if (routed.endpoint === "_query")
    return "An ES|QL query is not probed: which rows of its table belong together is not known without a second side.";
  if (routed.id !== "")
    return "The next page of a scroll or an asynchronous search can't be asked by itself: probe the search that opened it.";
  if (detail.responseBytes > LARGEST_ANSWER) return `Its answer is larger than ${LARGEST_ANSWER / 1024 / 1024} MiB.`;
  const read = readSearches(routed, textIn(detail, body));
  if (read.problem !== "") return `The request can't be read: ${read.problem}.`;
  const search = read.searches[position];
  if (search === undefined || search.endpoint === "esql") return `The request has no search at position ${position}.`;
  if (member(search.body, "pit") !== undefined)
    return "It reads a point in time, which does not change: probe a search of the index itself.";
  const { hash, sketch } = shapeOf(search.endpoint, search.index, search.body);
  return { search, target: targetAgain(search, search.endpoint), shape: hash, sketch };
}

function textIn({ request }: ExchangeDetail, body: Uint8Array): string {
  return textOf(decodeBody(request.headers, body));
}

function targetAgain(search: SearchRequest, endpoint: "search" | "count"): string {
  const params = paramsAgain(search.params);
  // A client that names itself gets the same copy of each shard every time, and the next client another.
  if (params.get("preference")?.startsWith("_") === false) params.delete("preference");
  // An answer out of a cache agrees with itself.
  if (endpoint === "search") params.set("request_cache", "false");
  const query = params.toString();
  return query === "" ? targetOf(search, endpoint) : `${targetOf(search, endpoint)}?${query}`;
}
