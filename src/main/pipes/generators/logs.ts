// `logs`: a web shop's access and application logs in the Elastic Common Schema. A few addresses and services make most of it; errors
// come in storms, requests in bursts; messages run over several lines, in several languages.
import type { JsonObject } from "../../../shared/json.ts";
import { applicationLog } from "./application_log.ts";
import { BOOLEAN, DATE, fields, GEO_POINT, type GeneratorKind, IP, KEYWORD, LONG, TEXT } from "./kind.ts";
import { randomOf } from "./random.ts";
import { webLog } from "./web_log.ts";

/** A minute in thirteen has most errors. */
const STORMS = 1 / 13;
/** A second in forty has five times as many documents. */
const BURSTS = 1 / 40;
const BURST = 5;
const WEB_SHARE = 0.7;

const USES = { storm: 1, burst: 2 } as const;

export const logs: GeneratorKind = {
  name: "logs",
  title: "Web and application logs",
  index: "logs-web.shop-default",
  mappings: {
    properties: {
      "@timestamp": DATE,
      message: TEXT,
      tags: KEYWORD,
      event: fields({ dataset: KEYWORD, outcome: KEYWORD, duration: LONG, sequence: LONG }),
      log: fields({ level: KEYWORD, logger: KEYWORD }),
      service: fields({ name: KEYWORD, version: KEYWORD }),
      host: fields({ name: KEYWORD }),
      process: fields({ pid: LONG, thread: fields({ name: KEYWORD }) }),
      http: fields({
        request: fields({ method: KEYWORD, referrer: KEYWORD }),
        response: fields({ status_code: LONG, body: fields({ bytes: LONG }) }),
        version: KEYWORD,
      }),
      url: fields({ path: KEYWORD, query: KEYWORD }),
      client: fields({ ip: IP, geo: fields({ city_name: KEYWORD, country_iso_code: KEYWORD, location: GEO_POINT }) }),
      user_agent: fields({ name: KEYWORD, os: fields({ name: KEYWORD }) }),
      user: fields({ id: KEYWORD, premium: BOOLEAN }),
      trace: fields({ id: KEYWORD }),
      error: fields({ type: KEYWORD, message: TEXT, stack_trace: { type: "keyword", ignore_above: 8000 } }),
      labels: { type: "object", dynamic: "true" },
    },
  },
  document: (number, time, seed) => logDocument(number, time, seed),
  burst: (second, seed) => {
    const rest = (1 - BURSTS * BURST) / (1 - BURSTS);
    return randomOf(seed, second, USES.burst).chance(BURSTS) ? BURST : rest;
  },
};

function logDocument(number: number, time: number, seed: number): JsonObject {
  const random = randomOf(seed, number);
  const stormy = randomOf(seed, Math.floor(time / 60_000), USES.storm).chance(STORMS);
  const moment = { number, time, stormy };
  return random.chance(WEB_SHARE) ? webLog(random, moment) : applicationLog(random, moment);
}
