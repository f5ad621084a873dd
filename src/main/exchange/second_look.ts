// A second look at a search whose answers differ while documents are being written: which of them Elasticsearch had shown is open then, as
// it shows what is written a second later. Both sides are asked again for one moment that Elasticsearch holds (held_moments.ts).
// Bounded: two looks at a time, and one in five seconds for each shape of search.
import type { SearchPart } from "../../shared/exchange.ts";
import { type JsonValue, jsonObject, printJson } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import { Bounded } from "./bounded.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import { type Ask, type Held, HeldMoments, KEEP_ALIVE } from "./held_moments.ts";
import type { JudgedExchange } from "./judge_exchange.ts";
import type { Moments } from "./moments.ts";
import { paramsAgain } from "./params_again.ts";
import { BoundedQueue } from "./queue.ts";
import { readSearches, type SearchRequest } from "./search_request.ts";

const EVERY_MS = 5_000;
const SHAPES = 1_000;
const CONCURRENCY = 2;
const CAPACITY = 50;
/** Larger answers of Elasticsearch are not kept a second time. */
const MOST_BYTES = 1024 * 1024;
const TOLD = "Told by a second look: both sides were asked again for a moment that Elasticsearch held, as documents were being written.";

/** What says where to search, which a point in time knows already. */
const OF_THE_INDICES: ReadonlySet<string> = new Set(
  "ignore_unavailable allow_no_indices expand_wildcards ignore_throttled preference ccs_minimize_roundtrips".split(" "),
);

export interface SecondLooksOptions {
  readonly ask: Ask;
  readonly moments: Pick<Moments, "held">;
  readonly log: Log;
}

export interface ToLookAt {
  readonly mirrored: Mirrored;
  readonly exchange: TappedExchange;
  /** Its one search as it was judged first. */
  readonly first: SearchPart;
  /** Judges what no client has asked; in words, why it can't be. */
  readonly judge: (looked: TappedExchange) => Promise<JudgedExchange | string>;
}

export class SecondLooks {
  readonly #options: SecondLooksOptions;
  readonly #held: HeldMoments;
  readonly #queue = new BoundedQueue(CONCURRENCY, CAPACITY);
  /** When each shape was looked at last, and whether that could tell anything: an Elasticsearch may hold nothing. */
  readonly #last = new Bounded<{ readonly at: number; readonly able: boolean }>(SHAPES);

  constructor(options: SecondLooksOptions) {
    this.#options = options;
    this.#held = new HeldMoments(options.ask);
  }

  /** `told` what came of it, once: null where nothing can be told, "busy" where it is not looked at, as others are. */
  take(asked: ToLookAt, told: (part: SearchPart | null | "busy") => void): void {
    const search = searchOf(asked);
    const now = performance.now();
    const { exchange, mirrored, first } = asked;
    const last = this.#last.get(first.shape);
    if (search === null || (last !== undefined && now - last.at < EVERY_MS)) {
      told(search === null || last?.able === false ? null : "busy");
      return;
    }
    const borrowed = this.#held.borrow(mirrored, search, exchange.request);
    const look = async (): Promise<void> => {
      const part = await this.#look(asked, search, await borrowed.held).catch((error: unknown) => {
        this.#options.log.write("warn", `A second look at exchange ${exchange.id} failed: ${messageOf(error)}`);
        return null;
      });
      borrowed.release();
      if (part === null) this.#last.set(first.shape, { at: now, able: false });
      told(part);
    };
    if (this.#queue.offer(look)) this.#last.set(first.shape, { at: now, able: true });
    else {
      borrowed.release();
      told("busy");
    }
  }

  async #look({ exchange, first, judge }: ToLookAt, search: SearchRequest, held: Held | null): Promise<SearchPart | null> {
    if (held === null) return null;
    this.#options.moments.held(held.id, held.moment);
    const looked = await this.#asked(search, held, exchange);
    const judged = await judge(looked);
    const part = typeof judged === "string" ? undefined : judged.parts[0];
    if (part === undefined || part.clickhouse === null || looked.response === null || looked.response.bodyBytes > MOST_BYTES) return null;
    if (part.comparison.verdict === "not_compared" || part.comparison.verdict === "unsupported") return null;
    const second = { time: looked.time, elasticsearch: textOf(looked.response.body) };
    const comparison = { ...part.comparison, reason: `${part.comparison.reason} ${TOLD}` };
    return { ...part, body: first.body, index: first.index, shape: first.shape, comparison, second };
  }

  /** The search at that moment, as an exchange that nobody sees. Throws ElasticsearchAway. */
  async #asked(search: SearchRequest, { id }: Held, { id: exchange, request }: TappedExchange): Promise<TappedExchange> {
    const params = paramsAgain(search.params);
    for (const name of OF_THE_INDICES) params.delete(name);
    if (search.filter !== undefined && search.filter !== "") params.set("filter_path", `pit_id,${search.filter}`);
    const target = `/_search${params.size === 0 ? "" : `?${params}`}`;
    const body = Buffer.from(printJson(jsonObject([...Object.entries<JsonValue>(search.body), ["pit", { id, keep_alive: KEEP_ALIVE }]])));
    const time = performance.timeOrigin + performance.now();
    const { status, body: answer } = await this.#held.send(request, "POST", target, body);
    const headers = [["content-type", "application/json"]] as const;
    return {
      id: exchange,
      time,
      request: { ...request, method: "POST", target, headers, body, bodyBytes: body.byteLength, truncated: false },
      response: { status, reason: "", version: "1.1", headers, body: answer, bodyBytes: answer.byteLength, truncated: false },
      phases: { lastByte: performance.timeOrigin + performance.now() - time },
      error: "",
    };
  }
}

/** null for what can't be asked in a point in time. */
function searchOf({ exchange, first }: ToLookAt): SearchRequest | null {
  const { endpoint, index, params } = route(exchange.request.method, exchange.request.target);
  const [search] = readSearches({ endpoint, index, params }, first.body).searches;
  const choosing = ["scroll", "routing"].some((name) => params.has(name));
  return search?.endpoint === "search" && search.index !== "" && !choosing ? search : null;
}
