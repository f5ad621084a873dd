// A second opinion on two answers: a plain recursive comparison that shares no code with the matcher and knows few
// tolerances, each of them its own. It may be stricter than the matcher, never laxer without a reason.
import { isObject, type JsonObject, type JsonValue, member } from "../../../src/shared/json.ts";
import { compareAggregations } from "./aggregations.ts";
import { Findings, namesOf } from "./findings.ts";
import { compareHits } from "./hits.ts";

/** Tell of the making of an answer, not of what was found. */
const HOUSEKEEPING: ReadonlySet<string> = new Set([
  "took",
  "timed_out",
  "terminated_early",
  "_shards",
  "profile",
  "num_reduce_phases",
  "pit_id",
  "_scroll_id",
]);

export interface Compared {
  readonly request: JsonObject;
  readonly elasticsearch: JsonObject;
  readonly clickhouse: JsonObject;
  /** All documents: bounds of error are worked out from them. */
  readonly documents: readonly JsonObject[];
}

/** Compares two answers to a search. Throws nothing. */
export function compareNaively({ request, elasticsearch, clickhouse, documents }: Compared): Findings {
  const findings = new Findings();
  for (const name of namesOf(elasticsearch, clickhouse)) {
    if (HOUSEKEEPING.has(name)) continue;
    const [a, b] = [member(elasticsearch, name), member(clickhouse, name)];
    if (b === undefined) findings.drop(`/${name}`);
    else if (name === "hits" && isObject(a) && isObject(b)) compareHits(request, a, b, "/hits", findings);
    else if (name === "aggregations" && isObject(a))
      compareAggregations(definitionsOf(request), a, b, "/aggregations", { documents, findings });
    else findings.exact(`/${name}`, a, b);
  }
  return findings;
}

function definitionsOf(request: JsonObject): JsonObject {
  const value: JsonValue | undefined = member(request, "aggs") ?? member(request, "aggregations");
  return isObject(value) ? value : {};
}
