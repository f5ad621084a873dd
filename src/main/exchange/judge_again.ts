// The kept answers of an exchange compared again by the rules of now: nobody is asked anything. What was settled by something else than the
// two answers (a refusal, writes that went on, a moment that was read) stays as it is.
import type { Comparison, ExchangeDetail, SearchPart } from "../../shared/exchange.ts";
import { isArray, isNumber, isObject, type JsonObject, member, parseObject } from "../../shared/json.ts";
import type { Leeway } from "../../shared/leeway.ts";
import type { Session } from "../capture/session.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { route } from "../elasticsearch/route.ts";
import type { Fitting, RuleSettings } from "../matcher/rule_settings.ts";
import { compareAnswers } from "./judge.ts";
import { loudest } from "./outcome.ts";
import { readAnswers, readSearches, type SearchAnswer, type SearchRequest, shownOf } from "./search_request.ts";
import { TOLD } from "./second_look.ts";
import { withTieBreak } from "./tie_break.ts";

/** Larger exchanges take too long between others. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Rules that need what the translation left open. */
const OF_LEEWAY: ReadonlySet<string> = new Set(["hyperloglog", "tdigest", "float_sum", "as_string", "stale_statistics", "open_rows"]);
const NO_LEEWAY: Leeway = Object.freeze({ tolerances: [] });
const NOT_KEPT = "what its answer leaves open was not kept";
const COMPARED: ReadonlySet<string> = new Set(["equal", "equivalent", "different"]);

/** An exchange as it is to be kept from now on. */
export interface JudgedAgain {
  readonly searches: readonly SearchPart[];
  readonly verdict: Comparison["verdict"];
  readonly note: string;
}

/** In words, why no search of it can be judged again. */
export function judgedAgain(
  session: Pick<Session, "decodedBody">,
  detail: ExchangeDetail,
  settingsOf: (search: Fitting) => RuleSettings,
): JudgedAgain | string {
  const obstacle = obstacleTo(detail);
  if (obstacle !== "") return obstacle;
  const routed = route(detail.method, detail.path);
  const { searches } = readSearches(routed, textIn(session, detail, "request"));
  const answerTo = readAnswers(routed.endpoint, detail.status, textIn(session, detail, "elasticsearch"));
  const clickhouseOf = answersOf(session, detail);
  let why = "";
  const judged = detail.searches.map((part): SearchPart => {
    const search = searches[part.position];
    const clickhouse = clickhouseOf(part);
    const cant = search === undefined || clickhouse === null ? "it has no two answers to compare" : cantBeJudged(part, search);
    if (search === undefined || clickhouse === null || cant !== "") {
      why = cant;
      return part;
    }
    const comparison = compared(
      part,
      { search, answer: answerOf(part, answerTo), clickhouse, endpoint: routed.endpoint },
      settingsOf(part),
    );
    if (typeof comparison !== "string") return { ...part, comparison };
    why = comparison;
    return part;
  });
  if (judged.every((part, at) => part === detail.searches[at])) return why;
  const [before, now] = [detail.searches, judged].map((parts) => loudest(parts.map(({ comparison }) => comparison)));
  if (now === undefined) return why;
  const note =
    before === undefined || before.reason === "" ? detail.note || now.reason : detail.note.replace(before.reason, () => now.reason);
  return { searches: judged, verdict: now.verdict, note };
}

function obstacleTo(detail: ExchangeDetail): string {
  const { kind, searches, response, request } = detail;
  if (kind !== "search" || searches.length === 0) return "it is no search that was judged";
  if (response === null) return "it has no two answers to compare";
  if (request.sent !== undefined || response.given !== undefined) return "it was changed on its way";
  if (request.truncated || response.truncated) return "it was not captured whole";
  return detail.requestBytes + detail.responseBytes > MOST_BYTES ? "its answers are too large" : "";
}

/** "" or why a search keeps its verdict. */
function cantBeJudged({ comparison, leeway }: SearchPart, { body, params }: SearchRequest): string {
  if (!COMPARED.has(comparison.verdict)) return `it is ${comparison.verdict}: there was nothing to compare`;
  if (params.has("scroll") || member(body, "pit") !== undefined || member(body, "scroll_id") !== undefined)
    return "it read a moment that is over";
  const needed = [...comparison.rules, ...(comparison.rulesOff ?? [])].some(({ rule }) => OF_LEEWAY.has(rule));
  return leeway === undefined && needed ? NOT_KEPT : "";
}

interface Kept {
  readonly search: SearchRequest;
  readonly answer: SearchAnswer;
  readonly clickhouse: JsonObject;
  readonly endpoint: string;
}

function compared(part: SearchPart, { search, answer, clickhouse, endpoint }: Kept, settings: RuleSettings): Comparison | string {
  const looked = part.second !== undefined;
  const asked = looked && search.endpoint === "search" ? { ...search, body: withTieBreak(search.body) } : search;
  const { tolerances, table } = part.leeway ?? NO_LEEWAY;
  const shown = shownOf(endpoint, search.filter ?? "", clickhouse);
  const comparison = compareAnswers(asked, answer, shown, { tolerances, table, settings });
  const before = part.comparison.verdict;
  // A difference that only a rule explained was never asked whether writes made it, unless that was kept.
  if (comparison.verdict === "different" && before !== "different" && (part.leeway === undefined || part.leeway.open !== undefined))
    return part.leeway?.open ?? NOT_KEPT;
  const said = [
    comparison.reason,
    looked ? TOLD : "",
    comparison.verdict === before ? "" : `Judged again by other rules: it was ${before}.`,
  ];
  return { ...comparison, reason: said.filter((text) => text !== "").join(" ") };
}

/** Elasticsearch's answer, that of the second look where there was one. */
function answerOf({ position, second }: SearchPart, answerTo: (position: number) => SearchAnswer): SearchAnswer {
  if (second === undefined) return answerTo(position);
  const body = parseObject(second.elasticsearch);
  const status = body === null ? undefined : member(body, "status");
  return { status: isNumber(status) ? Number(status) : 200, body };
}

/** ClickHouse's answers by search; null where it gave none, or it was not kept. */
function answersOf(session: Pick<Session, "decodedBody">, detail: ExchangeDetail): (part: SearchPart) => JsonObject | null {
  if (detail.searches.every(({ clickhouseBytes }) => clickhouseBytes === undefined))
    return ({ clickhouse }) => (clickhouse === null ? null : parseObject(clickhouse));
  const whole = parseObject(textIn(session, detail, "clickhouse"));
  if (detail.searches.length === 1) return () => whole;
  const responses = whole === null ? undefined : member(whole, "responses");
  return ({ position }) => {
    const one = isArray(responses) ? responses[position] : undefined;
    return isObject(one) ? one : null;
  };
}

function textIn(session: Pick<Session, "decodedBody">, { id }: ExchangeDetail, side: "request" | "elasticsearch" | "clickhouse"): string {
  return textOf(session.decodedBody(id, side) ?? new Uint8Array());
}
