// Scrolls: `_search?scroll=`, `_search/scroll`. Every page reads the tables as they were for the first one (see pin.ts); once
// documents of that moment were overwritten or deleted, no table holds it any more, and the scroll ends with an error.
import { isArray, isObject, type JsonObject, JsonSyntaxError, type JsonValue, member, parseJson } from "../../shared/json.ts";
import type { Pin } from "../exchange/run_search.ts";
import { readSearches, type SearchRequest } from "../exchange/search_request.ts";
import { Contexts, timeValue } from "./contexts.ts";
import { unknownParameter } from "./parameters.ts";
import { changedSince, pinTables } from "./pin.ts";
import { declinedBy, run } from "./search.ts";
import { type Backend, type Call, declined, type Endpoint, type EndpointAnswer, json } from "./types.ts";

interface Scroll {
  readonly search: SearchRequest;
  readonly pin: Pin;
  readonly size: number;
  /** By the relevance of all hits, as the first page gives it. */
  maxScore: JsonValue;
  from: number;
  keepMs: number;
}

const scrolls = new Contexts<Scroll>("parallax-scroll-");

/** The first page of a search with `?scroll=`. */
export async function beginScroll(call: Call, backend: Backend): Promise<EndpointAnswer> {
  const keepMs = timeValue(call.params.get("scroll") ?? "");
  const params = new Map([...call.params].filter(([name]) => name !== "scroll"));
  const read = readSearches({ ...call, params }, call.body);
  const [sent] = read.searches;
  if (keepMs === null || sent === undefined) return declined("unsupported", "a scroll that can't be read is Elasticsearch's to refuse");
  const size = Number(params.get("size") ?? member(sent.body, "size") ?? 10);
  const refused = ["from", "search_after", "collapse", "pit", "slice", "rescore"].find((name) => member(sent.body, name) !== undefined);
  if (refused !== undefined || params.has("from") || !(size >= 1 && size <= 10_000) || params.has("rest_total_hits_as_int")) {
    return declined("unsupported", `a scroll with ${refused ?? "such a size"} is Elasticsearch's to judge`);
  }
  const total = member(sent.body, "track_total_hits") ?? params.get("track_total_hits") ?? true;
  if (total !== true && total !== "true") return declined("unsupported", "a scroll that does not count is Elasticsearch's to judge");
  // A scroll always counts all.
  const search = { ...sent, body: { ...sent.body, track_total_hits: true } };
  const tables = await backend.tables(call.index, params);
  if (tables.kind !== "found") return tables;
  if (tables.value.length === 0) return declined("unsupported", "a scroll over no index is Elasticsearch's to answer");
  const pin = await pinTables(tables.value, backend);
  const { outcome, part } = await run(search, backend, { pin });
  if (outcome.kind === "rejected") return { kind: "rejected", error: outcome.error, indices: outcome.indices, parts: [part] };
  if (outcome.kind !== "answered") return declinedBy(outcome, [part]);
  if (await changedSince(pin, backend)) return declined("not_compared", "documents were overwritten or deleted meanwhile", [part]);
  const next = { ...withoutAggs(search), index: pin.map(({ index }) => index).join(",") };
  const own: Scroll = { search: next, pin, size, maxScore: maxScoreOf(outcome.body), from: size, keepMs };
  return json({ _scroll_id: scrolls.keep(own, keepMs), ...outcome.body }, [part]);
}

export const scroll: Endpoint = {
  paths: ["GET /_search/scroll", "POST /_search/scroll", "GET /_search/scroll/{id}", "POST /_search/scroll/{id}"],
  async answer(call, backend) {
    const sent = readIds(call);
    if (sent === null || sent.ids.length !== 1) return declined("unsupported", "the scroll ids are Elasticsearch's to read");
    const [id = ""] = sent.ids;
    if (!scrolls.isOurs(id)) return declined("unsupported", "the scroll id is Elasticsearch's");
    const found = scrolls.get(id, sent.keepMs);
    if (found === undefined) return missing(id);
    const own = found.value;
    if (sent.keepMs === null) scrolls.get(id, own.keepMs);
    const { outcome, part } = await run(own.search, backend, { pin: own.pin, from: own.from });
    if (await changedSince(own.pin, backend)) {
      return missing(id, "documents were overwritten or deleted since, and the tables hold only their newest state");
    }
    if (outcome.kind === "rejected") return { kind: "rejected", error: outcome.error, indices: outcome.indices, parts: [part] };
    if (outcome.kind !== "answered") return missing(id, declinedBy(outcome, []).reason);
    own.from += own.size;
    const hits = member(outcome.body, "hits");
    return json({ _scroll_id: id, ...outcome.body, hits: { ...(isObject(hits) ? hits : {}), max_score: own.maxScore } }, [part]);
  },
};

export const scrollDelete: Endpoint = {
  paths: ["DELETE /_search/scroll", "DELETE /_search/scroll/{id}"],
  async answer(call) {
    const sent = readIds(call);
    if (sent === null || sent.ids.length === 0 || !sent.ids.every((id) => scrolls.isOurs(id))) {
      return declined("unsupported", "the scroll ids are Elasticsearch's");
    }
    const freed = sent.ids.filter((id) => scrolls.remove(id)).length;
    return json({ succeeded: true, num_freed: freed });
  },
};

function missing(id: string, why = `No search context found for id [${id}]`): EndpointAnswer {
  return { kind: "rejected", error: { status: 404, errorType: "search_context_missing_exception", reason: why } };
}

function withoutAggs(search: SearchRequest): SearchRequest {
  const body = Object.fromEntries(
    Object.entries(search.body).filter(([name]) => name !== "aggs" && name !== "aggregations" && name !== "suggest"),
  );
  return { ...search, body };
}

function maxScoreOf(body: JsonObject): JsonValue {
  const hits = member(body, "hits");
  return isObject(hits) ? (member(hits, "max_score") ?? null) : null;
}

interface Ids {
  readonly ids: readonly string[];
  /** null: not said. */
  readonly keepMs: number | null;
}

function readIds({ body, id, params }: Call): Ids | null {
  if (unknownParameter(params, ["scroll", "scroll_id"]) !== "") return null;
  let sent: JsonValue = {};
  try {
    sent = body.trim() === "" ? {} : parseJson(body);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return null;
  }
  if (!isObject(sent)) return null;
  const own = member(sent, "scroll_id") ?? params.get("scroll_id") ?? (id === "" ? [] : id);
  const ids = (isArray(own) ? own : [own]).flatMap((one) => (typeof one === "string" ? one.split(",") : []));
  const keep = member(sent, "scroll") ?? params.get("scroll");
  return { ids, keepMs: typeof keep === "string" ? timeValue(keep) : null };
}
