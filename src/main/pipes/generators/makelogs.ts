// `makelogs`: the shape of documents that Kibana's own developers fill their clusters with (`@elastic/makelogs`), for those who have
// dashboards on it: one index a day in the original, one data stream or index here.
import type { JsonObject } from "../../../shared/json.ts";
import { DATE, fields, GEO_POINT, type GeneratorKind, IP, isoTime, KEYWORD, LONG, TEXT } from "./kind.ts";
import { CITIES } from "./places.ts";
import { randomOf } from "./random.ts";

const EXTENSIONS: readonly [string, ...string[]] = ["jpg", "css", "png", "gif", "php"];
const SYSTEMS: readonly [string, ...string[]] = ["win 8", "win xp", "win 7", "ios", "osx"];
const NAMED = (type: JsonObject): JsonObject => ({ ...type, fields: { raw: KEYWORD } });

export const makelogs: GeneratorKind = {
  name: "makelogs",
  title: "Web logs in the shape of makelogs",
  index: "logstash-parallax",
  mappings: {
    properties: {
      "@timestamp": DATE,
      "@message": TEXT,
      "@tags": NAMED(TEXT),
      index: KEYWORD,
      agent: NAMED(TEXT),
      bytes: LONG,
      clientip: IP,
      extension: NAMED(TEXT),
      geo: fields({ srcdest: KEYWORD, src: KEYWORD, dest: KEYWORD, coordinates: GEO_POINT }),
      host: NAMED(TEXT),
      ip: IP,
      machine: fields({ os: NAMED(TEXT), ram: LONG }),
      memory: { type: "double" },
      phpmemory: LONG,
      referer: KEYWORD,
      request: NAMED(TEXT),
      response: NAMED(TEXT),
      url: NAMED(TEXT),
      utc_time: DATE,
    },
  },
  document: (number, time, seed) => {
    const random = randomOf(seed, number);
    const extension = random.skewed(EXTENSIONS);
    const [from, to] = [random.skewed(CITIES), random.skewed(CITIES)];
    const response = random.skewed(["200", "404", "503"]);
    const bytes = response === "200" ? Math.round(random.longTailed(5_000)) : 0;
    const host = `media-for-the-masses.example.com`;
    const request = `/uploads/${random.hex(8)}.${extension}`;
    const ip = `${1 + random.below(223)}.${random.below(256)}.${random.below(256)}.${random.below(256)}`;
    const memory = extension === "php" ? 40 * Math.round(random.longTailed(4_000)) : null;
    return {
      "@timestamp": isoTime(time),
      "@message": `${ip} - - [${isoTime(time)}] "GET ${request} HTTP/1.1" ${response} ${bytes} "-" "Mozilla/5.0"`,
      "@tags": [random.skewed(["success", "info", "warning", "error"]), random.skewed(["security", "login", "info"])],
      agent: random.skewed(["Mozilla/5.0 (X11; Linux x86_64; rv:6.0a1)", "Mozilla/4.0 (compatible; MSIE 6.0)"]),
      bytes,
      clientip: ip,
      extension,
      geo: { srcdest: `${from.country}:${to.country}`, src: from.country, dest: to.country, coordinates: { lat: from.lat, lon: from.lon } },
      host,
      ip,
      machine: { os: random.skewed(SYSTEMS), ram: 2 ** 30 * (2 + random.below(19)) },
      ...(memory === null ? {} : { memory, phpmemory: memory }),
      referer: `http://twitter.example/success/${random.skewed(["ada", "yuri", "valentina"])}`,
      request,
      response,
      url: `https://${host}${request}`,
      utc_time: isoTime(time),
    };
  },
};
