// The middle of the engine: takes every exchange that the proxy saw, keeps it, mirrors what it wrote, judges what it
// searched. The client has had its answer long before; nothing here can delay or change it.
import type { ExchangeDetail } from "../../shared/exchange.ts";
import type { AnswerNote } from "../answer/answering.ts";
import { decodeContent } from "../capture/coding.ts";
import type { Session } from "../capture/session.ts";
import type { CapturedBodies } from "../capture/types.ts";
import { isElsewhere, type Route, route } from "../elasticsearch/route.ts";
import { type Fitting, NO_SETTINGS, type RuleSettings } from "../matcher/rule_settings.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { Tap, TappedExchange, TappedRequest, TappedResponse } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import type { Statistics } from "../report/statistics.ts";
import type { Routing } from "../routing/routing.ts";
import type { Altered } from "../rules/backends.ts";
import { within } from "../time_limit.ts";
import { AlteredExchanges, asElasticsearchHad, recordAltered } from "./altered.ts";
import { AnswerSource } from "./answer_source.ts";
import type { MirrorSource } from "./cluster_mirror.ts";
import { Findings, fellBack, type KeptRecord } from "./findings.ts";
import type { Ask } from "./held_moments.ts";
import type { JudgedExchange } from "./judge_exchange.ts";
import { Judges } from "./judges.ts";
import type { KeptWrites } from "./kept_writes.ts";
import { ENDING, MirrorTurns } from "./mirror_turns.ts";
import { asksToCompare, changes } from "./mirror_write.ts";
import { Moments } from "./moments.ts";
import type { OpenWrites } from "./open_writes.ts";
import { Overdue } from "./overdue.ts";
import { exchangeRecord, header, pendingRecord } from "./record.ts";
import { Searches } from "./searches.ts";
import type { Shadow } from "./shadow.ts";
import { unsettledReason } from "./tables.ts";
import { Works } from "./works.ts";
import { Writes } from "./writes.ts";

const PENDING_AFTER_MS = 300;
/** Answers that may be kept until their exchanges come. */
const MOST_ANSWERED = 1000;

export interface ExchangesOptions {
  readonly session: Session;
  readonly source: MirrorSource;
  readonly openWrites: OpenWrites;
  /** null without a journal. */
  readonly kept: KeptWrites | null;
  readonly routing: Routing;
  /** Asks Elasticsearch, too, what was answered here; null: nobody does. */
  readonly shadow: Shadow | null;
  /** Asks Elasticsearch beside the proxy, for second looks at searches among writes. @default none are taken */
  readonly ask?: Ask;
  readonly log: Log;
  readonly statistics: Pick<Statistics, "searched" | "inserted">;
  /** What is said of the rules for a search. @default nothing */
  readonly ruleSettings?: (search: Fitting) => RuleSettings;
  /** Told of an exchange that is new or changed. */
  readonly changed: (id: number) => void;
  /** Told of an exchange for which nothing is left to do. */
  readonly settled: (id: number) => void;
}

export class Exchanges implements Tap {
  /** What requests are answered from here. */
  readonly answerSource: AnswerSource;
  readonly #session: Session;
  readonly #source: MirrorSource;
  readonly #openWrites: OpenWrites;
  readonly #routing: Routing;
  readonly #shadow: Shadow | null;
  readonly #changed: (id: number) => void;
  readonly #altered = new AlteredExchanges();
  readonly #waiting = new Overdue<Requested>(PENDING_AFTER_MS, (id, requested) => this.#show(id, requested));
  /** Requests that were answered here, until their exchange is over. */
  readonly #answered = new Map<number, AnswerNote>();
  /** Why requests that were asked of ClickHouse went to Elasticsearch, until their exchange is over. */
  readonly #passed = new Map<number, string>();
  readonly #works: Works;
  readonly #turns: MirrorTurns;
  readonly #findings: Findings;
  readonly #judges: Judges;
  readonly #searches: Searches;
  readonly #writes: Writes;

