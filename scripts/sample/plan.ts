// The sample's script: which client sends what, and when. Writes and searches mix from the first seconds on.

import { appLogs } from "./documents/app_logs.ts";
import { carts } from "./documents/carts.ts";
import { deployments } from "./documents/deployments.ts";
import { earthquakes } from "./documents/earthquakes.ts";
import { flights } from "./documents/flights.ts";
import { movies } from "./documents/movies.ts";
import { WEB_HOURS, WEB_START, webAccess } from "./documents/web_access.ts";
import type { Random } from "./random.ts";
import { seededRandom } from "./random.ts";
import { bulk, CURL_HEADERS, get, kibanaHeaders, type PlannedRequest, SHIPPER_HEADERS, send, serviceHeaders } from "./request.ts";
import { count, filmSearch, list, needle } from "./searches/applications.ts";
import { beyond, refused } from "./searches/beyond.ts";
import { controls, oldDashboard } from "./searches/controls.ts";
import { discover, nextPage } from "./searches/discover.ts";
import { dashboard, otherBucket, timeShift } from "./searches/lens.ts";
import { coordinateMap, joinedRegions, map } from "./searches/maps.ts";
import { someWindow, type Window } from "./searches/shapes.ts";
import { timeSeries } from "./searches/tsvb.ts";
import type { DocumentSource } from "./source.ts";
import { APPS, CARTS, EARTHQUAKES, FLIGHTS, type KibanaView, MOVIES, WEB } from "./views.ts";

export const SEED = 20260327;

export interface Step {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly request: PlannedRequest;
}

const VIEWS: readonly KibanaView[] = [WEB, APPS, FLIGHTS, EARTHQUAKES, MOVIES, CARTS];
const SCENE_MS = 800;

interface Load {
  readonly source: DocumentSource;
  readonly bulks: readonly PlannedRequest[];
}

/** The whole sample, always the same for a seed. */
export function planSample(seed = SEED): Step[] {
  const random = seededRandom(seed);
  const sources = [movies(), earthquakes(), webAccess(random), appLogs(random), flights(random), carts(random), deployments(random)];
  const loads = sources.map((source) => ({ source, bulks: bulksOf(source) }));
  const steps: Step[] = [];
  steps.push(...opening(sources).map((request, at) => ({ at: at * 30, request })));
  const order = interleave(loads);
  const done = new Map<string, number>();
  const sceneStart = steps.length * 30 + 20;
  order.forEach(({ load, request }, scene) => {
    const time = sceneStart + scene * SCENE_MS;
    steps.push({ at: time, request });
    const index = load.source.index;
    done.set(index, (done.get(index) ?? 0) + 1 / load.bulks.length);
    const until = WEB_START + WEB_HOURS * 3_600_000 * Math.min(1, done.get(WEB.index) ?? 0);
    const ready = VIEWS.filter((view) => (done.get(view.index) ?? 0) > 0.04);
    const asked = sceneRequests(random, scene, order.length, ready, until);
    steps.push(...asked.map((request, at) => ({ at: time + 60 + Math.round((at * (SCENE_MS - 120)) / asked.length), request })));
  });
  return steps.sort((a, b) => a.at - b.at);
}

function bulksOf(source: DocumentSource): PlannedRequest[] {
  const zipped = source.index === "web-access" || source.index === "deployments";
  const headers = zipped ? SHIPPER_HEADERS : serviceHeaders(source.index === "app-logs" ? "log-collector" : "importer", true);
  const chunks = Math.ceil(source.items.length / source.bulkSize);
  return Array.from({ length: chunks }, (_, at) =>
    bulk(source.index, source.items.slice(at * source.bulkSize, (at + 1) * source.bulkSize), headers, zipped),
  );
}

// Each index spreads its bulks over the session; the small ones are done early, the logs run through to the end.
function interleave(loads: readonly Load[]): { load: Load; request: PlannedRequest }[] {
  const end: Readonly<Record<string, number>> = { movies: 0.12, earthquakes: 0.1, flights: 0.5, carts: 0.85, deployments: 0.9 };
  const dated = loads.flatMap((load, order) =>
    load.bulks.map((request, at) => ({ load, request, due: ((at + order * 0.01) / load.bulks.length) * (end[load.source.index] ?? 1) })),
  );
  return dated.sort((a, b) => a.due - b.due);
}

function opening(sources: readonly DocumentSource[]): PlannedRequest[] {
  const kibana = kibanaHeaders("home");
  const created = sources.flatMap((source) =>
    source.creation === undefined
      ? []
      : [{ ...send("PUT", `/${source.index}`, serviceHeaders("importer"), source.creation), writes: source.index }],
  );
  return [
    get("/", CURL_HEADERS),
    get("/", SHIPPER_HEADERS, "HEAD"),
    get("/_nodes?filter_path=nodes.*.version%2Cnodes.*.http.publish_address%2Cnodes.*.ip", kibana),
    get("/_cluster/health?timeout=5s", kibana),
    get("/movies", serviceHeaders("importer"), "HEAD", 404),
    ...created,
  ];
}

