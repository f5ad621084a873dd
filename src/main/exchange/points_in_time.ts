// Points in time that Elasticsearch opened, by their ids: what the tables held then, and which of its pages went by. A page
// that goes on from the last hit of another is found by how many hits were before it: the numbers in Elasticsearch's
// `_shard_doc` are of its own files. Bounded: the oldest are forgotten.
import { createHash } from "node:crypto";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, jsonObject, member, printJson } from "../../shared/json.ts";
import type { Backend } from "../answer/types.ts";
import { Bounded } from "./bounded.ts";
import type { Continuation } from "./continuation.ts";
import { indicesOf, type Moment, unsettledMoment, type View } from "./moment.ts";
import type { SearchRequest } from "./search_request.ts";
import { sortsByPlace, withTieBreak } from "./tie_break.ts";

const MOST_POINTS = 1000;
const MOST_PAGES = 20_000;

/** Said of a point in time that nobody saw being opened. */
const UNKNOWN = "the point in time was opened before Parallax watched, or so many were opened since that it was forgotten";
const UNSEEN_PAGE = "the hit that it goes on from stood in no answer that Parallax saw, and _shard_doc numbers Elasticsearch's own files";

/** What of a body changes neither which hits there are nor their order. */
const NO_PLACE: ReadonlySet<string> = new Set(
  "pit search_after size from aggs aggregations track_total_hits track_scores _source fields docvalue_fields stored_fields script_fields highlight timeout version seq_no_primary_term".split(
    " ",
  ),
);

export interface Point {
  readonly moment: Promise<Moment>;
  /** Epoch ms; null while it is open. */
  closed: number | null;
}

export type Found = View | { readonly kind: "unsupported" | "not_compared" | "gone"; readonly pointer: string; readonly reason: string };

export class PointsInTime {
  readonly #points = new Bounded<Point>(MOST_POINTS);
  /** How many hits come before what follows a hit, by the point, the search and the hit's sort values. */
  readonly #places = new Bounded<number>(MOST_PAGES);

  opened(id: string, moment: Promise<Moment>): void {
    this.#points.set(id, { moment, closed: null });
  }

  closed(id: string, time: number): void {
    const point = this.#points.get(id);
    if (point !== undefined) point.closed ??= time;
  }

  /** How a search that names a point in time, sent at `time` (epoch ms), is judged. What its answer tells is kept before anything is waited for. */
  async view(search: SearchRequest, seen: Continuation, time: number, backend: Backend): Promise<Found> {
    const named = member(search.body, "pit");
    const id = isObject(named) ? member(named, "id") : undefined;
    const point = typeof id === "string" ? this.#points.get(id) : undefined;
    if (typeof id !== "string" || point === undefined) return { kind: "unsupported", pointer: "/pit", reason: UNKNOWN };
    if (point.closed !== null && point.closed <= time) return { kind: "gone", pointer: "/pit", reason: "the point in time was closed" };
    if (seen.lost !== "") return { kind: "not_compared", pointer: "/pit", reason: seen.lost };
    const body = withTieBreak(jsonObject(Object.entries(search.body).filter(([name]) => name !== "pit")));
    const place = this.#placeOf(id, body);
    this.#keepPage(id, point, body, place, seen);
    if (search.params.has("sort")) return { kind: "unsupported", pointer: "?sort", reason: "an order in the URL, in a point in time" };
    if (place === null && sortsByPlace(body)) return { kind: "unsupported", pointer: "/search_after", reason: UNSEEN_PAGE };
    const moment = await point.moment;
    if (moment.kind !== "pinned") return { kind: moment.kind, pointer: "/pit", reason: moment.reason };
    const goesOn = member(body, "search_after") !== undefined && place !== null;
    const page = goesOn ? jsonObject(Object.entries(body).filter(([name]) => name !== "search_after")) : body;
    return {
      search: { ...search, index: indicesOf(moment.pin), body: page },
      asked: goesOn ? { ...page, from: place } : page,
      options: goesOn ? { pin: moment.pin, from: place } : { pin: moment.pin },
      unsettled: () => unsettledMoment(moment, backend),
      over: () => undefined,
    };
  }

  /** How many hits come before the page; null when that can't be told. */
  #placeOf(id: string, body: JsonObject): number | null {
    const after = member(body, "search_after");
    if (after === undefined || after === null) return Number(member(body, "from") ?? 0);
    return this.#places.get(keyOf(id, body, after)) ?? null;
  }

  #keepPage(id: string, point: Point, body: JsonObject, place: number | null, seen: Continuation): void {
    const ids = seen.pitId !== null && seen.pitId !== id ? [id, seen.pitId] : [id];
    for (const own of ids) this.#points.set(own, point);
    const { lastSort } = seen;
    if (place === null || lastSort === null) return;
    for (const own of ids) this.#places.set(keyOf(own, body, lastSort), place + seen.hits);
  }
}

function keyOf(id: string, body: JsonObject, values: JsonValue): string {
  const search = jsonObject(Object.entries(body).filter(([name]) => !NO_PLACE.has(name)));
  // A client may print 1.0 as 1.
  const plain = isArray(values) ? values.map((value) => (isNumber(value) ? Number(value) : value)) : values;
  return createHash("sha256")
    .update(printJson([id, search, plain]))
    .digest("base64");
}
