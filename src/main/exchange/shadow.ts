// Elasticsearch asked in the shadow: what ClickHouse has answered is asked of it, too, after the client has its answer, so that the
// verdicts go on. Bounded: what is too much is not asked, and says so.

import { messageOf } from "../../shared/thrown.ts";
import type { ElasticsearchAnswer, passOn } from "../elasticsearch/pass_on.ts";
import { route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import { BoundedQueue } from "./queue.ts";

/** Asked at once, and how many may wait. */
const CONCURRENCY = 2;
const CAPACITY = 200;
/** Larger requests are not kept for it. */
const MOST_BYTES = 1024 * 1024;

const ALONE = "answered by ClickHouse alone";

/** The exchange as Elasticsearch would have answered it; null, and why it has not. */
export type Shadowed = (exchange: TappedExchange | null, reason: string) => void;

export class Shadow {
  readonly #ask: (request: Parameters<typeof passOn>[1]) => Promise<ElasticsearchAnswer>;
  readonly #queue = new BoundedQueue(CONCURRENCY, CAPACITY);

  constructor(ask: (request: Parameters<typeof passOn>[1]) => Promise<ElasticsearchAnswer>) {
    this.#ask = ask;
  }

  /** Asks what `exchange` asked, in its turn. */
  ask(exchange: TappedExchange, told: Shadowed): void {
    if (exchange.request.bodyBytes > MOST_BYTES || exchange.request.truncated) {
      told(null, `${ALONE}: the request is too large to be asked in the shadow`);
      return;
    }
    const taken = this.#queue.offer(async () => {
      try {
        told(await this.#asked(exchange), "");
      } catch (error) {
        told(null, `${ALONE}: Elasticsearch was not to be had in the shadow: ${messageOf(error)}`);
      }
    });
    if (!taken) told(null, `${ALONE}: over capacity, more of them wait for Elasticsearch's shadow than are kept`);
  }

  async #asked({ id, request }: TappedExchange): Promise<TappedExchange> {
    const target = synchronous(request.target);
    const time = performance.timeOrigin + performance.now();
    const { status, headers, body } = await this.#ask({ ...request, target });
    const pairs = Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
    return {
      id,
      time,
      request: { ...request, target },
      response: { status, reason: "", version: "1.1", headers: pairs, body, bodyBytes: body.byteLength, truncated: false },
      phases: { lastByte: performance.timeOrigin + performance.now() - time },
      error: "",
    };
  }
}

const WAITING = ["wait_for_completion_timeout", "keep_on_completion", "keep_alive"];

/** An asynchronous search as a plain one: nothing is left behind. */
export function synchronous(target: string): string {
  if (route("POST", target).endpoint !== "_async_search") return target;
  const [path = "", query = ""] = target.split("?", 2);
  const params = new URLSearchParams(query);
  for (const name of WAITING) params.delete(name);
  const rest = params.toString();
  return `${path.replace(/_async_search(?=\/?$)/, "_search")}${rest === "" ? "" : `?${rest}`}`;
}
