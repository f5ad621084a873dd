// The middle of the engine: takes every exchange that the proxy saw, keeps it, mirrors what it wrote, judges what it
// searched. The client has had its answer long before; nothing here can delay or change it.
import type { Comparison, ExchangeDetail, MirrorNote, SearchPart } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { AnswerNote } from "../answer/answering.ts";
import { backendOf } from "../answer/backend.ts";
import type { Backend } from "../answer/types.ts";
import type { Session } from "../capture/session.ts";
import type { CapturedBodies } from "../capture/types.ts";
import { LargeAnswer } from "../clickhouse/failure.ts";
import { isElsewhere, type Route, route } from "../elasticsearch/route.ts";
import { type Fitting, NO_SETTINGS, type RuleSettings } from "../matcher/rule_settings.ts";
import type { Mirror, Written } from "../mirror/mirror.ts";
import type { Tap, TappedExchange, TappedRequest } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import type { Statistics } from "../report/statistics.ts";
import { type Modes, modesOf, tapReason } from "../routing/index_modes.ts";
import type { Routing } from "../routing/routing.ts";
import type { Altered } from "../rules/backends.ts";
import { within } from "../time_limit.ts";
import { AlteredExchanges, asElasticsearchHad, recordAltered } from "./altered.ts";
import { AsyncSearches, type JudgeAgain } from "./async_searches.ts";
import type { Mirrored, MirrorSource } from "./cluster_mirror.ts";
import type { Ask } from "./held_moments.ts";
import { type Asked, type JudgedExchange, judgeExchange, type Some } from "./judge_exchange.ts";
import type { KeptWrites } from "./kept_writes.ts";
import { isLarge, LargeJudge } from "./large_judge.ts";
import { asksToCompare, changes, lost, mirrorText, mirrorWrite, readyWrite } from "./mirror_write.ts";
import type { Moment } from "./moment.ts";
import { Moments } from "./moments.ts";
import type { OpenWrites } from "./open_writes.ts";
import { faultOf, notMatched, obstacleTo } from "./outcome.ts";
import { Overdue } from "./overdue.ts";
import { BoundedQueue } from "./queue.ts";
import { exchangeRecord, header, pendingRecord } from "./record.ts";
import type { TableLookup } from "./run_search.ts";
import { SecondLooks } from "./second_look.ts";
import type { Shadow } from "./shadow.ts";
import { lookUpTables, unsettledReason } from "./tables.ts";
import { Turnstile } from "./turnstile.ts";
import { type Wanted, witnessOf } from "./witness.ts";
import { Works } from "./works.ts";

