// Scrolls that Elasticsearch opened, by their ids: the search, what the tables held at its first page, and how many hits went
// by. Bounded: the oldest are forgotten.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../shared/json.ts";
import { timeValue } from "../answer/contexts.ts";
import type { Backend } from "../answer/types.ts";
import { Bounded } from "./bounded.ts";
import type { Continuation } from "./continuation.ts";
import { indicesOf, type Moment, unsettledMoment, type View } from "./moment.ts";
import type { Found } from "./points_in_time.ts";
import type { SearchRequest } from "./search_request.ts";

const MOST = 1000;
/** Elasticsearch's own limit. */
const LONGEST_MS = 86_400_000;
const TOTALS = "rest_total_hits_as_int";
const UNKNOWN = "the scroll was opened before Parallax watched, or so many were opened since that it was forgotten";

/** A search whose pages are scrolled through, and the size of a page; or why it is Elasticsearch's to judge. */
export type ReadScroll = { readonly search: SearchRequest; readonly size: number } | string;

/** Reads a search that came with `?scroll=`. */
export function readScroll(sent: SearchRequest): ReadScroll {
  const keepMs = timeValue(sent.params.get("scroll") ?? "");
  if (keepMs === null || keepMs > LONGEST_MS) return "a scroll that is held for such a time is Elasticsearch's to judge";
  const params = new Map([...sent.params].filter(([name]) => name !== "scroll" && name !== "from"));
  const body = jsonObject(Object.entries(sent.body).filter(([name]) => name !== "from"));
  const size = Number(params.get("size") ?? member(body, "size") ?? 10);
  // From the first hit on is what a scroll does (elasticdump says so).
  const refused = Number(sent.params.get("from") ?? member(sent.body, "from") ?? 0) === 0 ? refusedBy(body) : "from";
  if (refused !== undefined || !(size >= 1 && size <= 10_000)) {
    return `a scroll with ${refused ?? "such a size"} is Elasticsearch's to judge`;
  }
  const total = member(body, "track_total_hits") ?? params.get("track_total_hits") ?? true;
  if (total !== true && total !== "true") return "a scroll that does not count is Elasticsearch's to judge";
  // A scroll always counts all.
  return { search: { ...sent, params, body: { ...body, track_total_hits: true } }, size };
}

function refusedBy(body: JsonObject): string | undefined {
  return ["search_after", "collapse", "pit", "slice", "rescore"].find((name) => member(body, name) !== undefined);
}

/** The search of the pages after the first: aggregations come once, and each page says for itself how totals are printed. */
export function laterPages(search: SearchRequest): SearchRequest {
  const body = jsonObject(Object.entries(search.body).filter(([name]) => name !== "aggs" && name !== "aggregations" && name !== "suggest"));
  const params = new Map([...search.params].filter(([name]) => name !== TOTALS));
  return { ...search, params, body };
}

/** The search of one of these pages, as the request for it wants it printed. */
export function printedAs(search: SearchRequest, params: ReadonlyMap<string, string>): SearchRequest {
  const totals = params.get(TOTALS);
  return totals === undefined ? search : { ...search, params: new Map([...search.params, [TOTALS, totals]]) };
}

/** An answer with the `max_score` of the first page: it is that of all hits. */
export function withMaxScore(body: JsonObject, maxScore: JsonValue): JsonObject {
  const hits = member(body, "hits");
  return { ...body, hits: { ...(isObject(hits) ? hits : {}), max_score: maxScore } };
}

export function maxScoreOf(body: JsonObject): JsonValue {
  const hits = member(body, "hits");
  return isObject(hits) ? (member(hits, "max_score") ?? null) : null;
}

/** The scroll ids that a request names. */
export function scrollIds(body: JsonObject, params: ReadonlyMap<string, string>): readonly string[] {
  const own = member(body, "scroll_id") ?? params.get("scroll_id") ?? [];
  return (isArray(own) ? own : [own]).flatMap((one) => (typeof one === "string" ? one.split(",") : []));
}

interface Scroll {
  readonly search: SearchRequest;
  readonly moment: Promise<Moment>;
  readonly size: number;
  readonly maxScore: Promise<JsonValue>;
  from: number;
  /** Epoch ms; null while it is open. */
  closed: number | null;
}

export class Scrolls {
  readonly #scrolls = new Bounded<Scroll>(MOST);

  closed(ids: readonly string[], time: number): void {
    for (const id of ids) {
      const scroll = this.#scrolls.get(id);
      if (scroll !== undefined) scroll.closed ??= time;
    }
  }

  /** How the first page is judged. `moment`: the tables as they were. */
  async first(sent: SearchRequest, seen: Continuation, moment: Promise<Moment>, backend: Backend): Promise<Found> {
    const read = readScroll(sent);
    if (typeof read === "string") return { kind: "unsupported", pointer: "?scroll", reason: read };
    const maxScore = Promise.withResolvers<JsonValue>();
    const { search, size } = read;
    if (seen.scrollId !== null) {
      this.#scrolls.set(seen.scrollId, { search: laterPages(search), moment, size, maxScore: maxScore.promise, from: size, closed: null });
    }
    const held = await moment;
    if (held.kind === "pinned") return viewOf(search, search.body, held, 0, { over: maxScore.resolve }, backend);
    maxScore.resolve(null);
    return { kind: held.kind, pointer: "?scroll", reason: held.reason };
  }

  /** How a page after the first, asked for at `time` (epoch ms), is judged. What its answer tells is kept before anything is waited for. */
  async next(sent: SearchRequest, seen: Continuation, time: number, backend: Backend): Promise<Found> {
    const [id = ""] = scrollIds(sent.body, sent.params);
    const scroll = this.#scrolls.get(id);
    if (scroll === undefined) return { kind: "unsupported", pointer: "/scroll_id", reason: UNKNOWN };
    if (scroll.closed !== null && scroll.closed <= time) return { kind: "gone", pointer: "/scroll_id", reason: "the scroll was closed" };
    if (seen.lost !== "") return { kind: "not_compared", pointer: "/scroll_id", reason: seen.lost };
    const { from, search } = scroll;
    if (seen.status < 400) scroll.from += scroll.size;
    const { scrollId } = seen;
    for (const own of scrollId !== null && scrollId !== id ? [id, scrollId] : [id]) this.#scrolls.set(own, scroll);
    const held = await scroll.moment;
    if (held.kind !== "pinned") return { kind: held.kind, pointer: "/scroll_id", reason: held.reason };
    const page = { ...printedAs(search, sent.params), ...(sent.filter === undefined ? {} : { filter: sent.filter }) };
    return viewOf(page, { ...search.body, from }, held, from, { maxScore: () => scroll.maxScore, over: () => undefined }, backend);
  }
}

function viewOf(
  search: SearchRequest,
  asked: JsonObject,
  held: Extract<Moment, { kind: "pinned" }>,
  from: number,
  hooks: Pick<View, "maxScore" | "over">,
  backend: Backend,
): View {
  const options = { pin: held.pin, from };
  return { ...hooks, search: { ...search, index: indicesOf(held.pin) }, asked, options, unsettled: () => unsettledMoment(held, backend) };
}
