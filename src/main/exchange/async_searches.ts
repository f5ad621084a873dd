// Asynchronous searches that were not over when they were answered first: each is judged once, by the answer that a later
// request for its id brings. Bounded: the oldest are forgotten, and keep the verdict of their first answer.
import { member, parseObject } from "../../shared/json.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import { Bounded } from "./bounded.ts";
import type { Later } from "./judge_exchange.ts";

const MOST = 100;
/** First answers that say that the search goes on say so at their beginning. */
const BEGINNING = 400;

/** Judges a search again by a later answer. False where that goes on, too, or can't be read. Throws UndecodableBody. */
export type JudgeAgain = (later: Later) => Promise<boolean>;

export class AsyncSearches {
  readonly #open = new Bounded<Promise<JudgeAgain | null>>(MOST);

  /** Takes note of a search that goes on; what is returned must be told how it is judged again. null: it is over, or none. */
  begun(exchange: TappedExchange, routed: Route): ((again: JudgeAgain | null) => void) | null {
    if (exchange.request.method !== "POST" || !isAsync(routed)) return null;
    const id = idOfRunning(exchange);
    if (id === "") return null;
    const { promise, resolve } = Promise.withResolvers<JudgeAgain | null>();
    this.#open.set(id, promise);
    return resolve;
  }

  /** Judges the search whose last answer this exchange brought. Anything else is passed over. */
  async over(exchange: TappedExchange, routed: Route): Promise<void> {
    const { request, response, phases, time, error } = exchange;
    if (request.method !== "GET" || response === null || error !== "" || response.truncated || !isAsync(routed)) return;
    const id = decodeURIComponent(request.target.split("?")[0]?.split("/").filter(Boolean).at(-1) ?? "");
    const open = this.#open.get(id);
    if (open === undefined) return;
    const again = await open;
    const later = { response, filter: routed.params.get("filter_path") ?? "", end: time + (phases.lastByte ?? 0) };
    if (again === null || (await again(later))) this.#open.delete(id);
  }
}

function isAsync({ endpoint, id }: Route): boolean {
  return (endpoint === "_async_search" && id !== "status") || (endpoint === "_query" && id === "async");
}

function idOfRunning({ response }: TappedExchange): string {
  if (response === null || response.status >= 300 || response.truncated) return "";
  try {
    const decoded = decodeBody(response.headers, response.body);
    if (!/"is_running"\s*:\s*true/.test(textOf(decoded.subarray(0, BEGINNING)))) return "";
    const id = member(parseObject(textOf(decoded)) ?? {}, "id");
    return typeof id === "string" ? id : "";
  } catch (error) {
    if (error instanceof UndecodableBody) return "";
    throw error;
  }
}
