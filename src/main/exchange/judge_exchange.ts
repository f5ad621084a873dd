// All searches of one exchange, judged against what Elasticsearch answered to it.
import type { Comparison, ExchangeDetail, SearchPart, Timings } from "../../shared/exchange.ts";
import { shapeOf } from "../capture/shape.ts";
import type { ClickHouseClient } from "../clickhouse/client.ts";
import { decodeBody } from "../elasticsearch/body.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { TappedExchange, TappedResponse } from "../proxy/tap.ts";
import { apart } from "./apart.ts";
import { continuationOf } from "./continuation.ts";
import { tooDeep } from "./depth.ts";
import { type Judged, type Judging, judge, type ToldSearch } from "./judge.ts";
import { loudest, notMatched } from "./outcome.ts";
import type { Stages } from "./run_search.ts";
import { readAnswers, readSearches, shownOf } from "./search_request.ts";
import type { Witness } from "./witness.ts";

/** Of several searches in a request, those that are judged, by position; the parts of all others. */
export interface Some {
  readonly judged: ReadonlySet<number>;
  readonly parts: readonly SearchPart[];
}

/** An exchange whose searches are to be judged. Plain data. */
export interface Asked {
  readonly exchange: TappedExchange;
  readonly routed: Route;
  readonly timings: ExchangeDetail["timings"];
  /** @default all */
  readonly some?: Some | undefined;
  /** The answer is not its last: what ClickHouse answered is kept, to be compared with a later one. @default false */
  readonly goesOn?: boolean;
}

export interface JudgingOptions {
  readonly witness: Witness;
  readonly clickhouse: Pick<ClickHouseClient, "query">;
  /** Where a statement's answer has more octets, this throws LargeAnswer, unless the search reads a moment. @default any */
  readonly mostBytes?: number;
}

export interface JudgedExchange {
  readonly comparison: Comparison;
  readonly parts: readonly SearchPart[];
  readonly timings: Timings;
  /** ClickHouse's answer to all of it, where it is too large to stand in the parts. */
  readonly answer?: Uint8Array<ArrayBuffer>;
  /** Those of its searches that are open. @default none */
  readonly open?: readonly OpenSearch[];
  /** Of one that goes on: compares the last search with a later answer; null: that one is not its last either. Throws UndecodableBody. */
  readonly again?: (last: Later) => Promise<ToldSearch | null>;
}

/** A search that differs, and a second look may tell whether writes made that. */
export interface OpenSearch {
  readonly position: number;
  /** In words, why it is open. */
  readonly reason: string;
}

/** A later answer to the same search. */
export interface Later {
  readonly response: Pick<TappedResponse, "status" | "headers" | "body">;
  readonly filter: string;
  /** When it ended, epoch ms. */
  readonly end: number;
}

/** Throws UndecodableBody, LargeAnswer. */
export async function judgeExchange(asked: Asked, options: JudgingOptions): Promise<JudgedExchange> {
  const { exchange, routed, timings: before, some, goesOn = false } = asked;
  const { request, response } = exchange;
  const without = (comparison: Comparison): JudgedExchange => ({ comparison, parts: [], timings: before });
  if (response === null) return without(notMatched("not_compared", "Elasticsearch gave no answer"));
  const sent = decodeBody(request.headers, request.body);
  const answered = decodeBody(response.headers, response.body);
  const deep = tooDeep("the request", sent) || tooDeep("Elasticsearch's answer", answered);
  if (deep !== "") return without(notMatched("not_compared", deep));
  const read = readSearches(routed, textOf(sent));
  if (read.problem !== "") {
    const verdict = response.status >= 400 ? "not_compared" : "unsupported";
    return without(notMatched(verdict, `not a search that can be read: ${read.problem}`));
  }
  const clock = (): number => performance.timeOrigin + performance.now() - exchange.time;
  const origin = clock();
  const answerTo = readAnswers(routed.endpoint, response.status, textOf(answered));
  const later = { clock, filter: null, end: exchange.time + (exchange.phases.lastByte ?? 0) };
  const parts: SearchPart[] = [];
  const open: OpenSearch[] = [];
  let last: Judged | null = null;
  for (const search of read.searches) {
    const known = some?.judged.has(search.position) === false ? some.parts[search.position] : undefined;
    if (known !== undefined) {
      parts.push(known);
      continue;
    }
    const answer = answerTo(search.position);
    const moment = await options.witness.view(search, continuationOf(answer));
    const compareStarted = clock();
    const judging = judgingOf(options, exchange, routed, { ...later, ...(moment === null ? { mostBytes: options.mostBytes } : {}) });
    last = await judge(judging, search, answer, Math.floor(exchange.time), moment);
    if (last.unsettled !== undefined) open.push({ position: search.position, reason: last.unsettled });
    parts.push(read.searches.length === 1 ? last.part : { ...last.part, timings: { compareStarted, ...phasesOf(last.stages) } });
  }
  const timings: Timings = { ...before, compareStarted: origin, ...phasesOf(last?.stages ?? {}) };
  const comparison = loudest(parts.map((part) => part.comparison)) ?? notMatched("not_compared", "no search in it");
  const judged = { comparison, timings, ...(open.length === 0 ? {} : { open }), ...apart(parts) };
  const again = last?.again;
  if (again === undefined || !goesOn) return judged;
  return {
    ...judged,
    again: async ({ response: { status, headers, body }, filter, end }) => {
      const answer = readAnswers(routed.endpoint, status, textOf(decodeBody(headers, body)))(0);
      if (answer.body === null || answer.partial === true) return null;
      const told = await again(judgingOf(options, exchange, routed, { clock, filter, end }), answer);
      const [part = told.part] = apart([told.part]).parts;
      return { ...told, part };
    },
  };
}

interface How {
  readonly clock: () => number;
  /** null: as the search has it. */
  readonly filter: string | null;
  readonly end: number;
  readonly mostBytes?: number | undefined;
}

function judgingOf(
  { witness, clickhouse }: JudgingOptions,
  exchange: TappedExchange,
  { endpoint }: Route,
  { clock, filter, end, mostBytes }: How,
): Judging {
  return {
    clock,
    tables: (search) => witness.tables(search),
    run: (printed) => clickhouse.query(printed, { exchange: exchange.id, ...(mostBytes === undefined ? {} : { mostBytes }) }),
    whole: (indices) => witness.whole(indices),
    unsettled: (indices) => witness.unsettled(indices, end),
    late: async (indices) => (await witness.late?.(indices, end)) ?? "",
    settings: (search) => witness.settings(search),
    shapeOf: (search) => shapeOf(search.endpoint, search.index, search.body).hash,
    shown: (search, body) => shownOf(endpoint, filter ?? search.filter ?? "", body),
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
