// The HTTP API of port 9999, as a table: each route is a request of the contract by another name. The OpenAPI document is
// made from the same table. POST /api/call/NAME reaches every request of the contract.
import type { RequestName } from "../../shared/contract.ts";
import { type JsonObject, type JsonValue, jsonObject } from "../../shared/json.ts";

export interface Route {
  readonly method: "GET" | "POST";
  /** Segments; `:NAME` stands for a member of the request: a whole number for `:id`, else percent-encoded text. */
  readonly path: string;
  readonly request: RequestName;
  readonly summary: string;
  /** Query parameters, passed on by name; those in `integers` as numbers. */
  readonly query?: readonly string[];
  /** The body, whatever JSON it is, is this member of the request. */
  readonly wrap?: string;
  /** What is sent beside the contract's JSON: a body of the exchange by itself. */
  readonly raw?: "request" | "elasticsearch" | "clickhouse" | "sent" | "given" | "diff" | "sql" | "ca" | "profile" | "share";
  /** The member of the answer that is sent by itself. */
  readonly pick?: string;
  /** The answer is text, which is sent by itself as this type. */
  readonly as?: string;
}

const INTEGERS: readonly string[] = ["limit", "before", "after", "offset", "id", "rate", "speed", "seconds", "since", "until", "ask"];
const BOOLEANS: readonly string[] = ["exact", "profiler", "on", "objects", "again", "oldestFirst"];

const COMPARE_PLACE: readonly string[] = ["filter", "application", "dashboard", "panel", "shape", "index", "since", "until"];

/** What a member of a query or a form is read as. */
export function queryType(name: string): "integer" | "boolean" | "string" {
  return INTEGERS.includes(name) ? "integer" : BOOLEANS.includes(name) ? "boolean" : "string";
}

