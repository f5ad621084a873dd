// The documents behind a place on both sides, and how those that one side lacks stand there.
import type { DrillDown } from "../../shared/explanation.ts";
import { isArray, isObject, type JsonObject, member, numberAt, objectAt, printJson } from "../../shared/json.ts";
import { runSearch } from "../exchange/run_search.ts";
import type { SearchRequest } from "../exchange/search_request.ts";
import type { ExplainBackends } from "./backends.ts";
import type { Standing } from "./cause.ts";
import { among, beside, type Finding, type Found, findingOf, keyOf, MOST_DOCUMENTS, narrowed, present, type Unlike } from "./drill_down.ts";
import { partingClause } from "./narrow.ts";

/** A side refused the drill-down, or has no SQL for it. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";
}

export interface Stood extends Unlike {
  readonly standing: Standing;
  /** The document on the side that does not choose it. */
  readonly there: Found | null;
}

export interface Sides {
  readonly totals: { readonly elasticsearch: number; readonly clickhouse: number };
  readonly findings: { readonly elasticsearch: Finding; readonly clickhouse: Finding };
  readonly unlike: readonly Stood[];
  readonly alike: number;
  /** There are more documents than were looked at. */
  readonly bounded: boolean;
  readonly queries: DrillDown;
}

/** Path of a search of the same indices. */
export function targetOf({ index }: SearchRequest, endpoint: "search" | "count" | "esql"): string {
  return `/${index === "" ? "_all" : encodeURIComponent(index).replaceAll("%2C", ",")}/_${endpoint}`;
}

/** Parameters that say which documents are searched. */
const OF_DOCUMENTS: readonly string[] = ["routing", "ignore_unavailable", "allow_no_indices", "expand_wildcards"];

function paramsOf({ params }: SearchRequest): ReadonlyMap<string, string> {
  return new Map([...params].filter(([name]) => OF_DOCUMENTS.includes(name)));
}

interface Asked {
  readonly finding: Finding;
  readonly query: DrillDown["clickhouse"];
}

/** Asks both sides for `body`. Throws NotAsked, and what the sides throw. */
export async function lookedUp(search: SearchRequest, body: JsonObject, backends: ExplainBackends): Promise<Sides> {
  const query = new URLSearchParams([...paramsOf(search)]).toString();
  const target = `${targetOf(search, "search")}${query === "" ? "" : `?${query}`}`;
  const theirs = (own: JsonObject): Promise<Finding> => askElasticsearch(backends, target, own);
  const ours = (own: JsonObject): Promise<Asked> => askClickHouse(backends, search, own);
  const [elasticsearch, asked] = await Promise.all([theirs(body), ours(body)]);
  const clickhouse = asked.finding;
  const bounded = Math.max(elasticsearch.total, clickhouse.total) > MOST_DOCUMENTS;
  const asking = { theirs, ours };
  const parts = bounded && elasticsearch.total !== clickhouse.total;
  const own: SearchRequest = { ...search, params: paramsOf(search), body };
  const around = parts ? await partingClause(own, target, backends) : null;
  const pages = { elasticsearch, clickhouse };
  const seen = around === null ? pages : await withMore(narrowed(body, around), pages, asking);
  const whole = bounded ? await completed(body, seen.elasticsearch, seen.clickhouse, asking) : seen;
  const { unlike, alike } = beside(whole.elasticsearch.documents, whole.clickhouse.documents);
  return {
    totals: { elasticsearch: elasticsearch.total, clickhouse: clickhouse.total },
    findings: whole,
    unlike: await refreshed(await stood(unlike, asking), backends),
    alike,
    bounded,
    queries: { elasticsearch: { target, body: printJson(body) }, clickhouse: asked.query },
  };
}

interface Ask {
  readonly theirs: (body: JsonObject) => Promise<Finding>;
  readonly ours: (body: JsonObject) => Promise<Asked>;
}

/** The pages with what another search finds beside them. */
async function withMore(body: JsonObject, pages: Sides["findings"], { theirs, ours }: Ask): Promise<Sides["findings"]> {
  const [left, right] = await Promise.all([theirs(body), ours(body)]);
  const joined = (page: Finding, more: readonly Found[]): Finding => {
    const all = new Map([...page.documents, ...more].map((found) => [keyOf(found), found]));
    return { ...page, documents: [...all.values()] };
  };
  return {
    elasticsearch: joined(pages.elasticsearch, left.documents),
    clickhouse: joined(pages.clickhouse, right.finding.documents),
  };
}

