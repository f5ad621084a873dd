// Of more documents than are looked at: around which number of a change (`_seq_no`) the two sides part. Counts up to a number are halved
// until one is found up to which they agree and with which they don't.
import { type JsonObject, member, numberAt, objectAt, printJson } from "../../shared/json.ts";
import { runSearch } from "../exchange/run_search.ts";
import type { SearchRequest } from "../exchange/search_request.ts";
import type { ExplainBackends } from "./backends.ts";

/** Numbers on either side of it that are looked at. */
const AROUND = 250;

/**
 * A clause of the documents around there; null where it can't be found. `search`: a drill-down, whose totals differ. Versions that are not
 * the last may count: what is found is looked at again.
 */
export async function partingClause(search: SearchRequest, target: string, backends: ExplainBackends): Promise<JsonObject | null> {
  const query = objectAt(search.body, "query");
  const counted = async (upTo: number): Promise<boolean | null> => {
    const [theirs, ours] = await Promise.all([countTheirs(target, query, upTo, backends), countOurs(search, query, upTo, backends)]);
    return theirs === null || ours === null ? null : theirs === ours;
  };
  const last = await lastNumber(target, query, backends);
  if (last === null) return null;
  let [agreed, parted] = [-1, last];
  while (parted - agreed > 1) {
    const middle = Math.floor((agreed + parted) / 2);
    const same = await counted(middle);
    if (same === null) return null;
    if (same) agreed = middle;
    else parted = middle;
  }
  const from = Math.max(0, parted - AROUND);
  return { terms: { _seq_no: Array.from({ length: 2 * AROUND + 1 }, (_, i) => from + i) } };
}

async function lastNumber(target: string, query: JsonObject, backends: ExplainBackends): Promise<number | null> {
  const { body } = await backends.elasticsearch(target, { query, size: 0, aggs: { last: { max: { field: "_seq_no" } } } });
  return body === null ? null : numberAt(objectAt(objectAt(body, "aggregations"), "last"), "value");
}

async function countTheirs(target: string, query: JsonObject, upTo: number, backends: ExplainBackends): Promise<number | null> {
  const filter = [query, { range: { _seq_no: { lte: upTo } } }];
  const { body } = await backends.elasticsearch(target, { query: { bool: { filter } }, size: 0, track_total_hits: true });
  return body === null ? null : numberAt(objectAt(objectAt(body, "hits"), "total"), "value");
}

async function countOurs(search: SearchRequest, query: JsonObject, upTo: number, { running }: ExplainBackends): Promise<number | null> {
  const body: JsonObject = { query };
  const lookup = await running.tables(search);
  if (lookup.kind !== "tables") return null;
  const pin = lookup.tables.map(({ index, shards }) => ({
    index,
    highest: new Map(Array.from({ length: shards }, (_, shard) => [shard, upTo] as const)),
    documents: 0,
  }));
  const outcome = await runSearch(running, { ...search, endpoint: "count", body, text: printJson(body) }, Date.now(), { pin });
  if (outcome.kind !== "answered") return null;
  const count = member(outcome.body, "count");
  return count === undefined ? null : Number(count);
}