export const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/api/health",
    request: "health.get",
    summary: "200 once the proxy listens and ClickHouse answers or is declared absent.",
  },
  {
    method: "GET",
    path: "/api/status/stacktrace",
    request: "stacktrace.get",
    as: "text/html; charset=utf-8",
    summary: "The stacks of all threads, of ClickHouse's and of Elasticsearch's: an HTML file.",
  },
  {
    method: "GET",
    path: "/api/status/heap",
    request: "memory.text",
    query: ["objects"],
    as: "text/plain; charset=utf-8",
    summary: "What memory is used for. `objects=false` leaves the table of objects out, and its pause.",
  },
  {
    method: "GET",
    path: "/api/status/debugmallocstats",
    request: "memory.malloc",
    as: "text/plain; charset=utf-8",
    summary: "What the allocators hold: V8's heaps by space, malloc's arenas, ClickHouse's jemalloc by bin.",
  },
  { method: "GET", path: "/api/memory", request: "memory.get", query: ["objects"], summary: "What memory is used for, as JSON." },
  { method: "GET", path: "/api/status", request: "status.get", summary: "Process, session, ports and both backends." },
  {
    method: "GET",
    path: "/api/exchanges",
    request: "exchanges.list",
    query: ["filter", "limit", "before", "after", "oldestFirst"],
    summary: "Captured exchanges, newest first. `next` is the `before` of the following page.",
  },
  {
    method: "GET",
    path: "/api/ranges",
    request: "exchanges.ranges",
    query: ["filter", "before"],
    summary: "How many exchanges match a filter, by ranges of ids.",
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
    path: "/api/exchanges/:id/sent",
    request: "exchange.get",
    raw: "sent",
    summary: "The request's body as it went on, where a rule, a script or a breakpoint changed it.",
  },
  {
    method: "GET",
    path: "/api/exchanges/:id/given",
    request: "exchange.get",
    raw: "given",
    summary: "The answer as Elasticsearch gave it, where a rule, a script or a breakpoint changed it.",
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
  {
    method: "GET",
    path: "/api/exchanges/:id/profile",
    request: "exchange.profile",
    summary: "What worked on one exchange, and for how long, on one time axis.",
  },
  {
    method: "POST",
    path: "/api/exchanges/:id/profile",
    request: "exchange.profile_again",
    summary: "Asks its request once more to be profiled, and keeps that with the exchange.",
  },
  { method: "GET", path: "/api/verdicts", request: "verdicts.get", summary: "Verdict counts of all searches, and by query shape." },
  {
    method: "GET",
    path: "/api/compare",
    request: "compare.groups",
    query: ["by", "limit", ...COMPARE_PLACE],
    summary: "Verdicts, similarity, latencies of both sides and differing paths, by what searches have in common.",
  },
  {
    method: "GET",
    path: "/api/compare/points",
    request: "compare.points",
    query: COMPARE_PLACE,
    summary: "Both times of the newest searches that both sides answered.",
  },
  {
    method: "GET",
    path: "/api/compare/why",
    request: "compare.why",
    query: ["ask", "again", ...COMPARE_PLACE],
    summary: "Why searches differ: how many for which cause, each with exchanges.",
  },
  {
    method: "POST",
    path: "/api/share",
    request: "share.write",
    summary: "Writes exchanges or a profile as one file to hand on, without what is chosen: the body is of share.write.",
  },
  {
    method: "POST",
    path: "/api/share/preview",
    request: "share.preview",
    summary: "What would leave, counted, and one exchange before and after.",
  },
  { method: "GET", path: "/api/share", request: "share.state", summary: "How far the file to hand on is." },
  { method: "GET", path: "/api/share/file", request: "share.state", raw: "share", summary: "The file to hand on that was made last." },
  { method: "GET", path: "/api/indices", request: "indices.list", summary: "Indices beside their tables." },
  { method: "GET", path: "/api/indices/:name", request: "index.get", summary: "The mapping of an index beside its columns." },
  {
    method: "GET",
    path: "/api/indices/:name/ledger",
    request: "index.ledger",
    query: ["limit"],
    summary: "When each side had the documents that were written last.",
  },
  {
    method: "POST",
    path: "/api/indices/:name/backfill",
    request: "index.backfill",
    summary: "Copies an index that exists already to ClickHouse: makes and starts its pipe.",
  },
  {
    method: "POST",
    path: "/api/indices/:name/reconcile",
    request: "index.reconcile",
    summary: "Compares an index and repairs what differs: makes and starts its pipe.",
  },
  {
    method: "POST",
    path: "/api/indices/:name/mode",
    request: "index.mode",
    summary: "Gives one index a mode of its own, or the rules' again.",
  },
  {
    method: "GET",
    path: "/api/routes",
    request: "routes.list",
    summary: "The rules that give indices their mode, and what each is the rule of.",
  },
  {
    method: "GET",
    path: "/api/pipes",
    request: "pipes.list",
    summary: "Long-running jobs: mirror, backfill, reconcile, replay, generators.",
  },
  { method: "GET", path: "/api/generators", request: "generators.list", summary: "Kinds of documents that can be generated." },
  { method: "POST", path: "/api/generators/:kind", request: "generator.begin", summary: "Makes documents: makes and starts its pipe." },
  { method: "GET", path: "/api/sampledata", request: "sample_data.get", summary: "What of the sample data is in Elasticsearch." },
  { method: "POST", path: "/api/sampledata", request: "sample_data.add", summary: "Adds the sample data: makes and starts its pipes." },
  { method: "POST", path: "/api/sampledata/remove", request: "sample_data.remove", summary: "Removes the sample data, and nothing else." },
  { method: "GET", path: "/api/kibana", request: "kibana.get", summary: "What has been seen from Kibana, and how to point it here." },
  { method: "POST", path: "/api/pipes/:pipe/pump", request: "pipe.pump", summary: "Starts or stops a pipe. Takes form fields too." },
  { method: "GET", path: "/api/schedules", request: "schedules.list", summary: "When pipes run by themselves, and what came of it." },
  {
    method: "POST",
    path: "/api/pipes/:pipe/schedule",
    request: "schedule.put",
    summary: "Has a pipe run at certain times. Takes form fields too.",
  },
  { method: "POST", path: "/api/pipes/:pipe/schedule/remove", request: "schedule.remove", summary: "Takes its schedule away." },
  { method: "GET", path: "/api/profiles", request: "profiles.list", query: ["limit"], summary: "Resource profiles that are kept." },
  { method: "POST", path: "/api/profiles", request: "profile.record", summary: "Records a CPU or heap profile for so many seconds." },
  { method: "POST", path: "/api/profiles/stop", request: "profile.stop", summary: "Ends such a recording before its time, and keeps it." },
  { method: "POST", path: "/api/profiles/clean", request: "profiles.clean", summary: "Removes the profiles of all calls." },
  {
    method: "GET",
    path: "/api/profiles/:profile",
    request: "profile.get",
    raw: "profile",
    query: ["format"],
    summary: "A profile as a file.",
  },
  { method: "POST", path: "/api/profiles/:profile/remove", request: "profile.remove", summary: "Removes a profile." },
  { method: "GET", path: "/api/profiler", request: "profiler.get", summary: "What is being recorded, and how much is kept." },
  { method: "GET", path: "/api/intercept", request: "intercept.get", summary: "The intercept proxy and its certificate authority." },
  {
    method: "GET",
    path: "/api/intercept/ca.pem",
    request: "intercept.get",
    raw: "ca",
    summary: "The certificate to trust, PEM.",
  },
  { method: "POST", path: "/api/intercept", request: "intercept.set", summary: "Starts or stops the intercept proxy." },
  { method: "POST", path: "/api/replay", request: "session.replay", summary: "Plays the session's requests: makes and starts its pipe." },
  { method: "POST", path: "/api/exchanges/:id/resend", request: "exchange.resend", summary: "Sends a request again, changed or not." },
  {
    method: "GET",
    path: "/api/exchanges/:id/explain",
    request: "exchange.explain",
    query: ["path"],
    summary: "Why the answers differ at one place, with the documents that make it.",
  },
  {
    method: "GET",
    path: "/api/exchanges/:id/shrink",
    request: "exchange.shrink_state",
    summary: "How far the shrinking of its search is.",
  },
  { method: "POST", path: "/api/exchanges/:id/shrink", request: "exchange.shrink", summary: "Makes a differing search small." },
  { method: "POST", path: "/api/exchanges/:id/shrink/stop", request: "exchange.shrink_stop", summary: "Ends that with what was found." },
  {
    method: "POST",
    path: "/api/exchanges/:id/case",
    request: "exchange.keep_case",
    summary: "Keeps the small search as a regression case.",
  },
  {
    method: "POST",
    path: "/api/exchanges/:id/probe",
    request: "exchange.probe",
    summary: "Asks each side its search several times: where does it disagree with itself?",
  },
  { method: "GET", path: "/api/exchanges/:id/probe", request: "exchange.probe_state", summary: "How far that is, and what came out." },
  { method: "POST", path: "/api/exchanges/:id/probe/stop", request: "exchange.probe_stop", summary: "Ends that with what was asked." },
  { method: "POST", path: "/api/exchanges/:id/noise", request: "noise.remember", summary: "Remembers what its probe found." },
  { method: "GET", path: "/api/noise", request: "noise.list", summary: "The noise that is remembered, by query shape." },
  { method: "POST", path: "/api/noise/:shape/forget", request: "noise.forget", summary: "Forgets the noise of a query shape." },
  {
    method: "POST",
    path: "/api/exchanges/:id/judge",
    request: "exchange.judge_again",
    summary: "Compares its kept answers by the rules of now.",
  },
  {
    method: "POST",
    path: "/api/exchanges/judge",
    request: "session.judge_again",
    summary: "The same of all that pass a filter.",
  },
  { method: "POST", path: "/api/judge", request: "search.judge", summary: "Asks both sides a search that is not captured." },
  { method: "GET", path: "/api/dump", request: "dump.get", summary: "Whether exchanges are written as text, and where." },
  { method: "POST", path: "/api/dump", request: "dump.set", summary: "Switches the writing of exchanges as text." },
  { method: "GET", path: "/api/rules", request: "rules.get", summary: "Rewrite rules, script, breakpoints, and what is held." },
  { method: "POST", path: "/api/rules", request: "rule.put", summary: "Adds a rule, or replaces the one with its id." },
  { method: "POST", path: "/api/rules/:rule/remove", request: "rule.remove", summary: "Removes a rule." },
  { method: "POST", path: "/api/script", request: "script.use", summary: "Uses another module of hooks, or none." },
  { method: "POST", path: "/api/breakpoints", request: "breakpoint.put", summary: "Adds a breakpoint, or replaces the one with its id." },
  { method: "POST", path: "/api/breakpoints/:breakpoint/remove", request: "breakpoint.remove", summary: "Removes a breakpoint." },
  { method: "POST", path: "/api/held/release", request: "held.release_all", summary: "Lets everything go that is held." },
  { method: "GET", path: "/api/held/:id", request: "held.get", summary: "A held message, whole." },
  { method: "POST", path: "/api/held/:id/release", request: "held.release", summary: "Lets a held message go, changed or not." },
  { method: "POST", path: "/api/held/:id/abort", request: "held.abort", summary: "Ends a held message's exchange." },
  {
    method: "GET",
    path: "/api/statistics",
    request: "statistics.get",
    summary: "Counts and latencies by route, index, client and backend.",
  },
  {
    method: "GET",
    path: "/api/telemetry",
    request: "telemetry.get",
    pick: "report",
    summary: "The telemetry report as it is now: sums and versions.",
  },
  { method: "GET", path: "/api/statistics/routes", request: "statistics.routes", summary: "All routes that came, matched and unmatched." },
  { method: "GET", path: "/api/logs", request: "logs.list", query: ["level", "text", "limit"], summary: "The newest lines of the log." },
  { method: "GET", path: "/api/config", request: "settings.get", summary: "Each setting, and where its value comes from." },
  {
    method: "POST",
    path: "/api/config",
    request: "settings.upload",
    wrap: "config",
    summary: "A whole configuration in the place of the config file's; the body is the configuration.",
  },
  { method: "POST", path: "/api/config/:key", request: "settings.set", summary: "Gives one setting a value, or its default again." },
  { method: "POST", path: "/api/safemode", request: "safe_mode.enter", summary: "Stops all pipes, and keeps them back." },
  { method: "POST", path: "/api/translate", request: "translate", summary: "The SQL of a search, without running it." },
  { method: "POST", path: "/api/sql", request: "sql.run", summary: "Runs SQL on ClickHouse." },
];

