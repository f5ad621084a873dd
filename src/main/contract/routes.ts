// The HTTP API of port 9999, as a table: each route is a request of the contract by another name. The OpenAPI document is
// made from the same table. POST /api/call/NAME reaches every request of the contract.
import type { RequestName } from "../../shared/contract.ts";
import { type JsonValue, jsonObject } from "../../shared/json.ts";

export interface Route {
  readonly method: "GET" | "POST";
  /** Segments; `:id` is a whole number. */
  readonly path: string;
  readonly request: RequestName;
  readonly summary: string;
  /** Query parameters, passed on by name; those in `integers` as numbers. */
  readonly query?: readonly string[];
  /** What is sent beside the contract's JSON: a body of the exchange by itself. */
  readonly raw?: "request" | "elasticsearch" | "clickhouse" | "diff" | "sql";
}

const INTEGERS: readonly string[] = ["limit", "before", "offset", "id"];

export const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/api/health",
    request: "health.get",
    summary: "200 once the proxy listens and ClickHouse answers or is declared absent.",
  },
  { method: "GET", path: "/api/status", request: "status.get", summary: "Process, session, ports and both backends." },
  {
    method: "GET",
    path: "/api/exchanges",
    request: "exchanges.list",
    query: ["filter", "limit", "before"],
    summary: "Captured exchanges, newest first. `next` is the `before` of the following page.",
  },
  { method: "GET", path: "/api/timeline", request: "exchanges.timeline", query: ["filter"], summary: "Requests and verdicts over time." },
  { method: "GET", path: "/api/exchanges/:id", request: "exchange.get", summary: "One exchange without its bodies." },
  {
    method: "GET",
    path: "/api/exchanges/:id/request",
    request: "exchange.get",
    raw: "request",
    summary: "The request's body, content coding undone.",
  },
  {
    method: "GET",
    path: "/api/exchanges/:id/elasticsearch",
    request: "exchange.get",
    raw: "elasticsearch",
    summary: "Elasticsearch's answer, content coding undone.",
  },
  {
    method: "GET",
    path: "/api/exchanges/:id/clickhouse",
    request: "exchange.get",
    raw: "clickhouse",
    summary: "ClickHouse's answer in Elasticsearch's shape.",
  },
  {
    method: "GET",
    path: "/api/exchanges/:id/diff",
    request: "exchange.get",
    raw: "diff",
    summary: "The comparison of each search of the exchange.",
  },
  {
    method: "GET",
    path: "/api/exchanges/:id/sql",
    request: "exchange.get",
    raw: "sql",
    summary: "The statements of each search of the exchange.",
  },
  { method: "GET", path: "/api/verdicts", request: "verdicts.get", summary: "Verdict counts of all searches, and by query shape." },
  { method: "GET", path: "/api/indices", request: "indices.list", summary: "Indices beside their tables." },
  { method: "POST", path: "/api/translate", request: "translate", summary: "The SQL of a search, without running it." },
  { method: "POST", path: "/api/sql", request: "sql.run", summary: "Runs SQL on ClickHouse." },
];

export interface MatchedRoute {
  readonly route: Route;
  readonly request: JsonValue;
}

/** The route of a GET or POST, with the contract's request made of path and query (a POST sends its own as the body); undefined when there is none. */
export function matchRoute(method: string, path: string, query: URLSearchParams): MatchedRoute | undefined {
  for (const route of ROUTES) {
    const id = matchPath(route.path, path);
    if (route.method !== method || id === undefined) continue;
    const members: [string, JsonValue][] = [];
    if (id !== null) members.push(["id", id]);
    for (const name of route.query ?? []) {
      const text = query.get(name);
      if (text !== null) members.push([name, INTEGERS.includes(name) && /^\d{1,15}$/.test(text) ? Number(text) : text]);
    }
    return { route, request: jsonObject(members) };
  }
  return undefined;
}

/** undefined: another path; null: it fits and has no id; a number: the id. */
function matchPath(template: string, path: string): number | null | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  let id: number | null = null;
  for (const [i, segment] of wanted.entries()) {
    const value = given[i] ?? "";
    if (segment === ":id") {
      if (!/^\d{1,15}$/.test(value)) return undefined;
      id = Number(value);
    } else if (segment !== value) return undefined;
  }
  return id;
}
