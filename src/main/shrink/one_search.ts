// One search of a captured exchange as it can be asked by itself: without what its request opened for its client.
import type { ExchangeDetail } from "../../shared/exchange.ts";
import type { JsonObject } from "../../shared/json.ts";
import { REPLAY_HEADER } from "../capture/rows.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { route } from "../elasticsearch/route.ts";
import { paramsAgain } from "../exchange/params_again.ts";
import { readSearches } from "../exchange/search_request.ts";
import { headersAgain } from "../replay/session_requests.ts";

export interface OneSearch {
  readonly position: number;
  readonly index: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: ReturnType<typeof headersAgain>;
  readonly body: JsonObject;
}

/** The search at `position`; in words, why it can't be asked by itself. `body` as sent. */
export function oneSearch(detail: ExchangeDetail, body: Uint8Array, position: number): OneSearch | string {
  const routed = route(detail.method, detail.path);
  if (routed.endpoint === "_query") return "An ES|QL query is one text: it can't be made small clause by clause.";
  if (routed.id !== "")
    return "The next page of a scroll or an asynchronous search has no clauses of its own: shrink the search that opened it.";
  try {
    const read = readSearches(routed, textOf(decodeBody(detail.request.headers, body)));
    if (read.problem !== "") return `The request can't be read: ${read.problem}.`;
    const search = read.searches[position];
    if (search === undefined) return `The request has no search at position ${position}.`;
    const params = paramsAgain(search.params);
    if (search.filter !== undefined && search.filter !== "") params.set("filter_path", search.filter);
    const path = `${search.index === "" ? "" : `/${encodeURIComponent(search.index).replaceAll("%2C", ",")}`}/${search.endpoint === "count" ? "_count" : "_search"}`;
    const query = params.toString();
    const headers = headersAgain(detail.id, detail.request.headers).filter(([name]) => name.toLowerCase() !== REPLAY_HEADER);
    return { position, index: search.index, target: query === "" ? path : `${path}?${query}`, headers, body: search.body };
  } catch (error) {
    if (error instanceof UndecodableBody) return `The request can't be read: ${error.message}.`;
    throw error;
  }
}
