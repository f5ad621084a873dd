// One line of a web server's access log.
import type { JsonObject } from "../../../shared/json.ts";
import { isoTime, rounded } from "./kind.ts";
import { CITIES } from "./places.ts";
import type { Random } from "./random.ts";

export interface LogMoment {
  readonly number: number;
  /** Epoch ms. */
  readonly time: number;
  /** In the midst of a storm of errors. */
  readonly stormy: boolean;
}

const PATHS: readonly [string, ...string[]] = [
  "/",
  "/search",
  "/products/espresso-machine",
  "/cart",
  "/products/kettle",
  "/api/v1/recommendations",
  "/static/app.js",
  "/static/app.css",
  "/login",
  "/checkout",
  "/api/v1/stock",
  "/products/café-crème",
  "/account/orders",
  "/products/%E7%B7%91%E8%8C%B6",
  "/healthz",
  "/wp-login.php",
];
const REFERRERS: readonly [string, ...string[]] = ["https://www.example.com/", "https://search.example/", "https://news.example/deals"];
const AGENTS: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ["Chrome", "Windows"],
  ["Safari", "iOS"],
  ["Chrome Mobile", "Android"],
  ["Firefox", "Linux"],
  ["Safari", "macOS"],
  ["curl", "Linux"],
  ["Googlebot", "Other"],
];
const USERS = 5_000;
const HOSTS = 6;

export function webLog(random: Random, { number, time, stormy }: LogMoment): JsonObject {
  const path = random.skewed(PATHS);
  const method = path === "/checkout" || path === "/login" ? "POST" : random.chance(0.02) ? "HEAD" : "GET";
  const status = statusOf(random, path, stormy);
  const bytes = method === "HEAD" || status === 304 ? 0 : Math.round(random.longTailed(status >= 400 ? 512 : 9_000));
  const city = random.skewed(CITIES);
  const ip = random.chance(0.1)
    ? `2001:db8::${random.hex(4)}:${random.hex(4)}`
    : `203.0.${random.below(4)}.${1 + Math.floor(random.next() ** 2 * 254)}`;
  const [agent, system] = random.skewed(AGENTS);
  const micros = Math.round(random.longTailed(status >= 500 ? 900_000 : 24_000));
  const query =
    path === "/search" ? `q=${random.skewed(["kettle", "espresso", "grün tee", "café", "茶"])}&page=${1 + random.below(4)}` : null;
  const referrer = random.chance(0.4) ? random.pick(REFERRERS) : null;
  const target = query === null ? path : `${path}?${encodeURI(query)}`;
  const user = random.chance(0.3) ? Math.floor(random.next() ** 3 * USERS) : null;
  return {
    "@timestamp": isoTime(time),
    message: `${ip} - ${user ?? "-"} [${isoTime(time)}] "${method} ${target} HTTP/1.1" ${status} ${bytes} "${referrer ?? "-"}" "${agent} on ${system}"`,
    tags: status >= 500 ? ["web", "error"] : ["web"],
    event: { dataset: "web.access", outcome: status >= 400 ? "failure" : "success", duration: micros * 1000, sequence: number },
    log: { level: status >= 500 ? "error" : status >= 400 ? "warn" : "info" },
    service: { name: "storefront", version: "4.2.1" },
    host: { name: `web-${1 + random.below(HOSTS)}` },
    http: {
      request: referrer === null ? { method } : { method, referrer },
      response: { status_code: status, body: { bytes } },
      version: random.chance(0.8) ? "2" : "1.1",
    },
    url: query === null ? { path } : { path, query },
    client: {
      ip,
      geo: {
        city_name: city.name,
        country_iso_code: city.country,
        location: { lat: rounded(city.lat + random.next() * 0.4 - 0.2, 4), lon: rounded(city.lon + random.next() * 0.4 - 0.2, 4) },
      },
    },
    user_agent: { name: agent, os: { name: system } },
    ...(user === null ? {} : { user: { id: `u${user}`, premium: user % 7 === 0 } }),
    trace: { id: random.hex(32) },
  };
}

function statusOf(random: Random, path: string, stormy: boolean): number {
  if (path === "/wp-login.php") return 404;
  if (random.chance(stormy ? 0.45 : 0.01)) return random.skewed([503, 500, 502, 504]);
  if (path.startsWith("/static/") && random.chance(0.5)) return 304;
  if (path === "/login" && random.chance(0.2)) return 401;
  return random.chance(0.03) ? 404 : 200;
}
