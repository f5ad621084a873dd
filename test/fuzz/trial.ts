// One generated request on both engines, judged twice: by the product's own judge, and by the naive comparison.
import { isObject, type JsonObject, member, parseJson } from "../../src/shared/json.ts";
import { judgeBoth } from "../support/live_judge.ts";
import type { Loaded } from "../support/two_engines.ts";
import { compareNaively } from "./naive/compare.ts";

/**
 * `wrong`: the matcher says the same, the naive comparison does not. `dropped`: an aggregation, the hits or a section of
 * them is missing without a reason. `refused`: both refuse the request alike. `overlooked`: the matcher sees a difference, the
 * naive comparison none.
 */
export type Outcome =
  | "equal"
  | "equivalent"
  | "refused"
  | "unsupported"
  | "wrong"
  | "dropped"
  | "different"
  | "overlooked"
  | "failed"
  | "not_compared";

export interface Trial {
  readonly outcome: Outcome;
  /** One line: the first difference, the clause without SQL, the fault. */
  readonly reason: string;
  readonly elasticsearch: JsonObject | null;
  readonly clickhouse: JsonObject | null;
}

/** Outcomes that are faults of ours. */
export const FAULTS: ReadonlySet<Outcome> = new Set(["wrong", "dropped", "different", "overlooked", "failed"]);

export async function tryRequest(
  loaded: Loaded,
  documents: readonly JsonObject[],
  body: JsonObject,
  params: ReadonlyMap<string, string> = new Map(),
): Promise<Trial> {
  const { elasticsearch, part } = await judgeBoth(loaded, { params, body });
  const { verdict, reason, differences, unsupported } = part.comparison;
  const parsed = part.clickhouse === null ? null : parseJson(part.clickhouse);
  const clickhouse = isObject(parsed) ? parsed : null;
  const trial = (outcome: Outcome, why: string): Trial => ({ outcome, reason: why.slice(0, 400), elasticsearch, clickhouse });
  const [first] = differences;
  const where = first === undefined ? reason : `${first.path}: ${first.elasticsearch ?? "nothing"} <> ${first.clickhouse ?? "nothing"}`;
  if (verdict === "unsupported") return trial("unsupported", unsupported[0]?.reason ?? reason);
  if (verdict === "failed" || verdict === "not_compared") return trial(verdict, reason);
  if (clickhouse === null || elasticsearch === null || member(elasticsearch, "error") !== undefined)
    return trial(verdict === "equal" ? "refused" : "different", `${reason} ${where}`);
  const findings = compareNaively({ request: body, elasticsearch, clickhouse, documents });
  // Where the matcher leaves the order by scores open, there is nothing more to say of the hits.
  const open = part.comparison.rules.some(({ rule }) => rule === "stale_statistics");
  const [difference = ""] = findings.differences.filter((each) => !(open && each.startsWith("/hits/") && !each.startsWith("/hits/total")));
  const [drop] = findings.drops;
  if (drop !== undefined) return trial("dropped", drop);
  if (verdict === "different") return trial(difference === "" ? "overlooked" : "different", where);
  return difference === "" ? trial(verdict, "") : trial("wrong", difference);
}
