// Scrolls: `_search?scroll=`, `_search/scroll`. Every page reads the tables as they were for the first one (see pin.ts); once
// documents of that moment were overwritten or deleted, no table holds it any more, and the scroll ends with an error.
import { isArray, type JsonValue, member, parseObject, printJson } from "../../shared/json.ts";
import type { Pin } from "../exchange/run_search.ts";
import { laterPages, maxScoreOf, printedAs, readScroll, withMaxScore } from "../exchange/scrolls.ts";
import { readSearches, type SearchRequest } from "../exchange/search_request.ts";
import { Contexts, idPrefix, timeValue } from "./contexts.ts";
import { unknownParameter } from "./parameters.ts";
import { changedSince, pinTables } from "./pin.ts";
import { declinedBy, run } from "./search.ts";
import { type Backend, type Call, declined, type Endpoint, type EndpointAnswer, json } from "./types.ts";

interface Scroll {
  readonly search: SearchRequest;
  readonly pin: Pin;
  /** Of the indices that it reads. */
  readonly shards: number;
  readonly size: number;
  /** By the relevance of all hits, as the first page gives it. */
  maxScore: JsonValue;
  from: number;
  keepMs: number;
}

const scrolls = new Contexts<Scroll>(idPrefix("scroll"));

/** The first page of a search with `?scroll=`. */
export async function beginScroll(call: Call, backend: Backend): Promise<EndpointAnswer> {
  const keepMs = timeValue(call.params.get("scroll") ?? "");
  const [sent] = readSearches(call, call.body).searches;
  if (keepMs === null || sent === undefined) return declined("unsupported", "a scroll that can't be read is Elasticsearch's to refuse");
  const read = readScroll(sent);
  if (typeof read === "string") return declined("unsupported", read);
  const { search, size } = read;
  const tables = await backend.tables(call.index, search.params);
  if (tables.kind !== "found") return tables;
  if (tables.value.length === 0) return declined("unsupported", "a scroll over no index is Elasticsearch's to answer");
  const pin = await pinTables(tables.value, backend);
  const { outcome, part } = await run(search, backend, { pin });
  if (outcome.kind === "rejected") return { kind: "rejected", error: outcome.error, indices: outcome.indices, parts: [part] };
  if (outcome.kind !== "answered") return declinedBy(outcome, [part]);
  if (await changedSince(pin, backend)) return declined("not_compared", "documents were overwritten or deleted meanwhile", [part]);
  const next = { ...laterPages(search), index: pin.map(({ index }) => index).join(",") };
  const shards = tables.value.reduce((sum, table) => sum + table.shards, 0);
  const own: Scroll = { search: next, pin, shards, size, maxScore: maxScoreOf(outcome.body), from: size, keepMs };
  return json({ _scroll_id: scrolls.keep(own, keepMs), ...outcome.body }, [part]);
}

export const scroll: Endpoint = {
  paths: ["GET /_search/scroll", "POST /_search/scroll", "GET /_search/scroll/{id}", "POST /_search/scroll/{id}"],
  asks: () => "held",
  async answer(call, backend) {
    const sent = readIds(call, ["rest_total_hits_as_int"]);
    if (sent === null || sent.ids.length !== 1) return declined("unsupported", "the scroll ids are Elasticsearch's to read");
    const [id = ""] = sent.ids;
    if (!scrolls.isOurs(id)) return declined("unsupported", "the scroll id is Elasticsearch's");
    const found = scrolls.get(id, sent.keepMs);
    if (found === undefined) return missing(id);
    const own = found.value;
    if (sent.keepMs === null) scrolls.get(id, own.keepMs);
    const { outcome, part } = await run(printedAs(own.search, call.params), backend, { pin: own.pin, from: own.from });
    if (await changedSince(own.pin, backend)) {
      return missing(id, "documents were overwritten or deleted since, and the tables hold only their newest state");
    }
    if (outcome.kind === "rejected") return { kind: "rejected", error: outcome.error, indices: outcome.indices, parts: [part] };
    if (outcome.kind !== "answered") return missing(id, declinedBy(outcome, []).reason);
    own.from += own.size;
    // As Elasticsearch does: the id again only where the scroll is to be held on.
    return json({ ...(sent.keepMs === null ? {} : { _scroll_id: id }), ...withMaxScore(outcome.body, own.maxScore) }, [part]);
  },
};

export const scrollDelete: Endpoint = {
  paths: ["DELETE /_search/scroll", "DELETE /_search/scroll/{id}"],
  asks: () => "held",
  async answer(call) {
    const sent = readIds(call, []);
    const all = sent?.ids.includes("_all") === true;
    const ours = (sent?.ids ?? []).filter((id) => scrolls.isOurs(id));
    if (sent === null || (ours.length === 0 && !all)) return declined("unsupported", "the scroll ids are Elasticsearch's");
    const theirs = sent.ids.filter((id) => !scrolls.isOurs(id));
    if (theirs.length === 0) return freed(close(ours));
    if (call.elsewhere === null) return declined("unsupported", "some of the scroll ids are Elasticsearch's");
    const answer = await call.elsewhere(printJson({ scroll_id: theirs }), "/_search/scroll");
    if (answer.kind === "declined") return answer;
    const number = Number(member(answer.body, "num_freed"));
    if (member(answer.body, "succeeded") === undefined)
      return declined("unsupported", "some of the scroll ids are Elasticsearch's to refuse");
    return freed(number + close(all ? scrolls.ids() : ours));
  },
};

/** How many of Elasticsearch's shards would have let go of one. */
function close(ids: readonly string[]): number {
  return ids.reduce((sum, id) => {
    const shards = scrolls.get(id)?.value.shards ?? 0;
    scrolls.remove(id);
    return sum + shards;
  }, 0);
}

function freed(count: number): EndpointAnswer {
  return json({ succeeded: true, num_freed: count }, [], count === 0 ? 404 : 200);
}

function missing(id: string, why = `No search context found for id [${id}]`): EndpointAnswer {
  return { kind: "rejected", error: { status: 404, errorType: "search_context_missing_exception", reason: why } };
}

interface Ids {
  readonly ids: readonly string[];
  /** null: not said. */
  readonly keepMs: number | null;
}

function readIds({ body, id, params }: Call, known: readonly string[]): Ids | null {
  if (unknownParameter(params, ["scroll", "scroll_id", ...known]) !== "") return null;
  const sent = body.trim() === "" ? {} : parseObject(body);
  if (sent === null) return null;
  const own = member(sent, "scroll_id") ?? params.get("scroll_id") ?? (id === "" ? [] : id);
  const ids = (isArray(own) ? own : [own]).flatMap((one) => (typeof one === "string" ? one.split(",") : []));
  const keep = member(sent, "scroll") ?? params.get("scroll");
  return { ids, keepMs: typeof keep === "string" ? timeValue(keep) : null };
}
