// Requests that open, read and close what Elasticsearch holds for its client: points in time and scrolls.
import { type JsonObject, member, parseObject } from "../../shared/json.ts";
import { backendOf } from "../answer/backend.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import type { Continuation } from "./continuation.ts";
import { holdMoment, type Moment } from "./moment.ts";
import type { OpenWrites } from "./open_writes.ts";
import { type Found, PointsInTime } from "./points_in_time.ts";
import { Scrolls, scrollIds } from "./scrolls.ts";
import type { SearchRequest } from "./search_request.ts";
import { unsettledReason } from "./tables.ts";

/** Parameters of `_pit` that choose among documents or shards. */
const CHOOSING = ["routing", "index_filter"];

/** The exchange of a search, and what was held for the scroll that it begins. */
interface Asked {
  readonly mirrored: Mirrored;
  readonly exchange: TappedExchange;
  readonly routed: Route;
  readonly held: Promise<Moment> | null;
}

/** A moment that has been taken note of. */
export interface Hold {
  /** False while others write to the tables too: then what they hold has to be read before the next write is handed over. */
  readonly known: boolean;
  readonly tell: () => Promise<Moment>;
}

export class Moments {
  readonly #openWrites: OpenWrites;
  readonly #points = new PointsInTime();
  readonly #scrolls = new Scrolls();

  constructor(openWrites: OpenWrites) {
    this.#openWrites = openWrites;
  }

  /** Takes note of a request that closes something. */
  closed({ request, response, time, phases }: TappedExchange, { endpoint, id, params }: Route): void {
    if (request.method !== "DELETE" || response === null || response.status >= 300) return;
    if (endpoint !== "_pit" && !(endpoint === "_search" && id === "scroll")) return;
    const body = objectOf(request);
    const named = member(body, "id");
    const over = time + (phases.lastByte ?? 0);
    if (endpoint === "_search") this.#scrolls.closed(scrollIds(body, params), over);
    else if (typeof named === "string") this.#points.closed(named, over);
  }

  /** Takes note of a point in time that was opened. `held` tells what the tables held then. False when it is no such request. */
  opened(exchange: TappedExchange, { endpoint, index, params }: Route, held: () => Promise<Moment>): boolean {
    const { request, response } = exchange;
    if (request.method !== "POST" || endpoint !== "_pit" || index === "" || response === null || response.status >= 300) return false;
    const id = member(objectOf(response), "id");
    if (typeof id !== "string") return false;
    const chosen = CHOOSING.some((name) => params.has(name)) || Object.keys(objectOf(request)).length > 0;
    const reason = "the point in time was opened for a choice of shards";
    this.#points.opened(id, chosen ? Promise.resolve({ kind: "unsupported", reason }) : held());
    return true;
  }

  /** Takes note of a point in time of our own. */
  held(id: string, moment: Moment): void {
    this.#points.opened(id, Promise.resolve(moment));
  }

  /** True for the first page of a scroll: the tables are to be held. */
  begins({ response }: TappedExchange, { endpoint, id, params }: Route): boolean {
    return endpoint === "_search" && id !== "scroll" && params.has("scroll") && response !== null && response.status < 300;
  }

  /** True for a page of a scroll, and for what may be one of a point in time, which names no index. */
  goesOn({ endpoint, id, index }: Route): boolean {
    return endpoint === "_search" && (id === "scroll" || index === "");
  }

  /** How a search that reads a moment is judged; null for all others. */
  async view({ mirrored, exchange, routed, held }: Asked, search: SearchRequest, seen: Continuation): Promise<Found | null> {
    const backend = backendOf(mirrored, Math.floor(exchange.time));
    if (routed.endpoint === "_search" && routed.id === "scroll") return this.#scrolls.next(search, seen, exchange.time, backend);
    if (held !== null) return this.#scrolls.first(search, seen, held, backend);
    if (search.endpoint !== "search" || member(search.body, "pit") === undefined) return null;
    return this.#points.view(search, seen, exchange.time, backend);
  }

  /** Takes note of now, when an exchange that is over has its turn. What that gives tells what the tables held then. */
  hold(mirrored: Mirrored, exchange: TappedExchange, search: Pick<SearchRequest, "index" | "params">): Hold {
    const { mirror } = mirrored;
    const { known } = mirror;
    const [mark, openWrites] = [mirror.mark(), this.#openWrites.now()];
    const unsettled = (indices: readonly string[]): string => {
      const writes = known ? { mirror: mark, openWrites } : { mirror, openWrites: this.#openWrites };
      const reason = unsettledReason(writes, indices, exchange.time, exchange.phases.lastByte ?? 0);
      return reason === "" ? "" : `when the moment was held: ${reason}`;
    };
    const backend = backendOf(mirrored, Math.floor(exchange.time));
    return { known, tell: () => holdMoment(mirror, backend, search, { mark, known, unsettled }) };
  }
}

/** A message's body; {} when it is none. */
function objectOf(message: Pick<TappedExchange["request"], "headers" | "body">): JsonObject {
  try {
    const text = Buffer.from(decodeBody(message.headers, message.body)).toString("utf8");
    return parseObject(text) ?? {};
  } catch (error) {
    if (error instanceof UndecodableBody) return {};
    throw error;
  }
}