  constructor(options: ExchangesOptions) {
    const { session, source, openWrites, routing, log, statistics, changed, ruleSettings: settings = () => NO_SETTINGS } = options;
    this.#session = session;
    this.#source = source;
    this.#openWrites = openWrites;
    this.#routing = routing;
    this.#shadow = options.shadow;
    this.#changed = changed;
    const works = new Works(options.settled);
    const turns = new MirrorTurns(source);
    const moments = new Moments(openWrites);
    const findings = new Findings({ session, altered: this.#altered, statistics, changed });
    const judges = new Judges({ turns, openWrites, moments, routing, settings });
    this.answerSource = new AnswerSource(turns, source, routing);
    this.#works = works;
    this.#turns = turns;
    this.#findings = findings;
    this.#judges = judges;
    this.#searches = new Searches({ turns, moments, judges, findings, works, ask: options.ask, log });
    this.#writes = new Writes({ turns, openWrites, kept: options.kept, findings, works, statistics, log });
  }

  requested(id: number, time: number, request: Omit<TappedRequest, "body" | "bodyBytes" | "truncated">): void {
    const routed = route(request.method, request.target);
    this.#openWrites.begin(id, time, routed);
    this.#waiting.add(id, { time, request, routed });
  }

  #show(id: number, { time, request, routed }: Requested): void {
    this.#session.put(pendingRecord(id, time, request, routed), {});
    this.#changed(id);
  }

  exchanged(exchange: TappedExchange): void {
    this.#works.begin(exchange.id);
    try {
      this.#exchanged(exchange);
    } finally {
      this.#works.end(exchange.id);
    }
  }

  #exchanged(exchange: TappedExchange): void {
    this.#waiting.remove(exchange.id);
    const routed = route(exchange.request.method, exchange.request.target);
    const fallback = this.#passed.get(exchange.id);
    this.#passed.delete(exchange.id);
    const altered = this.#altered.take(exchange.id);
    const kept = fellBack(exchangeRecord(exchange, routed), fallback);
    const { record, bodies } = altered === undefined ? { record: kept, bodies: {} } : recordAltered(kept, exchange, altered);
    const answered = this.#answered.get(exchange.id);
    if (answered !== undefined) {
      this.#keepAnswered(exchange, record, answered, { altered, bodies });
      return;
    }
    this.#session.put(record, {
      request: exchange.request.body,
      ...(exchange.response === null ? {} : { elasticsearch: exchange.response.body }),
      ...bodies,
    });
    this.#changed(exchange.id);
    if (isElsewhere(exchange.request.target)) return;
    if (altered?.by === "nobody") {
      this.#openWrites.end(exchange.id);
      if (routed.kind === "search") this.#findings.notCompared(record, "no server was asked");
      return;
    }
    if (altered === undefined) this.#goOn(exchange, routed, record, null);
    else {
      const had = asElasticsearchHad(exchange, altered);
      this.#goOn(had, route(had.request.method, had.request.target), record, altered.backend);
    }
  }

  /** An exchange of Elasticsearch's is over, as Elasticsearch had it. `said`: the backend that a rule gave it. */
  #goOn(exchange: TappedExchange, routed: Route, record: KeptRecord, said: Altered["backend"]): void {
    if (exchange.response === null) this.#source.unanswered();
    const backend = said ?? header(exchange.request.headers, "x-parallax-backend").toLowerCase();
    if (this.#routing.onlyTap && said !== "compare" && !asksToCompare(exchange.request.headers)) {
      this.#openWrites.end(exchange.id);
      if (routed.kind === "search") this.#findings.notCompared(record, "tap mode: searches are not compared");
      return;
    }
    if (routed.kind === "search" && backend === "elasticsearch") {
      this.#findings.notCompared(record, "the request asked for Elasticsearch alone");
      return;
    }
    if (routed.kind === "search") this.#searches.take(exchange, routed, record);
    else if (changes(routed)) this.#writes.take(exchange, routed);
    else this.#searches.follow(exchange, routed);
  }

  /** Many requests were answered here whose exchanges are still to come. */
  get crowded(): boolean {
    return this.#answered.size > MOST_ANSWERED;
  }

  /** A request was answered here: its exchange comes when the client has the answer. */
  answered(id: number, note: AnswerNote): void {
    if (id > 0) this.#answered.set(id, note);
  }

  /** Rules, a script or a breakpoint had to do with a request: its exchange comes when the client has the answer. */
  altered(id: number, time: number, altered: Altered): void {
    this.#altered.set(id, altered);
    if (altered.sent === null) return;
    this.#openWrites.end(id);
    this.#openWrites.begin(id, time, route(altered.sent.method, altered.sent.target));
  }

  /** A request that was asked of ClickHouse goes to Elasticsearch, and why. */
  passed(id: number, reason: string): void {
    if (id > 0) this.#passed.set(id, reason);
  }

  #keepAnswered(
    exchange: TappedExchange,
    record: ExchangeDetail,
    note: AnswerNote,
    { altered, bodies: others }: { readonly altered: Altered | undefined; readonly bodies: CapturedBodies },
  ): void {
    const { parts, comparison, ms } = note;
    this.#answered.delete(exchange.id);
    const bodies = exchange.response === null ? {} : { clickhouse: plainBody(exchange.response) };
    const own = {
      ...record,
      elasticsearchMs: null,
      clickhouseMs: ms,
      note: record.error || this.#altered.noted(record.id, comparison.reason),
    };
    this.#session.put(own, { request: exchange.request.body, ...bodies, ...others });
    this.#changed(exchange.id);
    const seen = altered === undefined ? exchange : asElasticsearchHad(exchange, altered);
    if (record.kind === "search" && !this.#judgedBeside(seen, own, note)) this.#findings.judged(own, comparison, { parts });
    this.#openWrites.end(exchange.id);
  }

  /** Has judged what Elasticsearch itself answered of it, or will in the shadow. False where it answered nothing. */
  #judgedBeside(exchange: TappedExchange, record: KeptRecord, { parts, judged, shadowed }: AnswerNote): boolean {
    const routed = route(exchange.request.method, exchange.request.target);
    if (judged !== undefined && judged.size > 0) {
      this.#searches.take(exchange, routed, record, { judged, parts });
      return true;
    }
    if (this.#shadow === null || shadowed !== true || exchange.response === null) return false;
    this.#shadow.ask(exchange, (answered, reason) => {
      if (answered === null) return this.#findings.notCompared(record, reason, parts);
      const elasticsearchMs = answered.phases.lastByte ?? null;
      this.#session.update(exchange.id, { elasticsearchMs }, { elasticsearch: answered.response?.body ?? new Uint8Array() });
      this.#searches.take(answered, route(answered.request.method, answered.request.target), record);
    });
    return true;
  }

  missed(count: number): void {
    this.#session.missed(count);
  }

  /** An exchange of the last run, whose copy waited when that ended: it is kept where it was not yet, and compared with nothing. */
  left(exchange: TappedExchange): void {
    const known = this.#session.summary(exchange.id);
    if (known !== null && (known.status !== 0 || known.note !== "")) return;
    const record = exchangeRecord(exchange, route(exchange.request.method, exchange.request.target));
    const { response } = exchange;
    this.#session.put(record, { request: exchange.request.body, ...(response === null ? {} : { elasticsearch: response.body }) });
    if (record.kind === "search") this.#findings.notCompared(record, ENDING);
    else this.#changed(exchange.id);
  }

  /** Lets what is under way end for at most `limitMs`; what still waits is not compared any more. */
  async close(limitMs: number): Promise<void> {
    this.#turns.end();
    this.#searches.end();
    this.#waiting.clear();
    const searches = this.#searches.drained();
    await within(Promise.all([searches, this.#writes.drained()]), limitMs);
    await this.#judges.end();
    await within(searches, limitMs);
  }

  /** Judges what no client has asked, in its turn, and keeps nothing of it; in words, why it can't be. Throws UndecodableBody. */
  judged(exchange: TappedExchange): Promise<JudgedExchange | string> {
    return this.#judges.judgeInTurn(exchange);
  }

  /** "" when both sides held the same documents of these indices from `time` (epoch ms) on, for so long; else why that is open. */
  unsettled(mirror: Mirror, indices: readonly string[], time: number, tookMs: number): string {
    return unsettledReason({ mirror, openWrites: this.#openWrites }, indices, time, tookMs);
  }
}

/** What was answered here, without the coding in which the client has it. */
function plainBody({ headers, body, truncated }: TappedResponse): Uint8Array {
  return decodeContent(body, header(headers, "content-encoding"), truncated);
}

/** A request without its answer. */
interface Requested {
  readonly time: number;
  readonly request: Omit<TappedRequest, "body" | "bodyBytes" | "truncated">;
  readonly routed: Route;
}
