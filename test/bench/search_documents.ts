// Documents as a web server logs them, in the order of time, the same for the same number: JSON texts and their mapping.
import type { JsonObject } from "../../src/shared/json.ts";
import { seededRandom } from "../support/random.ts";

export const MAPPINGS: JsonObject = {
  properties: {
    "@timestamp": { type: "date" },
    host: { type: "keyword" },
    service: { type: "keyword" },
    method: { type: "keyword" },
    status: { type: "keyword" },
    url: { type: "keyword" },
    client: { type: "ip" },
    country: { type: "keyword" },
    tags: { type: "keyword" },
    bytes: { type: "long" },
    duration: { type: "double" },
    message: { type: "text" },
  },
};

/** The last day of the documents ends here, whatever their number: 2025-03-31. */
export const END = Date.UTC(2025, 2, 31);
export const DAYS = 30;

const METHODS = ["GET", "GET", "GET", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE"] as const;
const STATUSES = ["200", "200", "200", "200", "200", "200", "200", "304", "404", "500", "302", "503"] as const;
const TAGS = ["success", "info", "security", "login", "warning", "error", "cache", "slow"] as const;
const WORDS =
  "request served from cache upstream timed out connection closed by peer user logged in session expired retry disk queue full payment accepted order shipped invalid token page rendered query slow worker started stopped".split(
    " ",
  );

/** The documents, one after the other. */
export function* webLogs(count: number): Generator<string> {
  const random = seededRandom(20_260_722);
  const skewed = (below: number): number => Math.floor(below * random.next() ** 3);
  const step = (DAYS * 86_400_000) / count;
  const word = (): string => WORDS[random.below(WORDS.length)] ?? "";
  for (let i = 0; i < count; i += 1) {
    const time = new Date(END - DAYS * 86_400_000 + Math.floor(i * step + random.next() * step)).toISOString();
    const tags = Array.from({ length: random.below(4) }, () => TAGS[random.below(TAGS.length)]);
    const client = skewed(100_000);
    yield JSON.stringify({
      "@timestamp": time,
      host: `web-${skewed(60)}.example.com`,
      service: `service-${skewed(12)}`,
      method: METHODS[random.below(METHODS.length)],
      status: STATUSES[random.below(STATUSES.length)],
      url: `/shop/item/${skewed(20_000)}`,
      client: `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}`,
      country: `C${skewed(80)}`,
      tags,
      bytes: Math.floor(200 + 40_000 * random.next() ** 4),
      duration: Math.round(1e5 * random.next() ** 3) / 100,
      message: `${word()} ${word()} ${word()} ${word()} ${word()} ${word()} id${random.below(1_000_000)}`,
    });
  }
}
