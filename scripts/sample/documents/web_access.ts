// `web-access`: the access log of a shop's web servers over three days with a change to summer time in them.
import { type JsonObject, type JsonValue, RawNumber } from "../../../src/shared/json.ts";
import { PLACES } from "../places.ts";
import type { Random } from "../random.ts";
import {
  type BulkItem,
  boolean,
  type DocumentSource,
  date,
  double,
  geoPoint,
  ip,
  keyword,
  long,
  object,
  text,
  textWithKeyword,
} from "../source.ts";

export const WEB_START = Date.UTC(2026, 2, 27, 22);
export const WEB_HOURS = 72;
const COUNT = 12_000;
const HOSTS = ["web-1.shop.example", "web-2.shop.example", "web-3.shop.example", "edge-1.shop.example"];
const AGENTS = [
  [
    "Chrome",
    "134.0.0.0",
    "Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36",
  ],
  ["Chrome", "133.0.0.0", "Linux", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36"],
  ["Firefox", "136.0", "Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0"],
  [
    "Safari",
    "18.3",
    "iOS",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
  ],
  [
    "Safari",
    "18.2",
    "macOS",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15",
  ],
  [
    "Edge",
    "134.0",
    "Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36 Edg/134.0",
  ],
  ["curl", "8.12.1", "Other", "curl/8.12.1"],
  ["Crawler", "2.1", "Other", "ExampleBot/2.1 (+https://search.example/bot)"],
] as const;
const PATHS = [
  ["/", 20],
  ["/search", 16],
  ["/product", 24],
  ["/cart", 9],
  ["/checkout", 5],
  ["/api/v1/prices", 12],
  ["/api/v1/stock", 8],
  ["/login", 5],
  ["/images/logo.svg", 6],
  ["/über-uns", 2],
  ["/admin", 1],
] as const;
const WORDS = ["lamp", "desk", "chair", "café table", "rug", "shelf", "mirror", "plant", "kettle", "Stehlampe"] as const;

export function webAccess(random: Random): DocumentSource {
  return {
    index: "web-access",
    creation: {
      settings: { number_of_shards: 1, number_of_replicas: 0 },
      mappings: {
        properties: {
          "@timestamp": date,
          message: text,
          tags: keyword,
          event: object({ dataset: keyword, duration: long, sequence: long, outcome: keyword }),
          host: object({ name: keyword }),
          service: object({ name: keyword }),
          url: object({ original: textWithKeyword, path: keyword, query: keyword }),
          http: object({
            version: keyword,
            request: object({ method: keyword, referrer: keyword }),
            response: object({ status_code: long, body: object({ bytes: long }) }),
          }),
          source: object({
            ip,
            geo: object({ city_name: keyword, country_iso_code: keyword, continent_name: keyword, location: geoPoint }),
          }),
          user: object({ name: keyword }),
          user_agent: object({ name: keyword, version: keyword, original: textWithKeyword, os: object({ name: keyword }) }),
          response_time: double,
          tls: object({ established: boolean }),
          error: object({ message: text, code: keyword }),
        },
      },
    },
    bulkSize: 500,
    items: Array.from({ length: COUNT }, (_, number) => accessItem(random, number)),
  };
}

// Rises towards the evening and falls at night; spread so that the documents come in order of time, with a few late ones.
function moment(random: Random, number: number): number {
  const share = number / COUNT;
  const wave = 0.02 * Math.sin(share * 3 * 2 * Math.PI);
  const late = random.chance(0.02) ? -random.integer(1000, 900_000) : 0;
  return Math.round(WEB_START + (share + wave + 0.02) * (WEB_HOURS / 1.05) * 3_600_000 + late + random.integer(0, 4000));
}

function accessItem(random: Random, number: number): BulkItem {
  const time = moment(random, number);
  const origin = random.weighted(PLACES.map((place) => [place, place.weight] as const));
  const [browser, version, os, agent] = random.weighted(AGENTS.map((entry, at) => [entry, 10 - at] as const));
  const path = random.weighted(PATHS);
  const query =
    path === "/search"
      ? `q=${random.pick(WORDS)}&page=${random.integer(1, 9)}`
      : path === "/product"
        ? `id=${random.integer(1, 400)}`
        : null;
  const status = statusOf(random, path);
  const bytes = status === 304 ? 0 : Math.round(random.longTail(path.startsWith("/images") ? 40_000 : 6000));
  const seconds = Math.round(random.longTail(status >= 500 ? 1.8 : 0.12) * 1e6) / 1e6;
  const method = path === "/checkout" || path === "/login" ? "POST" : random.chance(0.03) ? "HEAD" : "GET";
  const original = query === null ? path : `${path}?${query}`;
  const address = addressOf(random);
  const host = random.pick(HOSTS);
  const document: Record<string, JsonValue> = {
    "@timestamp": number % 7 === 0 ? time : new Date(time).toISOString(),
    message: `${address} - - "${method} ${original} HTTP/1.1" ${status} ${bytes} "${agent}"`,
    event: {
      dataset: "nginx.access",
      duration: Math.round(seconds * 1e9),
      sequence: new RawNumber((9007199254740993n + BigInt(number)).toString()),
      outcome: status < 400 ? "success" : "failure",
    },
    service: { name: path.startsWith("/api") ? "shop-api" : "shop-web" },
    url: query === null ? { original, path } : { original, path, query },
    http: {
      version: "1.1",
      request: random.chance(0.6)
        ? { method, referrer: random.pick(["https://search.example/", "https://news.example/deals", "-"]) }
        : { method },
      response: { status_code: status, body: { bytes } },
    },
    source: {
      ip: random.chance(0.05) ? [address, addressOf(random)] : address,
      geo: {
        city_name: origin.city,
        country_iso_code: origin.country,
        continent_name: origin.continent,
        location: positionOf(random, origin.latitude, origin.longitude),
      },
    },
    user_agent: { name: browser, version, original: agent, os: { name: os } },
    response_time: seconds,
    tls: { established: !random.chance(0.04) },
  };
  // Both ways of writing a nested field are in the wild.
  if (random.chance(0.3)) document["host.name"] = host;
  else document.host = { name: host };
  if (random.chance(0.4))
    document.user = {
      name: random.weighted([
        ["anna", 5],
        ["Zoë", 3],
        ["björn", 3],
        ["李雷", 2],
        [null, 1],
        ["guest", 6],
      ]),
    };
  if (random.chance(0.7)) document.tags = tagsOf(random, status);
  if (status >= 500) document.error = { message: random.pick(FAULTS), code: `E${random.integer(10, 19)}` };
  return { action: number % 2 === 0 ? "create" : "index", meta: {}, document };
}

const FAULTS = [
  "upstream timed out (110: Connection timed out) while reading response header from upstream",
  "connect() failed (111: Connection refused) while connecting to upstream",
  "no live upstreams while connecting to upstream",
  "upstream sent too big header while reading response header from upstream",
];

function statusOf(random: Random, path: string): number {
  if (path === "/admin")
    return random.weighted([
      [403, 5],
      [401, 4],
      [200, 1],
    ]);
  return random.weighted([
    [200, 80],
    [304, 8],
    [301, 3],
    [404, 5],
    [500, 1],
    [502, 1],
    [503, 2],
  ]);
}

function addressOf(random: Random): string {
  if (random.chance(0.08)) return `2001:db8::${random.hex(2)}:${random.hex(4)}`;
  return `${random.pick([10, 172, 192, 203])}.${random.integer(0, 3)}.${random.integer(0, 20)}.${random.integer(1, 254)}`;
}

function positionOf(random: Random, latitude: number, longitude: number): JsonValue {
  const lat = Math.round((latitude + (random.next() - 0.5) * 0.4) * 1e4) / 1e4;
  const lon = Math.round((longitude + (random.next() - 0.5) * 0.4) * 1e4) / 1e4;
  return random.weighted<JsonObject | string | readonly number[]>([
    [{ lat, lon }, 8],
    [`${lat},${lon}`, 1],
    [[lon, lat], 1],
  ]);
}

function tagsOf(random: Random, status: number): JsonValue {
  const tags = ["edge", random.pick(["eu", "us", "asia"])];
  if (status >= 400) tags.push("alert");
  if (random.chance(0.1)) tags.push("canary", "edge");
  return random.chance(0.1) ? (tags[1] ?? "eu") : tags;
}
