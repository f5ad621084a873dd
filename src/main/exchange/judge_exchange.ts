// All searches of one exchange, judged against what Elasticsearch answered to it.
import type { Comparison, ExchangeDetail, SearchPart, Timings } from "../../shared/exchange.ts";
import type { JsonObject } from "../../shared/json.ts";
import { shapeOf } from "../capture/shape.ts";
import { decodeBody } from "../elasticsearch/body.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { JudgeAgain } from "./async_searches.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import { tooDeep } from "./depth.ts";
import { type Judged, type Judging, judge } from "./judge.ts";
import type { Moment } from "./moment.ts";
import type { Moments } from "./moments.ts";
import type { OpenWrites } from "./open_writes.ts";
import { loudest, notMatched } from "./outcome.ts";
import type { Stages, TableLookup } from "./run_search.ts";
import { readAnswer, readSearches, type SearchRequest, shownOf } from "./search_request.ts";
import { lookUpTables, unsettledReason } from "./tables.ts";

/** Of several searches in a request, those that are judged, by position; the parts of all others. */
export interface Some {
  readonly judged: ReadonlySet<number>;
  readonly parts: readonly SearchPart[];
}

export interface ToJudge {
  readonly exchange: TappedExchange;
  readonly routed: Route;
  readonly timings: ExchangeDetail["timings"];
  /** What was held for the scroll that it begins; null for all others. */
  readonly held: Promise<Moment> | null;
  /** @default all */
  readonly some?: Some | undefined;
}

export interface JudgingOptions {
  readonly mirrored: Mirrored;
  readonly openWrites: OpenWrites;
  readonly moments: Moments;
  readonly tables: (search: SearchRequest) => Promise<TableLookup>;
}

export interface JudgedExchange {
  readonly comparison: Comparison;
  readonly parts: readonly SearchPart[];
  readonly timings: Timings;
  /** Compares the last search with a later answer. */
  readonly again?: (...last: Parameters<JudgeAgain>) => SearchPart;
}

/** Throws UndecodableBody. */
export async function judgeExchange(asked: ToJudge, { mirrored, openWrites, moments, tables }: JudgingOptions): Promise<JudgedExchange> {
  const { exchange, routed, timings: before, held, some } = asked;
  const { request, response } = exchange;
  const without = (comparison: Comparison): JudgedExchange => ({ comparison, parts: [], timings: before });
  if (response === null) return without(notMatched("not_compared", "Elasticsearch gave no answer"));
  const sentBytes = decodeBody(request.headers, request.body);
  const answered = decodeBody(response.headers, response.body);
  const deep = tooDeep("the request", sentBytes) || tooDeep("Elasticsearch's answer", answered);
  if (deep !== "") return without(notMatched("not_compared", deep));
  const [sent, text] = [textOf(sentBytes), textOf(answered)];
  const read = readSearches(routed, sent);
  if (read.problem !== "") {
    const verdict = response.status >= 400 ? "not_compared" : "unsupported";
    return without(notMatched(verdict, `not a search that can be read: ${read.problem}`));
  }
  const origin = performance.timeOrigin + performance.now() - exchange.time;
  const clock = (): number => performance.timeOrigin + performance.now() - exchange.time;
  const judging = {
    ...judgingOf(mirrored, openWrites, exchange, clock),
    tables,
    shown: (search: SearchRequest, body: JsonObject) => shownOf(routed.endpoint, search.filter ?? "", body),
  };
  const now = Math.floor(exchange.time);
  const parts: SearchPart[] = [];
  let last: Judged | null = null;
  for (const search of read.searches) {
    const known = some?.judged.has(search.position) === false ? some.parts[search.position] : undefined;
    if (known !== undefined) {
      parts.push(known);
      continue;
    }
    const answer = readAnswer(routed.endpoint, response.status, text, search.position);
    const moment = await moments.view({ mirrored, exchange, routed, held }, search, answer);
    const compareStarted = clock();
    last = await judge(judging, search, answer, now, moment);
    parts.push(read.searches.length === 1 ? last.part : { ...last.part, timings: { compareStarted, ...phasesOf(last.stages) } });
  }
  const timings: Timings = { ...before, compareStarted: origin, ...phasesOf(last?.stages ?? {}) };
  const comparison = loudest(parts.map((part) => part.comparison)) ?? notMatched("not_compared", "no search in it");
  const again = last?.again;
  if (again === undefined) return { comparison, parts, timings };
  return {
    comparison,
    parts,
    timings,
    again: (answer, filter, end) => {
      const whole = { ...exchange, phases: { ...exchange.phases, lastByte: end - exchange.time } };
      const later = {
        ...judgingOf(mirrored, openWrites, whole, clock),
        shown: (_search: SearchRequest, own: JsonObject) => shownOf(routed.endpoint, filter, own),
      };
      return again(later, answer);
    },
  };
}

function judgingOf({ mirror, clickhouse }: Mirrored, openWrites: OpenWrites, exchange: TappedExchange, clock: () => number): Judging {
  return {
    clock,
    tables: (search) => lookUpTables(mirror, search),
    run: (printed) => clickhouse.query(printed, { exchange: exchange.id }),
    whole: (indices) => mirror.whole(indices),
    unsettled: (indices) => unsettledReason({ mirror, openWrites }, indices, exchange.time, exchange.phases.lastByte ?? 0),
    shapeOf: (search: SearchRequest) => shapeOf(search.endpoint, search.index, search.body).hash,
  };
}

function phasesOf({ translated, ran, shaped, matched }: Stages): Pick<Timings, "translated" | "clickhouseDone" | "shaped" | "matched"> {
  return {
    ...(translated === undefined ? {} : { translated }),
    ...(ran === undefined ? {} : { clickhouseDone: ran }),
    ...(shaped === undefined ? {} : { shaped }),
    ...(matched === undefined ? {} : { matched }),
  };
}
