import type { JsonValue } from "../../../shared/json.ts";
import { isObject, member, numberAt } from "../../../shared/json.ts";
import type { Place } from "../place.ts";
import { leftOpen } from "./rule.ts";

/**
 * Past track_total_hits Elasticsearch stops counting and says "gte": any number at least as large is the same answer.
 * A request for the exact total (`track_total_hits: true`) never falls under it.
 */
export const totalLowerBound = leftOpen(
  "total_lower_bound",
  "Elasticsearch stopped counting and gave a lower bound, which holds for ClickHouse's total too.",
  ({ kind, place }) => {
    if (kind !== "value" || place.role.kind !== "total" || member(place.role.search, "track_total_hits") === true) return false;
    const totals = totalsAround(place);
    return totals !== null && totals.relation === "gte" && RELATIONS.has(totals.own) && totals.clickhouse >= totals.elasticsearch;
  },
);

const RELATIONS: ReadonlySet<unknown> = new Set(["eq", "gte"]);

interface Totals {
  /** Elasticsearch's, and ClickHouse's own. */
  readonly relation: JsonValue | undefined;
  readonly own: JsonValue | undefined;
  readonly elasticsearch: number;
  readonly clickhouse: number;
}

function totalsAround(place: Place): Totals | null {
  const at = place.parent;
  if (at === null || !isObject(at.elasticsearch) || !isObject(at.clickhouse)) return null;
  const elasticsearch = numberAt(at.elasticsearch, "value");
  const clickhouse = numberAt(at.clickhouse, "value");
  if (elasticsearch === null || clickhouse === null) return null;
  return { relation: member(at.elasticsearch, "relation"), own: member(at.clickhouse, "relation"), elasticsearch, clickhouse };
}
