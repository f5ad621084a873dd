// Do the two answers say the same? Elasticsearch's answer and ClickHouse's, shaped alike, in; a verdict with its evidence
// out. Pure, linear in the size of the answers, never recursive.
//
// `equal`: everything that was found is the same; members that tell of the answer's making (`took`, `_shards`) always
// differ and are only listed. `equivalent`: what differs is explained by named rules. `different`: something is not.
import type { Comparison, Verdict } from "../../shared/exchange.ts";
import type { JsonObject } from "../../shared/json.ts";
import { isNumber, isObject, member } from "../../shared/json.ts";
import { VERDICT_RULES_KEY } from "../../shared/verdict_rules.ts";
import { compareErrors } from "./errors.ts";
import { countLeaves } from "./leaves.ts";
import { Ledger } from "./ledger.ts";
import type { Place } from "./place.ts";
import type { Role } from "./role.ts";
import { compareTable } from "./table.ts";
import { indexTolerances } from "./tolerances.ts";
import type { MatchInput } from "./types.ts";
import { walk } from "./walk.ts";

/** Compares ClickHouse's answer to a search with Elasticsearch's. */
export function match(input: MatchInput): Comparison {
  const elasticsearch = unwrapAsync(input.elasticsearch);
  const clickhouse = unwrapAsync(input.clickhouse);
  const partial = whyPartial(input.elasticsearch) ?? whyPartial(elasticsearch);
  const ledger = new Ledger(input.settings);
  if (partial === null) {
    const root = placeOfAnswers(elasticsearch, clickhouse, { kind: "root", request: input.request });
    if (member(elasticsearch, "error") !== undefined || member(clickhouse, "error") !== undefined) compareErrors(root, ledger);
    else if (input.table !== undefined) compareTable(root, ledger, indexTolerances(input.tolerances, ledger.switches), input.table);
    else walk(root, ledger, indexTolerances(input.tolerances, ledger.switches));
  }
  return conclude(ledger, partial, countLeaves(elasticsearch));
}

function placeOfAnswers(elasticsearch: JsonObject, clickhouse: JsonObject, role: Role): Place {
  return { parent: null, step: "", position: "", role, elasticsearch, clickhouse };
}

function conclude(ledger: Ledger, partial: string | null, totalLeaves: number): Comparison {
  const verdict = verdictOf(ledger, partial);
  return {
    verdict,
    reason: partial ?? reasonOf(verdict, ledger),
    differences: ledger.differences,
    differenceCount: ledger.differenceCount,
    rules: ledger.rules(),
    ...(ledger.switchedOffCount === 0 ? {} : { rulesOff: ledger.rulesOff() }),
    comparedLeaves: ledger.comparedLeaves,
    totalLeaves,
    unsupported: [],
  };
}

function verdictOf(ledger: Ledger, partial: string | null): Verdict {
  if (partial !== null) return "not_compared";
  if (ledger.differenceCount > 0) return "different";
  return ledger.excused ? "equivalent" : "equal";
}

function reasonOf(verdict: Verdict, ledger: Ledger): string {
  if (verdict === "equal") return "Both answers are the same.";
  if (verdict === "equivalent") return `The answers differ only by named rules: ${spokenRules(ledger)}.`;
  const first = ledger.differences[0];
  const where = first === undefined ? "" : `, first at ${first.path === "" ? "the root" : first.path}`;
  return `The answers differ in ${ledger.differenceCount} ${ledger.differenceCount === 1 ? "place" : "places"}${where}.${spokenOff(ledger)}`;
}

function spokenOff(ledger: Ledger): string {
  const { differenceCount, switchedOffCount } = ledger;
  if (switchedOffCount === 0) return "";
  const names = [...new Set(ledger.rulesOff().map(({ rule }) => rule))].join(", ");
  const which = switchedOffCount < differenceCount ? `${switchedOffCount} of them` : differenceCount === 1 ? "It" : "They";
  return ` ${which} would be explained by what an entry of ${VERDICT_RULES_KEY} switches off: ${names}.`;
}

function spokenRules(ledger: Ledger): string {
  const names = ledger.rules().map(({ rule, byEntry }) => (byEntry === true ? `${rule} (by an entry of ${VERDICT_RULES_KEY})` : rule));
  return [...new Set(names)].filter((rule) => rule !== "envelope" && rule !== "error_text").join(", ");
}

/** The search's own answer inside an `_async_search` envelope; anything else is itself. */
function unwrapAsync(answer: JsonObject): JsonObject {
  const response = member(answer, "response");
  return isObject(response) && member(answer, "is_partial") !== undefined ? response : answer;
}

/** Why Elasticsearch's answer is not whole and must not be compared; null when it is. */
function whyPartial(answer: JsonObject): string | null {
  if (member(answer, "is_running") === true) return "Elasticsearch is still searching: its answer is partial.";
  if (member(answer, "is_partial") === true) return "Elasticsearch's answer is partial.";
  if (member(answer, "timed_out") === true) return "Elasticsearch's search timed out: its answer is partial.";
  const shards = member(answer, "_shards");
  const failed = isObject(shards) ? member(shards, "failed") : undefined;
  if (!isNumber(failed) || Number(failed) === 0) return null;
  return `${String(failed)} of Elasticsearch's shards failed: its answer is partial.`;
}
