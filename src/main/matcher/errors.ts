// Two answers of which at least one is an error. Both reject with the same status and type: equal, whatever they say.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { isArray, isNumber, isObject, member } from "../../shared/json.ts";
import { countLeaves } from "./leaves.ts";
import type { Ledger } from "./ledger.ts";
import { sameNumber } from "./number.ts";
import { memberPlace, type Place } from "./place.ts";

/** Compares `error.type` and `status`; the rest of an error is housekeeping. */
export function compareErrors(root: Place, ledger: Ledger): void {
  const { elasticsearch, clickhouse } = root;
  if (!isObject(elasticsearch) || !isObject(clickhouse)) return;
  const theirs = member(elasticsearch, "error");
  const ours = member(clickhouse, "error");
  const error = memberPlace(root, "error", theirs, ours);
  if (theirs === undefined || ours === undefined) {
    record(ledger, error, theirs === undefined ? "extra" : "missing");
    return;
  }
  compareStatus(root, elasticsearch, clickhouse, ledger);
  compareType(error, theirs, ours, ledger);
  const role = { kind: "error_detail" } as const;
  const details = countLeaves(theirs) - 1;
  if (details > 0) record(ledger, { ...error, role }, "value");
}

function compareStatus(root: Place, elasticsearch: JsonObject, clickhouse: JsonObject, ledger: Ledger): void {
  const theirs = member(elasticsearch, "status");
  const ours = member(clickhouse, "status");
  if (theirs === undefined) return;
  if (isNumber(theirs) && isNumber(ours) && sameNumber(theirs, ours)) ledger.comparedLeaves += 1;
  else record(ledger, memberPlace(root, "status", theirs, ours), ours === undefined ? "missing" : "value");
}

function compareType(error: Place, elasticsearch: JsonValue, clickhouse: JsonValue, ledger: Ledger): void {
  const theirs = isObject(elasticsearch) ? member(elasticsearch, "type") : undefined;
  const ours = isObject(clickhouse) ? member(clickhouse, "type") : undefined;
  if (typeof ours === "string" && typesOf(elasticsearch).has(ours)) ledger.comparedLeaves += 1;
  else record(ledger, memberPlace(error, "type", theirs, ours), ours === undefined ? "missing" : "value");
}

/**
 * An error's own type and those of what caused it: a failing shard's error comes wrapped in `search_phase_execution_exception`,
 * that of the merging of shards under its `caused_by` alone. What a shard itself names as its cause is in its own entry only.
 */
export function typesOf(error: JsonValue | undefined): ReadonlySet<JsonValue | undefined> {
  const types = new Set<JsonValue | undefined>();
  let at = error;
  while (isObject(at)) {
    types.add(member(at, "type"));
    const causes = member(at, "root_cause");
    for (const cause of isArray(causes) ? causes : []) if (isObject(cause)) types.add(member(cause, "type"));
    const shards = member(at, "failed_shards");
    for (const shard of isArray(shards) ? shards : []) {
      for (const type of isObject(shard) ? typesOf(member(shard, "reason")) : []) types.add(type);
    }
    at = member(at, "caused_by");
  }
  return types;
}

function record(ledger: Ledger, place: Place, kind: "value" | "missing" | "extra"): void {
  ledger.record({ kind, place, elasticsearch: place.elasticsearch, clickhouse: place.clickhouse, tied: false, tolerance: undefined });
}