function sceneRequests(random: Random, scene: number, scenes: number, ready: readonly KibanaView[], until: number): PlannedRequest[] {
  const view = ready[(scene * 5 + random.integer(0, 1)) % Math.max(1, ready.length)];
  if (view === undefined) return [];
  const window = someWindow(random, view, view === WEB || view === APPS || view === CARTS ? until : Number.MAX_SAFE_INTEGER);
  const main = mainRequests(random, scene, view, window);
  const closing = scene === scenes - 4 ? beyond(random, { from: Date.parse(WEB.from), to: until }) : [];
  const refusals = scene === 24 ? refused(random, window) : [];
  return [...main, ...asides(random, scene, view), ...closing, ...refusals];
}

function mainRequests(random: Random, scene: number, view: KibanaView, window: Window): PlannedRequest[] {
  switch (scene % 8) {
    case 0:
      return dashboard(random, view, window, 7);
    case 1:
      return [
        fieldCapabilities(view),
        ...discover(random, view, window),
        count(random, view),
        list(random, view),
        otherBucket(random, view, window),
      ];
    case 2:
      return [...dashboard(random, view, window, 5), ...timeSeries(random, view, window)];
    case 3:
      return [
        ...map(random, EARTHQUAKES, someWindow(random, EARTHQUAKES, Number.MAX_SAFE_INTEGER)),
        ...coordinateMap(random, view, window),
        filmSearch(random),
        list(random, view),
      ];
    case 4:
      return [...controls(random, view, window), ...dashboard(random, view, window, 5)];
    case 5:
      return [...discover(random, view, window), nextPage(random, view, window), needle(random), timeShift(random, view, window)];
    case 6:
      return [
        oldDashboard(random, view, window),
        ...map(random, view.location === undefined ? EARTHQUAKES : view, window),
        ...dashboard(random, view, window, 3),
        joinedRegions(random, view, window),
      ];
    default:
      return [
        ...discover(random, view, window),
        ...timeSeries(random, view, window),
        count(random, view),
        ...dashboard(random, view, window, 2),
      ];
  }
}

function fieldCapabilities(view: KibanaView): PlannedRequest {
  return get(
    `/${view.index}/_field_caps?fields=*&ignore_unavailable=true&allow_no_indices=false`,
    kibanaHeaders(`discover:${view.id}`),
    "POST",
  );
}

// Small requests between the large ones: look-ups, single writes, housekeeping.
function asides(random: Random, scene: number, view: KibanaView): PlannedRequest[] {
  const cart = `cart-${random.integer(5000, 5400)}`;
  const shop = serviceHeaders("shop-api");
  const writes = { writes: "carts" } as const;
  const opened = { opened: new Date(WEB_START + scene * 1_000_000).toISOString(), state: "open", total: random.integer(1, 9000) / 100 };
  switch (scene) {
    case 12:
      return [
        get("/_cat/indices?format=json&h=index%2Cdocs.count", CURL_HEADERS),
        get("/movies/_doc/42", serviceHeaders("film-catalogue")),
      ];
    case 16:
      return [
        get(`/${view.index}/_mapping`, kibanaHeaders("management:data_views")),
        get("/carts/_settings", kibanaHeaders("management:data_views")),
      ];
    case 30:
      return [
        send("PUT", "/carts/_doc/cart-9001?refresh=true", shop, opened, { ...writes, status: 201 }),
        get("/carts/_doc/cart-9001", shop),
      ];
    case 33:
      return [send("POST", "/carts/_update/cart-9001?refresh=true", shop, { doc: { state: "paid", coupon: "VIP" } }, writes)];
    case 36:
      return [send("PUT", "/carts/_create/cart-9001?refresh=true", shop, opened, { ...writes, status: 409 })];
    case 40:
      return [
        send("POST", "/carts/_doc?refresh=true", shop, { ...opened, state: "abandoned" }, { ...writes, status: 201 }),
        get(`/carts/_doc/${cart}`, shop, "GET", 404),
      ];
    case 44:
      return [{ ...get("/carts/_doc/cart-9001?refresh=true", shop, "DELETE"), ...writes }];
    case 48:
      return [send("PUT", "/carts/_doc/cart-9002?refresh=true", shop, { ...opened, colour: "red" }, { ...writes, status: 400 })];
    case 52:
      return [get("/_cluster/health", kibanaHeaders("monitoring")), get("/nothing-here/_doc/1", CURL_HEADERS, "GET", 404)];
    default:
      return [];
  }
}