/** Each page with those of the other that its side chooses, too, further down. */
async function completed(body: JsonObject, elasticsearch: Finding, clickhouse: Finding, { theirs, ours }: Ask): Promise<Sides["findings"]> {
  const lacking = (from: Finding, there: Finding): readonly Found[] => {
    const keys = new Set(there.documents.map(keyOf));
    return from.documents.filter((found) => !keys.has(keyOf(found)));
  };
  const [toOurs, toTheirs] = [lacking(elasticsearch, clickhouse), lacking(clickhouse, elasticsearch)];
  const [left, right] = await Promise.all([
    toTheirs.length === 0 ? null : theirs(among(body, toTheirs)),
    toOurs.length === 0 ? null : ours(among(body, toOurs)),
  ]);
  return {
    elasticsearch: { ...elasticsearch, documents: [...elasticsearch.documents, ...(left?.documents ?? [])] },
    clickhouse: { ...clickhouse, documents: [...clickhouse.documents, ...(right?.finding.documents ?? [])] },
  };
}

async function stood(unlike: readonly Unlike[], { theirs, ours }: Ask): Promise<readonly Stood[]> {
  const elsewhere = (side: readonly (Found | null)[]): readonly Found[] => side.flatMap((found) => found ?? []).slice(0, MOST_DOCUMENTS);
  const ofTheirs = elsewhere(unlike.map(({ elasticsearch, clickhouse }) => (clickhouse === null ? elasticsearch : null)));
  const ofOurs = elsewhere(unlike.map(({ elasticsearch, clickhouse }) => (elasticsearch === null ? clickhouse : null)));
  const [inOurs, inTheirs] = await Promise.all([
    ofTheirs.length === 0 ? [] : ours(present(ofTheirs)).then(({ finding }) => finding.documents),
    ofOurs.length === 0 ? [] : theirs(present(ofOurs)).then(({ documents }) => documents),
  ]);
  const there = new Map([...inOurs, ...inTheirs].map((found) => [keyOf(found), found]));
  return unlike.map((one) => standing(one, there.get(one.key) ?? null));
}

/** Those whose last write Elasticsearch has, but does not show to searches yet, told so: documents themselves are read in real time. */
async function refreshed(unlike: readonly Stood[], backends: ExplainBackends): Promise<readonly Stood[]> {
  const open = unlike.filter(({ standing }) => standing === "absent" || standing === "other version").slice(0, MOST_DOCUMENTS);
  const docs = open.flatMap(({ elasticsearch, clickhouse }) => {
    const found = elasticsearch ?? clickhouse;
    if (found === null) return [];
    return [{ _index: found.index, _id: found.id, _source: false, ...(found.routing === "" ? {} : { routing: found.routing }) }];
  });
  if (docs.length === 0) return unlike;
  const { body } = await backends.elasticsearch("/_mget", { docs });
  const list = body === null ? undefined : member(body, "docs");
  const stored = new Map(
    (isArray(list) ? list : []).filter(isObject).map((one) => [`${member(one, "_index")}\0${member(one, "_id")}`, one]),
  );
  return unlike.map((one) => {
    const now = stored.get(one.key);
    if (now === undefined || member(now, "error") !== undefined || !open.includes(one)) return one;
    const theirs = member(now, "found") === true ? numberAt(now, "_seq_no") : null;
    const ours = (one.clickhouse ?? (one.elasticsearch === null ? null : one.there))?.seqNo ?? null;
    return theirs === ours ? { ...one, standing: "not refreshed" } : one;
  });
}

function standing(one: Unlike, there: Found | null): Stood {
  const { elasticsearch, clickhouse } = one;
  if (elasticsearch !== null && clickhouse !== null) {
    return { ...one, there: null, standing: elasticsearch.seqNo === clickhouse.seqNo ? "other values" : "other version" };
  }
  const own = elasticsearch ?? clickhouse;
  if (there === null) return { ...one, there, standing: "absent" };
  return { ...one, there, standing: there.seqNo === own?.seqNo ? "not chosen" : "other version" };
}

async function askElasticsearch(backends: ExplainBackends, target: string, body: JsonObject): Promise<Finding> {
  const { status, body: answer } = await backends.elasticsearch(target, body);
  if (status < 400 && answer !== null) return findingOf(answer);
  const reason = answer === null ? "" : member(objectAt(answer, "error"), "reason");
  throw new NotAsked(`Elasticsearch refused to show them (${status}${typeof reason === "string" ? ` ${reason}` : ""})`);
}

async function askClickHouse({ running }: ExplainBackends, search: SearchRequest, body: JsonObject): Promise<Asked> {
  const own: SearchRequest = { ...search, endpoint: "search", params: paramsOf(search), body, text: printJson(body) };
  const outcome = await runSearch(running, own, Date.now());
  switch (outcome.kind) {
    case "answered": {
      const hits = outcome.statements.find(({ name }) => name === "hits");
      const query = hits === undefined ? null : { sql: hits.sql, params: hits.params };
      return { finding: findingOf(isObject(outcome.body) ? outcome.body : {}), query };
    }
    case "unsupported":
      throw new NotAsked(`the choice has no SQL (${outcome.unsupported[0]?.reason ?? ""})`);
    case "rejected":
      throw new NotAsked(outcome.error.reason);
    case "failed":
    case "not_compared":
      throw new NotAsked(`ClickHouse can't show them: ${outcome.reason}`);
  }
}
