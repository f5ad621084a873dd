// `deployments`: an index that nobody mapped. Its fields come with the documents, new ones half way through.
import type { JsonValue } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import type { BulkItem, DocumentSource } from "../source.ts";
import { WEB_HOURS, WEB_START } from "./web_access.ts";

const COUNT = 240;

export function deployments(random: Random): DocumentSource {
  const items = Array.from({ length: COUNT }, (_, number): BulkItem => {
    const started = WEB_START + Math.round((number / COUNT) * WEB_HOURS * 3_600_000);
    const seconds = Math.round(random.longTail(90) * 10) / 10;
    const document: Record<string, JsonValue> = {
      "@timestamp": new Date(started).toISOString(),
      service: random.pick(["checkout", "payments", "inventory", "search", "mail", "users"]),
      version: `2.${random.integer(10, 14)}.${random.integer(0, 6)}`,
      by: random.pick(["anna", "björn", "ci"]),
      seconds: seconds === Math.round(seconds) ? seconds + 0.1 : seconds,
      succeeded: random.chance(0.9),
      changes: random.integer(1, 40),
    };
    if (number > COUNT / 2) {
      document.cluster = { name: random.pick(["blue", "green"]), nodes: random.integer(3, 12) };
      if (random.chance(0.3))
        document.rollback_reason = random.pick(["error rate above 5 percent", "latency doubled", "failed health check"]);
    }
    return { action: "index", meta: {}, document };
  });
  return { index: "deployments", bulkSize: 80, items };
}
