// Both sides, asked once more: does the place still differ?
import { type JsonObject, member, printJson } from "../../shared/json.ts";
import { paramsAgain } from "../exchange/params_again.ts";
import { runSearch, type SearchOutcome } from "../exchange/run_search.ts";
import { match } from "../matcher/index.ts";
import type { ExplainBackends, ToExplain } from "./backends.ts";
import type { ExplainedPlace } from "./place.ts";
import { targetOf } from "./sides.ts";

/** Whether the place differs when both sides are asked once more; null where that can't be asked, or told. */
export async function differsAgain(
  { part, search, time }: ToExplain,
  { place, path }: { readonly place: ExplainedPlace; readonly path: string },
  backends: ExplainBackends,
): Promise<boolean | null> {
  if (search.endpoint === "esql" || member(search.body, "pit") !== undefined) return null;
  const target = targetOf(search, search.endpoint);
  const params = paramsAgain(search.params).toString();
  const [theirs, ours] = await Promise.all([
    backends.elasticsearch(params === "" ? target : `${target}?${params}`, search.body),
    runSearch(backends.running, search, usesNow(search.body) ? Date.now() : time),
  ]);
  if (path === "/error") return refusesOtherwise(theirs.status, ours);
  if (theirs.body === null || ours.kind !== "answered" || theirs.status >= 400) return null;
  const { differences } = match({
    endpoint: search.endpoint,
    request: search.body,
    elasticsearch: theirs.body,
    clickhouse: ours.body,
    tolerances: ours.tolerances,
    settings: backends.settings(part),
    ...(ours.table === undefined ? {} : { table: ours.table }),
  });
  // Where a hit has gone meanwhile, what is left of its list tells.
  const inside = place.kind === "hit" ? "/hits/hits" : path;
  return differences.some((one) => one.path.startsWith(inside) || path.startsWith(`${one.path}/`));
}

function refusesOtherwise(status: number, ours: SearchOutcome): boolean | null {
  if (ours.kind === "rejected") return status !== ours.error.status;
  return ours.kind === "answered" ? status >= 400 : null;
}

/** Date math that counts from the moment of the request. */
function usesNow(body: JsonObject): boolean {
  return /"now[-+/|"]/.test(printJson(body));
}