/** Searches judged at once, and how many may wait; past that they are captured as `not compared: over capacity`. */
const CONCURRENCY = 2;
const CAPACITY = 2000;
/** Octets of answers that wait to be compared in the other thread. */
const LARGE_WAITING_BYTES = 512 * 1024 * 1024;
/** What ClickHouse may answer where Elasticsearch's answer is small: more goes to the other thread. */
const MOST_HERE_BYTES = 1024 * 1024;
const WRITE_LIMIT_MS = 5_000;
const PENDING_AFTER_MS = 300;
/** Bodies of writes that may wait for the mirror to open or for their turn; past them writes are left to the journal. */
const WAITING_LIMIT_BYTES = 64 * 1024 * 1024;
/** Answers that may be kept until their exchanges come. */
const MOST_ANSWERED = 1000;
const TOO_MUCH = "more documents wait to be mirrored than memory allows";
const STOPPED = "the mirror is stopped";
const ENDING = "Parallax was ending before it was compared";

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
  readonly #session: Session;
  readonly #source: MirrorSource;
  readonly #openWrites: OpenWrites;
  readonly #kept: KeptWrites | null;
  readonly #routing: Routing;
  readonly #shadow: Shadow | null;
  readonly #log: Log;
  readonly #statistics: ExchangesOptions["statistics"];
  readonly #altered = new AlteredExchanges();
  readonly #ruleSettings: (search: Fitting) => RuleSettings;
  readonly #changed: (id: number) => void;
  readonly #queue = new BoundedQueue(CONCURRENCY, CAPACITY);
  /** Of large ones: small ones don't wait for them. */
  readonly #largeQueue = new BoundedQueue(1, CAPACITY);
  readonly #largeJudge = new LargeJudge();
  /** Moments are held before the searches that wait; mostly they wait for ClickHouse. */
  readonly #holding = new BoundedQueue(4 * CONCURRENCY, CAPACITY);
  readonly #turnstile = new Turnstile(WRITE_LIMIT_MS);
  readonly #waiting = new Overdue<Requested>(PENDING_AFTER_MS, (id, requested) => this.#show(id, requested));
  readonly #writing = new Set<Promise<void>>();
  readonly #moments: Moments;
  readonly #asyncSearches = new AsyncSearches();
  readonly #secondLooks: SecondLooks | null;
  /** Requests that were answered here, until their exchange is over. */
  readonly #answered = new Map<number, AnswerNote>();
  /** Why requests that were asked of ClickHouse went to Elasticsearch, until their exchange is over. */
  readonly #passed = new Map<number, string>();
  readonly #works: Works;
  #waitingBytes = 0;
  #largeBytes = 0;
  #closing = false;

  constructor(options: ExchangesOptions) {
    this.#session = options.session;
    this.#source = options.source;
    this.#openWrites = options.openWrites;
    this.#kept = options.kept;
    this.#routing = options.routing;
    this.#shadow = options.shadow;
    this.#moments = new Moments(options.openWrites);
    this.#secondLooks = options.ask === undefined ? null : new SecondLooks({ ask: options.ask, moments: this.#moments, log: options.log });
    this.#log = options.log;
    this.#statistics = options.statistics;
    this.#ruleSettings = options.ruleSettings ?? (() => NO_SETTINGS);
    this.#changed = options.changed;
    this.#works = new Works(options.settled);
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
      if (routed.kind === "search") this.#conclude(record, notMatched("not_compared", "no server was asked"));
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
      if (routed.kind === "search") this.#conclude(record, notMatched("not_compared", "tap mode: searches are not compared"));
      return;
    }
    if (routed.kind === "search" && backend === "elasticsearch") {
      this.#conclude(record, notMatched("not_compared", "the request asked for Elasticsearch alone"));
      return;
    }
    if (routed.kind === "search") this.#search(exchange, routed, record);
    else if (changes(routed)) this.#write(exchange, routed);
    else this.#follow(exchange, routed);
  }

  /** Takes note of points in time and scrolls that are opened and closed, and of the last answers of asynchronous searches. */
  #follow(exchange: TappedExchange, routed: Route): void {
    this.#asyncSearches.over(exchange, routed).catch((error: unknown) => {
      this.#log.write("error", "judging an asynchronous search failed", { exchange: exchange.id, message: String(error) });
    });
    this.#moments.closed(exchange, routed);
    this.#moments.opened(exchange, routed, () => this.#held(exchange, routed));
  }

  /** What the tables hold, in the turn of an exchange that is over. */
  async #held(exchange: TappedExchange, routed: Route): Promise<Moment> {
    const obstacle = this.#source.unavailable();
    if (obstacle !== "") return { kind: "not_compared", reason: obstacle };
    const turn = this.#turnstile.read();
    const mirrored = await turn.ready.then(() => (this.#closing ? ENDING : this.#source.mirrored()));
    if (typeof mirrored === "string") {
      turn.done();
      return { kind: "not_compared", reason: mirrored };
    }
    const hold = this.#moments.hold(mirrored, exchange, routed);
    // The writes after it go on where it is known now up to which numbers it reaches.
    if (hold.known) turn.done();
    const held = Promise.withResolvers<Moment>();
    const failed = (error: unknown) => ({ kind: "not_compared", reason: `what was held could not be told: ${messageOf(error)}` }) as const;
    const taken = this.#holding.offer(() => hold.tell().catch(failed).then(held.resolve).finally(turn.done));
    if (!taken) turn.done();
    return taken ? held.promise : { kind: "not_compared", reason: "over capacity: more searches than can be compared at once" };
  }

  /** What a request is answered with here, once every write before it is handed over; in words, why it can't be. Call `done` at the end. */
  async backend(now: number, forced: boolean): Promise<{ readonly backend: Backend; readonly done: () => void } | string> {
    const obstacle = this.#source.unavailable();
    if (obstacle !== "") return obstacle;
    const { ready, done } = this.#turnstile.read();
    await ready;
    const mirrored = this.#closing ? ENDING : await this.#source.mirrored();
    if (typeof mirrored !== "string") return { backend: backendOf(mirrored, now, forced), done };
    done();
    return mirrored;
  }

  /** The modes of the indices that an expression means. Never rejects. */
  async modes(expression: string, params: ReadonlyMap<string, string>): Promise<Modes> {
    const obstacle = this.#routing.plain ? "" : this.#source.unavailable();
    const mirrored = this.#routing.plain || obstacle !== "" ? obstacle : await this.#source.mirrored();
    if (typeof mirrored !== "string") return this.#modesIn(mirrored, expression, params);
    return this.#routing.plain ? { kind: "one", mode: this.#routing.listener } : { kind: "unknown", reason: mirrored };
  }

  #modesIn({ mirror }: Mirrored, expression: string, params: ReadonlyMap<string, string>): Promise<Modes> {
    return modesOf(this.#routing, (own, ownParams) => mirror.resolve(own, ownParams), expression, params);
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
    const bodies = exchange.response === null ? {} : { clickhouse: exchange.response.body };
    const own = {
      ...record,
      elasticsearchMs: null,
      clickhouseMs: ms,
      note: record.error || this.#altered.noted(record.id, comparison.reason),
    };
    this.#session.put(own, { request: exchange.request.body, ...bodies, ...others });
    this.#changed(exchange.id);
    const seen = altered === undefined ? exchange : asElasticsearchHad(exchange, altered);
    if (record.kind === "search" && !this.#judgedBeside(seen, own, note)) this.#conclude(own, comparison, { parts });
    this.#openWrites.end(exchange.id);
  }

  /** Has judged what Elasticsearch itself answered of it, or will in the shadow. False where it answered nothing. */
  #judgedBeside(exchange: TappedExchange, record: KeptRecord, { parts, judged, shadowed }: AnswerNote): boolean {
    const routed = route(exchange.request.method, exchange.request.target);
    if (judged !== undefined && judged.size > 0) {
      this.#search(exchange, routed, record, { judged, parts });
      return true;
    }
    if (this.#shadow === null || shadowed !== true || exchange.response === null) return false;
    this.#shadow.ask(exchange, (answered, reason) => {
      if (answered === null) return this.#conclude(record, notMatched("not_compared", reason), { parts });
      const elasticsearchMs = answered.phases.lastByte ?? null;
      this.#session.update(exchange.id, { elasticsearchMs }, { elasticsearch: answered.response?.body ?? new Uint8Array() });
      this.#search(answered, route(answered.request.method, answered.request.target), record);
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
    if (record.kind === "search") this.#conclude(record, notMatched("not_compared", ENDING));
    else this.#changed(exchange.id);
  }

  /** Lets what is under way end for at most `limitMs`; what still waits is not compared any more. */
  async close(limitMs: number): Promise<void> {
    this.#closing = true;
    this.#waiting.clear();
    const searches = [this.#queue.drained(), this.#largeQueue.drained()];
    await within(Promise.all([...searches, Promise.all(this.#writing)]), limitMs);
    await this.#largeJudge.end(ENDING);
    await within(Promise.all(searches), limitMs);
  }

  #write(exchange: TappedExchange, routed: Route): void {
    const bytes = exchange.request.body.byteLength;
    const tooMuch = this.#waitingBytes > 0 && this.#waitingBytes + bytes > WAITING_LIMIT_BYTES;
    this.#waitingBytes += bytes;
    const write = readyWrite(exchange, routed);
    const kept = this.#kept?.keeps(exchange.request.method, exchange.request.target) === true;
    if (kept) this.#kept?.claim(exchange.id);
    this.#openWrites.begin(exchange.id, exchange.time, routed);
    this.#openWrites.acknowledged(exchange.id, write.operations);
    this.#works.begin(exchange.id);
    let waits = true;
    const goesOn = (): void => {
      if (waits) this.#waitingBytes -= bytes;
      waits = false;
      this.#openWrites.end(exchange.id);
    };
    const work = this.#turnstile
      .write(async () => {
        // Whoever waits for the same mirror goes on in the order in which it began to wait: the turns are kept.
        const mirrored = await this.#source.mirrored();
        const left = (written: Written, mirror: Mirror | null) =>
          this.#left(exchange, mirror, { ...written, kept, documents: write.operations });
        if (typeof mirrored === "string") return left(lost(exchange, routed, mirrored), null);
        // Handed over before it is forgotten here: at no moment is it nowhere.
        const obstacle = tooMuch ? TOO_MUCH : kept && this.#kept?.held === true ? STOPPED : "";
        const started = performance.now();
        const written = obstacle === "" ? mirrorWrite(mirrored.mirror, write, kept) : lost(exchange, routed, obstacle);
        goesOn();
        const outcome = await written;
        if (obstacle === "") this.#statistics.inserted(performance.now() - started, outcome.left !== "nothing");
        return left(outcome, mirrored.mirror);
      })
      .then((note) => {
        if (note === null) return;
        this.#session.update(exchange.id, { mirror: note, note: this.#altered.noted(exchange.id, mirrorText(note)) });
        this.#changed(exchange.id);
      })
      .catch((error: unknown) => {
        const message = messageOf(error);
        this.#log.write("error", "mirroring failed", { exchange: exchange.id, message });
        this.#session.update(exchange.id, { note: this.#altered.noted(exchange.id, `not mirrored: ${message}`) });
        this.#changed(exchange.id);
      })
      .finally(() => {
        goesOn();
        this.#writing.delete(work);
        this.#works.end(exchange.id);
      });
    this.#writing.add(work);
  }

  /** What is said of a write once the journal has heard what is left of it. */
  async #left(
    exchange: TappedExchange,
    mirror: Mirror | null,
    { note, left, expression, kept, documents }: Written & { readonly kept: boolean; readonly documents: number },
  ): Promise<MirrorNote | null> {
    if (left === "nothing") {
      if (kept) this.#kept?.done(exchange.id);
      return note;
    }
    if (kept && (await this.#kept?.leave(exchange.id, expression, left === "ask", documents))) {
      return note === null ? null : { ...note, reason: `${note.reason}; it waits in the journal` };
    }
    if (note !== null && this.#kept?.lost(exchange, note.reason) === true) return note;
    if (mirror !== null && note !== null) mirror.skipped(expression, note.reason);
    return note;
  }

  #search(exchange: TappedExchange, routed: Route, record: KeptRecord, some?: Some): void {
    const obstacle = obstacleTo(exchange) || this.#source.unavailable();
    if (obstacle !== "") {
      this.#conclude(record, notMatched("not_compared", obstacle));
      return;
    }
    const turn = this.#turnstile.read();
    const held = this.#moments.begins(exchange, routed) ? this.#held(exchange, routed) : null;
    const goesOn = this.#asyncSearches.begun(exchange, routed);
    this.#works.begin(exchange.id);
    let again: JudgeAgain | null = null;
    const queued = since(exchange.time);
    const large = goesOn !== null || isLarge({ exchange });
    const bytes = large ? exchange.request.bodyBytes + (exchange.response?.bodyBytes ?? 0) : 0;
    const room = this.#largeBytes === 0 || this.#largeBytes + bytes <= LARGE_WAITING_BYTES;
    this.#largeBytes += bytes;
    const work = async (): Promise<void> => {
      try {
        await turn.ready;
        const mirrored = this.#closing ? ENDING : await this.#source.mirrored();
        const timings = { ...record.timings, queued, taken: since(exchange.time) };
        if (typeof mirrored === "string") this.#conclude({ ...record, timings }, notMatched("not_compared", mirrored));
        else again = await this.#judge(mirrored, { exchange, routed, timings, held, some, large, goesOn: goesOn !== null }, record);
      } catch (error) {
        this.#conclude(record, faultOf(error));
      } finally {
        this.#largeBytes -= bytes;
        goesOn?.(again);
        turn.done();
        this.#works.end(exchange.id);
      }
    };
    // Where a page begins is told by those before it: the small ones among them wait for the large ones.
    const inOrder = large || held !== null || this.#moments.goesOn(routed);
    if (room && (inOrder ? this.#largeQueue : this.#queue).offer(work)) return;
    this.#largeBytes -= bytes;
    turn.done();
    this.#works.end(exchange.id);
    goesOn?.(null);
    this.#conclude(record, notMatched("not_compared", "over capacity: more searches than can be compared at once"));
  }

  async #judge(mirrored: Mirrored, asked: ToJudge, record: KeptRecord): Promise<JudgeAgain | null> {
    const { comparison, parts, timings, answer, again, unsettled } = await this.#judgedIn(mirrored, asked);
    const [part] = parts;
    // One that differs is only said to once it was looked at: the difference may be that of a moment.
    const waits = unsettled !== undefined && part !== undefined && !asked.goesOn && this.#secondLooks !== null;
    if (!waits || comparison.verdict !== "different") this.#conclude({ ...record, timings }, comparison, { parts, answer });
    if (waits) this.#lookAgain(mirrored, asked.exchange, { ...record, timings }, part, unsettled);
    if (again === undefined) return null;
    return async (later) => {
      const part = await again(later);
      if (part !== null) this.#conclude({ ...record, timings }, part.comparison, { parts: [part] });
      return part !== null;
    };
  }

  /** Judges the search once more at a moment that Elasticsearch holds, after its turn: the verdict of that stands in place of the first. */
  #lookAgain(mirrored: Mirrored, exchange: TappedExchange, record: KeptRecord, first: SearchPart, open: string): void {
    this.#works.begin(exchange.id);
    const waiting = first.comparison.verdict === "different";
    const told = (looked: SearchPart | null | "busy"): void => {
      const unlooked =
        looked === null ? first : { ...first, comparison: { ...first.comparison, verdict: "not_compared" as const, reason: open } };
      const part = looked === null || looked === "busy" ? unlooked : looked;
      if (waiting || part === looked) this.#conclude(record, part.comparison, { parts: [part] });
      this.#works.end(exchange.id);
    };
    const judge = async (looked: TappedExchange): Promise<JudgedExchange | string> => (this.#closing ? ENDING : this.judged(looked));
    if (this.#secondLooks === null) told(null);
    else this.#secondLooks.take({ mirrored, exchange, first, judge }, told);
  }

  async #judgedIn(mirrored: Mirrored, { held, large, goesOn: _, ...asked }: ToJudge): Promise<JudgedExchange> {
    const { exchange, routed } = asked;
    const tables = (search: Wanted): Promise<TableLookup> => this.#tables(mirrored, search, exchange);
    const options = { mirrored, openWrites: this.#openWrites, moments: this.#moments, tables, settings: this.#ruleSettings };
    const witness = witnessOf(options, { exchange, routed, held });
    const { clickhouse } = mirrored;
    try {
      if (!large) return await judgeExchange(asked, { witness, clickhouse, mostBytes: MOST_HERE_BYTES });
    } catch (error) {
      if (!(error instanceof LargeAnswer)) throw error;
    }
    return this.#largeJudge.judge(asked, witness, clickhouse.access);
  }

  /** Judges what no client has asked, in its turn, and keeps nothing of it; in words, why it can't be. Throws UndecodableBody. */
  async judged(exchange: TappedExchange): Promise<JudgedExchange | string> {
    const obstacle = obstacleTo(exchange) || this.#source.unavailable();
    if (obstacle !== "") return obstacle;
    const queued = since(exchange.time);
    const turn = this.#turnstile.read();
    try {
      await turn.ready;
      const mirrored = this.#closing ? ENDING : await this.#source.mirrored();
      if (typeof mirrored === "string") return mirrored;
      const routed = route(exchange.request.method, exchange.request.target);
      const timings = { ...exchange.phases, queued, taken: since(exchange.time) };
      return await this.#judgedIn(mirrored, { exchange, routed, timings, held: null, large: isLarge({ exchange }), goesOn: false });
    } finally {
      turn.done();
    }
  }

  /** "" when both sides held the same documents of these indices from `time` (epoch ms) on, for so long; else why that is open. */
  unsettled(mirror: Mirror, indices: readonly string[], time: number, tookMs: number): string {
    return unsettledReason({ mirror, openWrites: this.#openWrites }, indices, time, tookMs);
  }

  /** The tables of a search, unless one of its indices is tapped only. */
  async #tables(mirrored: Mirrored, search: Wanted, { request }: TappedExchange): Promise<TableLookup> {
    if (!asksToCompare(request.headers) && this.#routing.has("tap")) {
      const tapped = tapReason(await this.#modesIn(mirrored, search.index, search.params), search.index);
      if (tapped !== "") return { kind: "not_compared", reason: tapped };
    }
    return lookUpTables(mirrored.mirror, search);
  }

  #conclude(record: KeptRecord, comparison: Comparison, { parts = [], answer }: Found = {}): void {
    const searches = parts.length > 0 ? parts : [unjudged(record, comparison)];
    const times = searches.flatMap((part) => (part.clickhouseMs === null ? [] : [part.clickhouseMs]));
    const clickhouseMs = times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0);
    if (clickhouseMs !== null) this.#statistics.searched(clickhouseMs, comparison.verdict === "failed");
    const patch = {
      searches,
      verdict: comparison.verdict,
      note: this.#altered.noted(record.id, noteOf(record, comparison.reason)),
      shape: searches[0]?.shape ?? "",
      clickhouseMs,
      timings: record.timings,
    };
    this.#session.update(record.id, patch, answer === undefined ? {} : { clickhouse: answer });
    this.#changed(record.id);
  }
}

/** ms since `time` (epoch ms), with fractions. */
function since(time: number): number {
  return performance.timeOrigin + performance.now() - time;
}

/** What came of a search beside its verdict. */
interface Found {
  readonly parts?: readonly SearchPart[];
  readonly answer?: Uint8Array | undefined;
}

interface ToJudge extends Asked {
  /** What was held for the scroll that it begins; null for all others. */
  readonly held: Promise<Moment> | null;
  /** Judged in the other thread. */
  readonly large: boolean;
  /** An asynchronous search whose answer is still to come. */
  readonly goesOn: boolean;
}

/** A request without its answer. */
interface Requested {
  readonly time: number;
  readonly request: Omit<TappedRequest, "body" | "bodyBytes" | "truncated">;
  readonly routed: Route;
}

/** An exchange; `fallback`: why ClickHouse, which was to answer it, did not. */
interface KeptRecord extends ExchangeDetail {
  readonly fallback?: string;
}

function fellBack(record: ExchangeDetail, fallback: string | undefined): KeptRecord {
  if (fallback === undefined) return record;
  return { ...record, fallback, note: record.error || noteOf({ fallback }, "") };
}

function noteOf({ fallback }: Pick<KeptRecord, "fallback">, reason: string): string {
  if (fallback === undefined || reason.includes(fallback)) return reason;
  return `answered by Elasticsearch: ${fallback}${reason === "" ? "" : `. ${reason}`}`;
}

function unjudged(record: ExchangeDetail, comparison: Comparison): SearchPart {
  return { position: 0, index: record.index, body: "", statements: [], clickhouse: null, comparison, shape: "", clickhouseMs: null };
}
