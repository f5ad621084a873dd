// What a request means: method and path → which API, of which kind, on which index expression. By the REST API of
// Elasticsearch 9; a path that is none of its known ones is `other`.
import type { ExchangeKind } from "../../shared/exchange.ts";
import { type Effect, effectOf } from "./effects.ts";

export interface Route {
  /** The API's segment: `_search`, `_bulk`, `_doc`, …; "" for `/` and for an index by itself. */
  readonly endpoint: string;
  readonly kind: ExchangeKind;
  readonly effect: Effect;
  /** How it is mirrored, or why not. */
  readonly how: string;
  /** Index expression as sent, percent-decoded; "" when there is none. */
  readonly index: string;
  /** Document id or the segment after the API; "" when there is none. */
  readonly id: string;
  readonly params: ReadonlyMap<string, string>;
}

export const SEARCHES: ReadonlySet<string> = new Set(["_search", "_msearch", "_count", "_async_search", "_query"]);
const GETS = new Set([
  "_doc",
  "_source",
  "_mget",
  "_field_caps",
  "_mapping",
  "_mappings",
  "_settings",
  "_alias",
  "_aliases",
  "_index_template",
  "_template",
  "_component_template",
  "_data_stream",
  "_resolve",
  "_pit",
  "_terms_enum",
  "_validate",
  "_explain",
  "_analyze",
  "_termvectors",
  "_mtermvectors",
  "_rank_eval",
  "_search_shards",
]);
const ADMIN = new Set([
  "_cluster",
  "_nodes",
  "_cat",
  "_stats",
  "_tasks",
  "_xpack",
  "_license",
  "_security",
  "_snapshot",
  "_ilm",
  "_slm",
  "_ingest",
  "_scripts",
  "_monitoring",
  "_ml",
  "_transform",
  "_rollup",
  "_ccr",
  "_watcher",
  "_enrich",
  "_shrink",
  "_split",
  "_clone",
  "_downsample",
  "_dangling",
  "_migration",
  "_reindex",
  "_update_by_query",
  "_delete_by_query",
  "_refresh",
  "_flush",
  "_forcemerge",
  "_cache",
  "_health_report",
  "_features",
  "_remote",
  "_recovery",
  "_segments",
]);

/** Whether a target names a server that is none of Elasticsearch's: the whole URL of a request through the intercept proxy. */
export function isElsewhere(target: string): boolean {
  return /^https?:\/\//i.test(target);
}

const ELSEWHERE: Route = Object.freeze({ endpoint: "", kind: "other", effect: "reads", how: "", index: "", id: "", params: new Map() });

/** Clients ask for the same over and over: so many routes are kept, of targets that are no longer. */
const KNOWN_ROUTES = 512;
const LONGEST_KNOWN = 256;
const known = new Map<string, Route>();

/** Routes a request. `target` is the request target as sent: path and query. */
export function route(method: string, target: string): Route {
  if (target.length > LONGEST_KNOWN) return routeOf(method, target);
  const name = `${method} ${target}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const routed = Object.freeze(routeOf(method, target));
  if (known.size >= KNOWN_ROUTES) known.clear();
  known.set(name, routed);
  return routed;
}

function routeOf(method: string, target: string): Route {
  if (isElsewhere(target)) return ELSEWHERE;
  const [path = "", query = ""] = splitOnce(target, "?");
  const segments = path
    .split("/")
    .filter((segment) => segment !== "")
    .map(decode);
  const params = new Map(new URLSearchParams(query));
  const at = segments.findIndex((segment, i) => segment.startsWith("_") && (i > 0 || segment !== "_all"));
  if (at === -1) {
    const index = segments[0] ?? "";
    const { effect, how } = index === "" ? NOTHING : effectOf(method, [""]);
    return { endpoint: "", kind: kindOfIndex(effect, index), effect, how, index, id: segments[1] ?? "", params };
  }
  const endpoint = segments[at] ?? "";
  // Before the API stands the index; before types were removed, /index/type/id was a document too.
  const index = at > 0 ? (segments[0] ?? "") : "";
  const rest = segments.slice(at + 1);
  const { effect, how } = effectOf(method, [endpoint, ...rest]);
  return { endpoint, kind: kindOf(method, effect, endpoint, rest), effect, how, index, id: rest[0] ?? "", params };
}

/** `/` by itself. */
const NOTHING = Object.freeze({ effect: "reads", how: "" }) satisfies Pick<Route, "effect" | "how">;

function kindOfIndex(effect: Effect, index: string): ExchangeKind {
  if (index === "") return "admin";
  return effect === "applied" ? "schema" : "get";
}

function kindOf(method: string, effect: Effect, endpoint: string, rest: readonly string[]): ExchangeKind {
  if (effect === "mirrored") return "write";
  if (effect === "applied") return "schema";
  if (SEARCHES.has(endpoint)) return kindOfSearch(method, endpoint, rest);
  if (endpoint === "_pit" || endpoint === "_mget" || endpoint === "_field_caps") return "get";
  if (endpoint === "_source" && method !== "GET" && method !== "HEAD") return "other";
  if (GETS.has(endpoint)) return "get";
  return ADMIN.has(endpoint) ? "admin" : "other";
}

// `_search/template`, deleting a scroll or an async search: not a search body of their own. The next page of a scroll is a search.
function kindOfSearch(method: string, endpoint: string, rest: readonly string[]): ExchangeKind {
  const [next] = rest;
  if (next === "template" || (next === "scroll" && method === "DELETE") || next === "point_in_time") return "get";
  if (endpoint === "_query") return method === "POST" && (next === undefined || (next === "async" && rest.length === 1)) ? "search" : "get";
  if (endpoint === "_async_search") return method === "POST" && next === undefined ? "search" : "get";
  return method === "GET" || method === "POST" ? "search" : "other";
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