export interface MatchedRoute {
  readonly route: Route;
  readonly request: JsonObject;
}

/** The route of a GET or POST, with the contract's request as far as path and query make it; undefined when there is none. */
export function matchRoute(method: string, path: string, query: URLSearchParams): MatchedRoute | undefined {
  for (const route of ROUTES) {
    const inPath = matchPath(route.path, path);
    if (route.method !== method || inPath === undefined) continue;
    const inQuery = (route.query ?? []).flatMap((name) => {
      const text = query.get(name);
      return text === null ? [] : [[name, typed(name, text)] as const];
    });
    return { route, request: jsonObject([...inPath, ...inQuery]) };
  }
  return undefined;
}

/** The request of a form: `operation=start&rate=500`. */
export function formRequest(text: string): JsonObject {
  return jsonObject([...new URLSearchParams(text)].map(([name, value]) => [name, typed(name, value)] as const));
}

function typed(name: string, text: string): JsonValue {
  const type = queryType(name);
  if (type === "integer" && /^\d{1,15}$/.test(text)) return Number(text);
  return type === "boolean" && (text === "true" || text === "false") ? text === "true" : text;
}

/** undefined: another path. */
function matchPath(template: string, path: string): readonly (readonly [string, JsonValue])[] | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const members: [string, JsonValue][] = [];
  for (const [i, segment] of wanted.entries()) {
    const value = given[i] ?? "";
    const name = segment.startsWith(":") ? segment.slice(1) : null;
    const read = name === null ? null : memberOf(name, value);
    if (read === undefined || (name === null && segment !== value)) return undefined;
    if (name !== null && read !== null) members.push([name, read]);
  }
  return members;
}

function memberOf(name: string, text: string): string | number | undefined {
  if (name === "id") return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  try {
    return text === "" ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
